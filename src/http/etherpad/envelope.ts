import type { FastifyReply } from 'fastify';
import type { Code } from '../../etherpad/api-error.ts';
import type { Behaviour } from '../../etherpad/emulation.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const HTML_TYPE = 'text/html; charset=utf-8';

const STATUSES = { 0: 200, 2: 500, 3: 404, 4: 401 } as const;

/** HTTP statuses of the codes; only that of code 1 differs between Etherpads. */
export const statusOf = (code: Code, { wrongParametersStatus }: Behaviour): number => (code === 1 ? wrongParametersStatus : STATUSES[code]);

/** The body of every answer, its keys in this order. */
export interface Envelope {
  readonly code: Code;
  readonly message: string;
  readonly data: unknown;
}

/**
 * Data that is false in JavaScript's eyes becomes null, as on every real server.
 *
 * @example envelope(0, 'ok', { groupID: 'g.x' }) // { code: 0, message: 'ok', data: { groupID: 'g.x' } }
 */
export const envelope = (code: Code, message: string, data?: unknown): Envelope => ({ code, message, data: data || null });

/**
 * Gives a reply its status and its envelope, to be sent or returned by a handler.
 *
 * @param reason more than Etherpad says about a failure, in a header and the journal
 */
export function inEnvelope(reply: FastifyReply, behaviour: Behaviour, code: Exclude<Code, 0>, message: string, reason?: string): Envelope {
  reply.code(statusOf(code, behaviour));
  reply.envelope = envelope(code, message);
  reply.reason = reason;
  return reply.envelope;
}

/** What lies below /rest, and every document, may be read by a page from anywhere. */
export const allowAnyOrigin = (reply: FastifyReply): FastifyReply => reply.header('access-control-allow-origin', '*');
