import type { IncomingMessage } from 'node:http';

/** Where a request is addressed to, read from the request line without decoding anything. */
export interface Address {
  /** The sandbox's name; undefined for the server's own Etherpad. */
  readonly sandbox: string | undefined;
  /** The path inside that Etherpad, `/api/1.2.15/createSession`; outside of the base path the whole. */
  readonly path: string;
  /** Whether it is not below the base path: nothing is there. */
  readonly isOutside: boolean;
  /** What comes before the path in a URL of this Etherpad: the base path and the sandbox. */
  readonly base: string;
  /** What follows the question mark, without it. */
  readonly query: string;
}

const SANDBOX = /^\/sandbox\/([^/]+)(\/.*)?$/;

/** Absolute-form (`GET http://host/path`) names the server once more: Etherpad looks at the path alone. */
const ABSOLUTE_FORM = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/**
 * @param target the request target as it came: `/api/1/createGroup?apikey=…`
 * @param basePath the prefix that everything is below, `/pad`, or the empty text
 */
function readAddress(target: string, basePath: string): Address {
  const url = target.startsWith('/') ? target : target.replace(ABSOLUTE_FORM, '');
  const fragment = url.indexOf('#');
  const end = fragment === -1 ? url.length : fragment;
  const mark = url.indexOf('?');
  const pathEnd = mark === -1 || mark > end ? end : mark;
  const query = pathEnd === end ? '' : url.slice(pathEnd + 1, end);
  const whole = url.slice(0, pathEnd) || '/';
  if (basePath !== '' && whole !== basePath && !whole.startsWith(`${basePath}/`))
    return { sandbox: undefined, path: whole, isOutside: true, base: basePath, query };
  const path = whole.slice(basePath.length) || '/';
  const match = path.startsWith('/sandbox/') ? SANDBOX.exec(path) : null;
  if (match === null) return { sandbox: undefined, path, isOutside: false, base: basePath, query };
  return { sandbox: match[1]!, path: match[2] ?? '/', isOutside: false, base: `${basePath}/sandbox/${match[1]}`, query };
}

const ADDRESS = Symbol('address');

/** The address of a request, read once: routers then see another URL. */
export function addressOf(request: IncomingMessage & { [ADDRESS]?: Address }, basePath: string): Address {
  return (request[ADDRESS] ??= readAddress(request.url ?? '/', basePath));
}

/**
 * The URL that routers see: the path inside the Etherpad, which they take literally, since Etherpad decodes nothing in
 * it, and the query. Nothing but the root is outside of the base path, and no function is at the root.
 */
export function routedUrl({ path, isOutside, query }: Address): string {
  if (isOutside) return '/';
  const literal = path.includes('%') ? path.replaceAll('%', '%25') : path;
  return `${literal.startsWith('/') ? '' : '/'}${literal}?${query}`;
}
