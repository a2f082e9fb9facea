import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, multipart, type Question, type Reply } from '../ask.ts';
import { dataOf, expectEnvelope } from '../envelope.ts';
import { makeRecords, type Records } from './examples.ts';

let etherpad: MockEtherpad;
let records: Records;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
  records = await makeRecords(etherpad);
});
afterAll(() => etherpad.close());

const JSON_BODY = { 'Content-Type': 'application/json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

const get = (query: string): Promise<Reply> => ask(etherpad.url, { path: `/getSessionInfo?apikey=${etherpad.apiKey}&${query}` });
const post = (query: string, more: Omit<Question, 'path'>): Promise<Reply> =>
  ask(etherpad.url, { method: 'POST', path: `/getSessionInfo?apikey=${etherpad.apiKey}&${query}`, ...more });
const createSession = (query: string): Promise<Reply> => ask(etherpad.url, { path: `/createSession?apikey=${etherpad.apiKey}&${query}` });

const isFound = (reply: Reply): void => {
  expect(dataOf(reply).info.id).toBe(records.sessionID);
};
const isNotFound = (reply: Reply): void => expectEnvelope(reply, 1, 'sessionID does not exist');

describe('the body wins over the query', () => {
  test.each([
    { kind: 'form', body: (value: string) => ({ headers: FORM, body: new URLSearchParams({ sessionID: value }).toString() }) },
    { kind: 'multipart', body: (value: string) => multipart([['sessionID', value]]) },
    { kind: 'JSON', body: (value: string) => ({ headers: JSON_BODY, body: JSON.stringify({ sessionID: value }) }) },
  ])('in a $kind, even where its value is empty', async ({ body }) => {
    isFound(await post('sessionID=s.unknown', body(records.sessionID)));
    isNotFound(await post(`sessionID=${records.sessionID}`, body('s.unknown')));
    isNotFound(await post(`sessionID=${records.sessionID}`, body('')));
  });

  test('in JSON, even where its value is null', async () => {
    isNotFound(await post(`sessionID=${records.sessionID}`, { headers: JSON_BODY, body: '{"sessionID":null}' }));
  });

  test('and the query fills in what the body does not have', async () => {
    isFound(await post(`sessionID=${records.sessionID}`, { headers: JSON_BODY, body: '{"other":1}' }));
    isFound(await post(`sessionID=${records.sessionID}`, { headers: FORM, body: 'other=1' }));
  });
});

test('a body on GET is ignored', async () => {
  for (const [headers, body] of [
    [FORM, 'sessionID=s.unknown'],
    [JSON_BODY, '{"sessionID":"s.unknown"}'],
    [JSON_BODY, '{malformed'],
    [{ 'Content-Type': 'text/plain' }, 'x'],
  ] as const) {
    isFound(await ask(etherpad.url, { path: `/getSessionInfo?apikey=${etherpad.apiKey}&sessionID=${records.sessionID}`, headers, body }));
  }
});

describe('names are case-sensitive and ids are not trimmed', () => {
  test.each([
    ['sessionId=ID'],
    ['SESSIONID=ID'],
    ['sessionID=ID%20'],
    ['sessionID=%20ID'],
    ['sessionID=ID%0A'],
    ['sessionID=ID%00'],
    ['sessionID=ID+'],
    ['sessionID'],
    ['sessionID=constructor'],
    ['sessionID=__proto__'],
  ])('%s is not found', async (query) => {
    isNotFound(await get(query.replace('ID%', `${records.sessionID}%`).replace(/ID(\+?)$/, `${records.sessionID}$1`)));
  });

  test('parameters that a function does not know are ignored', async () => {
    isFound(await get(`sessionID=${records.sessionID}&foo=bar&groupID=x`));
  });
});

describe('bad percent-encoding never fails', () => {
  test.each(['%', '%zz', '%ff', '%E0%A4%A', '%C0%80'])('%s', async (value) => {
    isNotFound(await get(`sessionID=${value}`));
    isFound(await get(`sessionID=${records.sessionID}&other=${value}&${value}`));
  });
});

describe('a repeated query parameter is an array', () => {
  test('which is no id', async () => {
    isNotFound(await get(`sessionID=${records.sessionID}&sessionID=${records.sessionID}`));
    isNotFound(await get(`sessionID=${records.sessionID}&sessionID=s.unknown`));
  });

  test('of which the first counts for validUntil', async () => {
    const { groupID, authorID } = records;
    const { sessionID } = dataOf(await createSession(`groupID=${groupID}&authorID=${authorID}&validUntil=99999999999&validUntil=1`));
    expect(dataOf(await get(`sessionID=${sessionID}`)).validUntil).toBe(99_999_999_999);
    expectEnvelope(
      await createSession(`groupID=${groupID}&authorID=${authorID}&validUntil=1&validUntil=99999999999`),
      1,
      'validUntil is in the past',
    );
  });

  test('which is no groupMapper, and an authorMapper joined by commas', async () => {
    const path = (name: string, query: string) => ({ path: `/${name}?apikey=${etherpad.apiKey}&${query}` });
    expectEnvelope(
      await ask(etherpad.url, path('createGroupIfNotExistsFor', 'groupMapper=a&groupMapper=b')),
      1,
      'groupMapper is not a string',
    );
    const { authorID } = dataOf(await ask(etherpad.url, path('createAuthorIfNotExistsFor', 'authorMapper=a&authorMapper=b')));
    expectEnvelope(await ask(etherpad.url, path('createAuthorIfNotExistsFor', 'authorMapper=a,b')), 0, 'ok', { authorID });
  });

  test('which is no API key', async () => {
    const key = `apikey=${etherpad.apiKey}`;
    expectEnvelope(await ask(etherpad.url, { path: `/checkToken?${key}&${key}` }), 4, 'no or wrong API Key');
  });
});

describe('in bodies the first of repeated fields wins', () => {
  test.each([
    { kind: 'form', question: (first: string, second: string) => ({ headers: FORM, body: `sessionID=${first}&sessionID=${second}` }) },
    {
      kind: 'multipart',
      question: (first: string, second: string) =>
        multipart([
          ['sessionID', first],
          ['sessionID', second],
        ]),
    },
  ])('in a $kind', async ({ question }) => {
    isFound(await post('', question(records.sessionID, 's.unknown')));
    isNotFound(await post('', question('s.unknown', records.sessionID)));
  });
});

describe('brackets mean nothing', () => {
  test.each(['sessionID[]', 'sessionID[a]', 'sessionID[0]', 'sessionID%5B%5D'])('%s', async (name) => {
    isNotFound(await get(`${name}=${records.sessionID}`));
  });
});

const create = (validUntil: unknown): Promise<Reply> =>
  ask(etherpad.url, {
    method: 'POST',
    path: '/createSession',
    headers: JSON_BODY,
    body: JSON.stringify({ apikey: etherpad.apiKey, groupID: records.groupID, authorID: records.authorID, validUntil }),
  });

describe('JSON values that are no text', () => {
  test.each([
    [99_999_999_999, 99_999_999_999],
    ['99999999999', 99_999_999_999],
    [1e12, 1e12],
    [['99999999999'], 99_999_999_999],
  ])('validUntil %j is accepted as %d, an integer', async (validUntil, stored) => {
    const { sessionID } = dataOf(await create(validUntil));
    expect(dataOf(await get(`sessionID=${sessionID}`)).validUntil).toBe(stored);
  });

  test.each([
    [null, 'validUntil is not a number'],
    [true, 'validUntil is not a number'],
    [{}, 'validUntil is not a number'],
    [-1.5, 'validUntil is a negative number'],
    [99_999_999_999.5, 'validUntil is a float value'],
    [0, 'validUntil is in the past'],
  ])('validUntil %j: %s', async (validUntil, message) => {
    expectEnvelope(await create(validUntil), 1, message);
  });

  test.each([null, 5, true, {}, [], ['s.unknown']])('the session %j does not exist', async (sessionID) => {
    isNotFound(await post('', { headers: JSON_BODY, body: JSON.stringify({ sessionID }) }));
  });

  test('ids in an array of one are answered as text', async () => {
    const { groupID, authorID } = records;
    const reply = await ask(etherpad.url, {
      method: 'POST',
      path: '/createSession',
      headers: JSON_BODY,
      body: JSON.stringify({ apikey: etherpad.apiKey, groupID: [groupID], authorID: [authorID], validUntil: 99_999_999_999 }),
    });
    const info = dataOf(await get(`sessionID=${dataOf(reply).sessionID}`));
    expect(info).toEqual({ info: expect.anything(), groupID, authorID, validUntil: 99_999_999_999 });
  });
});

test('a JSON key __proto__ is merged like any other, into this call alone', async () => {
  const body = `{"apikey":"${etherpad.apiKey}","__proto__":{"sessionID":"${records.sessionID}"},"constructor":{"prototype":{"polluted":1}}}`;
  const reply = await ask(etherpad.url, { method: 'POST', path: '/getSessionInfo', headers: JSON_BODY, body });
  isFound(reply);
  expect(({} as Record<string, unknown>)['sessionID']).toBeUndefined();
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  isNotFound(await get(''));
});

test('headers are no parameters', async () => {
  isNotFound(await ask(etherpad.url, { path: `/getSessionInfo?apikey=${etherpad.apiKey}`, headers: { sessionID: records.sessionID } }));
});
