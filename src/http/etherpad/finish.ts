import etag from 'etag';
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import fresh from 'fresh';
import { SHORTEST_SECRET } from '../../sandbox/secrets.ts';
import { reset } from './connections.ts';
import { JSON_TYPE } from './envelope.ts';
import { spoilt } from './faults.ts';
import { reasonOf } from './record.ts';

/** Refusals repeat what was sent, and a client may have sent the key in the wrong place. */
const isRefusal = ({ envelope, statusCode }: FastifyReply): boolean => (envelope === null ? statusCode >= 400 : envelope.code !== 0);

/** More bytes than clients take in a header with others: many refuse 8 KiB of them together. */
const LONGEST_REASON = 512;

/** Stands where the rest is cut off: `…` */
const CUT = '%E2%80%A6';

/** A header holds ASCII only: anything else is percent-encoded, and so is the percent sign. */
const encoded = (text: string): string => text.replace(/[^ -$&-~]+/g, (part) => encodeURIComponent(part.toWellFormed()));

/** A text as a header, cut between two characters where it is too long. */
function headerText(text: string): string {
  // each character takes a byte at least
  const whole = encoded(text.slice(0, LONGEST_REASON));
  if (text.length <= LONGEST_REASON && whole.length <= LONGEST_REASON) return whole;
  let kept = '';
  for (const character of text) {
    const more = encoded(character);
    if (kept.length + more.length > LONGEST_REASON - CUT.length) break;
    kept += more;
  }
  return kept + CUT;
}

/** Tags an answer as Express does, and answers 304 to a client that says that it has this very answer already. */
function tagged({ method, headers, sandbox: { behaviour } }: FastifyRequest, reply: FastifyReply, text: string): string | null {
  const tag = etag(text, { weak: true });
  reply.header('etag', tag);
  if ((method !== 'GET' && method !== 'HEAD') || reply.statusCode !== 200) return text;
  if (behaviour.staleByDate && headers['if-modified-since'] !== undefined) return text;
  if (!fresh(headers, { etag: tag })) return text;
  reply.code(304).removeHeader('content-type');
  return null;
}

/**
 * The end of every request's way: takes secrets out of refusals, spoils what a fault spoils, says why, writes the journal,
 * dates and tags the answer.
 */
export function createFinish(): onSendHookHandler {
  return (request, reply, payload, done) => {
    const { secrets } = request.sandbox;
    // an answer is text, or nothing
    const body = (payload ?? null) as string | null;
    let text = body;
    // the page of a pad shows the name that it was asked for
    if (text !== null && (isRefusal(reply) || request.service === 'page')) text = secrets.hide(text, SHORTEST_SECRET);
    // later: half a secret is not found in a text
    if (text !== null && reply.faults !== null) text = spoilt(reply.faults, reply, text);
    const reason = reasonOf(reply);
    if (reason !== undefined) reply.header('x-mock-etherpad-reason', headerText(secrets.hide(reason)));
    if (request.started === 0) return done(null, text);

    const isLost = reply.faults?.some(({ kind }) => kind === 'lostAnswer') === true;
    request.server.record(request, reply, isLost ? null : reply.statusCode, body);
    if (isLost) return reset(reply);
    const { clock, behaviour } = request.sandbox;
    // clients may read the time from it
    if (!clock.isReal) reply.header('date', new Date(clock.milliseconds()).toUTCString());
    // it is not Express that answers below /oidc
    const isTagged = request.mount !== 'oidc' && (request.service === 'export' || reply.getHeader('content-type') === JSON_TYPE);
    if (text !== null && behaviour.etag && isTagged) text = tagged(request, reply, text);
    done(null, text);
  };
}
