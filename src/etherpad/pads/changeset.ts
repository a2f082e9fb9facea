import type { AttributePool } from './attribute-pool.ts';
import { countLineFeeds, type PadText, type Splice } from './pad-text.ts';
import type { Run } from './run.ts';

/** A changeset that cannot be read, or does not fit the text that it is for. */
export class ChangesetError extends Error {
  override readonly name = 'ChangesetError';
}

const base36 = (number: number): string => number.toString(36);

/** An operation: attributes, the line feeds it spans, its sign, and how many characters it spans. */
const operation = (sign: '=' | '-' | '+', length: number, lineFeeds = 0, attributes = ''): string =>
  length === 0 ? '' : `${attributes}${lineFeeds === 0 ? '' : `|${base36(lineFeeds)}`}${sign}${base36(length)}`;

/** Up to the last line feed, then the rest of a line: an operation with line feeds ends in one. */
const linesAndRest = (sign: '=' | '+', length: number, lineFeeds: number, rest: number, attributes?: string): string =>
  lineFeeds === 0
    ? operation(sign, length, 0, attributes)
    : operation(sign, length - rest, lineFeeds, attributes) + operation(sign, rest, 0, attributes);

/** Attributes of a run as a changeset names them: `*0*3`, in the alphabetical order of their names. */
function namesOf(attributes: readonly number[], pool: AttributePool): string {
  const name = (number: number): string => pool.get(number)?.[0] ?? '';
  const sorted = attributes.length < 2 ? attributes : attributes.toSorted((one, other) => (name(one) < name(other) ? -1 : 1));
  return sorted.map((number) => `*${base36(number)}`).join('');
}

/** The operations that insert runs, which are merged. */
export function insertions(runs: readonly Run[], pool: AttributePool): string {
  const names = new Map<readonly number[], string>();
  let operations = '';
  for (const { text, attributes } of runs) {
    const named = names.get(attributes) ?? namesOf(attributes, pool);
    names.set(attributes, named);
    operations += linesAndRest('+', text.length, countLineFeeds(text), text.length - text.lastIndexOf('\n') - 1, named);
  }
  return operations;
}

/**
 * A changeset from its parts.
 *
 * @param growth how many characters more the text has afterwards
 * @param inserted the characters that the operations insert
 */
export const pack = (oldLength: number, growth: number, operations: string, inserted: string): string =>
  `Z:${base36(oldLength)}${growth < 0 ? '<' : '>'}${base36(Math.abs(growth))}${operations}$${inserted}`;

/**
 * What changes a text, in Etherpad's words: `Z:`, the old length, `>` or `<` and the change of length, operations, `$`,
 * and the inserted characters. Numbers are in base 36. Of what is kept, only what stands before the change is said.
 *
 * @param splice removes nothing, everything, or all but the last line feed; keeps nothing before it, or all but the last
 * line feed: these are the forms that the functions of the HTTP API make
 * @example encodeChangeset(new PadText(), { kept: 0, removed: 0, inserted: [{ text: 'Hello', attributes: [] }] }, pool) // 'Z:1>5+5$Hello'
 */
export function encodeChangeset(text: PadText, { kept, removed, inserted }: Splice, pool: AttributePool): string {
  const added = inserted.map((run) => run.text).join('');
  const lineFeeds = text.lineFeeds - 1;
  const keeps = kept === 0 ? '' : linesAndRest('=', kept, lineFeeds, text.lastLineLength);
  const removes = operation('-', removed, removed === text.length ? text.lineFeeds : lineFeeds);
  return pack(text.length, added.length - removed, `${keeps}${removes}${insertions(inserted, pool)}`, added);
}

const HEAD = /^Z:([0-9a-z]+)([<>])([0-9a-z]+)/;
const OPERATION = /((?:\*[0-9a-z]+)*)(?:\|([0-9a-z]+))?([=+-])([0-9a-z]+)/y;

/** How many characters a changeset says that the text has afterwards, which copies without history get wrong. */
export function lengthSaidBy(changeset: string): number {
  const [, before = '', sign, change = ''] = HEAD.exec(changeset) ?? [];
  return Number.parseInt(before, 36) + Number.parseInt(change, 36) * (sign === '<' ? -1 : 1);
}

const numbersOf = (attributes: string): number[] =>
  attributes === ''
    ? []
    : attributes
        .slice(1)
        .split('*')
        .map((number) => Number.parseInt(number, 36))
        .toSorted((one, other) => one - other);

/** Everything, all but the last line feed, before that, or before the line feeds that an empty pad and a copy begin with. */
const isForm = (kept: number, removed: number, length: number): boolean =>
  kept === 0 ? removed >= length - 1 || (removed === 0 && length === 2) : kept === length - 1 && removed === 0;

/**
 * Reads a changeset of one of the forms that the functions of the HTTP API make.
 *
 * @param length the length of the text it is for
 * @throws ChangesetError for what is no changeset, not one for a text of this length, or of another form
 */
export function decodeChangeset(changeset: string, length: number): Splice {
  const end = changeset.indexOf('$');
  const head = HEAD.exec(changeset);
  if (head === null || end === -1) throw new ChangesetError('is no changeset');
  if (Number.parseInt(head[1]!, 36) !== length) {
    throw new ChangesetError(`is for a text of ${Number.parseInt(head[1]!, 36)} characters, and there are ${length}`);
  }
  const counts = { '=': 0, '-': 0, '+': 0 };
  const inserted: Run[] = [];
  const bank = changeset.slice(end + 1);
  let sign: keyof typeof counts = '=';
  let index = head[0].length;
  while (index < end) {
    OPERATION.lastIndex = index;
    const found = OPERATION.exec(changeset);
    if (found === null || OPERATION.lastIndex > end) throw new ChangesetError('has an operation that cannot be read');
    index = OPERATION.lastIndex;
    const next = found[3] as keyof typeof counts;
    if ('=-+'.indexOf(next) < '=-+'.indexOf(sign) || (next !== '+' && found[1] !== '')) {
      throw new ChangesetError('keeps, removes and inserts in more than one place, which no function of the HTTP API does');
    }
    sign = next;
    const count = Number.parseInt(found[4]!, 36);
    const start = counts[sign];
    counts[sign] += count;
    if (sign !== '+') continue;
    const text = bank.slice(start, counts['+']);
    const lineFeeds = found[2] === undefined ? 0 : Number.parseInt(found[2], 36);
    if (countLineFeeds(text) !== lineFeeds) throw new ChangesetError('counts other line feeds than it inserts');
    inserted.push({ text, attributes: numbersOf(found[1]!) });
  }
  if (counts['+'] > bank.length) throw new ChangesetError('inserts more characters than it has');
  if (counts['='] + counts['-'] > length) throw new ChangesetError('keeps and removes more characters than there are');
  const [kept, removed] = [counts['='], counts['-']];
  if (!isForm(kept, removed, length)) throw new ChangesetError('changes a place of the text that no function of the HTTP API changes');
  return { kept, removed, inserted };
}
