import type { Behaviour } from '../etherpad/emulation.ts';
import { API_VERSIONS, type ApiVersion } from '../etherpad/etherpad-function.ts';
import { findJsonDifferences, type JsonDifference } from '../evidence/json-difference.ts';
import type { Reply } from './client.ts';

/** What part of an answer may be, where it cannot be known beforehand. */
export class Pattern {
  readonly description: string;
  readonly fits: (value: unknown) => boolean;

  constructor(description: string, fits: (value: unknown) => boolean) {
    this.description = description;
    this.fits = fits;
  }
}

const textLike = (description: string, pattern: RegExp): Pattern =>
  new Pattern(description, (value) => typeof value === 'string' && pattern.test(value));

export const ANY_GROUP_ID = textLike('g. and 16 letters or digits', /^g\.[A-Za-z0-9]{16}$/);
export const ANY_AUTHOR_ID = textLike('a. and 16 letters or digits', /^a\.[A-Za-z0-9]{16}$/);
export const ANY_SESSION_ID = textLike('s. and 32 hex digits', /^s\.[0-9a-f]{32}$/);
export const DELETION_TOKEN = textLike('64 hex digits', /^[0-9a-f]{64}$/);
export const ANY_TEXT = textLike('any text', /[^]/);
export const A_COUNT = new Pattern('a count', (value) => Number.isSafeInteger(value) && (value as number) >= 0);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A list that holds these, among whatever else the server has. */
export const listWith = (...members: readonly string[]): Pattern =>
  new Pattern(`a list with ${members.join(', ')}`, (value) => isList(value) && members.every((member) => value.includes(member)));

export const listWithout = (...members: readonly string[]): Pattern =>
  new Pattern(`a list without ${members.join(', ')}`, (value) => isList(value) && !members.some((member) => value.includes(member)));

/** Exactly these, in any order. */
export const listOf = (...members: readonly string[]): Pattern =>
  new Pattern(
    `a list of ${members.join(', ')}`,
    (value) => isList(value) && value.length === members.length && members.every((member) => value.includes(member)),
  );

/** What an answer has to be. `json` is compared to the letter, with the order of its keys; patterns may stand in it. */
export interface ExpectedAnswer {
  readonly status: number;
  /** What Content-Type has to be, or how it has to begin: `text/html`. */
  readonly type?: string;
  readonly json?: unknown;
  readonly body?: string;
  /** Headers by lower-case name; null for one that must not be there. */
  readonly headers?: Readonly<Record<string, string | Pattern | null>>;
}

/** What a request has to be answered with by an Etherpad that behaves in a certain way; `silence` for no answer at all. */
export type Expectation = (behaviour: Behaviour) => ExpectedAnswer | 'silence';

const JSON_TYPE = 'application/json; charset=utf-8';

const answer = (status: number, code: number, message: unknown, data: unknown): ExpectedAnswer => ({
  status,
  type: JSON_TYPE,
  json: { code, message, data },
});

/** Code 0. */
export const ok =
  (data: unknown = null): Expectation =>
  () =>
    answer(200, 0, 'ok', data);

/** Code 1 with Etherpad's words. */
export const refused =
  (message: string): Expectation =>
  ({ wrongParametersStatus }) =>
    answer(wrongParametersStatus, 1, message, null);

export const noSuchFunction: Expectation = () => answer(404, 3, 'no such function', null);
export const wrongKey: Expectation = () => answer(401, 4, 'no or wrong API Key', null);
export const wrongToken: Expectation = () => answer(401, 4, 'no or wrong OAuth token', null);

/** Express's page, or an envelope where the documented API has one for it. */
const unknownTo =
  (message: string): Expectation =>
  ({ unknownPath }) =>
    unknownPath === 'html' ? { status: 404, type: 'text/html' } : answer(404, 3, message, null);

export const noSuchVersion = unknownTo('no such api version');
export const noSuchPath = unknownTo('no such function');

/** JSON as it is, without an envelope. */
export const bare =
  (json: unknown, status = 200): Expectation =>
  () => ({ status, type: JSON_TYPE, json });

/** What the server says before it knows of any function. */
export const somethingBad = bare({ error: 'Sorry, something bad happened!' }, 500);

/** A body that cannot be read: explained where the documented API has words for it, else with the reader's own. */
export const unreadable =
  (message: unknown): Expectation =>
  ({ explainsBadBodies }) =>
    explainsBadBodies ? answer(400, 1, ANY_TEXT, null) : answer(500, 2, message, null);

export const silence: Expectation = () => 'silence';

/** The first where the behaviour holds, else the second. */
export const either =
  (holds: (behaviour: Behaviour) => boolean, first: Expectation, second: Expectation): Expectation =>
  (behaviour) =>
    (holds(behaviour) ? first : second)(behaviour);

/** Whether an Etherpad has an API version. One whose own is not in the table is newer than all that are. */
function hasVersion(version: ApiVersion, { currentVersion }: Behaviour): boolean {
  const newest = API_VERSIONS.indexOf(currentVersion);
  return newest === -1 || API_VERSIONS.indexOf(version) <= newest;
}

/** What an Etherpad says that has an API version; the others have no such version. */
export const inVersion = (version: ApiVersion, expectation: Expectation): Expectation =>
  either((behaviour) => hasVersion(version, behaviour), expectation, noSuchVersion);

/** The same with more to say of its headers. */
export const withHeaders =
  (expectation: Expectation, headers: NonNullable<ExpectedAnswer['headers']>): Expectation =>
  (behaviour) => {
    const expected = expectation(behaviour);
    return expected === 'silence' ? expected : { ...expected, headers };
  };

/** A session as scenarios know it. */
export interface KnownSession {
  readonly sessionID: string;
  readonly groupID: string;
  readonly authorID: string;
  readonly validUntil: number;
}

const bareInfo = ({ groupID, authorID, validUntil }: KnownSession) => ({ groupID, authorID, validUntil });
const documentedInfo = ({ sessionID, groupID, authorID, validUntil }: KnownSession) => ({ id: sessionID, authorID, groupID, validUntil });

/** What getSessionInfo says of a session. */
export const info =
  (session: KnownSession): Expectation =>
  (behaviour) =>
    ok(behaviour.sessionInfo === 'bare' ? bareInfo(session) : { info: documentedInfo(session), ...bareInfo(session) })(behaviour);

/** A list of sessions, in order of creation. Deleted ones are given by their id alone, and shown where they stay. */
export const sessionList =
  (...members: readonly (KnownSession | string)[]): Expectation =>
  (behaviour) => {
    const living = members.filter((member) => typeof member !== 'string');
    if (behaviour.sessionList === 'array') return ok({ sessions: living.map(documentedInfo) })(behaviour);
    const shown = behaviour.deletedSessionsStayAsNull ? members : living;
    return ok(
      Object.fromEntries(shown.map((member) => (typeof member === 'string' ? [member, null] : [member.sessionID, bareInfo(member)]))),
    )(behaviour);
  };

/** The list of a group or author that never had a session. */
export const noSessionsYet: Expectation = (behaviour) => ok(behaviour.sessionList === 'array' ? { sessions: [] } : null)(behaviour);

/** What getAuthorName says; null for an author without a name. */
export const authorName =
  (authorID: string, name: string | null): Expectation =>
  (behaviour) =>
    ok(behaviour.authorName === 'bare' ? name : { info: { id: authorID, colorId: ANY_TEXT, name: name ?? '', timestamp: A_COUNT } })(
      behaviour,
    );

/** What createGroupPad says. */
export const padMade =
  (padID: string): Expectation =>
  (behaviour) =>
    ok(behaviour.givesDeletionToken ? { padID, deletionToken: DELETION_TOKEN } : { padID })(behaviour);

/** The expected value, with what is really there wherever a pattern fits it. */
function fill(expected: unknown, actual: unknown): unknown {
  if (expected instanceof Pattern) return expected.fits(actual) ? actual : `<${expected.description}>`;
  if (Array.isArray(expected)) return expected.map((member, index) => fill(member, isList(actual) ? actual[index] : undefined));
  if (typeof expected !== 'object' || expected === null) return expected;
  const fields = (typeof actual === 'object' && actual !== null ? actual : {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, fill(value, fields[name])]));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const headerLines = (headers: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(headers).map(([name, value]) => (value === undefined ? `no ${name}` : `${name}: ${value}`));

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** Expected and actual answer in words, where they differ. */
export interface Mismatch {
  readonly expected: string;
  readonly actual: string;
  /** Where both are long bodies of JSON: the places in which they differ. */
  readonly places: readonly JsonDifference[];
}

/** A longer body is told by the places in which it differs, in characters. */
const LONG_BODY = 200;

/** The words for a reply that is no answer. */
export const describeReply = (reply: Exclude<Reply, { kind: 'answer' }>): string =>
  reply.kind === 'silence' ? `no answer within ${reply.milliseconds} ms` : `no answer: ${reply.reason}`;

/**
 * Compares a reply with what was expected.
 *
 * @returns undefined when they agree
 */
export function compare(expected: ExpectedAnswer | 'silence', reply: Reply): Mismatch | undefined {
  const actualHeaders: Record<string, string | undefined> = {};
  const expectedHeaders: Record<string, string | undefined> = {};
  if (expected !== 'silence') {
    for (const [name, value] of Object.entries(expected.headers ?? {})) {
      const actual = reply.kind === 'answer' ? reply.headers[name] : undefined;
      actualHeaders[name] = actual;
      expectedHeaders[name] = value instanceof Pattern ? String(fill(value, actual)) : (value ?? undefined);
    }
  }
  const actualText =
    reply.kind === 'answer'
      ? words(`${reply.status} ${reply.headers['content-type'] ?? 'without a type'}`, ...headerLines(actualHeaders), reply.body)
      : describeReply(reply);
  if (expected === 'silence')
    return reply.kind === 'silence' ? undefined : { expected: 'no answer at all', actual: actualText, places: [] };

  const actualJson = reply.kind === 'answer' ? parsed(reply.body) : undefined;
  const expectedJson = 'json' in expected ? fill(expected.json, actualJson) : undefined;
  const body = 'json' in expected ? JSON.stringify(expectedJson) : expected.body;
  const agrees =
    reply.kind === 'answer' &&
    reply.status === expected.status &&
    (expected.type === undefined || (reply.headers['content-type'] ?? '').startsWith(expected.type)) &&
    (body === undefined || reply.body === body) &&
    Object.keys(expectedHeaders).every((name) => actualHeaders[name] === expectedHeaders[name]);
  if (agrees) return undefined;
  const expectedText = words(`${expected.status} ${expected.type ?? 'of any type'}`, ...headerLines(expectedHeaders), body ?? '');
  const isLong = Math.max(body?.length ?? 0, reply.kind === 'answer' ? reply.body.length : 0) > LONG_BODY;
  const places = isLong && expectedJson !== undefined && actualJson !== undefined ? findJsonDifferences(expectedJson, actualJson) : [];
  return { expected: expectedText, actual: actualText, places };
}
