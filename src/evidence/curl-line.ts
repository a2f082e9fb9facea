import { shellWord } from './shell-word.ts';

/** A request that somebody can send again by hand. */
export interface RepeatableRequest {
  readonly method: string;
  /** The whole URL, with the query as it was sent. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | undefined;
}

/** Stands in a request where a secret goes: the line has the variable of that name there, `"$API_KEY"`. */
export const markOf = (variable: string): string => `\u{f8ff}${variable}\u{f8ff}`;

/** Where the API key goes. */
export const KEY_MARK = markOf('API_KEY');

const MARKS = /\u{f8ff}([A-Z_]+)\u{f8ff}/u;

/** Headers that curl writes itself, or that say nothing about what is asked. */
const OWN_HEADERS = new Set([
  'host', 'connection', 'keep-alive', 'content-length', 'user-agent', 'accept', 'accept-encoding', 'accept-language', 'sec-fetch-mode', 'expect',
]); // oxfmt-ignore

/** So many bytes of a body fit into a command line that people still copy. */
const LONGEST_BODY = 20_000;

const word = (text: string): string =>
  text
    .split(MARKS)
    // the odd parts are names of variables
    .map((part, index) => (index % 2 === 1 ? `"$${part}"` : part === '' ? '' : shellWord(part)))
    .join('') || "''";

const isText = (bytes: Buffer): boolean => !bytes.includes(0) && Buffer.from(bytes.toString('utf8')).equals(bytes);

const FORM = 'application/x-www-form-urlencoded';

function bodyWords(body: Buffer): string[] {
  if (body.length > LONGEST_BODY) return [`--data-binary @body-of-${body.length}-bytes`];
  if (isText(body)) return ['--data-raw', word(body.toString('utf8'))];
  return ['--data-binary', `@<(base64 -d <<< ${body.toString('base64')})`];
}

/**
 * The command that sends a request again. It takes the API key from the environment variable `API_KEY`, written as it
 * stands in a URL.
 *
 * @example curlLine({ method: 'GET', url: `http://127.0.0.1:9001/api/1/createGroup?apikey=${KEY_MARK}`, headers: [] })
 * // curl 'http://127.0.0.1:9001/api/1/createGroup?apikey='"$API_KEY"
 */
export function curlLine({ method, url, headers, body }: RepeatableRequest): string {
  const hasBody = body !== undefined && body.length > 0;
  const usual = hasBody ? 'POST' : 'GET';
  const words = ['curl'];
  if (/[[\]{}]/.test(url)) words.push('-g');
  if (/\/\.{1,2}(\/|$)/.test(url)) words.push('--path-as-is');
  if (method === 'HEAD') words.push('-I');
  else if (method !== usual) words.push('-X', word(method));
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  for (const [name, value] of headers) {
    if (OWN_HEADERS.has(name.toLowerCase()) || (name.toLowerCase() === 'content-type' && hasBody && value === FORM)) continue;
    words.push('-H', word(`${name}: ${value}`));
  }
  // curl names a type of its own for a body that has none
  if (hasBody && type === undefined) words.push("-H 'Content-Type:'");
  words.push(word(url));
  if (hasBody) words.push(...bodyWords(body));
  return words.join(' ');
}
