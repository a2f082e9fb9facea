import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EtherpadFunction } from '../../src/etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { DocumentValidator, type Method } from './document-validator.ts';
import { EXAMPLES, makeRecords, type Records, SWITCHED_OFF } from './examples.ts';

let etherpad: MockEtherpad;
let atRoot: DocumentValidator;
let belowRest: DocumentValidator;
let below2: DocumentValidator;

beforeAll(async () => {
  etherpad = await startMockEtherpad();
  const read = async (path: string) => new DocumentValidator(JSON.parse((await ask(etherpad.url, { path })).body) as object);
  [atRoot, belowRest, below2] = await Promise.all([read('/openapi.json'), read('/rest/1.3.1/openapi.json'), read('/api-docs.json')]);
});
afterAll(() => etherpad.close());

type Values = Readonly<Record<string, unknown>>;

const HTML = '<h1>One</h1><ol><li>two<ul><li>three &amp; <b>four</b></li></ul></li></ol><a href="http://example.org/">five</a>';

/** A value that each parameter may have, where the examples give none, or another than theirs. */
const FURTHER: Readonly<Record<string, (records: Records) => string>> = {
  authorId: ({ authorID }) => authorID,
  authorID: ({ authorID }) => authorID,
  name: () => 'Grace',
  rev: () => '0',
  text: () => 'one\n\ttwo \u00A0 ☃ 😀\n',
  html: () => HTML,
  force: () => 'true',
  start: () => '0',
  end: () => '0',
  time: () => '1.5',
  deletionToken: () => 'wrong',
  publicStatus: () => 'false',
};

/** Values that are wrong for some parameter or other. */
const ODD: readonly unknown[] = [
  '', ' ', '0', '-1', '1.5', '1e3', '99999999999999999999', 'NaN', 'undefined', 'null', 'true', 'a$b', 'g.unknown$pad', '__proto__', 'constructor',
  '\u0000', '\uD800', '<ul><li>', '日本', 'x'.repeat(1_000), 0, -1, 1.5, 1e21, 1e-7, true, false, null, [], ['a', 'b'], [['a']], {}, { a: 1 },
]; // oxfmt-ignore

const isText = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((member) => typeof member === 'string'));

function query(values: Values): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) for (const text of [value].flat()) search.append(name, String(text));
  return search.toString();
}

/** A call with good parameters, then with more of them, then with each of them missing or odd. */
function* casesOf(
  { name, parameters, laterParameters }: EtherpadFunction,
  records: Records,
  odd: readonly unknown[],
): Generator<Values, void> {
  const good = EXAMPLES[name]?.parameters(records) ?? {};
  yield good;
  const all = [...parameters, ...(laterParameters?.names ?? [])];
  const further = Object.fromEntries(all.filter((one) => FURTHER[one] !== undefined).map((one) => [one, FURTHER[one]!(records)]));
  yield { ...good, ...further };
  for (const one of all) {
    const { [one]: _, ...others } = good;
    yield others;
    for (const value of odd) yield { ...good, [one]: value };
  }
}

interface Place {
  readonly method: Method;
  readonly path: string;
  /** The path in the document. */
  readonly documented: string;
  /** The odd values to send: all of them at one place, a few where the same functions are mounted again. */
  readonly odd: readonly unknown[];
  readonly validator: () => DocumentValidator;
}

function placesOf({ name, rest, api2 }: EtherpadFunction): readonly Place[] {
  const both = (path: string, documented: string, odd: readonly unknown[], validator: () => DocumentValidator): Place[] =>
    (['get', 'post'] as const).map((method) => ({ method, path, documented, odd, validator }));
  const few = ['', '-1', 'g.unknown$pad'];
  return [
    ...both(`/${name}`, `/${name}`, ODD, () => atRoot),
    ...both(`/rest/1.3.1/${rest}`, `/${rest}`, few, () => belowRest),
    ...(api2 === undefined
      ? []
      : [
          {
            method: api2.method.toLowerCase() as Method,
            path: `/api/2/${api2.path}`,
            documented: `/${api2.path}`,
            odd: few,
            validator: () => below2,
          },
        ]),
  ];
}

/** A body of PATCH is read by no Etherpad, and one of GET is none. */
const takesBody = (method: Method): boolean => method === 'post' || method === 'delete';

const send = (method: Method, path: string, values: Values): Promise<Reply> =>
  !takesBody(method)
    ? ask(etherpad.url, { method: method.toUpperCase(), path: `${path}?${query(values)}` })
    : ask(etherpad.url, {
        method: method.toUpperCase(),
        path,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(values),
      });

describe.each(FUNCTIONS.map((row) => [row.name, row] as const))('%s', (_name, row) => {
  test.each(placesOf(row))('by $method at $path, with good and bad parameters, answers as the document says', async (place) => {
    const { method, path, documented, odd } = place;
    const validator = place.validator();
    const statuses = new Set<number>();
    const expectDocumented = async (values: Values): Promise<void> => {
      const reply = await send(method, path, values);
      statuses.add(reply.status);
      const errors = validator.errorsOf(reply, documented, method);
      expect(errors, `${JSON.stringify(values)} is answered with ${reply.body}`).toEqual([]);
    };
    for (const values of casesOf(row, await makeRecords(etherpad), odd)) {
      if (!takesBody(method) && !Object.values(values).every(isText)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one call changes what the next one is answered with
      await expectDocumented({ apikey: etherpad.apiKey, ...values });
    }
    expect([...statuses]).toContain(row.name in SWITCHED_OFF ? 400 : 200);
    await expectDocumented({ apikey: 'wrong' });
    expect([...statuses]).toContain(401);
  });
});

/** What Etherpad's own OpenAPI document of API 1.2.15 names in the data of each function, as far as it names anything. */
const DOCUMENTED_DATA: Readonly<Record<string, Values>> = {
  createGroup: { groupID: 'string' },
  createGroupIfNotExistsFor: { groupID: 'string' },
  listPads: { padIDs: ['string'] },
  createAuthor: { authorID: 'string' },
  createAuthorIfNotExistsFor: { authorID: 'string' },
  listPadsOfAuthor: { padIDs: ['string'] },
  createSession: { sessionID: 'string' },
  getSessionInfo: { info: { id: 'string', authorID: 'string', groupID: 'string', validUntil: 'integer' } },
  listSessionsOfGroup: { sessions: [{ id: 'string', authorID: 'string', groupID: 'string', validUntil: 'integer' }] },
  listSessionsOfAuthor: { sessions: [{ id: 'string', authorID: 'string', groupID: 'string', validUntil: 'integer' }] },
  getText: { text: 'string' },
  getHTML: { html: 'string' },
  getRevisionsCount: { revisions: 'integer' },
  getLastEdited: { lastEdited: 'integer' },
  getReadOnlyID: { readOnlyID: 'string' },
  getPublicStatus: { publicStatus: 'boolean' },
  listAuthorsOfPad: { authorIDs: ['string'] },
  padUsersCount: { padUsersCount: 'integer' },
  getAuthorName: { info: { id: 'string', colorId: 'string', name: 'string', timestamp: 'integer' } },
  padUsers: { padUsers: [] },
  listAllGroups: { groupIDs: ['string'] },
  listAllPads: { padIDs: ['string'] },
  getChatHistory: { messages: [{ text: 'string', userId: 'string', userName: 'string', time: 'integer' }] },
  getChatHead: { chatHead: { text: 'string', userId: 'string', userName: 'string', time: 'integer' } },
};

/** A value with the names of its types in place of its texts and numbers; of a list, its first member's. */
function typesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(typesOf);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typesOf(one)]));
  return Number.isInteger(value) ? 'integer' : typeof value;
}

test.each(Object.entries(DOCUMENTED_DATA))("%s has the data of Etherpad's own document", async (name, data) => {
  const records = await makeRecords(etherpad);
  await send('get', '/appendText', { apikey: etherpad.apiKey, padID: records.padID, text: 'more', authorId: records.authorID });
  const reply = await send('get', `/${name}`, { apikey: etherpad.apiKey, ...EXAMPLES[name]!.parameters(records) });
  const { data: real } = JSON.parse(reply.body) as { data: unknown };
  expect(typesOf(real)).toMatchObject(data);
});
