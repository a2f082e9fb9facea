import { parse } from 'node:querystring';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { behaviourOf } from '../../src/etherpad/emulation.ts';
import { readParameters } from '../../src/http/parameters.ts';

const piece = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '', '=', '&', '==', 'a[]', 'x y', '%41', '%zz', '+', 'é'),
  fc.string({ maxLength: 5 }),
);
const query = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.array(fc.tuple(piece, piece), { maxLength: 8 }).map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
);

test('queries are read as Node reads them, also those that a faster reader reads', () => {
  fc.assert(
    fc.property(query, (text) => {
      const read = readParameters(text, undefined, {}, behaviourOf('3.3.1'));
      expect(Object.entries(read)).toEqual(Object.entries(parse(text)));
    }),
    { numRuns: 5_000 },
  );
});
