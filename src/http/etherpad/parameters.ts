import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'node:querystring';
import { parse as parsePlain } from 'fast-querystring';
import type { Behaviour } from '../../etherpad/emulation.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';

type ParseExtended = typeof import('qs').parse;

/** Express 4 reads brackets with qs. */
let parseExtended: ParseExtended | undefined;

/** Loads what an emulation reads queries with, when it is first needed; undefined when there is nothing to load. */
export function loadQueryReader({ query }: Behaviour): Promise<void> | undefined {
  if (query === 'simple' || parseExtended !== undefined) return undefined;
  return import('qs').then(({ default: qs }) => {
    parseExtended = qs.parse;
  });
}

/** Up to this length no query has the 1,000 parameters after which Node stops reading. */
const PLAIN_LENGTH = 1_000;

/** Where there is something to decode, or too much, Node's reader has the rules of Etherpad's. */
const parseSimple = (query: string): Record<string, unknown> =>
  query.length > PLAIN_LENGTH || query.includes('%') || query.includes('+') ? parse(query) : parsePlain(query);

/**
 * The parameters of a call: the body's over the query's, even where the body's are empty or null, and on one version the
 * headers' below both. A repeated query parameter is an array; bad percent-encoding never fails.
 *
 * @param query what follows the question mark
 * @param body the fields of the body, if it was read
 */
export function readParameters(query: string, body: object | undefined, headers: IncomingHttpHeaders, behaviour: Behaviour): Parameters {
  const fromQuery = behaviour.query === 'simple' ? parseSimple(query) : parseExtended!(query, { allowPrototypes: true });
  if (body === undefined && !behaviour.headersAreParameters) return fromQuery;
  // onto a plain object on purpose: a JSON key `__proto__` is merged like any other (1.9.7, 3.3.1), into this object only
  return Object.assign({}, behaviour.headersAreParameters ? headers : undefined, fromQuery, body);
}
