import { isIP } from 'node:net';

export interface HostSettings {
  /** Where the server listens, as it was told. */
  readonly host: string;
  /** Names that a request may call this server by, beside those that are always right; `*` for any. */
  readonly allowedHosts: readonly string[];
}

/**
 * Domains that are in no public DNS: whoever runs a page elsewhere cannot have a name in them, and lead it here.
 * https://www.iana.org/assignments/special-use-domain-names, and `internal`, which Docker uses
 */
const PRIVATE = /(?:^|\.)(?:localhost|internal|test)$/;

/** The name in `Host` or in an origin, without scheme and port: `example.org`, `127.0.0.1`, `::1`. */
export function nameIn(host: string): string {
  const [, bracketed, plain = ''] = /^(?:https?:\/\/)?(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/i.exec(host) ?? [];
  return (bracketed ?? plain).replace(/\.$/, '').toLowerCase();
}

/**
 * Tells whether a request may call this server by a name. A page elsewhere can let its own name lead to this server, and is
 * then of the same origin for a browser (DNS rebinding); but it cannot have an address for a name, or a name without a dot, as
 * services have in Docker Compose.
 *
 * @param host the header; undefined where there is none, as browsers always send it
 */
export function isAllowedHost(host: string | undefined, { host: own, allowedHosts }: HostSettings): boolean {
  if (host === undefined || allowedHosts.includes('*')) return true;
  const name = nameIn(host);
  if (name === '') return host === '';
  return isIP(name) !== 0 || !name.includes('.') || PRIVATE.test(name) || name === own.toLowerCase() || allowedHosts.includes(name);
}
