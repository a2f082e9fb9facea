import { groupIdOf } from '../etherpad/pads/pad-id.ts';
import type { Clock } from '../etherpad/clock.ts';
import type { World } from '../etherpad/world.ts';
import { State } from '../etherpad/state.ts';
import { exportPad, findProblemsOfPad, importPad, PAD_PROPERTIES, type PadDocument } from './pad-document.ts';
import { badInput, isFull, type Problem, toldOf } from './problem.ts';
import { findProblems, insteadOfMilliseconds, looksLikeMilliseconds, readMoment, type Schema } from './schema.ts';

/** One Etherpad's records as plain data: what `--seed` reads, and what goes in and out of `/_mock/state`. */
export interface StateDocument {
  readonly groups: readonly { readonly groupID: string; readonly mapper?: string }[];
  /** `padIDs` are what listPadsOfAuthor lists; without them, the pads whose history the author is part of. */
  readonly authors: readonly {
    readonly authorID: string;
    readonly name?: unknown;
    readonly mapper?: string;
    readonly padIDs?: readonly string[];
  }[];
  /** `validUntil` in unix seconds. */
  readonly sessions: readonly {
    readonly sessionID: string;
    readonly groupID: string;
    readonly authorID: string;
    readonly validUntil: number;
  }[];
  readonly pads: readonly PadDocument[];
}

/** What a state can be made of: a `StateDocument`, in which the times of sessions may also be text. */
export interface SeedDocument extends Omit<StateDocument, 'sessions'> {
  readonly sessions: readonly (Omit<StateDocument['sessions'][number], 'validUntil'> & {
    /** Unix seconds, ISO text, or `+1h`: from what the clock shows at the start and at each reset. */
    readonly validUntil: number | string;
  })[];
}

const ID: Schema = { type: 'string', minLength: 1 };

const records = (description: string, required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'array',
  description,
  items: { type: 'object', required, properties },
});

const stateSchema = (validUntil: Schema): Schema => ({
  type: 'object',
  properties: {
    groups: records('all groups', ['groupID'], { groupID: { ...ID, example: 'g.s8oes9dhwrvt0zif' }, mapper: { type: 'string' } }),
    authors: records('all authors', ['authorID'], {
      authorID: { ...ID, example: 'a.s8oes9dhwrvt0zif' },
      name: { description: 'text; real servers also keep other JSON values' },
      mapper: { type: 'string' },
      padIDs: {
        type: 'array',
        description: 'pads that it contributed to; by default those whose history says so',
        items: { type: 'string' },
      },
    }),
    sessions: records('all sessions', ['sessionID', 'groupID', 'authorID', 'validUntil'], {
      sessionID: { ...ID, example: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
      groupID: ID,
      authorID: ID,
      validUntil,
    }),
    pads: records('all pads', ['padID'], PAD_PROPERTIES),
  },
});

const WHOLE_SECONDS: Schema = { type: 'number', minimum: 0, multipleOf: 1, description: 'unix time in whole seconds' };

/** What a state that is exported looks like. */
export const EXPORTED_STATE_SCHEMA: Schema = stateSchema(WHOLE_SECONDS);

/** What a state that is imported may look like. */
export const STATE_SCHEMA: Schema = stateSchema({
  anyOf: [WHOLE_SECONDS, { type: 'string', format: 'moment' }],
  description: 'unix time in whole seconds; ISO text; or +30m, +1h, +2d from what the clock shows',
  example: 1_999_999_999,
});

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
      if (isFull(problems)) return seen;
      if (typeof value !== 'string') continue;
      if (seen.has(value)) problems.push({ path: `/${list}/${index}/${field}`, message: `is a duplicate: ${JSON.stringify(value)}` });
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
  unique('pads', 'readOnlyID');
  for (const [index, { groupID, authorID }] of lists.sessions.entries()) {
    if (isFull(problems)) return problems;
    if (typeof groupID === 'string' && !groupIDs.has(groupID))
      problems.push({ path: `/sessions/${index}/groupID`, message: `is not a group of this state: ${groupID}` });
    if (typeof authorID === 'string' && !authorIDs.has(authorID))
      problems.push({ path: `/sessions/${index}/authorID`, message: `is not an author of this state: ${authorID}` });
  }
  for (const [index, { padID }] of lists.pads.entries()) {
    if (isFull(problems)) return problems;
    const groupID = typeof padID === 'string' ? groupIdOf(padID) : undefined;
    if (groupID !== undefined && !groupIDs.has(groupID))
      problems.push({ path: `/pads/${index}/padID`, message: `belongs to a group that is not in this state: ${groupID}` });
  }
  return problems;
}

/**
 * Checks a document; lists that are left out are empty.
 *
 * @returns the document, to be used only when there are no problems; and the first 100 of these
 */
export function checkStateDocument(input: unknown): { document: SeedDocument; problems: readonly Problem[] } {
  const lists = listsOf(input);
  const ofShape = findProblems(input, STATE_SCHEMA);
  const problems = [...ofShape, ...findContradictions(lists)];
  const misshapen = new Set(ofShape.map(({ path }) => /^\/pads\/\d+/.exec(path)?.[0]));
  for (const [index, pad] of lists.pads.entries()) {
    // where there are more problems than are told, the shape of the others is not known
    if (isFull(problems)) break;
    const path = `/pads/${index}`;
    if (!misshapen.has(path)) problems.push(...findProblemsOfPad(pad as unknown as PadDocument, path));
  }
  return {
    document: { groups: [], authors: [], sessions: [], pads: [], ...(input as Partial<SeedDocument>) },
    problems: toldOf(problems),
  };
}

/** @throws ControlError with every problem of the document */
export function readStateDocument(input: unknown): SeedDocument {
  const { document, problems } = checkStateDocument(input);
  if (problems.length > 0) throw badInput(problems);
  return document;
}

/** The same for a seed, which people write: milliseconds in it are a mistake, though clients send them and Etherpad takes them. */
export function checkSeed(input: unknown): { document: SeedDocument; problems: readonly Problem[] } {
  const { document, problems } = checkStateDocument(input);
  const mistaken = listsOf(input).sessions.flatMap(({ validUntil }, index) =>
    looksLikeMilliseconds(validUntil) ? [{ path: `/sessions/${index}/validUntil`, message: insteadOfMilliseconds(validUntil) }] : [],
  );
  return { document, problems: isFull(problems) ? problems : toldOf([...problems, ...mistaken]) };
}

const secondOf = (time: number | string, clock: Clock): number =>
  typeof time === 'number' ? time : Math.floor(readMoment(time, clock.milliseconds()) / 1000);

/**
 * Makes the state that a document describes.
 *
 * @param world the Etherpad whose ways and time the first revisions of its pads have; its own state is left alone
 */
export function importState(document: SeedDocument, world: Omit<World, 'state'>): State {
  const state = new State();
  const { clock, ids, behaviour, createsMissing, defaultPadText, maxSessions } = world;
  const made: World = { state, clock, ids, behaviour, createsMissing, defaultPadText, maxSessions };
  for (const { groupID, mapper } of document.groups) state.addGroup(groupID, mapper);
  for (const { authorID, name, mapper } of document.authors) state.addAuthor(authorID, { name, mapper, timestamp: clock.milliseconds() });
  for (const { sessionID, groupID, authorID, validUntil } of document.sessions) {
    state.addSession(sessionID, state.findGroup(groupID)!, state.findAuthor(authorID)!, secondOf(validUntil, clock));
  }
  for (const pad of document.pads) importPad(made, pad);
  for (const { authorID, padIDs } of document.authors) {
    if (padIDs !== undefined) state.listPadsOf(state.findAuthor(authorID)!, padIDs);
  }
  return state;
}

/** Describes a state; expired sessions that are still in memory are part of it. */
export const exportState = (state: State): StateDocument => ({
  groups: Array.from(state.groups(), ({ groupID, mapper }) => ({ groupID, ...(mapper === undefined ? {} : { mapper }) })),
  authors: Array.from(state.authors(), ({ authorID, name, mapper, pads }) => ({
    authorID,
    ...(name === undefined ? {} : { name }),
    ...(mapper === undefined ? {} : { mapper }),
    ...(pads.size === 0 ? {} : { padIDs: [...pads] }),
  })),
  sessions: Array.from(state.sessions(), ({ sessionID, group, author, validUntil }) => ({
    sessionID,
    groupID: group.groupID,
    authorID: author.authorID,
    validUntil,
  })),
  pads: Array.from(state.pads(), exportPad),
});
