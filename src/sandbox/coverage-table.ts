import { type Coverage, type FunctionCoverage, OUTCOMES } from './coverage.ts';

const cell = (count: number): string => (count === 0 ? '·' : count.toLocaleString('en-GB'));

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const functionRow = ({ function: name, calls, outcomes, parameters }: FunctionCoverage): string => {
  const missing = calls === 0 ? [] : Object.keys(parameters).filter((parameter) => parameters[parameter] === 0);
  return row([
    calls === 0 ? `**${name}**` : name,
    ...OUTCOMES.map((outcome) => cell(outcomes[outcome])),
    calls === 0 ? '**never called**' : missing.join(', '),
  ]);
};

/** What else is counted, and what it is called. */
const OTHERS = [
  ['emulations', 'emulations'],
  ['mounts', 'mounts'],
  ['ways', 'ways of sending'],
  ['keys', 'places of the key'],
  ['faults', 'faults'],
  ['expiries', 'expiries, met by'],
] as const;

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

const part = (what: string, all: number, never: readonly string[]): string => `${all - never.length} of ${all} ${what}`;

/** In one line: `12 of 50 functions, 3 of 7 outcomes`. */
export function coverageSummary({ calls, functions, outcomes, emulations, faults, neverMet }: Coverage): string {
  return [
    `${calls.toLocaleString('en-GB')} ${calls === 1 ? 'call' : 'calls'} met ${part('functions', functions.length, neverMet.functions)}`,
    part('outcomes', Object.keys(outcomes).length, neverMet.outcomes),
    part('emulations', Object.keys(emulations).length, neverMet.emulations),
    part('faults', Object.keys(faults).length, neverMet.faults),
  ].join(', ');
}

/**
 * A coverage as Markdown: a table of the functions by outcome, and what else was met, with what never was.
 *
 * @example coverageTable(await etherpad.coverage())
 */
export function coverageTable(coverage: Coverage): string {
  const { functions, notFound, neverMet } = coverage;
  const lines = [
    '# Coverage of the API',
    '',
    `${coverageSummary(coverage)}.`,
    '',
    row(['function', ...OUTCOMES, 'parameters never sent']),
    row(['---', ...OUTCOMES.map(() => '--:'), '---']),
    ...functions.map(functionRow),
    '',
    row(['what', 'met', 'never met']),
    row(['---', '---', '---']),
    ...OTHERS.map(([name, title]) => {
      const met = Object.entries(coverage[name]).filter(([, count]) => count > 0);
      return row([title, listed(met.map(([one, count]) => `${one} ${cell(count)}`)), listed(neverMet[name])]);
    }),
    '',
    `${notFound.toLocaleString('en-GB')} more requests were for functions or paths that do not exist.`,
  ];
  return `${lines.join('\n')}\n`;
}
