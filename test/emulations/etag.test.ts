import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { type Data, dataOf } from '../envelope.ts';

describe.each(['1.9.7', '2.5.3', '3.3.1'] as const)('%s', (emulate) => {
  let etherpad: MockEtherpad;
  let info: string;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate });
    const call = async (path: string): Promise<Data> =>
      dataOf(await ask(etherpad.url, { path: `/api/1.2.15/${path}apikey=${etherpad.apiKey}` }));
    const { groupID } = await call('createGroup?');
    const { authorID } = await call('createAuthor?');
    const { sessionID } = await call(`createSession?groupID=${groupID}&authorID=${authorID}&validUntil=99999999999&`);
    info = `/api/1.2.15/getSessionInfo?apikey=${etherpad.apiKey}&sessionID=${sessionID}`;
  });
  afterAll(() => etherpad.close());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> => ask(etherpad.url, { path, headers });
  const tagOf = async (path: string): Promise<string> => (await get(path)).headers.etag!;

  test('a GET answer carries a weak ETag, the same for the same answer', async () => {
    const tag = await tagOf(info);
    expect(tag).toMatch(/^W\/"[0-9a-f]+-[A-Za-z0-9+/]{27}"$/);
    expect(await tagOf(info)).toBe(tag);
    expect(await tagOf('/api')).not.toBe(tag);
  });

  test('the ETag is the length of the body in hex digits and the start of its SHA-1 in base64', async () => {
    const { body, headers } = await get(`/api/1.2.15/checkToken?apikey=${etherpad.apiKey}`);
    expect(body).toBe('{"code":0,"message":"ok","data":null}');
    expect(headers.etag).toBe('W/"25-MFpxQp+PZlCoDSPsK8nz8gNSTs0"');
  });

  test.each([
    ['the ETag', (tag: string) => tag],
    ['the ETag without its W/', (tag: string) => tag.slice(2)],
    ['the ETag among others', (tag: string) => `"other", ${tag}, "more"`],
    ['any', () => '*'],
  ])('If-None-Match with %s gives 304 with no body', async (_what, header) => {
    const tag = await tagOf(info);
    const { status, headers, body } = await get(info, { 'If-None-Match': header(tag) });
    expect({ status, tag: headers.etag, type: headers['content-type'], body }).toEqual({ status: 304, tag, type: undefined, body: '' });
  });

  test('another ETag gives the answer', async () => {
    expect((await get(info, { 'If-None-Match': 'W/"25-nothing"' })).status).toBe(200);
  });

  test('Cache-Control: no-cache gives the answer', async () => {
    const tag = await tagOf(info);
    expect((await get(info, { 'If-None-Match': tag, 'Cache-Control': 'no-cache' })).status).toBe(200);
  });

  test('code 1, which has status 200, gives 304 too', async () => {
    const unknown = `/api/1.2.15/getSessionInfo?apikey=${etherpad.apiKey}&sessionID=x`;
    expect((await get(unknown, { 'If-None-Match': await tagOf(unknown) })).status).toBe(304);
  });

  test('401 and 404 stay what they are', async () => {
    for (const [path, status] of [
      ['/api/1.2.15/checkToken', 401],
      ['/api/1.2.15/nope', 404],
    ] as const) {
      const { headers } = await get(path);
      expect((await get(path, { 'If-None-Match': headers.etag ?? '*' })).status).toBe(status);
      expect((await get(path, { 'If-None-Match': '*' })).status).toBe(status);
    }
  });

  test('POST is answered whatever the client knows', async () => {
    const reply = await ask(etherpad.url, { method: 'POST', path: info, headers: { 'If-None-Match': await tagOf(info) } });
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([200, 0]);
  });

  test('GET /api and openapi.json know it too', async () => {
    for (const path of ['/api', '/api/openapi.json']) {
      expect((await get(path, { 'If-None-Match': await tagOf(path) })).status).toBe(304);
    }
  });
});

test('the documented emulation has no ETag and no 304', async () => {
  await using etherpad = await startMockEtherpad();
  for (const path of ['/api', `/checkToken?apikey=${etherpad.apiKey}`, '/openapi.json', '/checkToken', '/nope']) {
    const { status, headers } = await ask(etherpad.url, { path, headers: { 'If-None-Match': '*' } });
    expect(headers.etag).toBeUndefined();
    expect(status).not.toBe(304);
  }
});
