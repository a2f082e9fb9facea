import { behaviourOf, type Emulation } from '../etherpad/emulation.ts';
import { showValue } from '../evidence/json-difference.ts';
import { proposeColumn } from './proposal.ts';
import type { Difference, Leftovers, Result, Run } from './run-scenarios.ts';
import type { ShownBehaviour } from './shown-behaviours.ts';

/** What a run was about. */
export interface Heading {
  readonly url: string;
  readonly as: Emulation;
  /** Whether probes found that out, rather than the user saying so. */
  readonly detected: boolean;
  readonly scenarios: number;
  /** Whether it says that its API version is newer than all that are known. */
  readonly isNewer: boolean;
  /** What part of the scenarios was asked for; all without it. */
  readonly only?: string | undefined;
  /** Whether a column for the table of emulations is to be proposed. */
  readonly proposes: boolean;
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
/** And at most so many pads outside of any group. */
export const MOST_PADS = 70;

const numbered = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const counted = (results: readonly Result[], outcome: Result['outcome']): number =>
  results.filter((result) => result.outcome === outcome).length;

/** Differences that one behaviour explains. */
export interface BehaviourGroup {
  /** What is otherwise; empty for differences that nothing known explains. */
  readonly behaviours: readonly ShownBehaviour[];
  differences: number;
  readonly scenarios: string[];
}

/** Puts differences together that the same behaviours explain, the most frequent first. */
export function groupByBehaviour(results: readonly Result[]): BehaviourGroup[] {
  const found = new Map<string, BehaviourGroup>();
  for (const { subject, title, differences } of results) {
    for (const { behaviours } of differences) {
      const key = JSON.stringify(behaviours);
      const group = found.get(key) ?? { behaviours, differences: 0, scenarios: [] };
      found.set(key, group);
      group.differences += 1;
      const scenario = `${subject}: ${title}`;
      if (!group.scenarios.includes(scenario)) group.scenarios.push(scenario);
    }
  }
  return [...found.values()].toSorted((one, other) => other.differences - one.differences);
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : showValue(value));

const shownText = ({ behaviour, expected, found }: ShownBehaviour): string =>
  `${behaviour}: expected ${valueText(expected)}, found ${valueText(found)}`;

function groupLine({ behaviours, differences, scenarios }: BehaviourGroup): string {
  const what = behaviours.length === 0 ? 'no known behaviour explains' : behaviours.map(shownText).join('; ');
  return `  ${what}: ${numbered(differences, 'difference')} in ${numbered(scenarios.length, 'scenario')}`;
}

/** A difference in lines: the request, how to send it again, what came before it, and what differs. */
function differenceLines({ request, expected, actual, places, curl, setUp, behaviours }: Difference): string[] {
  const answers =
    places.length === 0
      ? [`      expected  ${expected}`, `      actual    ${actual}`]
      : [
          `      expected  ${withoutBody(expected)}`,
          `      actual    ${withoutBody(actual)}`,
          ...places.map(
            (place) => `      differs   ${place.path === '' ? 'the body' : place.path}: expected ${place.expected}, found ${place.actual}`,
          ),
        ];
  return [
    `    ${request}`,
    ...answers,
    ...(behaviours.length === 0 ? [] : [`      shows     ${behaviours.map(shownText).join('; ')}`]),
    ...setUp.map(({ curl: before, gave }, index) => `      ${index === 0 ? 'set-up   ' : '         '} ${before}  # gave ${gave}`),
    `      again     ${curl}`,
  ];
}

/** Status and headers of an answer whose long body is told by the places in which it differs. */
const withoutBody = (text: string): string => {
  const start = text.search(/ [{[]/);
  return start === -1 ? text : `${text.slice(0, start)} …`;
};
/** `one, two and three`. */
const listed = (parts: readonly string[]): string =>
  [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');

const ERASE_LINE = '\r\u001b[2K';

/** Lines for people; on a terminal the scenario under way stands below them. */
export function textReport(output: Output): Report {
  const isTerminal = output.isTTY === true;
  let subject = '';
  const print = (text: string): void => {
    output.write(`${isTerminal ? ERASE_LINE : ''}${text}\n`);
  };
  return {
    begin({ url, as, detected, scenarios, isNewer, only }) {
      const how = !detected ? '' : isNewer ? ', which it is most like' : ', detected by its answers to a few probes';
      const which = only === undefined ? '' : ` about ${JSON.stringify(only)}`;
      print(`${url} is compared with Etherpad ${as}${how}: ${numbered(scenarios, 'scenario')}${which}.`);
      if (isNewer)
        print('Its API version is newer than all known ones: the run ends with a proposal for its column in the table of emulations.');
      print(`This run creates at most ${MOST_GROUPS} groups, with sessions and pads, and deletes them when it ends or is interrupted.`);
      print(`At most ${MOST_PADS} pads outside of groups, named "mock-etherpad-verify-…", are created and deleted too.`);
      print(
        `It also creates at most ${MOST_AUTHORS} authors, without a name, with one that begins with "mock-etherpad verify", or called "API" when it saves a revision. They stay: Etherpad cannot delete authors.`,
      );
      if (behaviourOf(as).deletedSessionsStayAsNull)
        print('Some empty groups stay too: this Etherpad cannot delete a group after one of its sessions was deleted.');
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
      for (const difference of differences) print(differenceLines(difference).join('\n'));
    },
    end({ as, scenarios, proposes }, { results, end, findings }, { groups, pads, authors, authorsCalledAPI }) {
      const [same, differ, out] = [counted(results, 'same'), counted(results, 'differs'), counted(results, 'left out')];
      if (end === 'interrupted') print(`\nInterrupted after ${results.length} of ${scenarios} scenarios.`);
      else print('');
      const groupsOfDifferences = groupByBehaviour(results);
      if (groupsOfDifferences.length > 0)
        print(`Differences by the behaviour they show:\n${groupsOfDifferences.map(groupLine).join('\n')}\n`);
      if (proposes) {
        print(`A proposal for its column in src/etherpad/emulation.ts, beside that of ${as}; ? marks what is undecided:`);
        print(
          `${proposeColumn(findings, as)
            .map((line) => `  ${line}`)
            .join('\n')}\n`,
        );
      }
      const stay = [
        groups.length > 0 ? `${numbered(groups.length, 'group')} that could not be deleted (${groups.join(', ')})` : '',
        pads.length > 0 ? `${numbered(pads.length, 'pad')} that could not be deleted (${pads.join(', ')})` : '',
        authors.length + authorsCalledAPI > 0 ? numbered(authors.length + authorsCalledAPI, 'author') : '',
      ];
      const staying = listed(stay.filter((part) => part !== ''));
      print(`Everything that was created is deleted again${staying === '' ? '' : `, except ${staying}`}.`);
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
    end({ url, as, detected, isNewer, scenarios, only, proposes }, { results, end, findings }, leftovers) {
      const counts = { same: counted(results, 'same'), differs: counted(results, 'differs'), leftOut: counted(results, 'left out') };
      const behaviours = groupByBehaviour(results);
      const proposal = proposes ? { proposal: findings } : {};
      const asked = only === undefined ? {} : { only };
      output.write(
        `${JSON.stringify({ url, as, detected, ...(isNewer ? { newer: true } : {}), end, ...asked, scenarios, ...counts, leftovers, behaviours, ...proposal, results })}\n`,
      );
    },
  };
}
