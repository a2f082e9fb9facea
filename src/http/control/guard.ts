import type { FastifyInstance } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import { ControlError } from '../../sandbox/problem.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import { type HostSettings, isAllowedHost, nameIn } from './hosts.ts';
import { createErrorHandler } from './problems.ts';

export interface GuardSettings extends HostSettings {
  /** Tells whether a text is the bearer token that control asks for; undefined when it asks for none. */
  readonly isControlToken: ((presented: string) => boolean) | undefined;
  /** The most bytes of a body that are read. */
  readonly bodyLimit: number;
  readonly logger: Logger;
  readonly sandboxes: Sandboxes;
}

/**
 * A page from elsewhere, in the browser of somebody who tests, has no business here. Clients that are no browsers send
 * neither of these headers.
 */
function isCrossOrigin({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders, { allowedHosts }: HostSettings): boolean {
  if (site === 'cross-site' || site === 'same-site') return true;
  if (origin === undefined || origin.replace(/^https?:\/\//, '') === host) return false;
  // a proxy may have set another Host: a page of a name that was allowed is one of this server's own
  return !allowedHosts.includes(nameIn(origin));
}

/** A longer name is not shown. */
const LONGEST_SHOWN = 80;

function explainHost(host: string): string {
  const name = nameIn(host);
  const told = name === '' || name.length > LONGEST_SHOWN ? 'this host name' : `the host name ${name}`;
  return `${told} may not be used to control this server: ask by an IP address or localhost, or start with --allowed-hosts and the name`;
}

/** Lets nobody in but those who may control the server, and makes problems of failures. */
export function guard(server: FastifyInstance, settings: GuardSettings): void {
  const { isControlToken } = settings;
  server.setErrorHandler(createErrorHandler(settings));
  server.addHook('onRequest', ({ headers }, _reply, next) => {
    if (!isAllowedHost(headers.host, settings)) throw new ControlError(403, explainHost(headers.host!));
    if (isCrossOrigin(headers, settings)) throw new ControlError(403, 'a page of another origin may not control this server');
    const token = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (isControlToken !== undefined && (token === undefined || !isControlToken(token)))
      throw new ControlError(401, 'send the control token: Authorization: Bearer …');
    next();
  });
}
