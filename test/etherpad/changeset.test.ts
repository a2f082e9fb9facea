import { expect, test } from 'vitest';
import { AttributePool } from '../../src/etherpad/pads/attribute-pool.ts';
import { ChangesetError, decodeChangeset, encodeChangeset, lengthSaidBy } from '../../src/etherpad/pads/changeset.ts';
import { PadText, type Splice } from '../../src/etherpad/pads/pad-text.ts';

const ELSEWHERE = 'changes a place of the text that no function of the HTTP API changes';
const MIXED = 'keeps, removes and inserts in more than one place, which no function of the HTTP API does';
const UNREADABLE = 'has an operation that cannot be read';

test.each<[changeset: string, length: number, splice: Splice]>([
  ['Z:1>5+5$Hello', 1, { kept: 0, removed: 0, inserted: [{ text: 'Hello', attributes: [] }] }],
  // all but the last line feed stays, as appendText leaves it
  ['Z:6>2=5+2$!!', 6, { kept: 5, removed: 0, inserted: [{ text: '!!', attributes: [] }] }],
  ['Z:6>2|1=3=2*0+2$!!', 6, { kept: 5, removed: 0, inserted: [{ text: '!!', attributes: [0] }] }],
  // everything, or all but the last line feed, goes
  ['Z:6<4-5+1$x', 6, { kept: 0, removed: 5, inserted: [{ text: 'x', attributes: [] }] }],
  ['Z:6<4|1-6|1+2$x\n', 6, { kept: 0, removed: 6, inserted: [{ text: 'x\n', attributes: [] }] }],
  // in front of the two line feeds that a copy begins with
  ['Z:2>1+1$x', 2, { kept: 0, removed: 0, inserted: [{ text: 'x', attributes: [] }] }],
  ['Z:1>0$', 1, { kept: 0, removed: 0, inserted: [] }],
  // attributes by their numbers, in base 36
  [
    'Z:1>5*a*1|1+3*0+2$ab\ncd',
    1,
    {
      kept: 0,
      removed: 0,
      inserted: [
        { text: 'ab\n', attributes: [1, 10] },
        { text: 'cd', attributes: [0] },
      ],
    },
  ],
  // the bank may hold a dollar
  ['Z:1>3+3$a$b', 1, { kept: 0, removed: 0, inserted: [{ text: 'a$b', attributes: [] }] }],
])('%s for a text of %i characters', (changeset, length, splice) => {
  expect(decodeChangeset(changeset, length)).toEqual(splice);
});

test.each<[changeset: string, length: number, message: string]>([
  ['', 1, 'is no changeset'],
  ['hello', 1, 'is no changeset'],
  ['hello$', 1, 'is no changeset'],
  ['Z:1>5+5', 1, 'is no changeset'],
  ['xZ:1>5+5$Hello', 1, 'is no changeset'],
  ['Z:1=5+5$Hello', 1, 'is no changeset'],
  ['Z:1>5+5$Hello', 2, 'is for a text of 1 characters, and there are 2'],
  ['Z:z>1=y+1$x', 34, 'is for a text of 35 characters, and there are 34'],
  ['Z:1>1 +1$x', 1, UNREADABLE],
  ['Z:1>1+$x', 1, UNREADABLE],
  ['Z:1>1*+1$x', 1, UNREADABLE],
  ['Z:1>1|+1$x', 1, UNREADABLE],
  ['Z:6>1+1=5$x', 6, MIXED],
  ['Z:6>1+1-5$x', 6, MIXED],
  ['Z:6>1-1=5+1$x', 6, MIXED],
  ['Z:6>1*0=5+1$x', 6, MIXED],
  ['Z:6>1*0-5+1$x', 6, MIXED],
  ['Z:1>2+2$x\n', 1, 'counts other line feeds than it inserts'],
  ['Z:1>2|1+2$xy', 1, 'counts other line feeds than it inserts'],
  ['Z:1>2|2+2$x\n', 1, 'counts other line feeds than it inserts'],
  ['Z:1>5+5$Hell', 1, 'inserts more characters than it has'],
  ['Z:6>1=7+1$x', 6, 'keeps and removes more characters than there are'],
  ['Z:6<6-7$', 6, 'keeps and removes more characters than there are'],
  ['Z:6>1=6+1$x', 6, ELSEWHERE],
  ['Z:6>1=2+1$x', 6, ELSEWHERE],
  ['Z:6<3-4+1$x', 6, ELSEWHERE],
  ['Z:6<3=1-4+1$x', 6, ELSEWHERE],
  ['Z:6>1=5-1+2$x\n', 6, 'counts other line feeds than it inserts'],
  ['Z:6>1=5-1|1+2$x\n', 6, ELSEWHERE],
  ['Z:3>1+1$x', 3, ELSEWHERE],
])('%s for a text of %i characters: %s', (changeset, length, message) => {
  expect(() => decodeChangeset(changeset, length)).toThrow(new ChangesetError(message));
});

test.each([
  ['Z:1>5+5$Hello', 6],
  ['Z:6<4-5+1$x', 2],
  ['Z:z>1=y+1$x', 36],
])('%s says that the text has %i characters afterwards', (changeset, length) => {
  expect(lengthSaidBy(changeset)).toBe(length);
});

test('attributes stand in the alphabetical order of their names', () => {
  const pool = new AttributePool();
  const numbers = (['underline', 'bold', 'italic'] as const).map((name) => pool.put([name, 'true']));
  const splice: Splice = { kept: 0, removed: 0, inserted: [{ text: 'x', attributes: numbers }] };
  expect(encodeChangeset(new PadText(), splice, pool)).toBe('Z:1>1*1*2*0+1$x');
});
