import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { EtherpadControl, FaultSpecification } from '../../src/index.ts';
import { call, createSession, ok, YEAR_2030 } from './calls.ts';
import { useSandboxes } from './use-sandboxes.ts';
import { WAYS } from './ways.ts';

type Callback = (error: { code: number; message: string } | null, data: any) => void;
const sdk = createRequire(import.meta.url)('etherpad-lite-client') as {
  connect(options: object): Record<string, (...words: unknown[]) => void>;
};

/** How npm etherpad-lite-client sees a call: its error, or the data. */
function callBySdk({ url, apiKey }: EtherpadControl, name: string, fields: object = {}): Promise<{ error: unknown; data: any }> {
  const { hostname, port, pathname } = new URL(url);
  const api = sdk.connect({ apikey: apiKey, host: hostname, port, rootPath: `${pathname}/api/1.2.12/` });
  return new Promise((resolve) => {
    const done: Callback = (error, data) => resolve({ error, data });
    api[name]!(fields, done);
  });
}

/** How node's fetch fails. */
async function failureOf(called: Promise<unknown>): Promise<{ name: string; code: unknown }> {
  const error: any = await called.then(
    () => Promise.reject(new Error('there was an answer')),
    (reason: unknown) => reason,
  );
  return { name: error.name, code: error.cause?.code };
}

const RESET = { name: 'TypeError', code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) };
const OK = '{"code":0,"message":"ok","data":null}';

describe.each(WAYS)('faults, %s', (_way, start) => {
  let etherpad: EtherpadControl;
  useSandboxes(start, (sandbox) => (etherpad = sandbox));

  const newest = async () => (await etherpad.requests.list({ limit: 1 })).requests[0]!;

  describe('code: a true envelope, and nothing is done', () => {
    test.each([
      [1, 400, 'groupID does not exist'],
      [2, 500, 'internal error'],
      [3, 404, 'no such function'],
      [4, 401, 'no or wrong API Key'],
    ] as const)('code %i with HTTP %i', async (code, status, message) => {
      const { groupID, authorID } = await createSession(etherpad, YEAR_2030);
      await etherpad.faults.add({ kind: 'code', code, function: 'createSession' });
      expect(await call(etherpad, 'createSession', { groupID, authorID, validUntil: YEAR_2030 })).toMatchObject({
        status,
        type: 'application/json; charset=utf-8',
        body: JSON.stringify({ code, message, data: null }),
      });
      expect(await newest()).toMatchObject({ function: 'createSession', code, status, message, fault: 'code' });
      expect(await callBySdk(etherpad, 'createSession', { groupID, authorID, validUntil: YEAR_2030 })).toEqual({
        error: { code, message },
        data: null,
      });
      await etherpad.faults.clear();
      expect((await ok(etherpad, 'listSessionsOfGroup', { groupID })).sessions).toHaveLength(1);
    });

    test('with a message of its own', async () => {
      await etherpad.faults.add({ kind: 'code', code: 2, message: 'the database is gone' });
      expect(await call(etherpad, 'checkToken')).toMatchObject({
        status: 500,
        body: '{"code":2,"message":"the database is gone","data":null}',
      });
    });

    test("with the emulation's status and message", async () => {
      await etherpad.emulate('3.3.1');
      await etherpad.faults.add({ kind: 'code', code: 1, times: 1, function: 'createGroupIfNotExistsFor' });
      expect(await call(etherpad, 'createGroupIfNotExistsFor', { groupMapper: 'class' })).toMatchObject({
        status: 200,
        body: '{"code":1,"message":"groupMapper is not a string","data":null}',
      });
    });
  });

  test('latency: the answer waits, and what was asked is done', async () => {
    await etherpad.faults.add({ kind: 'latency', milliseconds: 120 });
    const started = performance.now();
    expect(await call(etherpad, 'checkToken')).toMatchObject({ status: 200, body: OK });
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
    expect(await newest()).toMatchObject({ fault: 'latency', code: 0, status: 200 });
    expect((await newest()).milliseconds).toBeGreaterThanOrEqual(115);
    expect((await callBySdk(etherpad, 'createGroup')).data.groupID).toMatch(/^g\./);
  });

  test("html: a proxy's page, and nothing is done", async () => {
    await etherpad.faults.add({ kind: 'html', function: 'createGroup' });
    const { status, type, body } = await call(etherpad, 'createGroup');
    expect({ status, type }).toEqual({ status: 502, type: 'text/html; charset=utf-8' });
    expect(body).toContain('<h1>502 Bad Gateway</h1>');
    expect(await newest()).toMatchObject({ fault: 'html', code: null, status: 502, message: null });
    expect((await callBySdk(etherpad, 'createGroup')).error).toEqual({ code: -1, message: 'cannot parse the API response' });
    expect(await ok(etherpad, 'listAllGroups')).toEqual({ groupIDs: [] });
    await etherpad.faults.clear();
    await etherpad.faults.add({ kind: 'html', status: 599, times: 1 });
    expect((await call(etherpad, 'checkToken')).body).toContain('<title>599 Error</title>');
    await etherpad.faults.add({ kind: 'html', status: 503 });
    expect(await call(etherpad, 'checkToken')).toMatchObject({ status: 503, body: expect.stringContaining('503 Service Unavailable') });
  });

  test.each([
    [undefined, 'text/plain'],
    ['text/html; charset=utf-8', 'text/html; charset=utf-8'],
  ])('contentType %s: the right envelope under %s, and what was asked is done', async (contentType, expected) => {
    await etherpad.faults.add({ kind: 'contentType', ...(contentType === undefined ? {} : { contentType }) });
    expect(await call(etherpad, 'checkToken')).toMatchObject({ status: 200, type: expected, body: OK });
    expect(await newest()).toMatchObject({ fault: 'contentType', code: 0, status: 200 });
    const { data } = await callBySdk(etherpad, 'createGroup');
    expect(await etherpad.state.export()).toMatchObject({ groups: [{ groupID: data.groupID }] });
  });

  test('truncate: JSON cut short, and what was asked is done', async () => {
    await etherpad.faults.add({ kind: 'truncate' });
    const { status, type, body } = await call(etherpad, 'createGroup');
    expect({ status, type }).toEqual({ status: 200, type: 'application/json; charset=utf-8' });
    expect(body).toMatch(/^\{"code":0/);
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
    expect((await callBySdk(etherpad, 'createGroup')).error).toEqual({ code: -1, message: 'cannot parse the API response' });
    expect(await newest()).toMatchObject({ fault: 'truncate', code: 0, status: 200 });
    expect((await etherpad.state.export()).groups).toHaveLength(2);
  });

  test('drop: the connection is reset, and nothing is done', async () => {
    await etherpad.faults.add({ kind: 'drop' });
    expect(await failureOf(call(etherpad, 'createGroup'))).toEqual(RESET);
    expect(await callBySdk(etherpad, 'createGroup')).toEqual({
      error: { code: -1, message: expect.stringMatching(/ECONNRESET|socket hang up/) },
      data: null,
    });
    expect(await newest()).toMatchObject({ function: 'createGroup', fault: 'drop', code: null, status: null });
    expect(await etherpad.state.export()).toMatchObject({ groups: [] });
  });

  test('lostAnswer: the session is created, and the connection is reset', async () => {
    await etherpad.clock.freeze(YEAR_2030);
    const { groupID, authorID } = await createSession(etherpad, YEAR_2030 + 10);
    await etherpad.faults.add({ kind: 'lostAnswer', function: 'createSession' });
    const fields = { groupID, authorID, validUntil: YEAR_2030 + 60 };
    expect(await failureOf(call(etherpad, 'createSession', fields))).toEqual(RESET);
    expect((await callBySdk(etherpad, 'createSession', fields)).error).toMatchObject({ code: -1 });
    const { sessions } = (await ok(etherpad, 'listSessionsOfGroup', { groupID })) as { sessions: { id: string; validUntil: number }[] };
    expect(sessions.map(({ validUntil }) => validUntil)).toEqual([YEAR_2030 + 10, YEAR_2030 + 60, YEAR_2030 + 60]);
    const { requests } = await etherpad.requests.list({ function: 'createSession', limit: 1 });
    expect(requests[0]).toMatchObject({ fault: 'lostAnswer', code: 0, status: null, ids: { sessionID: sessions[2]!.id } });
  });

  test('there can be 1,000 of them', async () => {
    for (let number = 0; number < 1_000; number++) await etherpad.faults.add({ kind: 'code', code: 2, function: 'getStats' });
    await expect(etherpad.faults.add({ kind: 'drop' })).rejects.toMatchObject({ status: 503 });
    await etherpad.faults.clear();
    await etherpad.faults.add({ kind: 'drop', times: 1 });
  });

  describe('which requests meet it', () => {
    /** One letter for each of so many calls: x where the fault fired. */
    const pattern = async (calls: number, name = 'checkToken'): Promise<string> => {
      let seen = '';
      for (let index = 0; index < calls; index++) seen += (await call(etherpad, name)).status === 500 ? 'x' : '.';
      return seen;
    };
    const failing: FaultSpecification = { kind: 'code', code: 2 };

    test('all, without a scope', async () => {
      await etherpad.faults.add(failing);
      expect(await pattern(3)).toBe('xxx');
    });

    test('only those of its function', async () => {
      await etherpad.faults.add({ ...failing, function: 'createGroup' });
      expect(await pattern(2, 'checkToken')).toBe('..');
      expect(await pattern(2, 'createGroup')).toBe('xx');
    });

    test('those of any function, with *', async () => {
      await etherpad.faults.add({ ...failing, function: '*' });
      expect(await pattern(1, 'checkToken')).toBe('x');
      expect(await pattern(1, 'createGroup')).toBe('x');
    });

    test('so many times', async () => {
      await etherpad.faults.add({ ...failing, times: 2 });
      expect(await pattern(4)).toBe('xx..');
      expect(await etherpad.faults.list()).toMatchObject([{ fired: 2, times: 2 }]);
    });

    test('after so many that pass', async () => {
      await etherpad.faults.add({ ...failing, skip: 2, times: 1 });
      expect(await pattern(5)).toBe('..x..');
    });

    test('by chance, the same again with the same seed', async () => {
      await etherpad.faults.add({ ...failing, probability: 0.5, seed: 'dice' });
      const first = await pattern(40);
      expect(first).toMatch(/x/);
      expect(first).toMatch(/\./);
      await etherpad.faults.clear();
      await etherpad.faults.add({ ...failing, probability: 0.5, seed: 'dice' });
      expect(await pattern(40)).toBe(first);
      await etherpad.faults.clear();
      await etherpad.faults.add({ ...failing, probability: 0.5, seed: 'other dice' });
      expect(await pattern(40)).not.toBe(first);
    });

    test.each([
      [0, '........'],
      [1, 'xxxxxxxx'],
    ])('never or always, with probability %i', async (probability, expected) => {
      await etherpad.faults.add({ ...failing, probability });
      expect(await pattern(8)).toBe(expected);
    });

    test('none without the right key', async () => {
      await etherpad.faults.add(failing);
      expect(await call({ url: etherpad.url, apiKey: 'wrong' }, 'checkToken')).toMatchObject({ status: 401 });
      expect(await etherpad.faults.list()).toMatchObject([{ fired: 0 }]);
    });
  });

  test('the oldest that matches fires; a latency goes together with it', async () => {
    await etherpad.faults.add({ kind: 'code', code: 2, times: 1 });
    await etherpad.faults.add({ kind: 'code', code: 3 });
    await etherpad.faults.add({ kind: 'latency', milliseconds: 40, times: 2 });
    await etherpad.faults.add({ kind: 'latency', milliseconds: 5000 });
    const started = performance.now();
    expect((await call(etherpad, 'checkToken')).status).toBe(500);
    expect(performance.now() - started).toBeGreaterThanOrEqual(38);
    expect((await call(etherpad, 'checkToken')).status).toBe(404);
    expect(performance.now() - started).toBeLessThan(4_000);
    const { requests } = await etherpad.requests.list();
    expect(requests.map(({ fault, code }) => ({ fault, code }))).toEqual([
      { fault: 'latency + code', code: 3 },
      { fault: 'latency + code', code: 2 },
    ]);
    expect(requests[1]!.reason).toBe('fault fault-3 (latency) and fault fault-1 (code) fired');
    expect(await etherpad.faults.list()).toMatchObject([{ fired: 1 }, { fired: 1 }, { fired: 2 }, { fired: 0 }]);
  });

  test('a failure under a latency still says why', async () => {
    await etherpad.faults.add({ kind: 'latency', milliseconds: 1 });
    const { reason } = await call(etherpad, 'deleteGroup', { groupID: 'g.nobody' });
    expect(reason).toBe('fault fault-1 (latency) fired; groupID g.nobody was never created, or was deleted');
  });

  test('are added with an id, listed, and removed by it', async () => {
    const first = await etherpad.faults.add({ kind: 'drop', function: 'createPad' });
    expect(first).toEqual({ id: 'fault-1', kind: 'drop', function: 'createPad', fired: 0 });
    const second = await etherpad.faults.add({ kind: 'latency', milliseconds: 1, seed: 7, probability: 0.5 });
    expect(second).toEqual({ id: 'fault-2', kind: 'latency', milliseconds: 1, seed: 7, probability: 0.5, function: '*', fired: 0 });
    expect(await etherpad.faults.list()).toEqual([first, second]);
    await etherpad.faults.clear('fault-1');
    expect(await etherpad.faults.list()).toEqual([second]);
    await expect(etherpad.faults.clear('fault-1')).rejects.toMatchObject({ status: 404, message: 'no fault has the id fault-1' });
    await expect(etherpad.faults.clear('')).rejects.toMatchObject({ status: 400 });
    expect(await etherpad.faults.list()).toEqual([second]);
    await etherpad.faults.clear();
    expect(await etherpad.faults.list()).toEqual([]);
  });

  test.each([
    ['of no kind', {}, ['/kind']],
    ['of an unknown kind', { kind: 'explode' }, ['/kind']],
    ['with the name of an object method for a kind', { kind: 'constructor', milliseconds: 1 }, ['/kind']],
    ['without what its kind needs', { kind: 'code' }, ['/code']],
    ['with what is for another kind', { kind: 'drop', milliseconds: 3, message: 'x' }, ['/milliseconds', '/message']],
    ['for an unknown function', { kind: 'drop', function: 'createsession' }, ['/function']],
    [
      'wrong everywhere',
      { kind: 'latency', milliseconds: -1, times: 0, skip: 1.5, probability: 2, seed: [], when: 'now', function: 'none' },
      ['/milliseconds', '/times', '/skip', '/probability', '/seed', '/when', '/function'],
    ],
    ['with code 0', { kind: 'code', code: 0 }, ['/code']],
    ['with a header that cannot be sent', { kind: 'contentType', contentType: 'text/plain\r\nX: 1' }, ['/contentType']],
  ])('a fault %s is refused with every problem, and not added', async (_what, specification, paths) => {
    const refusal: any = await etherpad.faults.add(specification as unknown as FaultSpecification).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'ControlError', status: 400 });
    expect(refusal.problems.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(await etherpad.faults.list()).toEqual([]);
    expect(await call(etherpad, 'checkToken')).toMatchObject({ status: 200, body: OK });
  });
});
