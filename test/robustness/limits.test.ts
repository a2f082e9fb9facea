import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { EMULATIONS, type Emulation } from '../../src/etherpad/emulation.ts';
import { type MockEtherpad, type MockEtherpadOptions, startMockEtherpad } from '../../src/index.ts';
import { ask, multipart, type Question, type Reply } from '../ask.ts';
import { Held } from './held-connection.ts';

const LATER = '4000000000';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'Content-Type': 'application/json' };
const DOCUMENTED: readonly Emulation[] = ['documented'];
const REAL: readonly Emulation[] = ['1.9.7', '2.5.3', '3.3.1'];

let etherpad: MockEtherpad;
const start = async (options: MockEtherpadOptions): Promise<void> => {
  etherpad = await startMockEtherpad(options);
};
const call = (question: Question): Promise<Reply> => ask(etherpad.url, question);
const get = (name: string, parameters: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  call({ path: `/api/1.3.0/${name}?${new URLSearchParams({ apikey: etherpad.apiKey, ...parameters }).toString()}` });
const dataOf = ({ body }: Reply): any => (JSON.parse(body) as { data: any }).data;
/** Something that a client of a working server gets. */
const expectWorking = async (): Promise<void> => expect((await get('checkToken')).body).toBe('{"code":0,"message":"ok","data":null}');

afterEach(() => etherpad.close());

describe('the body limit: 413, and nothing is done', () => {
  const LIMIT = 2_000;
  const name = 'n'.repeat(LIMIT);
  const questions = (apiKey: string): readonly (readonly [string, Question])[] => [
    ['a form', { method: 'POST', path: '/api/1.3.0/createAuthor', headers: FORM, body: `apikey=${apiKey}&name=${name}` }],
    [
      'a form in chunks',
      { method: 'POST', path: '/api/1.3.0/createAuthor', headers: FORM, body: `apikey=${apiKey}&name=${name}`, chunked: true },
    ],
    [
      'multipart',
      {
        method: 'POST',
        path: '/api/1.3.0/createAuthor',
        ...multipart([
          ['apikey', apiKey],
          ['name', name],
        ]),
      },
    ],
    [
      'multipart in chunks',
      {
        method: 'POST',
        path: '/api/1.3.0/createAuthor',
        ...multipart([
          ['apikey', apiKey],
          ['name', name],
        ]),
        chunked: true,
      },
    ],
    [
      'JSON',
      {
        method: 'POST',
        path: '/api/1.3.0/createAuthor',
        headers: { 'Content-Type': 'text/json' },
        body: JSON.stringify({ apikey: apiKey, name }),
      },
    ],
    [
      'JSON in chunks',
      {
        method: 'POST',
        path: '/api/1.3.0/createAuthor',
        headers: { 'Content-Type': 'text/json' },
        body: JSON.stringify({ apikey: apiKey, name }),
        chunked: true,
      },
    ],
  ];

  test.each(EMULATIONS)('%s', async (emulate) => {
    await start({ emulate, bodyLimit: LIMIT });
    for (const [what, question] of questions(etherpad.apiKey)) {
      const reply = await call(question);
      expect([what, reply.status, reply.headers.connection]).toEqual([what, 413, 'close']);
      expect(reply.body).toBe(`{"code":${emulate === 'documented' ? 1 : 2},"message":"the body is larger than 2000 bytes","data":null}`);
      await expectWorking();
    }
    expect((await etherpad.state.export()).authors).toEqual([]);
    const fits = await call({
      method: 'POST',
      path: '/api/1.3.0/createAuthor',
      headers: FORM,
      body: `apikey=${etherpad.apiKey}&name=short`,
    });
    expect(fits.status).toBe(200);
  });

  test('a client that is still sending when it is refused reads the answer', async () => {
    await start({ bodyLimit: LIMIT });
    const held = new Held(
      etherpad.url,
      `POST /createAuthor HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n{"name":"`,
    );
    for (let sent = 0; sent < 50 && !held.received.includes('}'); sent++) {
      held.socket.write('n'.repeat(10_000));
      await delay(2);
    }
    await held.closed;
    expect(held.status).toBe('413');
    expect(held.body).toBe('{"code":1,"message":"the body is larger than 2000 bytes","data":null}');
  });

  test('a control call: a problem', async () => {
    await start({ bodyLimit: LIMIT });
    for (const chunked of [false, true]) {
      const reply = await call({
        method: 'PUT',
        path: '/_mock/state',
        headers: JSON_BODY,
        body: JSON.stringify({ groups: [{ groupID: name }] }),
        chunked,
      });
      expect(reply.status).toBe(413);
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(JSON.parse(reply.body)).toEqual({
        title: 'the body is larger than 2000 bytes: start with a larger --body-limit',
        status: 413,
      });
    }
  });
});

describe('the number of fields', () => {
  const fields = (count: number, apiKey: string): string =>
    ['apikey', ...Array.from({ length: count - 1 }, (_, index) => `f${index}`)]
      .map((name) => `${name}=${name === 'apikey' ? apiKey : 'x'}`)
      .join('&');

  test('as documented it is an option', async () => {
    await start({ maxFields: 5 });
    expect((await call({ method: 'POST', path: '/checkToken', headers: FORM, body: fields(5, etherpad.apiKey) })).status).toBe(200);
    const many = await call({ method: 'POST', path: '/checkToken', headers: FORM, body: fields(6, etherpad.apiKey) });
    expect([many.status, many.body]).toEqual([400, '{"code":1,"message":"options.maxFields (5) exceeded","data":null}']);
  });

  test.each(REAL)('%s has its own limit of 1,000, whatever the option says', async (emulate) => {
    await start({ emulate, maxFields: 5 });
    expect(
      (await call({ method: 'POST', path: '/api/1.3.0/checkToken', headers: FORM, body: fields(1_000, etherpad.apiKey) })).status,
    ).toBe(200);
    const many = await call({ method: 'POST', path: '/api/1.3.0/checkToken', headers: FORM, body: fields(1_001, etherpad.apiKey) });
    expect([many.status, many.body]).toEqual([500, '{"code":2,"message":"options.maxFields (1000) exceeded","data":null}']);
  });
});

describe('the header limit: 431, for the request line and the headers together', () => {
  test.each([...DOCUMENTED, ...REAL])('%s', async (emulate) => {
    await start({ emulate, headerLimit: 2_048 });
    const fits = await call({ path: `/api/1.3.0/checkToken?apikey=${etherpad.apiKey}&x=${'x'.repeat(1_500)}` });
    expect(fits.status).toBe(200);
    for (const question of [
      { path: `/api/1.3.0/checkToken?x=${'x'.repeat(3_000)}` },
      { path: '/api/1.3.0/checkToken', headers: { 'X-Long': 'x'.repeat(3_000) } },
    ]) {
      const reply = await call(question);
      expect(reply.status).toBe(431);
      expect(reply.body).toBe(
        emulate === 'documented' ? '{"code":1,"message":"the request line and headers are too large","data":null}' : '',
      );
    }
    await expectWorking();
  });
});

describe('the number of connections: one more gets 503 and is closed, and the others work', () => {
  test.each([...DOCUMENTED, ...REAL])('%s', async (emulate) => {
    await start({ emulate, maxConnections: 2 });
    const held = [new Held(etherpad.url), new Held(etherpad.url)];
    await Promise.all(held.map((one) => one.connected()));
    const refused = await get('checkToken');
    expect(refused.status).toBe(503);
    expect(refused.headers.connection).toBe('close');
    expect(refused.body).toBe(emulate === 'documented' ? '{"code":1,"message":"too many connections","data":null}' : '');
    // those that were there first are served
    for (const one of held) one.socket.write(`GET /api HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => held.map(({ status }) => status)).toEqual(['200', '200']);
    held[0]!.socket.destroy();
    await expect.poll(async () => (await get('checkToken')).status).toBe(200);
    for (const one of held) one.socket.destroy();
  });
});

describe('the number of sandboxes: 503 with what to do, and those that are there go on', () => {
  test.each([...DOCUMENTED, ...REAL])('%s', async (emulate) => {
    await start({ emulate, maxSandboxes: 2 });
    const at = (name: string): Promise<Reply> => call({ path: `/sandbox/${name}/api/1.3.0/checkToken?apikey=${etherpad.apiKey}` });
    expect([(await at('one')).status, (await at('two')).status]).toEqual([200, 200]);
    const refused = await at('three');
    expect([refused.status, refused.body]).toEqual([503, '{"code":2,"message":"too many sandboxes","data":null}']);
    expect(refused.headers['x-mock-etherpad-reason']).toBe(
      'there are 2 sandboxes already: delete some with DELETE /_mock/sandboxes, or start with a larger --max-sandboxes',
    );
    const control = await call({ path: '/sandbox/three/_mock/info' });
    expect([control.status, control.headers['content-type']]).toEqual([503, 'application/problem+json; charset=utf-8']);
    expect((await at('one')).status).toBe(200);
    await call({ method: 'DELETE', path: '/_mock/sandboxes/one' });
    expect((await at('three')).status).toBe(200);
  });
});

describe('the size of the journal', () => {
  test.each([
    [0, []],
    [1, [5]],
    [3, [5, 4, 3]],
    [10, [5, 4, 3, 2, 1]],
  ])('%i keeps the newest', async (journalSize, kept) => {
    await start({ journalSize });
    for (let count = 0; count < 5; count++) await get('checkToken');
    const { total, requests } = await etherpad.requests.list();
    expect(total).toBe(kept.length);
    expect(requests.map(({ id }) => id)).toEqual(kept);
  });
});

describe('the number of sessions: code 2, and a deleted one makes place', () => {
  test.each(EMULATIONS)('%s', async (emulate) => {
    await start({ emulate, maxSessions: 2 });
    const { groupID } = dataOf(await get('createGroup')) as { groupID: string };
    const { authorID } = dataOf(await get('createAuthor')) as { authorID: string };
    const create = (): Promise<Reply> => get('createSession', { groupID, authorID, validUntil: LATER });
    const { sessionID } = dataOf(await create()) as { sessionID: string };
    expect((await create()).status).toBe(200);
    const refused = await create();
    expect([refused.status, refused.body]).toEqual([500, '{"code":2,"message":"too many sessions","data":null}']);
    expect(refused.headers['x-mock-etherpad-reason']).toBe('there are 2 sessions: delete some, or start with a larger --max-sessions');
    await get('deleteSession', { sessionID });
    expect((await create()).status).toBe(200);
    // each sandbox has its own number
    const elsewhere = await call({ path: `/sandbox/other/api/1.3.0/getStats?apikey=${etherpad.apiKey}` });
    expect(elsewhere.status).toBe(200);
  });

  test.each(EMULATIONS)('%s: sessions of a deleted group do not count', async (emulate) => {
    await start({ emulate, maxSessions: 2 });
    const { authorID } = dataOf(await get('createAuthor')) as { authorID: string };
    const fill = async (): Promise<string> => {
      const { groupID } = dataOf(await get('createGroup')) as { groupID: string };
      for (const _ of [1, 2]) expect((await get('createSession', { groupID, authorID, validUntil: LATER })).status).toBe(200);
      return groupID;
    };
    await get('deleteGroup', { groupID: await fill() });
    await fill();
  });

  test('expired sessions do not count where nobody sees them, also when the clock was moved', async () => {
    await start({ emulate: 'documented', maxSessions: 2 });
    const { groupID } = dataOf(await get('createGroup')) as { groupID: string };
    const { authorID } = dataOf(await get('createAuthor')) as { authorID: string };
    await etherpad.clock.freeze('2030-01-01');
    const create = async (seconds: number): Promise<number> =>
      (await get('createSession', { groupID, authorID, validUntil: String(1_893_456_000 + seconds) })).status;
    expect([await create(5), await create(10), await create(20)]).toEqual([200, 200, 500]);
    await etherpad.clock.advance({ seconds: 5 });
    expect([await create(20), await create(20)]).toEqual([200, 500]);
    await etherpad.clock.advance({ seconds: 3600 });
    expect([await create(7200), await create(7200), await create(7200)]).toEqual([200, 200, 500]);
  });

  test('there is no limit by default', async () => {
    await start({});
    const { groupID } = dataOf(await get('createGroup')) as { groupID: string };
    const { authorID } = dataOf(await get('createAuthor')) as { authorID: string };
    const statuses = await Promise.all(
      Array.from({ length: 300 }, async () => (await get('createSession', { groupID, authorID, validUntil: LATER })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

test('JSON that is nested deeper than a stack is deep is refused, by functions and control', async () => {
  await start({ emulate: 'documented' });
  const nested = (depth: number): string => `{"apikey":"${etherpad.apiKey}","name":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const post = (depth: number): Promise<Reply> => call({ method: 'POST', path: '/createAuthor', headers: JSON_BODY, body: nested(depth) });
  expect((await post(900)).status).toBe(200);
  for (const depth of [1_000, 5_000, 100_000]) {
    const reply = await post(depth);
    expect([reply.status, reply.body]).toEqual([400, '{"code":1,"message":"the JSON is nested deeper than 1000 levels","data":null}']);
    const control = await call({
      method: 'POST',
      path: '/_mock/requests/verify',
      headers: JSON_BODY,
      body: `{"parameters":${nested(depth)}}`,
    });
    expect([control.status, JSON.parse(control.body)]).toEqual([400, { title: 'the JSON is nested deeper than 1000 levels', status: 400 }]);
  }
  expect((await call({ path: '/_mock/requests' })).status).toBe(200);
  expect((await call({ path: '/_mock/state' })).status).toBe(200);
  for (const emulate of REAL) {
    await etherpad.emulate(emulate);
    const reply = await call({ method: 'POST', path: '/api/1.2.15/createAuthor', headers: JSON_BODY, body: nested(20_000) });
    const { body } = reply;
    expect([reply.status, body]).toEqual([
      500,
      emulate === '1.9.7'
        ? '{"code":2,"message":"the JSON is nested deeper than 1000 levels","data":null}'
        : '{"error":"Sorry, something bad happened!"}',
    ]);
  }
});

test('an API key that is an object without a text is a wrong key', async () => {
  await start({});
  for (const apikey of [{ toString: 1 }, [{ toString: null, valueOf: null }]]) {
    const reply = await call({ method: 'POST', path: '/checkToken', headers: JSON_BODY, body: JSON.stringify({ apikey }) });
    expect([reply.status, reply.body]).toEqual([401, '{"code":4,"message":"no or wrong API Key","data":null}']);
    expect(reply.headers['x-mock-etherpad-reason']).toBe('the API key that was sent does not match');
  }
});
