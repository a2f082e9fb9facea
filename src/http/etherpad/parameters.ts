import type { IncomingHttpHeaders } from 'node:http';
import { parse } from 'node:querystring';
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

/** An object without a prototype, that JavaScript keeps as fast as any other. */
const Fields = function () {} as unknown as new () => Record<string, unknown>;
Fields.prototype = Object.create(null);

/** Reads a query with nothing to decode in it, in a quarter of the time that Node takes and half of fast-querystring's. */
function parsePlain(query: string): Record<string, unknown> {
  const fields = new Fields();
  for (let start = 0, end = 0; start < query.length; start = end + 1) {
    end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    if (end === start) continue;
    const sign = query.indexOf('=', start);
    const nameEnd = sign === -1 || sign > end ? end : sign;
    const name = query.slice(start, nameEnd);
    const value = query.slice(nameEnd + 1, end);
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[name] = [known, value];
  }
  return fields;
}

const parseSimple = (query: string): Record<string, unknown> =>
  query.length > PLAIN_LENGTH || query.includes('%') || query.includes('+') ? parse(query) : parsePlain(query);

/** What reads a query, by its rules. */
export const QUERY_READERS: Readonly<Record<Behaviour['query'], (query: string) => Parameters>> = {
  simple: parseSimple,
  extended: (query) => parseExtended!(query, { allowPrototypes: true }),
};

/**
 * The parameters of a call: the body's over the query's, even where the body's are empty or null, and on one version the
 * headers' below both. A repeated query parameter is an array; bad percent-encoding never fails.
 *
 * @param query what follows the question mark
 * @param body the fields of the body, if it was read
 */
export function readParameters(query: string, body: object | undefined, headers: IncomingHttpHeaders, behaviour: Behaviour): Parameters {
  const fromQuery = QUERY_READERS[behaviour.query](query);
  if (body === undefined && !behaviour.headersAreParameters) return fromQuery;
  // onto a plain object on purpose: a JSON key `__proto__` is merged like any other (1.9.7, 3.3.1), into this object only
  return Object.assign({}, behaviour.headersAreParameters ? headers : undefined, fromQuery, body);
}
