import type { Attribute } from '../etherpad/pads/attribute-pool.ts';
import { AttributePool } from '../etherpad/pads/attribute-pool.ts';
import { addPad } from '../etherpad/pads/edit.ts';
import type { Group } from '../etherpad/state.ts';
import { HistoryError, Pad, type Revision, type SavedRevision } from '../etherpad/pads/pad.ts';
import { groupIdOf } from '../etherpad/pads/pad-id.ts';
import type { World } from '../etherpad/world.ts';
import type { Problem } from './problem.ts';
import type { Schema } from './schema.ts';

/**
 * A pad as plain data. A seed says its `text` or `html`, and who wrote it; an export has its whole history instead.
 *
 * @example { padID: 'notes', text: 'Hello', author: 'a.ada', chat: [{ text: 'Hi', author: 'a.ada' }], savedRevisions: [0] }
 */
export interface PadDocument {
  /** The pads of a group have ids that begin with the group's and a dollar sign. */
  readonly padID: string;
  /** The newest text. A line feed is added where it does not end in one. */
  readonly text?: string;
  /** Read as setHTML reads it. */
  readonly html?: string;
  /** The id of the author of text or HTML. */
  readonly author?: string;
  /** True for a pad that is open to the public; any JSON value where a client gave one, null where it took it away. */
  readonly public?: unknown;
  /** Numbers of revisions; an export tells more of each. */
  readonly savedRevisions?: readonly (number | Partial<SavedRevision>)[];
  /** The oldest first. Time in unix milliseconds, now by default. */
  readonly chat?: readonly { readonly text: string; readonly author?: unknown; readonly time?: unknown }[];
  readonly readOnlyID?: string;
  readonly deletionToken?: string;
  /** The attributes that the changesets name by number. */
  readonly pool?: readonly Attribute[];
  /** The oldest first. Time in unix milliseconds. */
  readonly revisions?: readonly { readonly changeset: string; readonly author?: string; readonly time: number }[];
}

const TEXT: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'integer', minimum: 0 };
const TIME: Schema = { type: 'number', minimum: 0, description: 'unix time in milliseconds' };
const ANY: Schema = { description: 'text; real servers also keep other JSON values' };

const list = (description: string, items: Schema): Schema => ({ type: 'array', description, items });
const object = (required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required,
  properties,
});

export const PAD_PROPERTIES: Readonly<Record<string, Schema>> = {
  padID: { ...TEXT, minLength: 1, example: 'g.s8oes9dhwrvt0zif$notes' },
  text: { ...TEXT, description: 'the newest text' },
  html: { ...TEXT, description: 'HTML that is read as setHTML reads it, instead of a text' },
  author: { ...TEXT, description: 'id of the author of text or HTML' },
  public: { description: 'true for a pad that is open to the public' },
  savedRevisions: list('saved revisions', {
    anyOf: [NUMBER, object(['revNum'], { revNum: NUMBER, savedById: TEXT, label: TEXT, timestamp: TIME, id: TEXT })],
  }),
  chat: list(
    'messages, the oldest first',
    object(['text'], { text: TEXT, author: ANY, time: { description: 'unix time in milliseconds; now by default' } }),
  ),
  readOnlyID: { ...TEXT, minLength: 1, example: 'r.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
  deletionToken: TEXT,
  pool: list('attributes, each a name and a value', { type: 'array', items: TEXT }),
  revisions: list('changesets, the oldest first', object(['changeset', 'time'], { changeset: TEXT, author: TEXT, time: TIME })),
};

const endsInLineFeed = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

const poolOf = ({ pool = [] }: PadDocument): AttributePool => {
  const made = new AttributePool();
  for (const [name, value] of pool) made.put([name, value]);
  return made;
};

const historyOf = ({ revisions = [] }: PadDocument): Revision[] =>
  revisions.map(({ changeset, author = '', time }) => ({ changeset, author, time }));

/** The history of a pad, made anew. @throws HistoryError */
const padOf = (document: PadDocument, group: Group | undefined): Pad =>
  Pad.withHistory(document.padID, group, poolOf(document), historyOf(document));

/** The attributes that a changeset names. Number 0 may be in no pool: copies without history leave it behind. */
const attributeNumbersIn = (changeset: string): number[] =>
  Array.from(changeset.slice(0, changeset.indexOf('$')).matchAll(/\*([0-9a-z]+)/g), ([, number]) => Number.parseInt(number!, 36));

/** A history that makes no text, or another one than the document says. */
function findProblemsOfHistory(document: PadDocument, add: (place: string, message: string) => void): void {
  const { text, pool = [], revisions = [] } = document;
  if (poolOf(document).size !== pool.length) add('/pool', 'has an attribute twice');
  for (const [index, { changeset }] of revisions.entries()) {
    const unknown = attributeNumbersIn(changeset).find((number) => number >= Math.max(pool.length, 1));
    if (unknown !== undefined) add(`/revisions/${index}/changeset`, `names attribute ${unknown}, which is not in the pool`);
  }
  try {
    const made = padOf(document, undefined);
    if (text !== undefined && made.text !== endsInLineFeed(text)) add('/text', 'is not the text that the revisions make');
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    add(`/revisions/${error.revision}/changeset`, error.message);
  }
}

/** What is wrong with a pad whose shape is right. */
export function findProblemsOfPad(document: PadDocument, path: string): Problem[] {
  const { text, html, author, pool = [], revisions, savedRevisions = [] } = document;
  const problems: Problem[] = [];
  const add = (place: string, message: string): void => void problems.push({ path: `${path}${place}`, message });
  if (html !== undefined && text !== undefined) add('/html', 'cannot go with text');
  if (html !== undefined && revisions !== undefined) add('/html', 'cannot go with revisions');
  if (author !== undefined && revisions !== undefined) add('/author', 'cannot go with revisions, each of which has its own');
  if (revisions?.length === 0) add('/revisions', 'must have at least one');
  if (revisions === undefined && pool.length > 0) add('/pool', 'goes with revisions only');
  for (const [index, attribute] of pool.entries()) {
    if (attribute.length !== 2) add(`/pool/${index}`, 'must be a name and a value');
  }
  if (revisions !== undefined && problems.length === 0) findProblemsOfHistory(document, add);

  const revisionNumbers = new Set<number>();
  const head = (revisions?.length ?? 1) - 1;
  for (const [index, saved] of savedRevisions.entries()) {
    const number = typeof saved === 'number' ? saved : saved.revNum!;
    if (html === undefined && number > head) add(`/savedRevisions/${index}`, `is no revision of the pad: its newest is ${head}`);
    if (revisionNumbers.has(number)) add(`/savedRevisions/${index}`, `is a duplicate: ${number}`);
    revisionNumbers.add(number);
  }
  return problems;
}

/** Adds a pad to the state of a world. Its text or HTML becomes its first revision, unless it has a history. */
export function importPad(world: World, document: PadDocument): void {
  const { state, clock, ids } = world;
  const { padID, text = '', author = '', savedRevisions = [], chat = [] } = document;
  const groupID = groupIdOf(padID);
  const group = groupID === undefined ? undefined : state.findGroup(groupID);
  let pad: Pad;
  if (document.revisions === undefined) pad = addPad(world, padID, group, text.replace(/\n$/, ''), author);
  else {
    pad = padOf(document, group);
    state.addPad(pad);
    for (const contributor of pad.authors()) state.findAuthor(contributor)?.pads.add(padID);
  }
  const now = clock.milliseconds();
  pad.publicStatus = 'public' in document ? (document.public ?? undefined) : false;
  pad.chat = chat.map(({ text: message, time = now, author: authorId = null }) => ({ text: message, time, authorId }));
  pad.savedRevisions = savedRevisions.map((saved) => {
    const {
      revNum = 0,
      savedById = '',
      label = 'Saved by a seed',
      timestamp = now,
      id,
    } = typeof saved === 'number' ? { revNum: saved } : saved;
    return { revNum, savedById, label, timestamp, id: id ?? ids.savedRevision() };
  });
  pad.deletionToken = document.deletionToken;
  if (document.readOnlyID !== undefined) state.giveReadOnlyID(pad, document.readOnlyID);
}

/** Describes a pad whole, with its history. What is as at its birth is left out. */
export function exportPad(pad: Pad): PadDocument {
  const { padID, text, publicStatus, savedRevisions, readOnlyID, deletionToken, pool } = pad;
  const chat = pad.chat.map(({ text: message, time, authorId }) =>
    authorId === null ? { text: message, time } : { text: message, author: authorId, time },
  );
  const revisions = pad
    .revisions()
    .map(({ changeset, author, time }) => (author === '' ? { changeset, time } : { changeset, author, time }));
  return {
    padID,
    text,
    ...(publicStatus === false ? {} : { public: publicStatus ?? null }),
    ...(readOnlyID === undefined ? {} : { readOnlyID }),
    ...(deletionToken === undefined ? {} : { deletionToken }),
    ...(savedRevisions.length === 0 ? {} : { savedRevisions }),
    ...(chat.length === 0 ? {} : { chat }),
    ...(pool.size === 0 ? {} : { pool: pool.attributes() }),
    revisions,
  };
}
