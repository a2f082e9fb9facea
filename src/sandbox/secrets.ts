import type { Parameters } from '../etherpad/etherpad-function.ts';

/** Names under which keys are sent, whether they are looked at or not. */
const KEY_NAMES = /api[-_]?key|authorization/i;

const HIDDEN = '…';

/** A key can only stand in a text in another form where one of these is. */
const ENCODED = /[%+&\\]/;

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** One character as it is, percent-encoded, also more than once, and as HTML, a form and JSON write it. */
function formsOf(character: string): string {
  const bytes = Array.from(
    Buffer.from(character),
    (byte) =>
      `%(?:25)*${byte
        .toString(16)
        .padStart(2, '0')
        .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`,
  );
  const inJson = JSON.stringify(character).slice(1, -1);
  const forms = [character, inJson, JSON.stringify(inJson).slice(1, -1), `&#${character.codePointAt(0)};`].map(quoted);
  return `(?:${[...new Set([...forms.toSorted((one, other) => other.length - one.length), bytes.join(''), ...(character === ' ' ? ['\\+'] : [])])].join('|')})`;
}

const patterns = new Map<string, RegExp>();

/** The key with each of its characters in any form: a client encodes as many of them as it likes. */
function patternOf(apiKey: string): RegExp {
  let pattern = patterns.get(apiKey);
  if (pattern === undefined) patterns.set(apiKey, (pattern = new RegExp(Array.from(apiKey.toWellFormed(), formsOf).join(''), 'g')));
  return pattern;
}

/**
 * A text without the API key in it, as it is or as it stands in a URL, a page or JSON.
 *
 * @param instead what stands there instead
 */
export function withoutKey(text: string, apiKey: string, instead = HIDDEN): string {
  const plain = text.includes(apiKey) ? text.replaceAll(apiKey, instead) : text;
  return ENCODED.test(plain) ? plain.replace(patternOf(apiKey), instead) : plain;
}

/** The same for anything that JSON can hold. */
export function valueWithoutKey(value: unknown, apiKey: string): unknown {
  if (typeof value === 'string') return withoutKey(value, apiKey);
  if (typeof value === 'number') return String(value) === apiKey ? HIDDEN : value;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map((one) => valueWithoutKey(one, apiKey)) : parametersWithoutKey(value as Parameters, apiKey);
}

/** A shorter key is no secret, and may be part of any word. */
const SHORTEST_SECRET = 6;

/** Whether a key is long enough to be taken out of what answers say. */
export const isSecret = (apiKey: string): boolean => apiKey.length >= SHORTEST_SECRET;

/** What a client sent, without the API key in any form: neither where keys are looked for, nor inside anything else. */
export function parametersWithoutKey(parameters: Parameters, apiKey: string): Parameters {
  const kept: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name in parameters) {
    if (!KEY_NAMES.test(name)) kept[withoutKey(name, apiKey)] = valueWithoutKey(parameters[name], apiKey);
  }
  return kept;
}
