import { expect, test } from 'vitest';
import { PadText } from '../../src/etherpad/pads/pad-text.ts';

/** Appends a run with an attribute of its own, so that it joins no other. */
const append = (text: PadText, word: string, attribute: number): void => {
  text.change({ kept: text.length - 1, removed: 0, inserted: [{ text: word, attributes: [attribute] }] });
};

test('copies of a text share what they have in common, and nothing of what each is given', () => {
  const text = new PadText();
  for (const attribute of [1, 2, 3]) append(text, `${attribute}`, attribute);
  const copy = text.copy();
  append(text, 'a', 4);
  append(copy, 'x', 5);
  append(copy, 'y', 6);
  append(text, 'b', 7);
  const later = text.copy();
  append(copy, 'z', 8);
  append(later, 'c', 9);
  expect([text.text(), copy.text(), later.text()]).toEqual(['123ab\n', '123xyz\n', '123abc\n']);
  expect(copy.runs()).toEqual([
    ...[1, 2, 3].map((attribute) => ({ text: `${attribute}`, attributes: [attribute] })),
    { text: 'x', attributes: [5] },
    { text: 'y', attributes: [6] },
    { text: 'z', attributes: [8] },
    { text: '\n', attributes: [] },
  ]);
  expect(text.runs().map((run) => run.text)).toEqual(['1', '2', '3', 'a', 'b', '\n']);
});
