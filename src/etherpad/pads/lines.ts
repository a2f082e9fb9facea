import type { AttributePool } from './attribute-pool.ts';
import type { Run } from './run.ts';

/** A line of a pad, without its line feed and without the `*` that marks an item of a list. */
export interface Line {
  readonly text: string;
  readonly runs: readonly Run[];
  /** `bullet`, `number`, `indent` or another kind that a class named; undefined outside of lists. */
  readonly list: string | undefined;
  /** How deep the item is, from 1 on; 0 outside of lists. */
  readonly level: number;
  /** The number that the item of a numbered list was given, if any. */
  readonly start: string | undefined;
}

const LIST = /(?<kind>[a-z]+)(?<level>[0-9]+)/;

/** The value of an attribute among numbers of a pool. */
function valueOf(attributes: readonly number[], name: string, pool: AttributePool): string | undefined {
  const number = attributes.findLast((candidate) => pool.get(candidate)?.[0] === name);
  return number === undefined ? undefined : pool.get(number)![1];
}

/** @param end the run that the line feed is part of: an empty line has nothing but that */
function readLine(runs: readonly Run[], end: Run, pool: AttributePool): Line {
  const text = runs.length === 1 ? runs[0]!.text : runs.map((run) => run.text).join('');
  const first = runs[0] ?? end;
  if (first.attributes.length === 0) return { text, runs, list: undefined, level: 0, start: undefined };
  const start = valueOf(first.attributes, 'start', pool);
  const list = valueOf(first.attributes, 'list', pool);
  if (!list) return { text, runs, list: undefined, level: 0, start };
  const { kind, level } = LIST.exec(list)?.groups ?? {};
  const withoutMarker = runs.length === 0 ? runs : [{ text: first.text.slice(1), attributes: first.attributes }, ...runs.slice(1)];
  return { text: text.slice(1), runs: withoutMarker.filter((run) => run.text !== ''), list: kind, level: Number(level ?? 0), start };
}

/**
 * Splits the text of a pad into its lines.
 *
 * @param runs end in a line feed
 */
export function linesOf(runs: readonly Run[], pool: AttributePool): Line[] {
  const lines: Line[] = [];
  let line: Run[] = [];
  for (const run of runs) {
    const { text, attributes } = run;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      if (end > start) line.push({ text: text.slice(start, end), attributes });
      lines.push(readLine(line, run, pool));
      line = [];
      start = end + 1;
    }
    if (start < text.length) line.push(start === 0 ? run : { text: text.slice(start), attributes });
  }
  return lines;
}
