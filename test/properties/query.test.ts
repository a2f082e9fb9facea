import { parse } from 'node:querystring';
import { array, assert, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { behaviourOf } from '../../src/etherpad/emulation.ts';
import { readParameters } from '../../src/http/parameters.ts';

const piece = oneof(
  constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '', '=', '&', '==', 'a[]', 'x y', '%41', '%zz', '+', 'é'),
  string({ maxLength: 5 }),
);
const query = oneof(
  array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  array(tuple(piece, piece), { maxLength: 8 }).map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
);

test('queries are read as Node reads them, also those that a faster reader reads', () => {
  assert(
    property(query, (text) => {
      const read = readParameters(text, undefined, {}, behaviourOf('3.3.1'));
      expect(Object.entries(read)).toEqual(Object.entries(parse(text)));
    }),
    { numRuns: 5_000 },
  );
});
