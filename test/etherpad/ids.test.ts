import { describe, expect, test } from 'vitest';
import { createIds, type Ids, seededBytes } from '../../src/etherpad/ids.ts';

const SHAPES: readonly [kind: keyof Ids, shape: RegExp][] = [
  ['group', /^g\.[A-Za-z0-9]{16}$/],
  ['author', /^a\.[A-Za-z0-9]{16}$/],
  ['session', /^s\.[0-9a-f]{32}$/],
  ['deletionToken', /^[0-9a-f]{64}$/],
];

describe.each(SHAPES)('%s ids', (kind, shape) => {
  test(`look like ${shape}`, () => {
    const ids = createIds();
    for (let draw = 0; draw < 200; draw++) expect(ids[kind]()).toMatch(shape);
  });

  test('keep their shape when they are seeded', () => {
    const ids = createIds(seededBytes('a seed'));
    for (let draw = 0; draw < 200; draw++) expect(ids[kind]()).toMatch(shape);
  });

  test('are all different', () => {
    const ids = createIds();
    expect(new Set(Array.from({ length: 2_000 }, () => ids[kind]())).size).toBe(2_000);
  });
});

const drawSome = ({ group, author, session }: Ids): string[] => [group(), session(), author(), session(), group()];

test('the same seed gives the same ids in the same order', () => {
  const first = drawSome(createIds(seededBytes(42)));
  expect(drawSome(createIds(seededBytes(42)))).toEqual(first);
  expect(drawSome(createIds(seededBytes('42')))).toEqual(first);
});

test('another seed gives other ids', () => {
  const seeds = ['', '0', '1', 'a', 'b', 'ab', 'ba'];
  expect(new Set(seeds.map((seed) => createIds(seededBytes(seed)).session())).size).toBe(seeds.length);
});

test('ids without a seed differ from run to run', () => {
  expect(drawSome(createIds())).not.toEqual(drawSome(createIds()));
});

test('seeded ids do not repeat soon', () => {
  const ids = createIds(seededBytes('soon'));
  expect(new Set(Array.from({ length: 50_000 }, () => ids.group())).size).toBe(50_000);
});
