import { isSecret, withoutKey } from '../sandbox/secrets.ts';

/**
 * Takes the key out of refusals: they repeat what was sent, and a client may have sent the key in the wrong place.
 *
 * @example refusalsWithout(apiKey)(text)
 */
export const refusalsWithout = (apiKey: string): ((text: string) => string) =>
  isSecret(apiKey) ? (text) => withoutKey(text, apiKey) : (text) => text;
