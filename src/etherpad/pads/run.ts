import { isOwn, ownCopy } from '../own-copy.ts';

/** Characters in a row that carry the same attributes. A pad's text is a list of runs; its last character is a line feed. */
export interface Run {
  readonly text: string;
  /** Numbers of attributes in the pad's pool, ascending. */
  readonly attributes: readonly number[];
}

/** Whether two runs carry the same attributes. */
export const sameAttributes = ({ attributes: one }: Run, { attributes: other }: Run): boolean =>
  one === other || (one.length === other.length && one.every((number, index) => number === other[index]));

/** The same text in as few runs as can be: none is empty, and no two neighbours have the same attributes. */
export function mergedRuns(runs: Iterable<Run>): Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (run.text === '') continue;
    if (last !== undefined && sameAttributes(last, run)) {
      merged[merged.length - 1] = { text: last.text + run.text, attributes: last.attributes };
    } else merged.push(run);
  }
  return merged;
}

/** The same runs, whose texts keep nothing else in memory. */
export const ownRuns = (runs: readonly Run[]): readonly Run[] =>
  runs.map((run) => (isOwn(run.text) ? run : { text: ownCopy(run.text), attributes: run.attributes }));

/** The characters of runs. */
export const textOfRuns = (runs: readonly Run[]): string => (runs.length === 1 ? runs[0]!.text : runs.map(({ text }) => text).join(''));

/** Whether two lists of merged runs say the same. */
export const sameRuns = (one: readonly Run[], other: readonly Run[]): boolean =>
  one.length === other.length && one.every((run, index) => run.text === other[index]!.text && sameAttributes(run, other[index]!));
