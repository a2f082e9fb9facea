import type { Denial, Denied, RefusedId } from './access.ts';
import { cookieNames } from './cookies.ts';

/** More is no help to read. */
const MOST_TOLD = 3;

/** Takes out of a text what no reason may show. */
type Hide = (text: string) => string;

/** A text as a reason shows it. What is hidden goes first: half of it would not be found again. */
function shown(text: string, hide: Hide): string {
  const told = hide(text);
  return told.length > 60 ? `${told.slice(0, 60)}…` : told;
}

const UNITS = [
  [172_800, 86_400, 'd'],
  [7_200, 3_600, 'h'],
  [120, 60, 'min'],
] as const;

/**
 * A length of time in its largest unit that counts to two.
 *
 * @param seconds whole seconds, none of them negative
 * @example roughly(7_300) // '2 h'
 */
export function roughly(seconds: number): string {
  const unit = UNITS.find(([from]) => seconds >= from);
  return unit === undefined ? `${seconds} s` : `${Math.floor(seconds / unit[1])} ${unit[2]}`;
}

function explainUnknown(sessionID: string, hide: Hide): string {
  if (sessionID === '') return 'an id in the cookie is empty';
  if (sessionID !== sessionID.trim())
    return `“${shown(sessionID, hide)}” in the cookie has white space around it, which Etherpad does not remove`;
  return `the session ${shown(sessionID, hide)} does not exist: was it deleted, or made somewhere else?`;
}

function explainRefused({ sessionID, known, because }: RefusedId, now: number, isOnly: boolean, hide: Hide): string {
  if (because === 'unknown') return explainUnknown(sessionID, hide);
  if (because === 'other group') return `the session ${sessionID} is of another group, ${known!.groupID}`;
  return `the session ${isOnly ? 'of this cookie' : sessionID} expired ${roughly(now - known!.validUntil)} ago`;
}

/** What was sent instead of the cookie. */
function explainNoCookie(names: readonly string[], { queryNames, hide }: Sent): string {
  if (names.includes('sessionID')) return 'the cookie sessionID is empty';
  const similar = names.find((name) => name.toLowerCase().endsWith('sessionid'));
  if (similar !== undefined) return `no cookie sessionID was sent, but one called ${shown(similar, hide)}, which does not count`;
  if (queryNames.includes('sessionID'))
    return 'no cookie sessionID was sent: the sessionID in the query does not count, Etherpad reads the cookie';
  return 'no cookie sessionID was sent: is it set for this host and path?';
}

function explainIds(refused: readonly RefusedId[], now: number, hide: Hide): string {
  const told = refused.slice(0, MOST_TOLD).map((one) => explainRefused(one, now, refused.length === 1, hide));
  const more = refused.length - told.length;
  return [...told, ...(more === 0 ? [] : [`and ${more} more ${more === 1 ? 'id' : 'ids'} of the cookie`])].join('; ');
}

const explainKind = (why: Denial, id: string, names: readonly string[], sent: Sent, now: number): string => {
  switch (why.kind) {
    case 'unknown read-only id':
      return `no pad has the read-only id ${shown(id, sent.hide)}`;
    case 'malformed token':
      return 'the cookie token is not an author token that Etherpad created (t.…): delete the cookie';
    case 'no cookie':
      return explainNoCookie(names, sent);
    case 'no session counts':
      return explainIds(why.refused, now, sent.hide);
  }
};

/** What was sent along, and what a reason may point to. */
export interface Sent {
  /** The header `Cookie`. */
  readonly cookies: string | undefined;
  /** The names of the query's parameters. */
  readonly queryNames: readonly string[];
  readonly hide: Hide;
}

/**
 * Why a pad stays closed, in a developer's words.
 *
 * @param now unix time in seconds, by the Etherpad's clock
 * @example explainDenial(denied, { cookies: undefined, queryNames: [], hide }, now)
 * // 'no cookie sessionID was sent: is it set for this host and path?'
 */
export function explainDenial({ why, id }: Denied, sent: Sent, now: number): string {
  const names = cookieNames(sent.cookies);
  const reason = explainKind(why, id, names, sent, now);
  const count = names.filter((name) => name === 'sessionID').length;
  return count > 1 ? `${reason}; ${count} cookies sessionID were sent, and only the first counts` : reason;
}

/** Why Etherpad forbids a name. @param id as it was asked for, decoded */
export function explainPadName(id: string, hide: Hide): string {
  const name = id.replace(/^g.[a-zA-Z0-9]{16}\$/, '');
  if (name.includes('$')) return `${shown(id, hide)} has a $, which only follows a group's id: g.… and 16 letters or digits`;
  if (name === '') return 'nothing follows the id of the group';
  if (name.length > 50) return `a pad's name has at most 50 characters, and this one ${name.length}`;
  return 'the URL ends in a slash';
}
