import type { OAuthClientOptions } from '../etherpad/oauth/clients.ts';

/** Stands for the API key wherever a scenario writes a request; only what is sent holds the key itself. */
export const KEY = '~~api-key~~';

/** Stand in the same way for the client's secret, and for a token that it got. */
export const SECRET = '~~client-secret~~';
export const TOKEN = '~~token~~';

/** What lets requests in. */
export interface Entry {
  readonly apiKey: string;
  /** The client that gets tokens, of a server that asks for them. */
  readonly oauthClient?: OAuthClientOptions | undefined;
  /** A good token: then no API key counts, and each request that would have carried one carries the token. */
  readonly token?: string | undefined;
}

/** A parameter's text; several texts repeat it, undefined leaves it out. */
export type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A body, its type, and how the key is written in it. */
export interface Body {
  readonly type?: string;
  readonly text: string;
  readonly escape: (key: string) => string;
  /** Sent in chunks of unknown total length. */
  readonly chunked?: boolean;
}

/** A request of a scenario, with `KEY` where the key goes. */
export interface Request {
  readonly method: string;
  /** Below the base URL, with the query: `/api/1.2.15/createGroup?apikey=~~api-key~~`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body;
}

/** The API version of requests that name none: the newest that all versions since 1.8.4 know. */
const USUAL_VERSION = '1.2.15';

const verbatim = (key: string): string => key;
const jsonText = (key: string): string => JSON.stringify(key).slice(1, -1);

const encoded = (values: Values): string =>
  Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`),
    )
    .join('&');

const pathOf = (functionOrPath: string): string =>
  functionOrPath.startsWith('/') ? functionOrPath : `/api/${USUAL_VERSION}/${functionOrPath}`;

/** @param query without it there is no query; with it the key comes first, unless it says something else of `apikey` */
function targetOf(functionOrPath: string, query: Values | string | undefined): string {
  const path = pathOf(functionOrPath);
  if (query === undefined) return path;
  const text = typeof query === 'string' ? query : encoded('apikey' in query ? query : { apikey: KEY, ...query });
  return text === '' ? path : `${path}?${text}`;
}

/**
 * A request without a body.
 *
 * @param functionOrPath a function's name, or a path from its first slash
 * @param query its parameters, or the query as it is sent
 * @example get('getSessionInfo', { sessionID: 's.x' })
 */
export const get = (functionOrPath: string, query: Values | string = {}, headers: Request['headers'] = {}): Request => ({
  method: 'GET',
  target: targetOf(functionOrPath, query),
  headers,
});

/** The same request by another method. */
export const by = (method: string, request: Request): Request => ({ ...request, method });

/**
 * A POST request.
 *
 * @param body undefined sends none
 * @param query none by default: the key then goes into the body
 */
export const post = (
  functionOrPath: string,
  body: Body | undefined,
  query?: Values | string,
  headers: Request['headers'] = {},
): Request => ({
  method: 'POST',
  target: targetOf(functionOrPath, query),
  headers: body?.type === undefined ? headers : { 'Content-Type': body.type, ...headers },
  ...(body === undefined ? {} : { body }),
});

export const form = (values: Values): Body => ({
  type: 'application/x-www-form-urlencoded',
  text: encoded(values),
  escape: encodeURIComponent,
});

/** @param type any type that is read as JSON */
export const json = (value: unknown, type = 'application/json'): Body => ({ type, text: JSON.stringify(value), escape: jsonText });

const BOUNDARY = 'mock-etherpad-verify-boundary';

export const multipart = (values: Readonly<Record<string, string>>): Body => ({
  type: `multipart/form-data; boundary=${BOUNDARY}`,
  text: `${Object.entries(values)
    .map(([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--${BOUNDARY}--\r\n`,
  escape: verbatim,
});

/** A body as it is; without a type it is sent without a Content-Type. */
export const raw = (text: string, type?: string): Body => ({ text, escape: verbatim, ...(type === undefined ? {} : { type }) });

export const chunked = (body: Body): Body => ({ ...body, chunked: true });

const carriesKey = ({ target, headers, body }: Request): boolean =>
  [target, ...Object.values(headers), body?.text].some((text) => text?.includes(KEY));

/** A request as it lets itself in: where a token does, one that carries a key carries the token beside it. */
export const lettingItselfIn = (request: Request, { token }: Entry): Request =>
  token !== undefined && carriesKey(request) ? { ...request, headers: { Authorization: `Bearer ${TOKEN}`, ...request.headers } } : request;

/** What goes over the wire: the request with key, secret and token in their places. */
export function withSecrets(request: Request, entry: Entry): { target: string; headers: Record<string, string>; body: Buffer | undefined } {
  const { apiKey, oauthClient, token } = entry;
  const { target, headers, body } = lettingItselfIn(request, entry);
  const fill = (text: string, escape: (secret: string) => string): string =>
    text
      .replaceAll(KEY, () => escape(apiKey))
      .replaceAll(SECRET, () => escape(oauthClient?.secret ?? ''))
      .replaceAll(TOKEN, () => escape(token ?? ''));
  return {
    target: fill(target, encodeURIComponent),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value, verbatim)])),
    body: body === undefined ? undefined : Buffer.from(fill(body.text, body.escape)),
  };
}

/** Whether a text can be sent as the value of a header, and arrives as it was. */
export const isHeaderText = (text: string): boolean => /^[!-~]([ -~]*[!-~])?$/.test(text);
