import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isAuthorToken } from '../../etherpad/access.ts';
import { readCookie } from '../../etherpad/cookies.ts';

/** How long a browser keeps its token, in seconds: 60 days. */
const LIFETIME = 60 * 24 * 60 * 60;

/**
 * The cookie by which Etherpad knows a guest again, for who has none: `t.` and 20 letters, for no script to read. In a
 * frame of another site it is marked so that browsers keep it, as Etherpad marks it (3.3.1).
 *
 * @param base what the cookie is for: the base path and the sandbox, or nothing
 * @param now unix time in milliseconds
 * @returns a value for `Set-Cookie`, or undefined for a browser that has a token
 */
export function tokenCookie(headers: IncomingHttpHeaders, base: string, now: number): string | undefined {
  if (isAuthorToken(readCookie(headers.cookie, 'token'))) return undefined;
  const sameSite = headers['sec-fetch-site'] === 'cross-site' ? 'None' : 'Lax';
  const expires = new Date(now + LIFETIME * 1000).toUTCString();
  return `token=t.${randomBytes(15).toString('base64url')}; Max-Age=${LIFETIME}; Path=${base || '/'}; Expires=${expires}; HttpOnly; SameSite=${sameSite}`;
}
