import TinyQueue from 'tinyqueue';
import { seconds } from '../../etherpad/clock.ts';
import type { Emulation } from '../../etherpad/emulation.ts';
import { FUNCTIONS } from '../../etherpad/functions.ts';
import type { SessionList } from '../../etherpad/session-list.ts';
import type { Author, Group, Session, State } from '../../etherpad/state.ts';
import type { AuthenticationMethod } from '../../sandbox/authentication.ts';
import { type Sandbox, type Snapshot, TOKEN_FUNCTION } from '../../sandbox/sandbox.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import { version } from '../../version.ts';
import { type Fault, PAGES } from '../../sandbox/faults.ts';
import type { JournalEntry, KeptRequest } from '../../sandbox/journal-record.ts';
import { notFound } from '../../sandbox/problem.ts';

/** Some rows of a list, and how many there are of them. */
export interface Window<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

/** Which rows to show. */
export interface WindowQuery {
  /** Text that a row contains, in any case. */
  readonly filter?: string;
  readonly offset?: number;
  readonly limit?: number;
  /** Of sessions: the one that expires next comes first, and expired ones come last. The newest come first by default. */
  readonly sort?: 'expiry';
  /** Of requests: only those that were refused, failed, or got no answer. */
  readonly only?: 'refused';
}

export interface SessionRow {
  readonly sessionID: string;
  /** Unix time in seconds. */
  readonly validUntil: number;
  readonly groupID: string;
  readonly groupMapper: string | null;
  readonly authorID: string;
  readonly authorMapper: string | null;
  readonly authorName: string | null;
  readonly authorColor: string;
}

/** A count that stops where counting on would take too long. */
export interface Count {
  readonly count: number;
  readonly orMore: boolean;
}

export interface GroupRow {
  readonly groupID: string;
  readonly mapper: string | null;
  readonly pads: number;
  readonly sessions: Count;
}

export interface AuthorRow {
  readonly authorID: string;
  readonly mapper: string | null;
  readonly name: string | null;
  readonly color: string;
  readonly pads: number;
  readonly sessions: Count;
}

/** A group, opened. */
export interface GroupDetails {
  readonly groupID: string;
  readonly pads: Window<string>;
  readonly sessions: Window<SessionRow>;
}

/** A request, opened: with the data that was answered. */
export interface RequestDetails extends JournalEntry {
  readonly data: unknown;
}

/** What an open page is told when it changes, by name of the event. */
export interface Overview {
  /** What this is, and what can be asked of it. */
  readonly about: {
    readonly version: string;
    readonly emulate: Emulation;
    /** What lets calls in. */
    readonly authentication: AuthenticationMethod;
    readonly sandbox: string | null;
    readonly functions: readonly string[];
  };
  /** Unix milliseconds; `real` while it shows real time. */
  readonly clock: { readonly milliseconds: number; readonly frozen: boolean; readonly real: boolean };
  /** How many there are. `sessions` are those that have not expired; `requests` counts those that are no longer kept too. */
  readonly counts: {
    readonly sessions: number;
    readonly expired: number;
    readonly groups: number;
    readonly authors: number;
    readonly pads: number;
    readonly requests: number;
    readonly kept: number;
  };
  readonly faults: { readonly total: number; readonly faults: readonly Fault[] };
  readonly snapshots: {
    readonly total: number;
    readonly snapshots: readonly { readonly name: string; readonly savedAt: number; readonly sessions: number }[];
  };
  readonly sandboxes: { readonly total: number; readonly server: SandboxRow; readonly sandboxes: readonly SandboxRow[] };
}

export interface SandboxRow {
  /** Null for the server's own. */
  readonly name: string | null;
  readonly emulate: Emulation;
  /** How many have not expired. */
  readonly sessions: number;
  readonly requests: number;
}

const ROWS = 50;

/** How many faults, snapshots and sandboxes an overview lists. */
const LISTED = 100;

/** Where counting the sessions of one row ends. */
const COUNTED = 1_000;

/** How many items are looked at between two looks at the time. */
const ITEMS_PER_STEP = 1_000;

/** How long a look takes before other requests have their turn, in milliseconds. */
const LONGEST_TURN = 3;

const FUNCTION_NAMES = FUNCTIONS.filter(({ run }) => run !== undefined).map(({ name }) => name);

/** Looks through long lists in short turns: `isDue` tells after each item whether to wait for the next one. */
class Turns {
  #looked = 0;
  #began = performance.now();

  isDue(): boolean {
    this.#looked += 1;
    return this.#looked % ITEMS_PER_STEP === 0 && performance.now() - this.#began > LONGEST_TURN;
  }

  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}

function* first<T>(items: Iterable<T>, most: number): Generator<T, void> {
  let count = 0;
  for (const item of items) {
    if (count++ === most) return;
    yield item;
  }
}

export const nameOf = ({ name }: Author): string | null =>
  name === undefined ? null : typeof name === 'string' ? name : JSON.stringify(name);

const sessionRow = ({ sessionID, validUntil, group, author }: Session): SessionRow => ({
  sessionID,
  validUntil,
  groupID: group.groupID,
  groupMapper: group.mapper ?? null,
  authorID: author.authorID,
  authorMapper: author.mapper ?? null,
  authorName: nameOf(author),
  authorColor: author.colorId,
});

const isThere = ({ group }: Session): boolean => !group.deleted;

/** Counts sessions that have not expired, among the first thousand. */
function countSessions(sessions: SessionList<Session>, { state, clock }: Sandbox): Count {
  const now = seconds(clock);
  let looked = 0;
  let count = 0;
  for (const session of first(sessions, COUNTED)) {
    looked += 1;
    if (state.exists(session) && session.validUntil > now) count += 1;
  }
  return { count, orMore: looked === COUNTED };
}

interface SessionCounts {
  readonly alive: number;
  readonly expired: number;
}

function countAll(state: State, now: number): SessionCounts {
  let alive = 0;
  let expired = 0;
  for (const session of state.storedSessions()) {
    if (!isThere(session)) continue;
    if (session.validUntil > now) alive += 1;
    else expired += 1;
  }
  return { alive, expired };
}

/** Counting waits so many times as long as it took: it stays a small part of the time, however many sessions there are. */
const COUNTING_PAUSE = 50;

const lastCounted = new WeakMap<State, SessionCounts & { readonly notBefore: number }>();

/** How many sessions are alive and how many have expired. With very many sessions this may lag a little behind. */
function countNow({ state, clock }: Sandbox): SessionCounts {
  const began = performance.now();
  const last = lastCounted.get(state);
  if (last !== undefined && began < last.notBefore) return last;
  const counts = countAll(state, seconds(clock));
  const ended = performance.now();
  lastCounted.set(state, { ...counts, notBefore: ended + COUNTING_PAUSE * (ended - began) });
  return counts;
}

const aliveWhenSaved = new WeakMap<Snapshot, number>();

/** How many sessions of a snapshot were alive when it was saved: counted once, since a snapshot never changes. */
function countSaved(snapshot: Snapshot): number {
  let alive = aliveWhenSaved.get(snapshot);
  if (alive === undefined) {
    alive = countAll(snapshot.state, Math.floor(snapshot.savedAt / 1000)).alive;
    aliveWhenSaved.set(snapshot, alive);
  }
  return alive;
}

type Texts = readonly (string | null | undefined)[];

/** Tells whether any text contains what a query asks for, in any case; undefined when it asks for nothing. */
export function finder({ filter = '' }: WindowQuery): ((...texts: Texts) => boolean) | undefined {
  const wanted = filter.trim();
  if (wanted === '') return undefined;
  // a pattern ignores case without making a copy of every text
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'iu');
  return (...texts) => texts.some((text) => typeof text === 'string' && pattern.test(text));
}

/** Asks once for each owner, however many sessions it has. */
function remembered<T extends object>(ask: (owner: T) => boolean): (owner: T) => boolean {
  const answers = new Map<T, boolean>();
  return (owner) => {
    const known = answers.get(owner);
    if (known !== undefined) return known;
    const answer = ask(owner);
    answers.set(owner, answer);
    return answer;
  };
}

/**
 * A window of items that come the oldest first, turned round. It keeps no more of them than it shows, and lets other
 * requests have their turn: 100,000 sessions are looked through in a few milliseconds, and nobody waits for all of them.
 */
export async function newestOf<T, Row>(
  items: Iterable<T>,
  matches: ((item: T) => boolean) | { readonly total: number },
  { offset = 0, limit = ROWS }: WindowQuery,
  row: (item: T) => Row,
): Promise<Window<Row>> {
  const size = offset + limit;
  const newest: T[] = [];
  // where all match, those that come before the window need not even be touched
  const isWanted = typeof matches === 'function' ? matches : undefined;
  const before = typeof matches === 'function' ? 0 : matches.total - size;
  let total = 0;
  const turns = new Turns();
  for (const item of items) {
    if (turns.isDue()) await turns.next();
    if (isWanted !== undefined && !isWanted(item)) continue;
    if (size > 0 && total >= before) newest[total % size] = item;
    total += 1;
  }
  const end = Math.min(size, total);
  return {
    total,
    rows: Array.from({ length: Math.max(0, end - offset) }, (_, index) => row(newest[(total - 1 - offset - index) % size]!)),
  };
}

/** Live sessions before expired ones; among them, those that are nearest to their expiry. */
function compareExpiry(one: Session, other: Session, now: number): number {
  const isExpired = one.validUntil <= now;
  if (isExpired !== other.validUntil <= now) return isExpired ? 1 : -1;
  return isExpired ? other.validUntil - one.validUntil : one.validUntil - other.validUntil;
}

/** A window of sessions in order of their expiry. It keeps no more of them than come before its end, and takes turns. */
async function nextToExpire(
  { state, clock }: Sandbox,
  matches: (session: Session) => boolean,
  { offset = 0, limit = ROWS }: WindowQuery,
): Promise<Window<SessionRow>> {
  interface Place {
    readonly session: Session;
    readonly index: number;
  }
  const now = seconds(clock);
  const size = offset + limit;
  // the last of those to show is in front
  const compare = (one: Place, other: Place): number => compareExpiry(other.session, one.session, now) || other.index - one.index;
  const soonest = new TinyQueue<Place>([], compare);
  const turns = new Turns();
  let total = 0;
  for (const session of state.storedSessions()) {
    if (turns.isDue()) await turns.next();
    if (!matches(session)) continue;
    const place = { session, index: total };
    total += 1;
    if (soonest.length < size) soonest.push(place);
    else if (size > 0 && compare(place, soonest.peek()!) > 0) {
      soonest.pop();
      soonest.push(place);
    }
  }
  const rows: SessionRow[] = [];
  while (soonest.length > offset) rows.push(sessionRow(soonest.pop()!.session));
  return { total, rows: rows.toReversed() };
}

/** Sessions, expired ones included: the newest first, or in order of their expiry. */
export function listSessions(sandbox: Sandbox, query: WindowQuery): Promise<Window<SessionRow>> {
  const { state } = sandbox;
  const contains = finder(query);
  const isSorted = query.sort === 'expiry';
  if (contains === undefined) {
    if (isSorted) return nextToExpire(sandbox, isThere, query);
    return newestOf(state.storedSessions(), state.hasLeftovers ? isThere : { total: state.sessionCount }, query, sessionRow);
  }
  const isOfGroup = remembered<Group>(({ groupID, mapper }) => contains(groupID, mapper));
  const isOfAuthor = remembered<Author>((author) => contains(author.authorID, author.mapper, nameOf(author)));
  const matches = (session: Session): boolean =>
    isThere(session) && (contains(session.sessionID) || isOfGroup(session.group) || isOfAuthor(session.author));
  return isSorted ? nextToExpire(sandbox, matches, query) : newestOf(state.storedSessions(), matches, query, sessionRow);
}

/** The newest groups first. */
export function listGroups(sandbox: Sandbox, query: WindowQuery): Promise<Window<GroupRow>> {
  const { state } = sandbox;
  const contains = finder(query);
  const matches = contains && (({ groupID, mapper }: Group): boolean => contains(groupID, mapper));
  return newestOf(state.groups(), matches ?? { total: state.groupCount }, query, ({ groupID, mapper, pads, sessions }) => ({
    groupID,
    mapper: mapper ?? null,
    pads: pads.size,
    sessions: countSessions(sessions, sandbox),
  }));
}

/** The newest authors first. */
export function listAuthors(sandbox: Sandbox, query: WindowQuery): Promise<Window<AuthorRow>> {
  const { state } = sandbox;
  const contains = finder(query);
  const matches = contains && ((author: Author): boolean => contains(author.authorID, author.mapper, nameOf(author)));
  return newestOf(state.authors(), matches ?? { total: state.authorCount }, query, (author) => ({
    authorID: author.authorID,
    mapper: author.mapper ?? null,
    name: nameOf(author),
    color: author.colorId,
    pads: author.pads.size,
    sessions: countSessions(author.sessions, sandbox),
  }));
}

/** @throws ControlError 404 for an unknown group */
export async function openGroup({ state }: Sandbox, groupID: string): Promise<GroupDetails> {
  const group = state.findGroup(groupID);
  if (group === undefined) throw notFound(`no group has the id ${groupID}`);
  return {
    groupID,
    pads: { total: group.pads.size, rows: [...first(group.pads, ROWS)] },
    sessions: await newestOf(group.sessions, (session) => state.exists(session), {}, sessionRow),
  };
}

function requestContains(contains: (...texts: Texts) => boolean, request: KeptRequest): boolean {
  const { function: name, method, path, code, status, message, fault, reason } = request;
  if (contains(name, `${method} ${path}`, message, fault, reason, `code ${code}`, `HTTP ${status}`)) return true;
  const { parameters } = request;
  return parameters !== null && contains(JSON.stringify(parameters));
}

/** Whether Etherpad said no, or the client got no answer. */
function wasRefused({ code, status, access }: KeptRequest): boolean {
  if (status === null || status >= 400) return true;
  return code === null ? access !== null && !access.granted : code !== 0;
}

/** The newest requests first; `total` counts those that are kept. */
export async function listRequests({ journal }: Sandbox, query: WindowQuery): Promise<Window<JournalEntry>> {
  const contains = finder(query);
  const { offset = 0, limit = ROWS, only } = query;
  const isAll = contains === undefined && only === undefined;
  const rows: JournalEntry[] = [];
  let total = 0;
  const turns = new Turns();
  for (const request of journal.kept()) {
    if (turns.isDue()) await turns.next();
    if (only === 'refused' && !wasRefused(request)) continue;
    if (contains !== undefined && !requestContains(contains, request)) continue;
    if (total >= offset && rows.length < limit) rows.push(request.entry());
    total += 1;
    if (isAll && rows.length === limit) break;
  }
  return { total: isAll ? journal.size : total, rows };
}

/** @throws ControlError 404 for a request that is not kept */
export function openRequest({ journal }: Sandbox, id: string): RequestDetails {
  const request = journal.find(Number(id));
  if (request === undefined) throw notFound(`the journal has no request ${id}: it was overwritten or cleared`);
  return { ...request.entry(), data: journal.dataOf(request) };
}

/** The session that expires next; null when none is left to. */
export async function findNextExpiry({ state, clock }: Sandbox): Promise<{ sessionID: string; validUntil: number } | null> {
  const now = seconds(clock);
  let next: Session | undefined;
  const turns = new Turns();
  for (const session of state.storedSessions()) {
    if (turns.isDue()) await turns.next();
    if (isThere(session) && session.validUntil > now && session.validUntil < (next?.validUntil ?? Number.POSITIVE_INFINITY)) next = session;
  }
  return next === undefined ? null : { sessionID: next.sessionID, validUntil: next.validUntil };
}

const sandboxRow = (sandbox: Sandbox): SandboxRow => ({
  name: sandbox.name ?? null,
  emulate: sandbox.emulate,
  sessions: countNow(sandbox).alive,
  requests: sandbox.journal.count,
});

/** How to read each part of an overview. Sessions are counted less often the more of them there are. */
export const OVERVIEW: { readonly [Part in keyof Overview]: (sandbox: Sandbox, sandboxes: Sandboxes) => Overview[Part] } = {
  about: ({ emulate, behaviour, authentication: { settings }, name }) => ({
    version,
    emulate,
    authentication: settings.authentication,
    sandbox: name ?? null,
    functions: [...FUNCTION_NAMES, ...PAGES, ...(behaviour.oauth ? [TOKEN_FUNCTION] : [])],
  }),
  clock: ({ clock }) => ({ milliseconds: clock.milliseconds(), frozen: clock.read().frozen, real: clock.isReal }),
  counts: (sandbox) => {
    const { state, journal } = sandbox;
    const { alive, expired } = countNow(sandbox);
    return {
      sessions: alive,
      expired,
      groups: state.groupCount,
      authors: state.authorCount,
      pads: state.padCount,
      requests: journal.count,
      kept: journal.size,
    };
  },
  faults: ({ faults }) => {
    const all = faults.list();
    return { total: all.length, faults: all.slice(0, LISTED) };
  },
  snapshots: ({ snapshots }) => ({
    total: snapshots.size,
    snapshots: Array.from(first(snapshots, LISTED), ([name, snapshot]) => ({
      name,
      savedAt: snapshot.savedAt,
      sessions: countSaved(snapshot),
    })),
  }),
  sandboxes: (_sandbox, sandboxes) => ({
    total: sandboxes.count,
    server: sandboxRow(sandboxes.main),
    sandboxes: sandboxes.list().slice(0, LISTED).map(sandboxRow),
  }),
};
