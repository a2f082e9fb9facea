import { Pad } from '../etherpad/pads/pad.ts';
import { State } from '../etherpad/state.ts';
import { badInput, type Problem } from './problem.ts';
import { findProblems, type Schema } from './schema.ts';

/** One Etherpad's records as plain data: what `--seed` reads, and what goes in and out of `/_mock/state`. */
export interface StateDocument {
  readonly groups: readonly { readonly groupID: string; readonly mapper?: string }[];
  readonly authors: readonly { readonly authorID: string; readonly name?: unknown; readonly mapper?: string }[];
  /** `validUntil` in unix seconds. */
  readonly sessions: readonly {
    readonly sessionID: string;
    readonly groupID: string;
    readonly authorID: string;
    readonly validUntil: number;
  }[];
  /** The pads of a group have ids that begin with the group's and a dollar sign. */
  readonly pads: readonly { readonly padID: string; readonly text?: string }[];
}

const ID: Schema = { type: 'string', minLength: 1 };

const records = (description: string, required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'array',
  description,
  items: { type: 'object', required, properties },
});

export const STATE_SCHEMA: Schema = {
  type: 'object',
  properties: {
    groups: records('all groups', ['groupID'], { groupID: { ...ID, example: 'g.s8oes9dhwrvt0zif' }, mapper: { type: 'string' } }),
    authors: records('all authors', ['authorID'], {
      authorID: { ...ID, example: 'a.s8oes9dhwrvt0zif' },
      name: { description: 'text; real servers also keep other JSON values' },
      mapper: { type: 'string' },
    }),
    sessions: records('all sessions', ['sessionID', 'groupID', 'authorID', 'validUntil'], {
      sessionID: { ...ID, example: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
      groupID: ID,
      authorID: ID,
      validUntil: { type: 'number', minimum: 0, description: 'unix time in seconds' },
    }),
    pads: records('all pads', ['padID'], { padID: { ...ID, example: 'g.s8oes9dhwrvt0zif$notes' }, text: { type: 'string' } }),
  },
};

const groupIdOf = (padID: string): string | undefined => (padID.includes('$') ? padID.slice(0, padID.indexOf('$')) : undefined);

type Lists = { readonly [L in keyof StateDocument]: readonly Readonly<Record<string, unknown>>[] };

/** The lists of a document that may be wrong in other ways. */
function listsOf(input: unknown): Lists {
  const list = (name: string): Lists['groups'] => {
    const value = (input as Record<string, unknown> | null)?.[name];
    return Array.isArray(value)
      ? value.map((record: unknown) => (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>)
      : [];
  };
  return { groups: list('groups'), authors: list('authors'), sessions: list('sessions'), pads: list('pads') };
}

/** Ids and mappers that stand twice, and references to nothing. */
function findContradictions(lists: Lists): Problem[] {
  const problems: Problem[] = [];
  const unique = (list: keyof Lists, field: string): Set<unknown> => {
    const seen = new Set<unknown>();
    for (const [index, { [field]: value }] of lists[list].entries()) {
      if (typeof value !== 'string') continue;
      if (seen.has(value)) problems.push({ path: `/${list}/${index}/${field}`, message: `stands twice: ${JSON.stringify(value)}` });
      seen.add(value);
    }
    return seen;
  };
  const groupIDs = unique('groups', 'groupID');
  const authorIDs = unique('authors', 'authorID');
  unique('groups', 'mapper');
  unique('authors', 'mapper');
  unique('sessions', 'sessionID');
  unique('pads', 'padID');
  for (const [index, { groupID, authorID }] of lists.sessions.entries()) {
    if (typeof groupID === 'string' && !groupIDs.has(groupID))
      problems.push({ path: `/sessions/${index}/groupID`, message: `names no group of this state: ${groupID}` });
    if (typeof authorID === 'string' && !authorIDs.has(authorID))
      problems.push({ path: `/sessions/${index}/authorID`, message: `names no author of this state: ${authorID}` });
  }
  for (const [index, { padID }] of lists.pads.entries()) {
    const groupID = typeof padID === 'string' ? groupIdOf(padID) : undefined;
    if (groupID !== undefined && !groupIDs.has(groupID))
      problems.push({ path: `/pads/${index}/padID`, message: `is in no group of this state: ${groupID}` });
  }
  return problems;
}

/**
 * Checks a document; lists that are left out are empty.
 *
 * @returns the document, to be used only when there are no problems
 */
export function checkStateDocument(input: unknown): { document: StateDocument; problems: Problem[] } {
  const problems = [...findProblems(input, STATE_SCHEMA), ...findContradictions(listsOf(input))];
  return { document: { groups: [], authors: [], sessions: [], pads: [], ...(input as Partial<StateDocument>) }, problems };
}

/** @throws ControlError with every problem of the document */
export function readStateDocument(input: unknown): StateDocument {
  const { document, problems } = checkStateDocument(input);
  if (problems.length > 0) throw badInput(problems);
  return document;
}

/** Makes the state that a document describes. */
export function importState(document: StateDocument, now: { milliseconds: number }): State {
  const state = new State();
  for (const { groupID, mapper } of document.groups) state.addGroup(groupID, mapper);
  for (const { authorID, name, mapper } of document.authors) state.addAuthor(authorID, { name, mapper, timestamp: now.milliseconds });
  for (const { sessionID, groupID, authorID, validUntil } of document.sessions) {
    state.addSession(sessionID, state.findGroup(groupID)!, state.findAuthor(authorID)!, validUntil);
  }
  for (const { padID, text = '\n' } of document.pads) {
    const groupID = groupIdOf(padID);
    const pad = new Pad(padID, groupID === undefined ? undefined : state.findGroup(groupID));
    pad.replaceAll([{ text, attributes: [] }], '', now.milliseconds);
    state.addPad(pad);
  }
  return state;
}

/** Describes a state; expired sessions that are still in memory are part of it. */
export const exportState = (state: State): StateDocument => ({
  groups: Array.from(state.groups(), ({ groupID, mapper }) => ({ groupID, ...(mapper === undefined ? {} : { mapper }) })),
  authors: Array.from(state.authors(), ({ authorID, name, mapper }) => ({
    authorID,
    ...(name === undefined ? {} : { name }),
    ...(mapper === undefined ? {} : { mapper }),
  })),
  sessions: Array.from(state.sessions(), ({ sessionID, group, author, validUntil }) => ({
    sessionID,
    groupID: group.groupID,
    authorID: author.authorID,
    validUntil,
  })),
  pads: Array.from(state.pads(), ({ padID, text }) => ({ padID, text })),
});
