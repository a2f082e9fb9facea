import { expect, test } from 'vitest';
import { findProblemsOfPad, type PadDocument } from '../../src/sandbox/pad-document.ts';
import { findProblems, type Schema } from '../../src/sandbox/schema.ts';

const NAME_OR_NUMBER: Schema = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'integer', minimum: 1 },
  ],
};

test.each<[value: unknown, schema: Schema, problems: readonly [path: string, message: string][]]>([
  ['ab', NAME_OR_NUMBER, []],
  [1, NAME_OR_NUMBER, []],
  // only what is of its type is told of
  [0, NAME_OR_NUMBER, [['/x', 'must be at least 1, not 0']]],
  ['', NAME_OR_NUMBER, [['/x', 'must not be empty']]],
  [true, NAME_OR_NUMBER, [['/x', 'must be text, not boolean, or must be a whole number, not boolean']]],
  [null, { type: 'string', nullable: true }, []],
  [null, { type: 'string' }, [['/x', 'must be text, not null']]],
  [{ a: 1 }, { type: 'object' }, [['/x/a', 'is not known: there is nothing to give']]],
  [{ a: 1 }, { type: 'object', properties: { b: { type: 'string' } } }, [['/x/a', 'is not known: there is b']]],
  [{ 'a/~': 1 }, { type: 'object', additionalProperties: { type: 'string' } }, [['/x/a~1~0', 'must be text, not 1']]],
])('%j against %j', (value, schema, problems) => {
  expect(findProblems(value, schema, '/x')).toEqual(problems.map(([path, message]) => ({ path, message })));
});

test.each<[document: Partial<PadDocument>, problems: readonly [path: string, message: string][]]>([
  [{ savedRevisions: [0] }, []],
  [{ savedRevisions: [0, 0] }, [['/pads/0/savedRevisions/1', 'is a duplicate: 0']]],
  [{ savedRevisions: [1] }, [['/pads/0/savedRevisions/0', 'is no revision of the pad: its newest is 0']]],
])('a pad with %j', (document, problems) => {
  expect(findProblemsOfPad({ padID: 'x', text: 'x', ...document }, '/pads/0')).toEqual(
    problems.map(([path, message]) => ({ path, message })),
  );
});
