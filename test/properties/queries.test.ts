import { parse } from 'node:querystring';
import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';
import { behaviourOf } from '../../src/etherpad/emulation.ts';
import { readParameters } from '../../src/http/parameters.ts';

/** Queries of names and values that come again, empty ones, and the signs that mean something between them. */
const query = array(
  constantFrom('a', 'b', 'validUntil', '__proto__', 'constructor', '1', '=', '=', '&', '&', '+', '%20', '%', '[]', ';', '?', 'é', '\u0000'),
  { maxLength: 40 },
).map((parts) => parts.join(''));

test('any query is read as Node reads it', () => {
  assert(
    property(query, (text) => {
      const read = readParameters(text, undefined, {}, behaviourOf('documented'));
      const expected = parse(text);
      expect(Object.keys(read)).toEqual(Object.keys(expected));
      for (const name of Object.keys(expected)) expect(read[name]).toEqual(expected[name]);
    }),
    { numRuns: 2_000 },
  );
});

test('no parameter is there that was not sent', () => {
  const { constructor: made, toString: text } = readParameters('a=1', undefined, {}, behaviourOf('documented'));
  expect([made, text]).toEqual([undefined, undefined]);
});
