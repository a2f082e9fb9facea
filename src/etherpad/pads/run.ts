/** Characters in a row that carry the same attributes. A pad's text is a list of runs; its last character is a line feed. */
export interface Run {
  readonly text: string;
  /** Numbers of attributes in the pad's pool, ascending. */
  readonly attributes: readonly number[];
}

const sameNumbers = (one: readonly number[], other: readonly number[]): boolean =>
  one === other || (one.length === other.length && one.every((number, index) => number === other[index]));

/** Puts a run at the end of a list, as a part of the last run if that has the same attributes. */
export function addRun(runs: Run[], run: Run): void {
  if (run.text === '') return;
  const last = runs.at(-1);
  if (last !== undefined && sameNumbers(last.attributes, run.attributes)) {
    runs[runs.length - 1] = { text: last.text + run.text, attributes: last.attributes };
  } else runs.push(run);
}

/** The same text in as few runs as can be: none is empty, and no two neighbours have the same attributes. */
export function mergedRuns(runs: Iterable<Run>): Run[] {
  const merged: Run[] = [];
  for (const run of runs) addRun(merged, run);
  return merged;
}

/** The characters of runs. */
export const textOfRuns = (runs: readonly Run[]): string => (runs.length === 1 ? runs[0]!.text : runs.map(({ text }) => text).join(''));

/** Whether two lists of merged runs say the same. */
export const sameRuns = (one: readonly Run[], other: readonly Run[]): boolean =>
  one.length === other.length &&
  one.every((run, index) => run.text === other[index]!.text && sameNumbers(run.attributes, other[index]!.attributes));
