import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { expectEnvelope, JSON_TYPE } from '../envelope.ts';
import { EXAMPLES, makeRecords, SWITCHED_OFF, WAYS } from './examples.ts';

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
});
afterAll(() => etherpad.close());

const COVERED = FUNCTIONS.filter(({ name }) => !(name in SWITCHED_OFF));

const MOUNTS = [
  { mount: 'the root', pathOf: ({ name }: { name: string }) => `/${name}` },
  { mount: '/api/1.3.1', pathOf: ({ name }: { name: string }) => `/api/1.3.1/${name}` },
  { mount: '/rest/1.3.1', pathOf: ({ rest }: { rest: string }) => `/rest/1.3.1/${rest}` },
];

test('there is an example of every function that is not switched off', () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(COVERED.map(({ name }) => name).toSorted());
});

describe.each(MOUNTS)('at $mount', ({ pathOf }) => {
  describe.each(WAYS)('by $method with parameters in $name', ({ question }) => {
    test.each(COVERED)('$name is ok', async (row) => {
      const records = await makeRecords(etherpad);
      const { parameters, data } = EXAMPLES[row.name]!;
      const reply = await ask(etherpad.url, question(pathOf(row), { apikey: etherpad.apiKey, ...parameters(records) }));
      expect({ status: reply.status, type: reply.headers['content-type'], body: JSON.parse(reply.body) }).toEqual({
        status: 200,
        type: JSON_TYPE,
        body: { code: 0, message: 'ok', data: data(records) },
      });
      expect(reply.body).toMatch(/^{"code":0,"message":"ok","data":/);
    });
  });

  test.each(FUNCTIONS)('$name without a key is code 4, whatever else is missing', async (row) => {
    for (const method of ['GET', 'POST']) expectEnvelope(await ask(etherpad.url, { method, path: pathOf(row) }), 4, 'no or wrong API Key');
  });

  test.each(FUNCTIONS.filter(({ name }) => name in SWITCHED_OFF))('$name is switched off, and says so', async (row) => {
    for (const method of ['GET', 'POST']) {
      expectEnvelope(await ask(etherpad.url, { method, path: `${pathOf(row)}?apikey=${etherpad.apiKey}` }), 1, SWITCHED_OFF[row.name]!);
    }
  });
});

describe('at /api/2', () => {
  const calls = COVERED.flatMap((row) => (row.api2 === undefined ? [] : [{ ...row, ...row.api2 }]));

  test.each(calls)('$method $path is $name', async ({ name, method, path }) => {
    const records = await makeRecords(etherpad);
    const { parameters, data } = EXAMPLES[name]!;
    const query = new URLSearchParams({ apikey: etherpad.apiKey, ...parameters(records) });
    const reply = await ask(etherpad.url, { method, path: `/api/2/${path}?${query.toString()}` });
    expect({ status: reply.status, body: JSON.parse(reply.body) }).toEqual({
      status: 200,
      body: { code: 0, message: 'ok', data: data(records) },
    });
  });

  test.each(calls.filter(({ method }) => method === 'POST' || method === 'DELETE'))(
    '$method $path takes its parameters in a JSON body too',
    async ({ name, method, path }) => {
      const records = await makeRecords(etherpad);
      const { parameters, data } = EXAMPLES[name]!;
      const body = JSON.stringify({ apikey: etherpad.apiKey, ...parameters(records) });
      const reply = await ask(etherpad.url, { method, path: `/api/2/${path}`, headers: { 'Content-Type': 'application/json' }, body });
      expect({ status: reply.status, body: JSON.parse(reply.body) }).toEqual({
        status: 200,
        body: { code: 0, message: 'ok', data: data(records) },
      });
    },
  );

  test.each(calls)('$method $path without a key is code 4', async ({ method, path }) => {
    expectEnvelope(await ask(etherpad.url, { method, path: `/api/2/${path}` }), 4, 'no or wrong API Key');
  });

  test.each([
    ['GET', '/api/2'],
    ['GET', '/api/2/'],
    ['GET', '/api/2/nothing'],
    ['GET', '/api/2/createSession'],
    ['PUT', '/api/2/sessions'],
    ['POST', '/api/2/sessions/info'],
    ['POST', '/api/2/sessions/'],
    ['GET', '/api/2/sessions/info/'],
    ['DELETE', '/api/2/authors'],
  ])('%s %s is code 3, whatever the key', async (method, path) => {
    expectEnvelope(await ask(etherpad.url, { method, path: `${path}?apikey=${etherpad.apiKey}` }), 3, 'no such function');
  });
});
