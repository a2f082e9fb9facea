import { curlLine, KEY_MARK, markOf } from '../evidence/curl-line.ts';
import { visible } from '../evidence/visible.ts';
import { type Request, KEY, SECRET, TOKEN } from './request.ts';

/** How much of a body is shown. */
const SHOWN_CHARACTERS = 600;

const shortened = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;

/** A shorter secret is hidden only where its name stands before it: it may be part of any word. */
const SHORTEST_SECRET = 6;

const waysToWrite = (secret: string): string[] => {
  const encoded = encodeURIComponent(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, encoded, encoded.replaceAll('%20', '+'), inJson, new URLSearchParams({ k: secret }).toString().slice(2)];
};

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** A short secret, where it is told to be one: in a query, a form, a header or JSON. */
const named = (secret: string): RegExp =>
  new RegExp(`((?:api_?key|authorization|secret|token)(?:=|%3D|["']? ?: ?["']?))${escaped(secret)}(?!\\w)`, 'gi');

/** Every token that calls are let in by is a JWT. */
const TOKENS = /\beyJhbGciOi[\w.-]+/g;

/**
 * Makes text fit to be shown: every secret and token as `…` in whatever way it is written, control characters escaped, at most 600
 * characters.
 *
 * @example createDisplay('secret')('?apikey=secret') // '?apikey=…'
 */
export function createDisplay(...secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const short = secrets.filter((secret) => secret !== '' && secret.length < SHORTEST_SECRET).map(named);
  // the longest first: a shorter one may be part of it
  const ways = [...new Set([KEY, SECRET, TOKEN, ...long.flatMap(waysToWrite)])].toSorted((one, other) => other.length - one.length);
  return (text) => {
    const shown = ways.reduce((hidden, way) => hidden.replaceAll(way, '…'), text.replaceAll(TOKENS, '…'));
    return shortened(visible(short.reduce((hidden, way) => hidden.replaceAll(way, '$1…'), shown)));
  };
}

/** A request in one line: method, target, headers and body. */
export function describeRequest({ method, target, headers, body }: Request): string {
  const parts = [`${method} ${target}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) parts.push(body.text === '' ? 'an empty body' : body.text);
  return parts.join(' | ');
}

const MARKS: Readonly<Record<string, string>> = { [KEY]: KEY_MARK, [SECRET]: markOf('CLIENT_SECRET'), [TOKEN]: markOf('TOKEN') };

const mark = (text: string): string => Object.entries(MARKS).reduce((marked, [name, variable]) => marked.replaceAll(name, variable), text);

/** The command that sends a request again, with API key, secret and token from the environment. */
export const curlOf = ({ method, target, headers, body }: Request, url: string): string => {
  const chunks = body?.chunked === true ? [['Transfer-Encoding', 'chunked'] as const] : [];
  return visible(
    curlLine({
      method,
      url: mark(`${url}${target}`),
      headers: [...Object.entries(headers).map(([name, value]) => [name, mark(value)] as const), ...chunks],
      body: body === undefined ? undefined : Buffer.from(mark(body.text)),
    }),
  );
};
