import type { FastifyReply, FastifyRequest } from 'fastify';
import { SHORTEST_SECRET } from '../../sandbox/secrets.ts';

/** How long a browser may remember what is allowed, in seconds. */
const REMEMBERED = 3600;

/** A header as it was sent; a secret that was sent in it by mistake is left out. */
const repeated = (text: string, { sandbox }: FastifyRequest): string => sandbox.secrets.hide(text, SHORTEST_SECRET).replaceAll('…', '');

/** Lets a page of any origin read the answer. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const origin = repeated(request.raw.headers.origin ?? '', request) || '*';
  return reply.header('vary', 'Origin').header('access-control-allow-origin', origin);
}

/**
 * Answers a browser that asks beforehand what it may send.
 *
 * @param methods those that are allowed: `GET,POST`
 * @returns false when it is no such question
 */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply, methods: string): boolean {
  reply.header('vary', 'Origin');
  const { 'access-control-request-method': method, 'access-control-request-headers': asked } = request.raw.headers;
  if (!method) return false;
  allowOrigin(request, reply).header('access-control-max-age', String(REMEMBERED)).header('access-control-allow-methods', methods);
  if (asked !== undefined) reply.header('access-control-allow-headers', repeated(asked, request));
  reply.code(204).send();
  return true;
}
