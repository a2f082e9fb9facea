import { notFound, type PadAnswer, text } from './answer.ts';
import type { PadRequest } from './routes.ts';

/** What goes into the cookie and the path; the rest of the query goes along to the pad. */
const OWN = ['sessionID', 'groupID', 'padName'] as const;

/**
 * What the plugin ep_auth_session does: sets the cookie by which Etherpad opens the pads of a group, and leads on to one.
 * Applications on another host, which cannot set cookies for Etherpad's, frame its URL.
 *
 * The query is `sessionID=s.…&padName=notes&groupID=g.…`; without a group the name is the pad's whole id. The cookie is for
 * the base path and the sandbox.
 */
export function answerAuthSession({ method, path, query, base }: PadRequest): PadAnswer {
  if (method !== 'GET' && method !== 'HEAD') return notFound(method, path);
  const rest = new URLSearchParams(query);
  const [sessionID, groupID, padName] = OWN.map((name) => rest.get(name) ?? '');
  for (const name of OWN) rest.delete(name);
  if (!sessionID || !padName) return { ...text(400, 'sessionID and padName are needed'), type: 'text/plain; charset=utf-8' };
  const padID = groupID ? `${groupID}$${padName}` : padName;
  const more = rest.size === 0 ? '' : `?${rest.toString()}`;
  return text(302, '', {
    Location: `${base}/p/${encodeURIComponent(padID)}${more}`,
    'Set-Cookie': `sessionID=${encodeURIComponent(sessionID)}; Path=${base || '/'}`,
  });
}
