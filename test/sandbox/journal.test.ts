import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Journal } from '../../src/sandbox/journal.ts';
import { type JournalRecord, SentQuery } from '../../src/sandbox/journal-record.ts';
import { shortened } from '../../src/sandbox/shorten.ts';
import { Secrets } from '../../src/sandbox/secrets.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Of no letter that other texts of these tests have, nor a digest. */
const KEY = 'KQ-VWXY_JZ.KLMNO-GHRSTU';

const envelopeOf = (data: unknown): string => JSON.stringify({ code: 0, message: 'ok', data });

const newRecord = (changes: Partial<JournalRecord> = {}): JournalRecord => ({
  at: 1_893_456_000_000,
  function: 'createGroup',
  mount: 'api',
  method: 'GET',
  path: '/api/1.2.15/createGroup',
  parameters: {},
  code: 0,
  status: 200,
  message: 'ok',
  fault: null,
  reason: null,
  access: null,
  milliseconds: 0.125,
  envelope: envelopeOf({ groupID: 'g.x' }),
  ...changes,
});

const newJournal = ({ requests = 1_000, bytes = 32 * MEBIBYTE, apiKey = KEY } = {}): Journal =>
  new Journal({ requests, bytes }, new Secrets(apiKey));

const newest = (journal: Journal) => journal.list({ limit: 1 }).requests[0]!;

const TEXT = fc.string({ unit: 'grapheme', maxLength: 12 });
const repeated = (most: number) => fc.tuple(TEXT, fc.nat(most)).map(([text, times]) => text.repeat(times));
const NAME = fc.constantFrom('groupID', 'authorID', 'sessionID', 'padID', 'text', 'name', '__proto__', 'toJSON', '');
const readQuery = (query: string) => Object.fromEntries(new URLSearchParams(query));

/** Any record with texts of any kind, repeated so often at most. */
function recordsOf(most: number): fc.Arbitrary<JournalRecord> {
  const text = fc.oneof({ weight: 5, arbitrary: TEXT }, { weight: 1, arbitrary: repeated(most) });
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }));
  const query = fc.dictionary(TEXT, text, { maxKeys: 4 }).map((fields) => new SentQuery(new URLSearchParams(fields).toString(), readQuery));
  return fc.record({
    at: fc.integer({ min: 0, max: 9_000_000_000_000_000 }),
    function: fc.option(fc.constantFrom('createGroup', 'getSessionInfo')),
    mount: fc.option(fc.constantFrom('api' as const, 'root' as const, 'api/2' as const)),
    method: fc.constantFrom('GET', 'POST', 'M-SEARCH'),
    path: text,
    parameters: fc.option(fc.oneof(fc.dictionary(fc.oneof(NAME, TEXT), value, { maxKeys: 6 }), query)),
    code: fc.option(fc.constantFrom(0 as const, 1 as const, 4 as const)),
    status: fc.option(fc.constantFrom(200, 400, 501)),
    message: fc.option(text),
    fault: fc.option(fc.constantFrom('drop', 'latency + code')),
    reason: fc.option(text),
    access: fc.option(
      fc.record({
        granted: fc.boolean(),
        by: fc.option(fc.constantFrom('session' as const, 'public' as const)),
        padID: fc.option(text),
        readOnlyID: fc.option(text),
        sessionID: fc.option(text),
        authorID: fc.option(text),
        reason: fc.option(text),
      }),
    ),
    milliseconds: fc.constantFrom(0, 0.125, 1234.567),
    envelope: fc.option(fc.oneof(value, fc.dictionary(NAME, value)).map(envelopeOf)),
  });
}

describe('a journal of bytes', () => {
  test('is the end of a plain list, and never takes more than its budget', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.oneof(fc.nat(4 * KIBIBYTE), fc.nat(300 * KIBIBYTE)),
        fc.array(recordsOf(3_000), { maxLength: 30 }),
        (requests, bytes, records) => {
          const journal = newJournal({ requests, bytes });
          for (const [index, record] of records.entries()) {
            journal.record(record);
            expect(journal.bytes).toBeLessThanOrEqual(bytes);
            expect(journal.count).toBe(index + 1);
            expect(journal.size).toBeLessThanOrEqual(Math.min(requests, index + 1));
            if (bytes >= 64 * KIBIBYTE) expect(journal.size).toBeGreaterThan(0);
          }
          const { total, requests: listed } = JSON.parse(JSON.stringify(journal.list())) as ReturnType<Journal['list']>;
          expect(total).toBe(journal.size);
          expect(listed.map(({ id }) => id)).toEqual(Array.from(listed, (_, index) => records.length - index));
          for (const { id, function: name, mount, method, code, status, fault, milliseconds } of listed) {
            const record = records[id - 1]!;
            expect({ name, mount, method, code, status, fault, milliseconds }).toEqual({
              name: record.function,
              mount: record.mount,
              method: record.method,
              code: record.code,
              status: record.status,
              fault: record.fault,
              milliseconds: record.milliseconds,
            });
            journal.dataOf(journal.find(id)!);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('gives back what is not too long as it was', () => {
    fc.assert(
      fc.property(recordsOf(20), (record) => {
        const journal = newJournal();
        journal.record(record);
        const { parameters, path, message, reason } = newest(journal);
        expect({ path, message, reason }).toEqual({ path: record.path, message: record.message, reason: record.reason });
        const sent = record.parameters instanceof SentQuery ? readQuery(record.parameters.query) : record.parameters;
        expect(JSON.stringify(parameters)).toBe(JSON.stringify(sent));
        const { data } = JSON.parse(record.envelope ?? '{"data":null}') as { data: unknown };
        expect(JSON.stringify(journal.dataOf(journal.find(1)!))).toBe(JSON.stringify(data));
      }),
      { numRuns: 150 },
    );
  });

  test('finds the ids that a request made, or else named', () => {
    const journal = newJournal();
    journal.record(
      newRecord({ parameters: { groupID: 'g.1', padID: 'p', sessionID: 7 }, envelope: envelopeOf({ padID: 'q', readOnlyID: 'r.1' }) }),
    );
    expect(newest(journal).ids).toEqual({ groupID: 'g.1', padID: 'q', readOnlyID: 'r.1' });
  });

  test('keeps nothing without bytes', () => {
    const journal = newJournal({ bytes: 0 });
    journal.record(newRecord());
    expect([journal.count, journal.size, journal.bytes, journal.list()]).toEqual([1, 0, 0, { total: 0, requests: [] }]);
  });

  test('takes little memory as long as there is little in it', () => {
    const journal = newJournal();
    expect(journal.bytes).toBe(0);
    for (let count = 0; count < 5; count++) journal.record(newRecord());
    expect(journal.bytes).toBeLessThan(20 * KIBIBYTE);
    for (let count = 0; count < 100_000; count++) journal.record(newRecord());
    expect(journal.bytes).toBeLessThan(300 * KIBIBYTE);
    journal.clear();
    expect(journal.bytes).toBe(0);
  });
});

describe('what is long', () => {
  const long = 'a long text '.repeat(10_000);

  test('is shown by its beginning, its length and a digest, wherever it is', () => {
    const journal = newJournal();
    const parameters = {
      text: long,
      [`name ${long}`]: '1',
      list: Array.from({ length: 50_000 }, (_, index) => index),
      short: [1, { a: 2 }],
    };
    journal.record(newRecord({ parameters, path: `/${long}`, message: long, reason: long }));
    const entry = newest(journal);
    const cut = /^[^…]{16000,}… \(\d+ characters, SHA-256 [\da-f]{16}…\)$/;
    for (const text of [
      entry.path,
      entry.message,
      entry.reason,
      entry.parameters!['text'],
      entry.parameters!['list'],
      Object.keys(entry.parameters!)[1],
    ])
      expect(text).toMatch(cut);
    expect(entry.parameters!['text']).toContain('… (120000 characters, ');
    expect(entry.parameters!['short']).toEqual([1, { a: 2 }]);
  });

  test('is compared to its last character', async () => {
    const journal = newJournal();
    journal.record(newRecord({ parameters: { text: long } }));
    expect(await journal.verify({ parameters: { text: long } })).toMatchObject({ ok: true });
    const verdict = await journal.verify({ parameters: { text: `${long.slice(0, -1)}!` } });
    expect(verdict).toMatchObject({ ok: false, matched: 0 });
    expect(verdict.message.length).toBeLessThan(200_000);
  });

  test('parameters that are too many are counted', () => {
    const journal = newJournal();
    journal.record(newRecord({ parameters: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name${index}`, index])) }));
    const { parameters } = newest(journal);
    const names = Object.keys(parameters!);
    expect(names.slice(0, 3)).toEqual(['name0', 'name1', 'name2']);
    expect(parameters!['…']).toBe(`${100_001 - names.length} more`);
  });

  test('answers are kept as far as the budget goes, and their requests longer', () => {
    const journal = newJournal();
    const data = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`s.${index}`, { groupID: 'g.s8oes9dhwrvt0zif', validUntil: 1 }]),
    );
    const envelope = envelopeOf(data);
    for (let count = 0; count < 100; count++) {
      journal.record(newRecord({ function: 'listSessionsOfGroup', parameters: { groupID: 'g.x' }, envelope }));
      expect(journal.bytes).toBeLessThanOrEqual(32 * MEBIBYTE);
    }
    expect(journal.size).toBe(100);
    expect(journal.dataOf(journal.find(100)!)).toEqual(data);
    expect(journal.dataOf(journal.find(90)!)).toEqual(data);
    expect(journal.dataOf(journal.find(1)!)).toBe(`… (${envelope.length} characters, no longer kept)`);
    expect(newest(journal).ids).toEqual({ groupID: 'g.x' });
  });

  test('an answer that would take most of the budget is shortened', () => {
    const journal = newJournal({ bytes: 100 * KIBIBYTE });
    journal.record(newRecord({ envelope: envelopeOf({ text: long }) }));
    expect(journal.dataOf(journal.find(1)!)).toMatch(/^\{"text":"a long text a.*… \(120011 characters, SHA-256 [\da-f]{16}…\)$/);
  });
});

describe('a key at a place where a text is cut', () => {
  const percent = (text: string): string => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16)}`).join('');
  const FORMS = [KEY, percent(KEY), percent(KEY).replaceAll('%', '%25'), `${KEY}${KEY}`];

  const ways = [
    (text: string) => text,
    (text: string) => text.replace(/%(?:25)*([\da-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  ];

  /** Four letters of the key in a row, in a text as it is or decoded. */
  function pieceIn(text: string): string | undefined {
    const pieces = Array.from({ length: KEY.length - 3 }, (_, start) => KEY.slice(start, start + 4));
    return ways.map((read) => read(text)).flatMap((read) => pieces.filter((piece) => read.includes(piece)))[0];
  }

  /** Where a text with the key may come, in the form of a text around it. */
  const PLACES: Readonly<Record<string, (text: string) => Partial<JournalRecord>>> = {
    'a value': (text) => ({ parameters: { text } }),
    'a query': (text) => ({ parameters: new SentQuery(`text=${text}`, readQuery) }),
    'a name': (text) => ({ parameters: { [text]: '1' } }),
    'a list': (text) => ({ parameters: { list: ['x', { deep: text }] } }),
    'a path': (text) => ({ path: text }),
    'a message': (text) => ({ message: text }),
    'a reason': (text) => ({ reason: text }),
    'an answer': (text) => ({ envelope: envelopeOf({ text }) }),
  };

  test.each(Object.entries(PLACES))('leaves nothing of itself in %s', async (_place, changes) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORMS),
        fc.integer({ min: 4 * KIBIBYTE, max: 40 * KIBIBYTE }),
        fc.integer({ min: -160, max: 20 }),
        fc.constantFrom(0, 30, 20_000),
        async (form, bytes, place, after) => {
          const journal = newJournal({ bytes });
          const cut = Math.floor(bytes / 64);
          const text = `${'z'.repeat(Math.max(0, cut + place))}${form}${'z'.repeat(after)}`;
          journal.record(newRecord(changes(text)));
          const verdict = await journal.verify({ function: 'getText', parameters: { text, list: [text] } });
          const shown = [
            JSON.stringify(journal.list()),
            JSON.stringify(verdict),
            JSON.stringify(Array.from(journal.kept(), (kept) => journal.dataOf(kept))),
          ];
          for (const one of shown) expect(pieceIn(one)).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is found by this very test where it is left', () => {
    for (const form of FORMS) expect(pieceIn(shortened(`zzz${form}`, 60))).toBeDefined();
  });
});

describe('those who wait', () => {
  test('look at each new request once, however many are kept', async () => {
    const journal = newJournal();
    for (let count = 0; count < 1_000; count++) journal.record(newRecord({ parameters: { name: `n${count}` } }));
    const waiting = Array.from({ length: 300 }, (_, index) =>
      journal.verify({ function: 'createGroup', parameters: { name: `late${index}` }, withinMs: 60_000 }),
    );
    const started = performance.now();
    for (let index = 0; index < 300; index++) journal.record(newRecord({ parameters: { name: `late${index}` } }));
    // each of them took 200 ms when everything was read again
    expect(performance.now() - started).toBeLessThan(3_000);
    expect((await Promise.all(waiting)).every(({ ok, matched }) => ok && matched === 1)).toBe(true);
  });

  test('count what was there before, and begin anew when the journal is emptied', async () => {
    const journal = newJournal();
    journal.record(newRecord());
    const thrice = journal.verify({ function: 'createGroup', times: 3, withinMs: 10_000 });
    const never = journal.verify({ function: 'createGroup', times: 0, withinMs: 10_000 });
    journal.record(newRecord());
    journal.record(newRecord({ function: 'createAuthor' }));
    journal.clear();
    expect(await never).toMatchObject({ ok: true, matched: 0 });
    for (let count = 0; count < 3; count++) journal.record(newRecord());
    expect(await thrice).toMatchObject({ ok: true, matched: 3 });
  });

  test('are told what came instead', async () => {
    const journal = newJournal();
    const verdict = journal.verify({ function: 'createAuthor', withinMs: 30 });
    journal.record(newRecord());
    expect(await verdict).toMatchObject({
      ok: false,
      matched: 0,
      nearest: [{ request: { id: 1 }, differences: ['the function is createGroup, not createAuthor'] }],
    });
  });
});

test('a token that is cut off by shortening is hidden before', () => {
  const journal = newJournal();
  const token = `eyJhbGciOiJSUzI1NiJ9.${'a1'.repeat(200)}.${'b2'.repeat(200)}`;
  const text = `${'x'.repeat(16_370)}${token}${'y'.repeat(1_000)}`;
  journal.record(newRecord({ parameters: { text }, reason: text, path: `/${text}` }));
  const shown = JSON.stringify(newest(journal));
  expect(shown).toContain('xxx…');
  expect(shown).not.toContain('eyJ');
});
