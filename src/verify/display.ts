import { visible } from '../evidence/visible.ts';
import { type Request, KEY } from './request.ts';

/** How much of a body is shown. */
const SHOWN_CHARACTERS = 600;

const shortened = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;

/**
 * Makes text fit to be shown: the API key as `…` in whatever way it is written, control characters escaped, at most 600
 * characters.
 *
 * @example createDisplay('secret')('?apikey=secret') // '?apikey=…'
 */
export function createDisplay(apiKey: string): (text: string) => string {
  const encoded = encodeURIComponent(apiKey);
  const ways = [
    KEY,
    apiKey,
    encoded,
    encoded.replaceAll('%20', '+'),
    JSON.stringify(apiKey).slice(1, -1),
    new URLSearchParams({ k: apiKey }).toString().slice(2),
  ];
  // the longest first: a shorter one may be part of it
  const sorted = [...new Set(ways)].toSorted((one, other) => other.length - one.length);
  return (text) => shortened(visible(sorted.reduce((shown, way) => shown.replaceAll(way, '…'), text)));
}

/** A request in one line: method, target, headers and body. */
export function describeRequest({ method, target, headers, body }: Request): string {
  const parts = [`${method} ${target}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) parts.push(body.text === '' ? 'an empty body' : body.text);
  return parts.join(' | ');
}
