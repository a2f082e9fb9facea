import { type Clock, seconds } from './clock.ts';
import { readCookie } from './cookies.ts';
import type { ExpiredSession, GivenIds, Session } from './state.ts';

/** What the rule looks at; a `State` is one. */
export interface AccessRecords<SomePad extends PublishedPad = PublishedPad> {
  findSession(sessionID: string): Session | undefined;
  findExpiredLately(sessionID: string): ExpiredSession | undefined;
  givenIds(session: Session): GivenIds | undefined;
  findPad(padID: string): SomePad | undefined;
  /** The pad that has a read-only id. */
  findPadByReadOnlyID(readOnlyID: string): SomePad | undefined;
}

/** A pad, as far as the rule asks about it. */
export interface PublishedPad {
  readonly padID: string;
  /** As setPublicStatus left it: anything that is true in JavaScript's eyes opens the pad. */
  readonly publicStatus: unknown;
}

/** What somebody asked for. */
interface Asked<SomePad extends PublishedPad> {
  /** As it stands in the path: a pad's id, or a read-only id. */
  readonly id: string;
  /** Undefined for a read-only id that no pad has. */
  readonly padID: string | undefined;
  readonly readOnly: boolean;
  /** Undefined for a pad that is not there (yet). */
  readonly pad: SomePad | undefined;
}

export interface Granted<SomePad extends PublishedPad = PublishedPad> extends Asked<SomePad> {
  readonly granted: true;
  /** `session`: the cookie has a live one of the pad's group. `public`: the pad's status. `open`: it is of no group. */
  readonly by: 'session' | 'public' | 'open';
  /** Its author is who reads. */
  readonly session: Session | undefined;
}

export interface Denied<SomePad extends PublishedPad = PublishedPad> extends Asked<SomePad> {
  readonly granted: false;
  readonly why: Denial;
}

export type Access<SomePad extends PublishedPad = PublishedPad> = Granted<SomePad> | Denied<SomePad>;

/** Why a pad stays closed. */
export type Denial =
  | { readonly kind: 'unknown read-only id' }
  | { readonly kind: 'malformed token' }
  | { readonly kind: 'no cookie' }
  | { readonly kind: 'no session counts'; readonly refused: readonly RefusedId[] };

/** An id of the cookie, and why it does not count: it names no session, an expired one, or one of another group. */
export interface RefusedId {
  readonly sessionID: string;
  readonly session: Session | undefined;
  /** What is known of it, also where its memory was given back. */
  readonly known: ExpiredSession | undefined;
  readonly because: 'unknown' | 'expired' | 'other group';
}

/** `t.` and base64url text, whole groups of four: what Etherpad calls a valid author token. */
const AUTHOR_TOKEN = /^t\.(?:[\w-]{4})*(?:[\w-]{4}|[\w-][AQgw]==|[\w-]{2}[AEIMQUYcgkosw048]=)$/;

export const isAuthorToken = (text: string | undefined): text is string => text !== undefined && AUTHOR_TOKEN.test(text);

export const isReadOnlyID = (id: string): boolean => id.startsWith('r.');

/** The group's id is what stands before the first `$`; a pad of no group has none. */
const groupOf = (padID: string): string => padID.split('$', 1)[0]!;

/**
 * The ids that a cookie lists, each once: what stands between commas, with its spaces, for Etherpad takes none away. One
 * quote at either end does not count.
 */
const sessionIDsOf = (cookie: string): Set<string> => new Set(cookie.replace(/^"|"$/g, '').split(','));

/** The first id of a live session of the group; or all of them, and why they do not count. */
function findSession(cookie: string, groupID: string, records: AccessRecords, now: number): Session | RefusedId[] {
  const refused: RefusedId[] = [];
  for (const sessionID of sessionIDsOf(cookie)) {
    const session = records.findSession(sessionID);
    const ofGroup = session !== undefined && (records.givenIds(session)?.groupID ?? session.group.groupID) === groupID;
    if (ofGroup && now < session.validUntil) return session;
    const known =
      session === undefined ? records.findExpiredLately(sessionID) : { groupID: session.group.groupID, validUntil: session.validUntil };
    const isExpired = session === undefined ? known?.groupID === groupID && known.validUntil <= now : ofGroup;
    refused.push({ sessionID, session, known, because: isExpired ? 'expired' : session === undefined ? 'unknown' : 'other group' });
  }
  return refused;
}

/**
 * Whether somebody may open a pad, for its exports and for its page alike. The same on 1.9.7, 2.5.3 and 3.3.1:
 *
 * - A pad of no group is open.
 * - A group's pad needs the id of a live session of the group in the cookie `sessionID`, or its public status. An expired
 *   session does not count, though the API still lists it.
 * - A group's pad that is not there is granted to a session: Etherpad's editor would make it.
 * - A read-only id opens as its pad does, and only while the pad is there.
 * - Who comes without a session and with a cookie `token` that is none stays outside.
 *
 * @param id a pad's id or a read-only id, decoded
 * @param cookies the header `Cookie`
 * @example checkAccess('g.x$notes', 'sessionID=s.1', { state, clock }).granted // true
 */
export function checkAccess<SomePad extends PublishedPad>(
  id: string,
  cookies: string | undefined,
  { state, clock }: { readonly state: AccessRecords<SomePad>; readonly clock: Clock },
): Access<SomePad> {
  const readOnly = isReadOnlyID(id);
  const pad = readOnly ? state.findPadByReadOnlyID(id) : state.findPad(id);
  const padID = readOnly ? pad?.padID : id;
  const asked = { id, padID, readOnly, pad };
  if (padID === undefined) return { ...asked, granted: false, why: { kind: 'unknown read-only id' } };

  const cookie = readCookie(cookies, 'sessionID') ?? '';
  const session = cookie === '' ? [] : findSession(cookie, groupOf(padID), state, seconds(clock));
  if (!Array.isArray(session)) return { ...asked, granted: true, by: 'session', session };

  const token = readCookie(cookies, 'token');
  if (token !== undefined && !isAuthorToken(token)) return { ...asked, granted: false, why: { kind: 'malformed token' } };
  if (!padID.includes('$')) return { ...asked, granted: true, by: 'open', session: undefined };
  if (pad?.publicStatus) return { ...asked, granted: true, by: 'public', session: undefined };
  return { ...asked, granted: false, why: cookie === '' ? { kind: 'no cookie' } : { kind: 'no session counts', refused: session } };
}
