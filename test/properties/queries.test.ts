import { parse } from 'node:querystring';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { behaviourOf } from '../../src/etherpad/emulation.ts';
import { readParameters } from '../../src/http/etherpad/parameters.ts';

const PARTS = ['a', 'b', 'validUntil', '__proto__', 'constructor', '1', '=', '=', '&', '&', '+', '%20', '%', '[]', ';', '?', 'é', '\u0000'];

/** Queries of names and values that come again, empty ones, and the signs that mean something between them. */
const queries = fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }).map((parts) => parts.join(''));

const read = (query: string): Readonly<Record<string, unknown>> => readParameters(query, undefined, {}, behaviourOf('documented'));

test('any query is read as Node reads it', () => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(Object.entries(read(query))).toEqual(Object.entries(parse(query)));
    }),
    { numRuns: 2_000 },
  );
});

test('no parameter is there that was not sent', () => {
  const { constructor: made, toString: text } = read('a=1');
  expect([made, text]).toEqual([undefined, undefined]);
});
