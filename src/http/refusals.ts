import { withoutKey } from '../sandbox/secrets.ts';

/** A shorter key is no secret, and may be part of any word of an answer. */
const SHORTEST_SECRET = 6;

/**
 * Takes the key out of refusals: they repeat what was sent, and a client may have sent the key in the wrong place.
 *
 * @example refusalsWithout(apiKey)(text)
 */
export const refusalsWithout = (apiKey: string): ((text: string) => string) =>
  apiKey.length < SHORTEST_SECRET ? (text) => text : (text) => withoutKey(text, apiKey);
