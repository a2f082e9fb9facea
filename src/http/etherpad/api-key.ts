import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Behaviour } from '../../etherpad/emulation.ts';
import { readToken } from '../../etherpad/oauth/json-web-token.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';

const BEARER = /^bearer +/i;

/** A JSON object need not turn into text: what turns into none is no key. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}

/** The key that a request presents: the first place that is not empty, whether it is right or wrong. */
function presentedKey(parameters: Parameters, headers: IncomingHttpHeaders, behaviour: Behaviour): string | undefined {
  for (const name of behaviour.apiKeyParameters) {
    const value = parameters[name];
    if (!value) continue;
    // a repeated query parameter becomes `key,key`, which is no key
    return typeof value === 'string' || behaviour.apiKeyInArray ? textOf(value) : undefined;
  }
  for (const name of behaviour.apiKeyHeaders) {
    const value = headers[name];
    if (value) return behaviour.bearerKeys && name === 'authorization' ? String(value).replace(BEARER, '') : String(value);
  }
  return undefined;
}

/** Compares secrets with one that is known, without telling by the time it takes how far they agree. */
export function secretComparer(expected: string): (presented: string) => boolean {
  const expectedBytes = Buffer.from(expected);
  const presentedBytes = Buffer.alloc(expectedBytes.length);
  return (presented) => {
    if (Buffer.byteLength(presented) !== expectedBytes.length) return false;
    presentedBytes.write(presented);
    return timingSafeEqual(presentedBytes, expectedBytes);
  };
}

/** Whether a request carries the API key in one of the places where this Etherpad looks for it. */
export function hasApiKey(
  isApiKey: (presented: string) => boolean,
  parameters: Parameters,
  headers: IncomingHttpHeaders,
  behaviour: Behaviour,
): boolean {
  const presented = presentedKey(parameters, headers, behaviour);
  return presented !== undefined && isApiKey(presented);
}

/** Places that look as if they could carry the key, and do not. */
const ELSEWHERE = /^(x-)?api[-_]?key$|^authorization$/i;

/** Says what is wrong with the key of a request, without showing any. */
export function explainKey(parameters: Parameters, headers: IncomingHttpHeaders, behaviour: Behaviour): string {
  const presented = presentedKey(parameters, headers, behaviour);
  if (readToken((presented ?? headers.authorization ?? '').replace(BEARER, '')) !== undefined) {
    return 'a token was sent, but this Etherpad asks for the API key: start it with --authentication sso, or set the authentication';
  }
  if (presented !== undefined) {
    return presented === presented.trim()
      ? 'the API key that was sent does not match'
      : 'the API key that was sent has white space around it';
  }
  const places = [
    ...behaviour.apiKeyParameters.map((name) => `the parameter ${name}`),
    ...behaviour.apiKeyHeaders.map((name) => `the header ${name}`),
  ];
  const elsewhere = [
    ...Object.keys(parameters)
      .filter((name) => ELSEWHERE.test(name) && !behaviour.apiKeyParameters.includes(name))
      .map((name) => `parameter ${name}`),
    ...Object.keys(headers)
      .filter((name) => ELSEWHERE.test(name) && !behaviour.apiKeyHeaders.includes(name))
      .map((name) => `header ${name}`),
  ];
  const found = elsewhere.length === 0 ? 'no API key was sent' : `no API key was found, though there is a ${elsewhere.join(' and a ')}`;
  return `${found}: it is looked for in ${places.join(', ')}`;
}
