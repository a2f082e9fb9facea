import { addRun, mergedRuns, type Run, sameRuns, textOfRuns } from './run.ts';

/** One place of a text that changes: so many characters are kept, then some removed, then runs inserted, the rest is kept. */
export interface Splice {
  readonly kept: number;
  readonly removed: number;
  readonly inserted: readonly Run[];
}

/** How many line feeds a text has. */
export function countLineFeeds(text: string): number {
  let count = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) count += 1;
  return count;
}

/** The characters of runs from one place up to another. */
function sliceOfRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const slice: Run[] = [];
  let start = 0;
  for (const { text, attributes } of runs) {
    if (start >= to) break;
    const end = start + text.length;
    if (end > from) slice.push({ text: text.slice(Math.max(from - start, 0), to - start), attributes });
    start = end;
  }
  return slice;
}

/**
 * A text that ends in a line feed. That line feed is kept apart from all before it, so that appending in front of it
 * takes no longer in a long text than in a short one.
 */
export class PadText {
  #body: Run[] = [];
  #end: readonly number[] = [];
  #length = 1;
  #lineFeeds = 1;
  #lastLine = 0;

  /** @param runs merged, with a line feed at their end; only that without them */
  constructor(runs?: readonly Run[]) {
    if (runs !== undefined) this.#set(runs);
  }

  #set(runs: readonly Run[]): void {
    const last = runs.at(-1)!;
    this.#body = runs.slice(0, -1);
    this.#end = last.attributes;
    this.#length = 1;
    this.#lineFeeds = 1;
    this.#lastLine = 0;
    addRun(this.#body, { text: last.text.slice(0, -1), attributes: last.attributes });
    this.#measure(this.#body);
  }

  /** Counts what was added in front of the last line feed. */
  #measure(added: readonly Run[]): void {
    for (const { text } of added) {
      const lineFeeds = countLineFeeds(text);
      this.#length += text.length;
      this.#lineFeeds += lineFeeds;
      this.#lastLine = lineFeeds === 0 ? this.#lastLine + text.length : text.length - text.lastIndexOf('\n') - 1;
    }
  }

  /** How many characters it has, the last line feed included. */
  get length(): number {
    return this.#length;
  }

  /** How many line feeds it has, the last included. */
  get lineFeeds(): number {
    return this.#lineFeeds;
  }

  /** How many characters stand between the last line feed but one and the last. */
  get lastLineLength(): number {
    return this.#lastLine;
  }

  /** Its runs, merged. */
  runs(): Run[] {
    const runs = [...this.#body];
    addRun(runs, { text: '\n', attributes: this.#end });
    return runs;
  }

  /** Its characters. */
  text(): string {
    return `${textOfRuns(this.#body)}\n`;
  }

  copy(): PadText {
    const copy = new PadText();
    copy.#body = [...this.#body];
    copy.#end = this.#end;
    copy.#length = this.#length;
    copy.#lineFeeds = this.#lineFeeds;
    copy.#lastLine = this.#lastLine;
    return copy;
  }

  /**
   * Changes one place of the text.
   *
   * @param splice leaves a text that ends in a line feed
   * @returns whether the text or its attributes are others than before
   */
  change({ kept, removed, inserted }: Splice): boolean {
    if (kept === this.#length - 1 && removed === 0) {
      for (const run of inserted) addRun(this.#body, run);
      this.#measure(inserted);
      return inserted.some(({ text }) => text !== '');
    }
    const before = this.runs();
    const after = mergedRuns([...sliceOfRuns(before, 0, kept), ...inserted, ...sliceOfRuns(before, kept + removed, this.#length)]);
    if (sameRuns(before, after)) return false;
    this.#set(after);
    return true;
  }
}
