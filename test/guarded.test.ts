import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { Secrets } from '../src/sandbox/secrets.ts';
import { createReport, every, guarded } from '../src/sandbox/guarded.ts';

function logged() {
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  return { lines, report: createReport(logger, new Secrets('secret-0a1b2c')) };
}

test('what a timer throws is logged without the key, and it goes on', async () => {
  const { lines, report } = logged();
  let runs = 0;
  const end = every(
    1,
    () => {
      runs += 1;
      throw new Error(`no secret-0a1b2c here`);
    },
    report,
  );
  await vi.waitUntil(() => runs >= 3);
  end();
  const untilThen = runs;
  expect(lines.length).toBe(untilThen);
  expect(JSON.parse(lines[0]!)).toMatchObject({ msg: 'an error of the mock itself', error: expect.stringContaining('Error: no … here') });
  await delay(10);
  expect(runs).toBe(untilThen);
});

test('what a listener throws is logged, whatever it is', () => {
  const { lines, report } = logged();
  guarded((word: string) => {
    throw word as unknown as Error;
  }, report)('oh');
  expect(JSON.parse(lines[0]!)).toMatchObject({ error: 'oh' });
});
