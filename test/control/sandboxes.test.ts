import { afterEach, describe, expect, test } from 'vitest';
import type { MockEtherpadOptions } from '../../src/index.ts';
import { call, createSession, ok, YEAR_2030 } from './calls.ts';
import { type Started, WAYS } from './ways.ts';

const refusalOf = (called: Promise<unknown>): Promise<any> =>
  called.then(
    () => Promise.reject(new Error('this was not refused')),
    (error: unknown) => error,
  );

describe.each(WAYS)('sandboxes, %s', (_way, start) => {
  const started: Started[] = [];
  const etherpadWith = async (options: MockEtherpadOptions = {}) => {
    const server = await start(options);
    started.push(server);
    return server.etherpad;
  };
  afterEach(async () => {
    for (const server of started.splice(0)) await server.stop();
  });

  test('are whole Etherpads of their own', async () => {
    const main = await etherpadWith();
    const one = main.sandbox('worker-1');
    const two = main.sandbox('worker-2');
    expect(one.url).toBe(`${main.url}/sandbox/worker-1`);
    expect(one.apiKey).toBe(main.apiKey);
    await one.clock.freeze(YEAR_2030);
    await one.faults.add({ kind: 'latency', milliseconds: 1 });
    await one.emulate('3.3.1');
    await one.snapshots.save('mine');
    const { sessionID } = await createSession(one, YEAR_2030 + 60);
    for (const other of [main, two]) {
      expect((await call(other, 'getSessionInfo', { sessionID })).status).toBe(400);
      expect(await other.state.export()).toEqual({ groups: [], authors: [], sessions: [], pads: [] });
      expect(await other.clock.now()).not.toBe(YEAR_2030);
      expect(await other.faults.list()).toEqual([]);
      expect(await other.snapshots.list()).toEqual([]);
      expect((await other.info()).emulate).toBe('documented');
      expect(await other.requests.list()).toMatchObject({ total: 1, requests: [{ function: 'getSessionInfo' }] });
    }
    expect((await one.info()).sandbox).toBe('worker-1');
    expect(await one.requests.list()).toMatchObject({ total: 3 });
    await two.reset();
    expect(await one.clock.now()).toBe(YEAR_2030);
  });

  test('begin as the server was started', async () => {
    const main = await etherpadWith({
      emulate: '2.5.3',
      seed: { groups: [{ groupID: 'g.seeded', mapper: 'class' }] },
      createMissing: true,
    });
    const sandbox = main.sandbox('later');
    await main.emulate('documented');
    await ok(main, 'deleteGroup', { groupID: 'g.seeded' });
    expect((await sandbox.info()).emulate).toBe('2.5.3');
    expect(await ok(sandbox, 'listAllGroups')).toEqual({ groupIDs: ['g.seeded'] });
    expect(await ok(sandbox, 'createSession', { groupID: 'g.new', authorID: 'a.new', validUntil: YEAR_2030 })).toHaveProperty('sessionID');
  });

  test('are made at first use, by a client, by control, or by name', async () => {
    const main = await etherpadWith();
    expect(await main.sandboxes.list()).toEqual([]);
    await ok({ url: `${main.url}/sandbox/by-client`, apiKey: main.apiKey }, 'createGroup');
    await fetch(`${main.url}/sandbox/by-control/_mock/clock`);
    main.sandbox('by-name');
    expect(await main.sandboxes.list()).toEqual([
      { name: 'by-client', emulate: 'documented', sessions: 0, requests: 1 },
      { name: 'by-control', emulate: 'documented', sessions: 0, requests: 0 },
      { name: 'by-name', emulate: 'documented', sessions: 0, requests: 0 },
    ]);
  });

  test('are listed with their sessions and requests, and deleted', async () => {
    const main = await etherpadWith();
    const lesson = main.sandbox('lesson');
    await createSession(lesson, YEAR_2030);
    const { groupID } = await createSession(lesson, YEAR_2030);
    await ok(lesson, 'deleteGroup', { groupID });
    expect(await main.sandboxes.list()).toEqual([{ name: 'lesson', emulate: 'documented', sessions: 1, requests: 7 }]);
    main.sandbox('other');
    await main.sandboxes.delete('lesson');
    expect(await main.sandboxes.list()).toMatchObject([{ name: 'other' }]);
    expect(await refusalOf(main.sandboxes.delete('lesson'))).toMatchObject({ status: 404, message: 'there is no sandbox lesson' });
    // a new one under the old name is empty
    expect(await ok(lesson, 'listAllGroups')).toEqual({ groupIDs: [] });
    await main.sandboxes.deleteAll();
    expect(await main.sandboxes.list()).toEqual([]);
  });

  test('no empty name deletes them all', async () => {
    const main = await etherpadWith();
    main.sandbox('precious');
    expect(await refusalOf(main.sandboxes.delete(''))).toMatchObject({ status: 400 });
    expect(await main.sandboxes.list()).toHaveLength(1);
  });

  test('can be called with 1 to 64 letters, digits, dots, underscores and hyphens', async () => {
    const main = await etherpadWith();
    for (const name of ['A', 'worker-1', 'a.b_c-D9', '...', 'x'.repeat(64)]) {
      expect((await main.sandbox(name).info()).sandbox).toBe(name);
      expect(await ok(main.sandbox(name), 'checkToken')).toBe(null);
      await main.sandboxes.delete(name);
    }
  });

  test('can be called nothing else, also by a client', async () => {
    const main = await etherpadWith();
    for (const name of ['', '.', '..', 'a b', 'a/b', 'ü', 'a%20b', 'x'.repeat(65)]) {
      expect(() => main.sandbox(name)).toThrow(expect.objectContaining({ name: 'ControlError', status: 400 }));
    }
    const { status, body, reason } = await call({ url: `${main.url}/sandbox/a%20b`, apiKey: main.apiKey }, 'checkToken');
    expect({ status, body }).toEqual({ status: 404, body: '{"code":3,"message":"no such function","data":null}' });
    expect(reason).toContain('1 to 64 of A-Z, a-z, 0-9');
    expect((await fetch(`${main.url}/sandbox/a%20b/_mock/info`)).status).toBe(400);
    expect(await main.sandboxes.list()).toEqual([]);
  });

  test('are at most as many as the server was started for', async () => {
    const main = await etherpadWith({ maxSandboxes: 2 });
    main.sandbox('one');
    await ok(main.sandbox('two'), 'checkToken');
    const third = main.sandbox('three');
    const full = {
      name: 'ControlError',
      status: 503,
      message: 'there are 2 sandboxes already: delete some with DELETE /_mock/sandboxes, or start with a larger --max-sandboxes',
    };
    expect(await refusalOf(third.info())).toMatchObject(full);
    const { status, body, reason } = await call(third, 'checkToken');
    expect({ status, body, reason }).toEqual({
      status: 503,
      body: '{"code":2,"message":"too many sandboxes","data":null}',
      reason: full.message,
    });
    expect(await main.sandboxes.list()).toHaveLength(2);
    expect(await ok(main.sandbox('two'), 'checkToken')).toBe(null);
    expect(await ok(main, 'checkToken')).toBe(null);
    await main.sandboxes.delete('one');
    expect(await ok(third, 'checkToken')).toBe(null);
  });

  test('have a base path before them, where there is one', async () => {
    const main = await etherpadWith({ basePath: '/pad' });
    const { url } = main.sandbox('lesson');
    expect(url).toMatch(/\/pad\/sandbox\/lesson$/);
    expect(await ok({ url, apiKey: main.apiKey }, 'checkToken')).toBe(null);
    expect((await main.sandbox('lesson').sandbox('sibling').info()).sandbox).toBe('sibling');
  });
});
