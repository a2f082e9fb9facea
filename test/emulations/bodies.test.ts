import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, multipart, type Reply, send } from '../ask.ts';
import { dataOf, expectEnvelope, JSON_TYPE } from '../envelope.ts';

const JSON_BODY = { 'Content-Type': 'application/json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const SOMETHING_BAD = '{"error":"Sorry, something bad happened!"}';

const fields = (count: number): [string, string][] => Array.from({ length: count }, (_, index) => [`field${index}`, 'x']);
const isOk = (reply: Reply): void => expectEnvelope(reply, 0, 'ok');
const jsonOf = (bytes: number): string => JSON.stringify({ x: 'x'.repeat(bytes - JSON.stringify({ x: '' }).length) });

describe.each(['documented', '1.9.7', '2.5.3', '3.3.1'] as const)('%s', (emulate) => {
  const isDocumented = emulate === 'documented';
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate });
  });
  afterAll(() => etherpad.close());

  const post = (headers: Record<string, string>, body: string | Buffer, mount = '/api/1.2.15'): Promise<Reply> =>
    ask(etherpad.url, { method: 'POST', path: `${mount}/checkToken?apikey=${etherpad.apiKey}`, headers, body });
  const isTooMany = (reply: Reply): void => {
    expect({ status: reply.status, type: reply.headers['content-type'], body: reply.body }).toEqual({
      status: isDocumented ? 400 : 500,
      type: JSON_TYPE,
      body: `{"code":${isDocumented ? 1 : 2},"message":"options.maxFields (1000) exceeded","data":null}`,
    });
  };

  test('1,000 fields of a form are read, 1,001 are too many', async () => {
    isOk(await post(FORM, new URLSearchParams(fields(1_000)).toString()));
    isTooMany(await post(FORM, new URLSearchParams(fields(1_001)).toString()));
  });

  test('1,000 fields of multipart are read, 1,001 are too many', async () => {
    const [enough, tooMany] = [multipart(fields(1_000)), multipart(fields(1_001))];
    isOk(await post(enough.headers, enough.body));
    isTooMany(await post(tooMany.headers, tooMany.body));
  });

  test('a form of 21 MB is read', async () => {
    isOk(await post(FORM, `text=${'x'.repeat(21_000_000)}`));
  });

  test('a body above the limit of 32 MiB is 413', async () => {
    // only announced, so that nothing is sent in vain
    const reply = await ask(etherpad.url, {
      method: 'POST',
      path: `/api/1.2.15/checkToken?apikey=${etherpad.apiKey}`,
      headers: { ...FORM, 'Content-Length': '33554433', Expect: '100-continue' },
    });
    expect([reply.status, reply.headers['content-type'], JSON.parse(reply.body).data]).toEqual([413, JSON_TYPE, null]);
  });

  // 2.5.3 answers no application/json below /api/1 at all: its reader is seen at /api/2
  const jsonTo = (body: string): Promise<Reply> =>
    emulate === '2.5.3'
      ? ask(etherpad.url, { method: 'POST', path: `/api/2/groups?apikey=${etherpad.apiKey}`, headers: JSON_BODY, body })
      : ask(etherpad.url, { method: 'POST', path: `/api/1.2.15/createGroup?apikey=${etherpad.apiKey}`, headers: JSON_BODY, body });

  test('JSON of 102,400 bytes is read', async () => {
    expect(jsonOf(102_400)).toHaveLength(102_400);
    expect(dataOf(await jsonTo(jsonOf(102_400)))).toEqual({ groupID: expect.stringMatching(/^g\./) });
  });

  test('JSON of 102,401 bytes is an error where the server reads it before the function', async () => {
    const reply = await jsonTo(jsonOf(102_401));
    if (emulate === 'documented' || emulate === '1.9.7') expect(dataOf(reply)).toEqual({ groupID: expect.stringMatching(/^g\./) });
    else expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([500, JSON_TYPE, SOMETHING_BAD]);
  });
});

describe('2.5.3 and application/json', () => {
  test('is never answered, and nothing is done', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '2.5.3' });
    const silent = ['/api/1.2.15/createGroup', '/api/1/createGroup', '/rest/1.2.15/group/create'].map((path) =>
      send(etherpad.url, { method: 'POST', path: `${path}?apikey=${etherpad.apiKey}`, headers: JSON_BODY, body: '{}' }),
    );
    const answers: unknown[] = [];
    for (const { reply } of silent)
      reply.then(
        (answer) => answers.push(answer),
        () => undefined,
      );
    await Promise.all(silent.map(({ sent }) => sent));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answers).toEqual([]);
    expect(dataOf(await ask(etherpad.url, { path: `/api/1.2.15/listAllGroups?apikey=${etherpad.apiKey}` }))).toEqual({ groupIDs: [] });
    for (const { abandon } of silent) abandon();
  });

  test('close() ends the requests that are never answered, at once', async () => {
    const etherpad = await startMockEtherpad({ emulate: '2.5.3' });
    const silent = Array.from({ length: 5 }, () =>
      send(etherpad.url, { method: 'POST', path: `/api/1.2.15/createGroup?apikey=${etherpad.apiKey}`, headers: JSON_BODY, body: '{}' }),
    );
    const ends = Promise.all(silent.map(({ reply }) => expect(reply).rejects.toThrow(/socket hang up|ECONNRESET/)));
    await Promise.all(silent.map(({ sent }) => sent));
    await ask(etherpad.url, { path: '/api' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    await etherpad.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    await ends;
  });

  test.each(['text/json', 'application/vnd.api+json'])('%s is answered', async (type) => {
    await using etherpad = await startMockEtherpad({ emulate: '2.5.3' });
    const body = JSON.stringify({ apikey: etherpad.apiKey });
    const reply = await ask(etherpad.url, { method: 'POST', path: '/api/1.2.15/checkToken', headers: { 'Content-Type': type }, body });
    expect(dataOf(reply)).toBeNull();
  });
});
