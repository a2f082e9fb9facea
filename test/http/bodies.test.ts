import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, multipart, type Question, type Reply, send } from '../ask.ts';
import { dataOf, expectEnvelope, JSON_TYPE } from '../envelope.ts';

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad({ bodyLimit: 200_000 });
});
afterAll(() => etherpad.close());

const post = (type: string | undefined, body: string | Buffer, more: Partial<Question> = {}): Promise<Reply> =>
  ask(etherpad.url, {
    method: 'POST',
    path: `/checkToken?apikey=${etherpad.apiKey}`,
    headers: type === undefined ? {} : { 'Content-Type': type },
    body,
    ...more,
  });

test('a connection stays open after a body that cannot be read', async () => {
  const agent = new http.Agent({ keepAlive: true });
  const question: Question = { method: 'POST', path: '/createGroup', headers: { 'Content-Type': 'application/json' }, body: '{' };
  const reply = await send(etherpad.url, question, agent).reply;
  expect(reply.status).toBe(400);
  expect(reply.headers.connection).not.toBe('close');
  agent.destroy();
});

describe('malformed JSON says where it breaks', () => {
  test.each([
    ['{"a":1,}', 1, 8],
    ['{"a" 1}', 1, 6],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{"a":', 1, 6],
    ['{', 1, 2],
    ["{'a':1}", 1, 2],
    ['apikey=x&sessionID=y', 1, 1],
    ['{"a":1} {"b":2}', 1, 9],
    ['{"a":/* b */1}', 1, 6],
  ])('%j breaks at line %d, column %d', async (body, line, column) => {
    const reply = await post('application/json', body);
    expect([reply.status, reply.headers['content-type']]).toEqual([400, JSON_TYPE]);
    expect(reply.body).toMatch(/^\{"code":1,"message":"malformed JSON at line \d+, column \d+: [^"]+","data":null\}$/);
    expect(JSON.parse(reply.body).message).toContain(`at line ${line}, column ${column}:`);
  });

  test('before the key is looked at', async () => {
    const reply = await post('application/json', '{"a":', { path: '/checkToken' });
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([400, 1]);
  });

  test.each(['"text"', '5', 'null', 'true'])('%s is JSON, but no object', async (body) => {
    expectEnvelope(await post('application/json', body), 1, 'the JSON body must be an object');
  });
});

describe('other bodies name the accepted ones', () => {
  const ACCEPTED = 'send application/x-www-form-urlencoded, multipart/form-data or application/json';

  test.each(['text/plain', 'application/xml', 'application/octet-stream', 'text/html; charset=utf-8', 'garbage'])('%s', async (type) => {
    expectEnvelope(await post(type, 'apikey=x'), 1, `Content-Type ${type} is not read: ${ACCEPTED}`);
  });

  test('a body with no Content-Type, or an empty one', async () => {
    expectEnvelope(await post(undefined, 'apikey=x'), 1, `the body has no Content-Type: ${ACCEPTED}`);
    expectEnvelope(await post('', 'apikey=x'), 1, `the body has no Content-Type: ${ACCEPTED}`);
    expectEnvelope(await post(undefined, 'apikey=x', { chunked: true }), 1, `the body has no Content-Type: ${ACCEPTED}`);
  });

  test('multipart with no boundary, or cut off, is code 1', async () => {
    const whole = multipart([['apikey', 'x']]);
    for (const reply of [
      await post('multipart/form-data', whole.body),
      await post(whole.headers['Content-Type'], whole.body.slice(0, -20)),
    ]) {
      expect([reply.status, reply.headers['content-type'], JSON.parse(reply.body).code]).toEqual([400, JSON_TYPE, 1]);
    }
  });
});

describe('bodies that are accepted', () => {
  test.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'text/json', 'application/vnd.api+json'])(
    'JSON as %s',
    async (type) => {
      expectEnvelope(await post(type, JSON.stringify({ apikey: etherpad.apiKey }), { path: '/checkToken' }), 0, 'ok');
    },
  );

  test.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded', 'application/x-www-form-urlencoded; charset=UTF-8'])(
    'a form as %s',
    async (type) => {
      expectEnvelope(await post(type, `apikey=${etherpad.apiKey}`, { path: '/checkToken' }), 0, 'ok');
    },
  );

  test('an empty JSON body is no parameters', async () => {
    expectEnvelope(await post('application/json', '{}'), 0, 'ok');
    expectEnvelope(await post('application/json', '[]'), 0, 'ok');
  });

  test('a name in UTF-8 comes back as it went, by every way', async () => {
    const name = 'Ünïcode ☃ 日本 🎈';
    const nameOf = async (reply: Reply): Promise<unknown> => {
      const { authorID } = dataOf(reply);
      return dataOf(await ask(etherpad.url, { path: `/getAuthorName?apikey=${etherpad.apiKey}&authorID=${authorID}` })).info.name;
    };
    const path = `/createAuthor?apikey=${etherpad.apiKey}`;
    const form = multipart([['name', name]]);
    expect(await nameOf(await ask(etherpad.url, { path: `${path}&name=${encodeURIComponent(name)}` }))).toBe(name);
    expect(await nameOf(await post('application/json', JSON.stringify({ name }), { path }))).toBe(name);
    expect(await nameOf(await post('application/x-www-form-urlencoded', new URLSearchParams({ name }).toString(), { path }))).toBe(name);
    expect(await nameOf(await post(form.headers['Content-Type'], form.body, { path }))).toBe(name);
  });
});

const isTooLarge = (reply: Reply): void => {
  expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([
    413,
    JSON_TYPE,
    '{"code":1,"message":"the body is larger than 200000 bytes","data":null}',
  ]);
};

describe('a body above the limit', () => {
  const LARGE = `{"a":"${'x'.repeat(200_000)}"}`;

  test.each(['application/json', 'application/x-www-form-urlencoded'])('as %s is 413', async (type) => isTooLarge(await post(type, LARGE)));
  test.each(['application/json', 'application/x-www-form-urlencoded'])('in chunks, as %s, is 413', async (type) =>
    isTooLarge(await post(type, LARGE, { chunked: true })),
  );

  test('leaves the server ready for the next', async () => {
    expectEnvelope(await post('application/json', '{}'), 0, 'ok');
  });

  test('one just below it is read', async () => {
    expectEnvelope(await post('application/json', `{"a":"${'x'.repeat(199_000)}"}`), 0, 'ok');
  });
});
