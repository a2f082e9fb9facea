import { describe, expect, test } from 'vitest';
import type { EtherpadControl } from '../../src/index.ts';
import { LAST_SECOND } from '../../src/sandbox/virtual-clock.ts';
import { call, createSession, GONE, ok, YEAR_2030 } from './calls.ts';
import { useSandboxes } from './use-sandboxes.ts';
import { WAYS } from './ways.ts';

const ISO_2030 = '2030-01-01T00:00:00.000Z';

describe.each(WAYS)('the clock, %s', (_way, start) => {
  let etherpad: EtherpadControl;
  useSandboxes(start, (sandbox) => (etherpad = sandbox));

  const isAlive = async (sessionID: string): Promise<boolean> => {
    const { status, body } = await call(etherpad, 'getSessionInfo', { sessionID });
    if (status === 200) return true;
    expect({ status, body }).toEqual({ status: 400, body: GONE });
    return false;
  };

  test('shows real time at first', async () => {
    const before = Math.floor(Date.now() / 1000);
    const now = await etherpad.clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
  });

  test.each([
    ['unix seconds', YEAR_2030],
    ['ISO text', ISO_2030],
    ['ISO text without a zone, which is UTC', '2030-01-01T00:00:00'],
    ['ISO text of another zone', '2030-01-01T01:00:00+01:00'],
    ['a date alone', '2030-01-01'],
  ])('is set by %s, and frozen', async (_form, now) => {
    expect(await etherpad.clock.freeze(now)).toEqual({ now: YEAR_2030, iso: ISO_2030, frozen: true });
    expect(await etherpad.clock.now()).toBe(YEAR_2030);
    expect((await etherpad.info()).now).toBe(YEAR_2030);
  });

  test.each(['2030-02-31', '2030-02-31T10:00:00Z', '2030-04-31', '2029-02-29', '2030-13-01'])(
    'refuses a date that no calendar has: %s',
    async (now) => {
      await expect(etherpad.clock.freeze(now)).rejects.toThrow(`/now is no ISO time from 1970 on: "${now}"`);
    },
  );

  test('takes the last day of February in a leap year', async () => {
    expect(await etherpad.clock.freeze('2028-02-29')).toMatchObject({ iso: '2028-02-29T00:00:00.000Z' });
  });

  test('a clock that runs to the end of time stands still there, and everything that reads it goes on', async () => {
    await etherpad.clock.set({ now: LAST_SECOND });
    const response = await fetch(`${etherpad.url}/_mock/events`);
    const events = response.body!.getReader();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await etherpad.clock.set({ frozen: false })).toEqual({ now: LAST_SECOND, iso: '+275760-09-13T00:00:00.000Z', frozen: false });
    await etherpad.snapshots.save('at the end');
    expect(await etherpad.snapshots.list()).toMatchObject([{ name: 'at the end', savedAt: '+275760-09-13T00:00:00.000Z' }]);
    const { status, date } = await call(etherpad, 'createGroup');
    expect({ status, date }).toEqual({ status: 200, date: 'Sat, 13 Sep 275760 00:00:00 GMT' });
    expect((await etherpad.requests.list()).requests).toMatchObject([{ at: '+275760-09-13T00:00:00.000Z' }]);
    await events.cancel();
  });

  test('runs on from where it is set, unless it is frozen', async () => {
    expect(await etherpad.clock.set({ now: YEAR_2030 })).toMatchObject({ now: YEAR_2030, frozen: false });
    const { now: first } = await etherpad.info();
    expect(first - YEAR_2030).toBeLessThan(10);
    const running = await etherpad.clock.set({ frozen: false });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await etherpad.clock.set({ frozen: true })).iso > running.iso).toBe(true);
  });

  test('stands still when it is frozen, and goes on from there', async () => {
    const frozen = await etherpad.clock.freeze();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await etherpad.clock.set({ frozen: true })).toEqual(frozen);
    const running = await etherpad.clock.set({ frozen: false });
    expect(running.frozen).toBe(false);
    expect(Date.parse(running.iso) - Date.parse(frozen.iso)).toBeLessThan(5_000);
  });

  test('advances by seconds, frozen or running', async () => {
    await etherpad.clock.freeze(YEAR_2030);
    expect(await etherpad.clock.advance({ seconds: 3600 })).toEqual({
      now: YEAR_2030 + 3600,
      iso: '2030-01-01T01:00:00.000Z',
      frozen: true,
    });
    expect(await etherpad.clock.advance({ seconds: 0.5 })).toEqual({
      now: YEAR_2030 + 3600,
      iso: '2030-01-01T01:00:00.500Z',
      frozen: true,
    });
    await etherpad.clock.set({ frozen: false });
    expect((await etherpad.clock.advance({ seconds: 86_400 })).now).toBeGreaterThanOrEqual(YEAR_2030 + 3600 + 86_400);
  });

  test('is real again when it is released', async () => {
    await etherpad.clock.freeze(YEAR_2030);
    const { now, frozen } = await etherpad.clock.release();
    expect(frozen).toBe(false);
    expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(10);
  });

  test('a session expires with no waiting: alive in its last second, gone in the next', async () => {
    await etherpad.clock.freeze(YEAR_2030);
    const { sessionID, groupID, authorID } = await createSession(etherpad, YEAR_2030 + 3600);
    expect(await etherpad.clock.advance({ beforeExpiryOf: sessionID })).toMatchObject({ now: YEAR_2030 + 3599, frozen: true });
    expect(await isAlive(sessionID)).toBe(true);
    expect((await ok(etherpad, 'listSessionsOfGroup', { groupID })).sessions).toHaveLength(1);
    expect(await etherpad.clock.advance({ pastExpiryOf: sessionID })).toMatchObject({ now: YEAR_2030 + 3600, frozen: true });
    expect(await isAlive(sessionID)).toBe(false);
    expect(await ok(etherpad, 'listSessionsOfGroup', { groupID })).toEqual({ sessions: [] });
    expect(await ok(etherpad, 'listSessionsOfAuthor', { authorID })).toEqual({ sessions: [] });
  });

  test('sessions that had expired are alive again when time is moved back', async () => {
    await etherpad.clock.set({ now: YEAR_2030 });
    const { sessionID, groupID } = await createSession(etherpad, YEAR_2030 + 3600);
    await etherpad.clock.set({ now: YEAR_2030 + 400_000_000 });
    expect(await isAlive(sessionID)).toBe(false);
    // long enough for memory to be given back, if it were
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await etherpad.clock.set({ now: YEAR_2030 });
    expect(await isAlive(sessionID)).toBe(true);
    expect((await ok(etherpad, 'listSessionsOfGroup', { groupID })).sessions).toHaveLength(1);
  });

  test('what is asked of a session that has expired changes nothing', async () => {
    await etherpad.clock.freeze(YEAR_2030);
    const { sessionID } = await createSession(etherpad, YEAR_2030 + 10);
    await etherpad.clock.advance({ seconds: 60 });
    expect(await etherpad.clock.advance({ pastExpiryOf: sessionID })).toMatchObject({ now: YEAR_2030 + 60 });
    await expect(etherpad.clock.advance({ beforeExpiryOf: sessionID })).rejects.toMatchObject({
      status: 400,
      problems: [{ path: '/beforeExpiryOf', message: expect.stringContaining('expired already') }],
    });
    expect(await etherpad.clock.now()).toBe(YEAR_2030 + 60);
  });

  test('a frozen clock stops all that shows time', async () => {
    await etherpad.clock.freeze(ISO_2030);
    const { authorID } = await createSession(etherpad, YEAR_2030 + 60);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { status, date } = await call(etherpad, 'checkToken');
    expect({ status, date }).toEqual({ status: 200, date: 'Tue, 01 Jan 2030 00:00:00 GMT' });
    expect((await ok(etherpad, 'getAuthorName', { authorID })).info.timestamp).toBe(YEAR_2030 * 1000);
    const { requests } = await etherpad.requests.list();
    expect(requests.map(({ at }) => at)).toEqual(requests.map(() => ISO_2030));
    await etherpad.snapshots.save('now');
    expect(await etherpad.snapshots.list()).toEqual([{ name: 'now', savedAt: ISO_2030, sessions: 1 }]);
    expect((await etherpad.info()).now).toBe(YEAR_2030);
  });

  test.each<[what: string, setting: any, paths: readonly string[]]>([
    ['time that is no ISO text', { now: 'tomorrow', frozen: 'yes', zone: 'UTC' }, ['/now', '/frozen', '/zone']],
    ['time in the manner of one country', { now: '1/2/2030' }, ['/now']],
    ['time before 1970', { now: '1969-12-31T23:59:59Z' }, ['/now']],
    ['seconds before 1970', { now: -1 }, ['/now']],
    ['time that no date can tell', { now: 1e15 }, ['/now']],
    ['nothing', {}, ['']],
  ])('%s is refused with every problem, and changes nothing', async (_what, setting, paths) => {
    await etherpad.clock.freeze(YEAR_2030);
    const refusal: any = await etherpad.clock.set(setting).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'ControlError', status: 400 });
    expect(refusal.problems.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(await etherpad.clock.set({ frozen: true })).toEqual({ now: YEAR_2030, iso: ISO_2030, frozen: true });
  });

  test.each([
    ['backwards', { seconds: -1 }, 400, ['/seconds']],
    ['by two things at once', { seconds: 1, pastExpiryOf: 's.x' }, 400, ['']],
    ['by nothing', {}, 400, ['']],
    ['beyond what a date can tell', { seconds: 8_640_000_000_000 }, 400, ['']],
    ['past the expiry of an unknown session', { pastExpiryOf: 's.unknown' }, 404, []],
    ['before the expiry of an unknown session', { beforeExpiryOf: 's.unknown' }, 404, []],
  ])('does not advance %s', async (_how, by, status, paths) => {
    await etherpad.clock.freeze(YEAR_2030);
    const refusal: any = await etherpad.clock.advance(by as { seconds: number }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'ControlError', status });
    expect(refusal.problems.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(await etherpad.clock.now()).toBe(YEAR_2030);
  });
});
