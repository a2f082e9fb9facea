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
  /** The URL that routers see: path and query, to be taken literally. */
  readonly routed: string;
}

const SANDBOX = /^\/sandbox\/([^/]+)(\/.*)?$/;

/** Absolute-form (`GET http://host/path`) names the server again: Etherpad looks at the path alone. */
const ABSOLUTE_FORM = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/** Routers decode a path, Etherpad does not: a percent sign is to stand for itself. */
const literal = (path: string): string => (path.includes('%') ? path.replaceAll('%', '%25') : path);

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
  if (basePath !== '' && whole !== basePath && !whole.startsWith(`${basePath}/`)) {
    // no function is at the root
    return { sandbox: undefined, path: whole, isOutside: true, base: basePath, query, routed: '/' };
  }
  const below = whole.slice(basePath.length) || '/';
  const [, sandbox, inSandbox = '/'] = (below.startsWith('/sandbox/') && SANDBOX.exec(below)) || [];
  const path = sandbox === undefined ? below : inSandbox;
  const base = sandbox === undefined ? basePath : `${basePath}/sandbox/${sandbox}`;
  const isPlain = path.length === pathEnd && end === target.length && path.startsWith('/') && !path.includes('%');
  const routed = isPlain ? target : `${path.startsWith('/') ? '' : '/'}${literal(path)}?${query}`;
  return { sandbox, path, isOutside: false, base, query, routed };
}

const ADDRESS = Symbol('address');

/** The address of a request, read once: its URL changes when it is routed. */
export function addressOf(request: IncomingMessage & { [ADDRESS]?: Address }, basePath: string): Address {
  return (request[ADDRESS] ??= readAddress(request.url ?? '/', basePath));
}

/** The base URL that a request was sent to, with the host by which the client knows the server. */
export const urlOf = ({ raw, address }: { readonly raw: IncomingMessage; readonly address: Address }): string =>
  `http://${raw.headers.host ?? ''}${address.base}`;
