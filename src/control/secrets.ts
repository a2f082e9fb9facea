import type { Parameters } from '../etherpad/functions.ts';

/** Names under which keys are sent, whether they are looked at or not. */
const KEY_NAMES = /api[-_]?key|authorization/i;

const HIDDEN = '…';

/** A text without the API key in it, as it is or as it stands in a URL. */
export function withoutKey(text: string, apiKey: string): string {
  if (text.includes(apiKey)) return text.replaceAll(apiKey, HIDDEN);
  if (!text.includes('%')) return text;
  const inUrl = encodeURIComponent(apiKey.toWellFormed());
  return text.includes(inUrl) ? text.replaceAll(inUrl, HIDDEN) : text;
}

function valueWithoutKey(value: unknown, apiKey: string): unknown {
  if (typeof value === 'string') return withoutKey(value, apiKey);
  if (typeof value === 'number') return String(value) === apiKey ? HIDDEN : value;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map((one) => valueWithoutKey(one, apiKey)) : parametersWithoutKey(value as Parameters, apiKey);
}

/** What a client sent, without the API key in any form: neither where keys are looked for, nor inside anything else. */
export function parametersWithoutKey(parameters: Parameters, apiKey: string): Parameters {
  const kept: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name in parameters) {
    if (!KEY_NAMES.test(name)) kept[withoutKey(name, apiKey)] = valueWithoutKey(parameters[name], apiKey);
  }
  return kept;
}
