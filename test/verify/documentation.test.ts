import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EMULATIONS } from '../../src/index.ts';
import { MOST_AUTHORS, MOST_GROUPS, MOST_PADS } from '../../src/verify/report.ts';
import { scenariosFor } from '../../src/verify/run-scenarios.ts';
import { SUBJECTS } from '../../src/verify/scenarios/subjects.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = read('docs/verify.md');

/** The cells of the table below the last heading, by the first of each row. */
const rows = Object.fromEntries(
  text
    .slice(text.indexOf('## How far the mock agrees'))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
    .map(([first, ...others]) => [first, others]),
);

describe('the table of docs/verify.md', () => {
  test.each(EMULATIONS)('has as many scenarios of %s as there are', (emulate) => {
    expect(rows[emulate]![0]).toBe(String(scenariosFor(SUBJECTS, emulate).length));
  });

  test.each(EMULATIONS.filter((emulate) => emulate !== 'documented'))('has as many recorded answers of %s as there are', (emulate) => {
    const answers = ['', 'pads-', 'paths-'].flatMap((about) => {
      const { sequences } = JSON.parse(read(`test/recordings/${about}${emulate}.json`)) as {
        sequences: readonly { steps: readonly unknown[] }[];
      };
      return sequences.flatMap(({ steps }) => steps);
    });
    expect(rows[emulate]!.slice(1, 3)).toEqual(Array(2).fill(answers.length.toLocaleString('en')));
  });
});

test('docs/verify.md tells as the command does how much is made', () => {
  expect(text).toContain(`at most ${MOST_PADS} pads outside of groups`);
  expect(text).toContain(`at most ${MOST_GROUPS} groups, with their sessions and pads, and at most ${MOST_AUTHORS} authors`);
});
