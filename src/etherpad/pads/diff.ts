import type { AttributePool } from './attribute-pool.ts';
import { decodeChangeset, lengthSaidBy } from './changeset.ts';
import { inTagOrder } from './html-out.ts';
import type { Pad } from './pad.ts';
import type { Splice } from './pad-text.ts';
import type { Run } from './run.ts';

const lengthOf = (runs: readonly Run[]): number => runs.reduce((sum, { text }) => sum + text.length, 0);

/** The runs without their last character, and that character. */
function cutLast(runs: readonly Run[]): { body: Run[]; last: Run } {
  const { text, attributes } = runs.at(-1)!;
  const body = [...runs.slice(0, -1), { text: text.slice(0, -1), attributes }].filter((run) => run.text !== '');
  return { body, last: { text: text.slice(-1), attributes } };
}

/**
 * A text in which what is removed stays, marked. Etherpad shows what was removed before what was inserted in its place.
 */
class DifferenceText {
  readonly #pool: AttributePool;
  #length: number;
  #saidLength: number;
  readonly #removed: Run[] = [];
  #front: Run[] = [];
  /** What is left of the text at the beginning, without its last line feed. */
  #body: readonly Run[];
  #back: Run[] = [];
  #last: Run;
  #isLastOld = true;

  constructor(runs: readonly Run[], pool: AttributePool) {
    this.#pool = pool;
    this.#length = lengthOf(runs);
    this.#saidLength = this.#length;
    const { body, last } = cutLast(runs);
    this.#body = body;
    this.#last = last;
  }

  /**
   * Makes the change of a revision.
   *
   * @throws Error after a changeset that says a wrong length: Etherpad cannot compose it with others
   */
  change(changeset: string, author: string): void {
    const removal = [this.#pool.put(['author', author]), this.#pool.put(['removed', 'true'])];
    this.check();
    this.#saidLength = lengthSaidBy(changeset);
    const splice = decodeChangeset(changeset, this.#length);
    const inserted = inTagOrder(splice.inserted, this.#pool);
    if (splice.removed > 0) this.#replace(splice, inserted, removal);
    else if (splice.kept > 0) for (const run of inserted) this.#back.push(run);
    else this.#front = [...inserted, ...this.#front];
    this.#length += lengthOf(inserted) - splice.removed;
  }

  #replace({ removed }: Splice, inserted: readonly Run[], removal: readonly number[]): void {
    const remove = (run: Run): Run => ({ text: run.text, attributes: [...run.attributes, ...removal] });
    const isWhole = removed === this.#length;
    for (const run of this.#body) this.#removed.push(remove(run));
    this.#body = [];
    this.#back = [];
    this.#front = [...inserted];
    // else the last line feed stays
    if (!isWhole) return;
    if (this.#isLastOld) this.#removed.push(remove(this.#last));
    const { body, last } = cutLast(inserted);
    this.#front = body;
    this.#last = last;
    this.#isLastOld = false;
  }

  /** @throws Error if the last changeset said a wrong length */
  check(): void {
    if (this.#length !== this.#saidLength) throw new Error(`the text has ${this.#length} characters, not ${this.#saidLength}`);
  }

  runs(): Run[] {
    return [...this.#removed, ...this.#front, ...this.#body, ...this.#back, this.#last];
  }
}

/** The text of a pad without its authors. */
function withoutAuthors(runs: readonly Run[], pool: AttributePool): Run[] {
  const isAuthor = (number: number): boolean => pool.get(number)?.[0] === 'author';
  return runs.map(({ text, attributes }) => ({ text, attributes: attributes.filter((number) => !isAuthor(number)) }));
}

/**
 * What happened to a pad's text after one revision, up to another: the text at the end, with what was removed, each with
 * the author who wrote or removed it; what was there before has no author. Etherpad puts the attributes that it needs
 * for that into the pad's own pool.
 *
 * @throws Error where a changeset says a wrong length, as that of a copy without history does: code 2 (all versions)
 * @returns runs with their attributes in the order of their tags, and the authors in the order of their first revision
 */
export function differenceOf(pad: Pad, from: number, to: number): { runs: Run[]; authors: string[] } {
  const { pool } = pad;
  pool.put(['author', '']);
  const text = new DifferenceText(inTagOrder(withoutAuthors(pad.runsAt(from), pool), pool), pool);
  const authors = new Set<string>();
  for (let revision = from + 1; revision <= to; revision++) {
    const author = pad.authorAt(revision);
    text.change(pad.changesetAt(revision), author);
    authors.add(author);
  }
  text.check();
  return { runs: text.runs(), authors: [...authors] };
}
