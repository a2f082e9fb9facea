import type { Group } from '../records.ts';
import { AttributePool } from './attribute-pool.ts';
import { ChangesetError, decodeChangeset, encodeChangeset } from './changeset.ts';
import { PadText } from './pad-text.ts';
import { mergedRuns, ownRuns, type Run } from './run.ts';

/** One change of a pad's text. */
export interface Revision {
  readonly changeset: string;
  /** An author's id, known or not; empty when nobody is named. */
  readonly author: string;
  /** Unix time in milliseconds. */
  readonly time: number;
}

/** A mark on a revision, as Etherpad keeps it. */
export interface SavedRevision {
  readonly revNum: number;
  readonly savedById: string;
  readonly label: string;
  /** Unix time in milliseconds. */
  readonly timestamp: number;
  readonly id: string;
}

/** A message, with time and author as the client gave them. */
export interface ChatMessage {
  readonly text: string;
  readonly time: unknown;
  /** An author's id, known or not; null without one. */
  readonly authorId: unknown;
}

/** The author of what nobody says he wrote (Etherpad 3.3.1); no list of authors shows it. */
export const SYSTEM_AUTHOR = 'a.etherpad-system';

/** A revision of a history that does not fit what is before it. */
export class HistoryError extends ChangesetError {
  /** Its number. */
  readonly revision: number;

  constructor(revision: number, message: string) {
    super(message);
    this.revision = revision;
  }
}

/** Every so many revisions the whole text is kept, as Etherpad does: no reading applies more changesets than that. */
const REVISIONS_PER_WHOLE = 100;

/**
 * A text with its history, and what stands beside it: chat, saved revisions, a read-only id, a public flag. It begins
 * with one line feed and no revision. Its verbs know nothing of other records: `edit.ts` has those that do.
 */
export class Pad {
  readonly padID: string;
  readonly group: Group | undefined;
  pool = new AttributePool();
  chat: ChatMessage[] = [];
  savedRevisions: SavedRevision[] = [];
  /** `r.` and 32 hex digits, once somebody asked for it. */
  readOnlyID: string | undefined;
  /** True or false; any JSON value where a client gave one, and undefined where it gave none. */
  publicStatus: unknown = false;
  /** What deletePad accepts as its token, on the versions that give one. */
  deletionToken: string | undefined;
  #revisions: Revision[] = [];
  /** The texts at every hundredth revision but 0, before which there is one line feed. */
  #wholes: PadText[] = [];
  #text = new PadText();

  constructor(padID: string, group: Group | undefined) {
    this.padID = padID;
    this.group = group;
  }

  /**
   * A pad with a history that was kept somewhere.
   *
   * @throws HistoryError for a revision that does not fit what is before it
   */
  static withHistory(padID: string, group: Group | undefined, pool: AttributePool, revisions: readonly Revision[]): Pad {
    const pad = new Pad(padID, group);
    pad.pool = pool;
    for (const [index, revision] of revisions.entries()) {
      try {
        pad.#change(revision.changeset);
      } catch (error) {
        if (error instanceof ChangesetError) throw new HistoryError(index, error.message);
        throw error;
      }
      pad.#keep(revision);
    }
    return pad;
  }

  /** The number of the newest revision; -1 before the first. */
  get head(): number {
    return this.#revisions.length - 1;
  }

  /** The newest text, with the markers of its lists. */
  get text(): string {
    return this.#text.text();
  }

  /** The newest text with its attributes: merged runs, of which the last ends in a line feed. */
  get runs(): readonly Run[] {
    return this.#text.runs();
  }

  /** The text with its attributes at a revision from 0 to the head. */
  runsAt(revision: number): readonly Run[] {
    return this.#textAt(revision).runs();
  }

  /** The text at a revision from 0 to the head, with the markers of its lists. */
  textAt(revision: number): string {
    return this.#textAt(revision).text();
  }

  #textAt(revision: number): PadText {
    if (revision === this.head) return this.#text;
    const whole = Math.floor(revision / REVISIONS_PER_WHOLE);
    const text = whole === 0 ? new PadText() : this.#wholes[whole - 1]!.copy();
    for (let number = whole === 0 ? 0 : whole * REVISIONS_PER_WHOLE + 1; number <= revision; number++) {
      text.change(decodeChangeset(this.#revisions[number]!.changeset, text.length));
    }
    return text;
  }

  changesetAt(revision: number): string {
    return this.#revisions[revision]!.changeset;
  }

  /** Empty for a revision of nobody. */
  authorAt(revision: number): string {
    return this.#revisions[revision]!.author;
  }

  /** Unix time in milliseconds. */
  timeAt(revision: number): number {
    return this.#revisions[revision]!.time;
  }

  /** All revisions, the oldest first. */
  revisions(): readonly Revision[] {
    return this.#revisions;
  }

  /** The ids of its authors, known or not, in the order of their first contribution. */
  authors(): string[] {
    return this.pool
      .attributes()
      .filter(([name, value]) => name === 'author' && value !== '' && value !== SYSTEM_AUTHOR)
      .map(([, value]) => value);
  }

  /**
   * Adds a revision, unless it is not the first and changes nothing.
   *
   * @param changeset of one of the forms that `encodeChangeset` writes
   * @param author an author's id, which becomes one of the pool's; empty for nobody
   * @param time unix time in milliseconds
   * @returns whether there is a new revision
   * @throws ChangesetError for a changeset that does not fit the text; nothing is changed
   */
  revise(changeset: string, author: string, time: number): boolean {
    return this.#add({ changeset, author, time }, this.#change(changeset));
  }

  #add(revision: Revision, hasChanged: boolean): boolean {
    if (!hasChanged && this.head !== -1) return false;
    if (revision.author !== '') this.pool.put(['author', revision.author]);
    this.#keep(revision);
    return true;
  }

  #change(changeset: string): boolean {
    const { length } = this.#text;
    const splice = decodeChangeset(changeset, length);
    const { kept, removed, inserted } = splice;
    if (kept + removed === length && inserted.at(-1)?.text.endsWith('\n') !== true) {
      throw new ChangesetError('leaves no line feed at the end of the text');
    }
    return this.#text.change(splice);
  }

  #keep(revision: Revision): void {
    // most pads have few revisions, and an array that grows makes room for many
    if (this.#revisions.length === 0) this.#revisions = [revision];
    else this.#revisions.push(revision);
    if (this.head > 0 && this.head % REVISIONS_PER_WHOLE === 0) this.#wholes.push(this.#text.copy());
  }

  /** Replaces the whole text. @param runs with a line feed at their end */
  replaceAll(runs: readonly Run[], author: string, time: number): boolean {
    return this.#splice(0, this.#text.length, runs, author, time);
  }

  /** Inserts before the last line feed. */
  append(runs: readonly Run[], author: string, time: number): boolean {
    return this.#splice(this.#text.length - 1, 0, runs, author, time);
  }

  /** Inserts before all that is there. */
  insertFront(runs: readonly Run[], author: string, time: number): boolean {
    return this.#splice(0, 0, runs, author, time);
  }

  /** Replaces all but the last line feed. */
  replaceBody(runs: readonly Run[], author: string, time: number): boolean {
    return this.#splice(0, this.#text.length - 1, runs, author, time);
  }

  #splice(kept: number, removed: number, runs: readonly Run[], author: string, time: number): boolean {
    const splice = { kept, removed, inserted: ownRuns(mergedRuns(runs)) };
    const changeset = encodeChangeset(this.#text, splice, this.pool);
    return this.#add({ changeset, author, time }, this.#text.change(splice));
  }

  /** A pad of its own with the same text, history, chat, saved revisions and public flag, but no ids of its own. */
  copy(padID: string, group: Group | undefined): Pad {
    const copy = new Pad(padID, group);
    copy.pool = this.pool.copy();
    copy.chat = [...this.chat];
    copy.savedRevisions = [...this.savedRevisions];
    copy.publicStatus = this.publicStatus;
    copy.#revisions = [...this.#revisions];
    copy.#wholes = [...this.#wholes];
    copy.#text = this.#text.copy();
    return copy;
  }
}
