import { behaviourOf, type Emulation } from '../etherpad/emulation.ts';
import type { Leftovers, Result, Run } from './run-scenarios.ts';

/** What a run was about. */
export interface Heading {
  readonly url: string;
  readonly as: Emulation;
  /** Whether probes found that out, rather than the user saying so. */
  readonly detected: boolean;
  readonly scenarios: number;
}

/** Tells of a run while it goes on. */
export interface Report {
  begin(heading: Heading): void;
  readonly start: (scenario: { title: string; number: number; of: number }) => void;
  readonly result: (result: Result) => void;
  end(heading: Heading, run: Run, leftovers: Leftovers): void;
}

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** At most so many groups and authors are made, whatever Etherpad it is. */
export const MOST_GROUPS = 120;
export const MOST_AUTHORS = 35;

const numbered = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const counted = (results: readonly Result[], outcome: Result['outcome']): number =>
  results.filter((result) => result.outcome === outcome).length;

const ERASE_LINE = '\r\u001b[2K';

/** Lines for people; on a terminal the scenario under way stands below them. */
export function textReport(output: Output): Report {
  const isTerminal = output.isTTY === true;
  let subject = '';
  const print = (text: string): void => {
    output.write(`${isTerminal ? ERASE_LINE : ''}${text}\n`);
  };
  return {
    begin({ url, as, detected, scenarios }) {
      print(
        `${url} is compared with Etherpad ${as}${detected ? ', which it is like by its answers to a few probes' : ''}: ${numbered(scenarios, 'scenario')}.`,
      );
      print(`This makes at most ${MOST_GROUPS} groups, with sessions and pads, and deletes them when it ends or is interrupted.`);
      print(
        `It also makes at most ${MOST_AUTHORS} authors, without a name or with one that begins with "mock-etherpad verify". They stay: Etherpad cannot delete authors.`,
      );
      if (behaviourOf(as).deletedSessionsStayAsNull)
        print('Some empty groups stay too: this Etherpad cannot delete a group once a session of it was deleted.');
    },
    start({ title, number, of }) {
      if (!isTerminal) return;
      const line = `${number}/${of} ${title}`;
      const width = (output.columns ?? 80) - 1;
      output.write(ERASE_LINE + (line.length > width ? `${line.slice(0, width - 1)}…` : line));
    },
    result({ subject: of, title, outcome, differences, reason }) {
      if (of !== subject) print(`\n${of}`);
      subject = of;
      print(`  ${outcome.padEnd(8)}  ${title}${reason === undefined ? '' : ` (${reason})`}`);
      for (const { request, expected, actual } of differences)
        print(`    ${request}\n      expected  ${expected}\n      actual    ${actual}`);
    },
    end({ as, scenarios }, { results, end }, { groups, authors }) {
      const [same, differ, out] = [counted(results, 'same'), counted(results, 'differs'), counted(results, 'left out')];
      if (end === 'interrupted') print(`\nInterrupted after ${results.length} of ${scenarios} scenarios.`);
      else print('');
      const stay = [
        groups.length > 0 ? `${numbered(groups.length, 'group')} that could not be deleted (${groups.join(', ')})` : '',
        authors.length > 0 ? numbered(authors.length, 'author') : '',
      ];
      print(`What was made is deleted again, but for ${stay.filter((part) => part !== '').join(' and ') || 'nothing'}.`);
      print(
        `${numbered(results.length, 'scenario')} of Etherpad ${as}: ${same} the same, ${differ} ${differ === 1 ? 'differs' : 'differ'}${out === 0 ? '' : `, ${out} left out`}.`,
      );
    },
  };
}

/** One JSON document when all is done. */
export function jsonReport(output: Output): Report {
  return {
    begin: () => undefined,
    start: () => undefined,
    result: () => undefined,
    end({ url, as, detected, scenarios }, { results, end }, leftovers) {
      const counts = { same: counted(results, 'same'), differs: counted(results, 'differs'), leftOut: counted(results, 'left out') };
      output.write(`${JSON.stringify({ url, as, detected, end, scenarios, ...counts, leftovers, results })}\n`);
    },
  };
}
