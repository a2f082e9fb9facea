import { afterAll, beforeAll, describe, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, multipart, type Question } from '../ask.ts';
import { expectEnvelope } from '../envelope.ts';

const KEY = 'the key: with Ünïcode & spaces';
const PLAIN = 'plain-key';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'Content-Type': 'application/json' };

/** Every place of the API key, most telling first: whichever of them is not empty decides. */
const inQuery =
  (name: string) =>
  (key: string): Partial<Question> => ({ path: `/checkToken?${new URLSearchParams({ [name]: key }).toString()}` });
const inForm =
  (name: string) =>
  (key: string): Partial<Question> => ({ method: 'POST', headers: FORM, body: new URLSearchParams({ [name]: key }).toString() });
const inMultipart =
  (name: string) =>
  (key: string): Partial<Question> => ({ method: 'POST', ...multipart([[name, key]]) });
const inJson =
  (name: string) =>
  (key: string): Partial<Question> => ({ method: 'POST', headers: JSON_BODY, body: JSON.stringify({ [name]: key }) });
const inHeader =
  (name: string, prefix = '') =>
  (key: string): Partial<Question> => ({ headers: { [name]: `${prefix}${key}` } });

const PLACES: readonly [place: string, put: (key: string) => Partial<Question>][] = [
  ...['apikey', 'api_key'].flatMap((name): [string, (key: string) => Partial<Question>][] => [
    [`query ${name}`, inQuery(name)],
    [`form ${name}`, inForm(name)],
    [`multipart ${name}`, inMultipart(name)],
    [`JSON ${name}`, inJson(name)],
    [`header ${name}`, inHeader(name)],
  ]),
  ['header Authorization', inHeader('Authorization')],
  ['header Authorization with Bearer', inHeader('Authorization', 'Bearer ')],
  ['header Authorization with bearer', inHeader('authorization', 'bearer ')],
];

let etherpad: MockEtherpad;
let unicode: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad({ apiKey: PLAIN });
  unicode = await startMockEtherpad({ apiKey: KEY });
});
afterAll(() => Promise.all([etherpad.close(), unicode.close()]));

const askWith = (question: Partial<Question>, origin = etherpad.url) => ask(origin, { path: '/checkToken', ...question });
const isRight = async (question: Partial<Question>, origin?: string): Promise<void> =>
  expectEnvelope(await askWith(question, origin), 0, 'ok');
const isWrong = async (question: Partial<Question>, origin?: string): Promise<void> =>
  expectEnvelope(await askWith(question, origin), 4, 'no or wrong API Key');

describe.each(PLACES)('in %s', (_place, put) => {
  test('the key counts', () => isRight(put(PLAIN)));
  test('a wrong key is code 4', () => isWrong(put('wrong')));
  test('an empty key is code 4', () => isWrong(put('')));
  test('the key in another case is code 4', () => isWrong(put(PLAIN.toUpperCase())));
  test('the beginning of the key is code 4', () => isWrong(put(PLAIN.slice(0, -1))));
  test('more than the key is code 4', () => isWrong(put(`${PLAIN}x`)));
});

describe('white space around a key makes it wrong', () => {
  test.each(PLACES.filter(([place]) => !place.startsWith('header')))('in %s', async (_place, put) => {
    await isWrong(put(`${PLAIN} `));
    await isWrong(put(` ${PLAIN}`));
    await isWrong(put(`${PLAIN}\n`));
  });
});

describe('a key of any characters counts', () => {
  test.each(PLACES.filter(([place]) => !place.startsWith('header')))('in %s', (_place, put) => isRight(put(KEY), unicode.url));
});

describe('what does not count', () => {
  test.each<[what: string, question: Partial<Question>]>([
    ['query authorization', inQuery('authorization')(PLAIN)],
    ['query APIKEY', inQuery('APIKEY')(PLAIN)],
    ['query apiKey', inQuery('apiKey')(PLAIN)],
    ['query apikey[]', inQuery('apikey[]')(PLAIN)],
    ['query key', inQuery('key')(PLAIN)],
    ['header X-API-Key', inHeader('X-API-Key')(PLAIN)],
    ['Authorization: Basic', inHeader('Authorization', 'Basic ')(PLAIN)],
    ['Authorization: Token', inHeader('Authorization', 'Token ')(PLAIN)],
    ['a cookie', inHeader('Cookie')(`apikey=${PLAIN}`)],
    ['form authorization', inForm('authorization')(PLAIN)],
    ['JSON null', { method: 'POST', headers: JSON_BODY, body: '{"apikey":null}' }],
    ['nothing', {}],
  ])('%s', (_what, question) => isWrong(question));
});

const inBodyAndQuery = (inBody: string, inUrl: string): Partial<Question> => ({
  ...inForm('apikey')(inBody),
  path: `/checkToken?apikey=${inUrl}`,
});

describe('with two keys, the first place that is not empty decides', () => {
  /** Places from the one that decides first to the last. */
  const ORDER: readonly [place: string, put: (key: string) => { query?: Record<string, string>; headers?: Record<string, string> }][] = [
    ['query apikey', (key) => ({ query: { apikey: key } })],
    ['query api_key', (key) => ({ query: { api_key: key } })],
    ['header apikey', (key) => ({ headers: { apikey: key } })],
    ['header api_key', (key) => ({ headers: { api_key: key } })],
    ['header Authorization', (key) => ({ headers: { Authorization: `Bearer ${key}` } })],
  ];
  const pairs = ORDER.flatMap(([first, putFirst], index) =>
    ORDER.slice(index + 1).map(([second, putSecond]) => ({ first, putFirst, second, putSecond })),
  );

  test.each(pairs)('$first before $second', async ({ putFirst, putSecond }) => {
    const both = (firstKey: string, secondKey: string): Partial<Question> => {
      const [a, b] = [putFirst(firstKey), putSecond(secondKey)];
      return { path: `/checkToken?${new URLSearchParams({ ...a.query, ...b.query }).toString()}`, headers: { ...a.headers, ...b.headers } };
    };
    await isRight(both(PLAIN, 'wrong'));
    await isWrong(both('wrong', PLAIN));
    await isRight(both('', PLAIN));
    await isWrong(both('', 'wrong'));
  });

  test('the body before the query, even where its key is empty', async () => {
    await isRight(inBodyAndQuery(PLAIN, 'wrong'));
    await isWrong(inBodyAndQuery('wrong', PLAIN));
    await isWrong(inBodyAndQuery('', PLAIN));
  });

  test('one key sent as query apikey, query api_key and header apikey at once', () =>
    isRight({ path: `/checkToken?apikey=${PLAIN}&api_key=${PLAIN}`, headers: { apikey: PLAIN } }));
});
