import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from '../../src/sandbox/ring.ts';

/** A record of some length, all its bytes alike. */
const record = (length: number, fill: number) => ({
  mostBytes: length,
  write(buffer: Buffer, offset: number) {
    buffer.fill(fill, offset, offset + length);
    return length;
  },
});

/** One that takes less than it asked for. */
const shorter = (length: number, slack: number, fill: number) => ({ ...record(length, fill), mostBytes: length + slack });

type Step =
  | { readonly do: 'append'; readonly length: number; readonly slack: number }
  | { readonly do: 'forget' | 'keep within'; readonly share: number }
  | { readonly do: 'clear' };

const share = fc.double({ min: 0, max: 1.2, noNaN: true });
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      length: fc.integer({ min: 1, max: 120 }),
      slack: fc.constantFrom(0, 0, 40),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('append' as const), length: fc.integer({ min: 1, max: 3_000 }), slack: fc.constant(0) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('forget' as const, 'keep within' as const), share }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'clear' }) },
);

test('a ring is the end of a plain list, within its limits', () => {
  fc.assert(
    fc.property(
      fc.record({
        mostRecords: fc.integer({ min: 1, max: 60 }),
        chunkBytes: fc.integer({ min: 1, max: 200 }),
        most: fc.integer({ min: 0, max: 2_000 }),
      }),
      fc.array(STEP, { maxLength: 150 }),
      ({ mostRecords, chunkBytes, most }, steps) => {
        const ring = new Ring(mostRecords, chunkBytes);
        let list: Buffer[] = [];
        for (const [index, step] of steps.entries()) {
          const fill = index % 251;
          if (step.do === 'append') {
            const asked = step.length + step.slack;
            const growth = ring.growth(asked);
            const before = ring.bytes;
            ring.append(shorter(step.length, step.slack, fill), most);
            list.push(Buffer.alloc(step.length, fill));
            expect(ring.bytes - before).toBeLessThanOrEqual(growth);
            // one is kept if it fits at all: beside the room for starts, and in chunks of which it can begin anywhere
            const fits = asked + 2 * chunkBytes + 8 * Math.min(mostRecords, 2 * Math.max(16, ring.next - ring.first)) <= most;
            if (fits) expect(ring.first).toBeLessThan(ring.next);
          } else if (step.do === 'forget') ring.forget(Math.round(ring.next * step.share));
          else if (step.do === 'keep within') {
            ring.keepWithin(most * step.share);
            expect(ring.bytes).toBeLessThanOrEqual(most * step.share);
          } else {
            ring.clear();
            list = [];
          }
          expect(ring.bytes).toBeLessThanOrEqual(most);
          expect(ring.next).toBe(list.length + 1);
          expect(ring.next - ring.first).toBeLessThanOrEqual(mostRecords);
          for (let number = ring.first; number < ring.next; number++) expect(ring.read(number)).toEqual(list[number - 1]);
          for (const number of [ring.first - 1, ring.next, 0, -1, Number.NaN]) expect(ring.read(number)).toBeUndefined();
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('nothing is forgotten as long as there is room', () => {
  const ring = new Ring(1_000, 64);
  for (let number = 1; number <= 1_000; number++) ring.append(record(50, number % 251), 100_000);
  expect([ring.first, ring.next]).toEqual([1, 1_001]);
  ring.append(record(50, 1), 100_000);
  expect(ring.first).toBe(2);
});

test('memory grows with what is kept, and is used again', () => {
  const ring = new Ring(10, 64);
  expect(ring.bytes).toBe(0);
  ring.append(record(50, 1), 100_000);
  expect(ring.bytes).toBeLessThan(300);
  for (let count = 0; count < 10_000; count++) ring.append(record(50, 1), 100_000);
  expect(ring.bytes).toBeLessThan(1_000);
});
