import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Behaviour } from '../etherpad/emulation.ts';
import type { Parameters } from '../etherpad/functions.ts';

const BEARER = /^bearer +/i;

/** The key that a request presents: the first place that is not empty, whether it is right or wrong. */
function presentedKey(parameters: Parameters, headers: IncomingHttpHeaders, behaviour: Behaviour): string | undefined {
  for (const name of behaviour.apiKeyParameters) {
    const value = parameters[name];
    if (!value) continue;
    // a repeated query parameter becomes `key,key`, which is no key
    return typeof value === 'string' || behaviour.apiKeyInArray ? String(value) : undefined;
  }
  for (const name of behaviour.apiKeyHeaders) {
    const value = headers[name];
    if (value) return behaviour.bearerKeys && name === 'authorization' ? String(value).replace(BEARER, '') : String(value);
  }
  return undefined;
}

/** Compares secrets without telling by the time it takes how far they agree. */
export function isSameSecret(presented: string, expected: string): boolean {
  const presentedBytes = Buffer.from(presented);
  const expectedBytes = Buffer.from(expected);
  return presentedBytes.length === expectedBytes.length && timingSafeEqual(presentedBytes, expectedBytes);
}

/** Whether a request carries the API key in one of the places where this Etherpad looks for it. */
export function hasApiKey(apiKey: string, parameters: Parameters, headers: IncomingHttpHeaders, behaviour: Behaviour): boolean {
  const presented = presentedKey(parameters, headers, behaviour);
  return presented !== undefined && isSameSecret(presented, apiKey);
}
