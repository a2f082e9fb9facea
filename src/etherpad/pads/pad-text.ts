import { mergedRuns, type Run, sameAttributes, sameRuns } from './run.ts';

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

/** What is appended joins the run before it up to this many characters; what is longer is a run of its own. */
const LONGEST_TAIL = 4_096;

/**
 * A text that ends in a line feed. That line feed is kept apart from all before it, and so is the last run: appending
 * takes no longer in a long text than in a short one, and a copy shares all that it has in common with the original.
 */
export class PadText {
  /** Runs in front of the tail. Copies share the list, and each knows how many of them are its own. */
  #list: Run[] = [];
  #count = 0;
  #tail: Run = { text: '', attributes: [] };
  #end: readonly number[] = [];
  #length = 1;
  #lineFeeds = 1;
  #lastLine = 0;

  /** @param runs merged, with a line feed at their end; only that without them */
  constructor(runs?: readonly Run[]) {
    if (runs !== undefined) this.#set(runs);
  }

  #set(runs: readonly Run[]): void {
    const { text, attributes } = runs.at(-1)!;
    this.#list = [];
    this.#count = 0;
    this.#tail = { text: '', attributes: [] };
    this.#end = attributes;
    this.#length = 1;
    this.#lineFeeds = 1;
    this.#lastLine = 0;
    this.#append([...runs.slice(0, -1), { text: text.slice(0, -1), attributes }]);
  }

  /** Inserts in front of the last line feed. */
  #append(runs: readonly Run[]): void {
    for (const run of runs) {
      const { text, attributes } = run;
      if (text === '') continue;
      const joins = this.#tail.text.length + text.length <= LONGEST_TAIL && sameAttributes(this.#tail, run);
      if (this.#tail.text !== '' && !joins) this.#keepTail();
      this.#tail = joins ? { text: this.#tail.text + text, attributes } : run;
      const lineFeeds = countLineFeeds(text);
      this.#length += text.length;
      this.#lineFeeds += lineFeeds;
      this.#lastLine = lineFeeds === 0 ? this.#lastLine + text.length : text.length - text.lastIndexOf('\n') - 1;
    }
  }

  /** Puts the tail at the end of the list, or of one of its own where a copy went on with this one. */
  #keepTail(): void {
    if (this.#list.length > this.#count) this.#list = this.#list.slice(0, this.#count);
    this.#list.push(this.#tail);
    this.#count += 1;
  }

  *#parts(): Generator<Run, void> {
    for (let index = 0; index < this.#count; index++) yield this.#list[index]!;
    yield this.#tail;
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
    return mergedRuns([...this.#parts(), { text: '\n', attributes: this.#end }]);
  }

  /** Its characters. */
  text(): string {
    return `${Array.from(this.#parts(), ({ text }) => text).join('')}\n`;
  }

  copy(): PadText {
    const copy = new PadText();
    copy.#list = this.#list;
    copy.#count = this.#count;
    copy.#tail = this.#tail;
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
      this.#append(inserted);
      return inserted.some(({ text }) => text !== '');
    }
    const before = this.runs();
    const after = mergedRuns([...sliceOfRuns(before, 0, kept), ...inserted, ...sliceOfRuns(before, kept + removed, this.#length)]);
    if (sameRuns(before, after)) return false;
    this.#set(after);
    return true;
  }
}
