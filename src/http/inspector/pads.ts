import { htmlOf } from '../../etherpad/pads/html-out.ts';
import type { Pad } from '../../etherpad/pads/pad.ts';
import type { Run } from '../../etherpad/pads/run.ts';
import type { State } from '../../etherpad/state.ts';
import { notFound } from '../../sandbox/problem.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { finder, nameOf, newestOf, type Window, type WindowQuery } from './inspection.ts';

/** One of a pad's authors. Of an id that is no author's, nothing else is known. */
export interface PadAuthor {
  readonly authorID: string;
  readonly name: string | null;
  readonly color: string | null;
}

export interface PadRow {
  readonly padID: string;
  /** Null for a pad outside of any group. */
  readonly groupID: string | null;
  readonly groupMapper: string | null;
  /** The first of its authors, and how many there are. */
  readonly authors: Window<PadAuthor>;
  /** The number of the newest revision: Etherpad counts from 0. */
  readonly revisions: number;
  readonly isPublic: boolean;
}

export interface PadMessage {
  readonly text: string;
  /** As the client gave it: unix milliseconds, or text. */
  readonly time: unknown;
  readonly author: PadAuthor | null;
}

/** A pad, opened at one of its revisions. */
export interface PadDetails extends PadRow {
  /** Null until somebody asked for it. */
  readonly readOnlyID: string | null;
  readonly savedRevisions: readonly number[];
  readonly revision: {
    readonly number: number;
    /** Unix time in milliseconds. */
    readonly time: number;
    readonly author: PadAuthor | null;
    readonly changeset: string;
    /** The text as a reader sees it: what stands in the body of getHTML. */
    readonly html: string;
    /** Whether only the beginning of the text is in `html`. */
    readonly isCut: boolean;
  };
  /** The newest messages, the oldest of them first. */
  readonly chat: Window<PadMessage>;
}

/** Which revision of a pad to open. */
export interface PadQuery extends WindowQuery {
  /** The newest without a number. */
  readonly rev?: number;
}

/** How many authors a row names. */
const NAMED = 3;

/** How many messages an opened pad shows. */
const MESSAGES = 50;

/** How much of a text and of a changeset is shown, in characters. */
const LONGEST_TEXT = 50_000;
const LONGEST_CHANGESET = 2_000;

function authorOf(state: State, authorID: string): PadAuthor {
  const author = state.findAuthor(authorID);
  return { authorID, name: author === undefined ? null : nameOf(author), color: author?.colorId ?? null };
}

function rowOf(state: State, pad: Pad): PadRow {
  const { padID, group, head, publicStatus } = pad;
  const authors = pad.authors();
  return {
    padID,
    groupID: group?.groupID ?? null,
    groupMapper: group?.mapper ?? null,
    authors: { total: authors.length, rows: authors.slice(0, NAMED).map((authorID) => authorOf(state, authorID)) },
    revisions: head,
    isPublic: Boolean(publicStatus),
  };
}

/** The newest pads first. */
export function listPads({ state }: Sandbox, query: WindowQuery): Promise<Window<PadRow>> {
  const contains = finder(query);
  const isWrittenBy = (authorID: string): boolean => contains!(authorID, authorOf(state, authorID).name);
  const matches =
    contains && ((pad: Pad): boolean => contains(pad.padID, pad.group?.mapper) || pad.authors().some((authorID) => isWrittenBy(authorID)));
  return newestOf(state.pads(), matches ?? { total: state.padCount }, query, (pad) => rowOf(state, pad));
}

/** The beginning of a text, with the line feed that every text ends in. */
function beginningOf(runs: readonly Run[]): { runs: readonly Run[]; isCut: boolean } {
  const beginning: Run[] = [];
  let room = LONGEST_TEXT;
  for (const { text, attributes } of runs) {
    if (text.length > room) return { runs: [...beginning, { text: `${text.slice(0, room)}\n`, attributes }], isCut: true };
    beginning.push({ text, attributes });
    room -= text.length;
  }
  return { runs, isCut: false };
}

function revisionOf(sandbox: Sandbox, pad: Pad, asked: number | undefined): PadDetails['revision'] {
  const number = Math.min(asked ?? pad.head, pad.head);
  const { runs, isCut } = beginningOf(pad.runsAt(number));
  const author = pad.authorAt(number);
  return {
    number,
    time: pad.timeAt(number),
    author: author === '' ? null : authorOf(sandbox.state, author),
    changeset: pad.changesetAt(number).slice(0, LONGEST_CHANGESET),
    // a page that lets no style in complains of one: its own style sheet leaves out the bullets
    html: htmlOf(runs, pad.pool, { ...sandbox.behaviour, indentStyle: '' }),
    isCut,
  };
}

/** @throws ControlError 404 for an unknown pad */
export function openPad(sandbox: Sandbox, { rev }: PadQuery, padID: string): PadDetails {
  const { state } = sandbox;
  const pad = state.findPad(padID);
  if (pad === undefined) throw notFound(`no pad has the id ${padID}`);
  return {
    ...rowOf(state, pad),
    readOnlyID: pad.readOnlyID ?? null,
    savedRevisions: pad.savedRevisions.map(({ revNum }) => revNum).toSorted((one, other) => one - other),
    revision: revisionOf(sandbox, pad, rev),
    chat: {
      total: pad.chat.length,
      rows: pad.chat.slice(-MESSAGES).map(({ text, time, authorId }) => ({
        text,
        time,
        author: authorId === null || authorId === undefined ? null : authorOf(state, String(authorId)),
      })),
    },
  };
}
