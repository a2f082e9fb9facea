import type { FastifyRequest } from 'fastify';
import type { Secrets } from '../sandbox/secrets.ts';

/** The most characters of a path that a line of the log shows. */
const LONGEST = 200;

/** What a line of the log tells of where a request went: no query, and no secret that stands in the path by mistake. */
export function loggedAddress({ method, address: { path, sandbox } }: FastifyRequest, secrets: Secrets) {
  const shown = secrets.hide(path);
  return {
    method,
    path: shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown,
    sandbox: sandbox === undefined ? undefined : secrets.hide(sandbox).slice(0, LONGEST),
  };
}
