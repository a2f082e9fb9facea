import { describe, expect, test } from 'vitest';
import type { Emulation, EtherpadControl, StateDocument } from '../../src/index.ts';
import { call, createSession, ok, YEAR_2030 } from './calls.ts';
import { withoutHistory } from './short-state.ts';
import { useSandboxes } from './use-sandboxes.ts';
import { WAYS } from './ways.ts';

const EMPTY: StateDocument = { groups: [], authors: [], sessions: [], pads: [] };

const CLASS: StateDocument = {
  groups: [{ groupID: 'g.class', mapper: 'class-7b' }, { groupID: 'g.other' }],
  authors: [{ authorID: 'a.ada', name: 'Ada', mapper: 'user-1' }, { authorID: 'a.nobody' }],
  sessions: [{ sessionID: 's.lesson', groupID: 'g.class', authorID: 'a.ada', validUntil: YEAR_2030 }],
  pads: [
    { padID: 'g.class$notes', text: 'Hello\n' },
    { padID: 'free', text: '\n' },
  ],
};

const refusalOf = (called: Promise<unknown>): Promise<any> =>
  called.then(
    () => Promise.reject(new Error('this was not refused')),
    (error: unknown) => error,
  );

describe.each(WAYS)('state and what goes with it, %s', (_way, start) => {
  let etherpad: EtherpadControl;
  let whole: EtherpadControl;
  useSandboxes(start, (...given) => ([etherpad, whole] = given));

  describe('state', () => {
    test('of a million mistakes the first hundred are told', async () => {
      const groups = Array.from({ length: 100_000 }, () => ({ id: 1 })) as unknown as StateDocument['groups'];
      const { problems } = await refusalOf(etherpad.state.import({ groups }));
      expect(problems).toHaveLength(101);
      expect(problems.slice(0, 2)).toEqual([
        { path: '/groups/0/groupID', message: 'is missing' },
        { path: '/groups/0/id', message: 'is not known: there is groupID, mapper' },
      ]);
      expect(problems.at(-1)).toEqual({ path: '', message: 'and more: these are the first 100 problems' });
    });

    test('and of contradictions too', async () => {
      const many = <Item>(item: (index: number) => Item): Item[] => Array.from({ length: 1_000 }, (_, index) => item(index));
      for (const document of [
        { groups: many(() => ({ groupID: 'g.same' })) },
        { sessions: many((index) => ({ sessionID: `s.${index}`, groupID: 'g.none', authorID: 'a.none', validUntil: 1 })) },
        { pads: many((index) => ({ padID: `g.none$${index}` })) },
      ]) {
        const { problems } = await refusalOf(etherpad.state.import(document));
        expect(problems).toHaveLength(101);
      }
    });

    test('a pad of the wrong shape is told of once, wherever it stands', async () => {
      const wrong = { padID: 'wrong', revisions: 7 } as unknown as StateDocument['pads'][number];
      const pads: StateDocument['pads'][number][] = Array.from({ length: 12 }, (_, index) => ({ padID: `pad-${index}`, text: 'x' }));
      for (const index of [0, 1, 11]) {
        expect(await refusalOf(etherpad.state.import({ pads: pads.with(index, wrong) }))).toMatchObject({
          problems: [{ path: `/pads/${index}/revisions`, message: 'must be an array, not 7' }],
        });
      }
      const twice = { padID: 'pad-3', text: 'x', savedRevisions: [9] };
      // beside a wrong shape, the others are looked at all the same
      expect((await refusalOf(etherpad.state.import({ pads: [...pads.slice(4), wrong, twice] }))).problems).toEqual([
        { path: '/pads/8/revisions', message: expect.any(String) },
        { path: '/pads/9/savedRevisions/0', message: 'is no revision of the pad: its newest is 0' },
      ]);
    });

    test('has whole numbers of any size for validUntil', async () => {
      const session = { sessionID: 's.x', groupID: 'g.class', authorID: 'a.ada' };
      const large = { ...CLASS, sessions: [{ ...session, validUntil: 1e20 }] };
      await etherpad.state.import(large);
      expect(withoutHistory(await etherpad.state.export())).toEqual(large);
      expect(await refusalOf(etherpad.state.import({ ...CLASS, sessions: [{ ...session, validUntil: 1.5 }] }))).toMatchObject({
        problems: [{ path: '/sessions/0/validUntil', message: 'must be a whole number, not 1.5' }],
      });
    });

    test('may hold names that are no text: the documented API shows text all the same', async () => {
      await etherpad.state.import({
        authors: [
          { authorID: 'a.number', name: 7 },
          { authorID: 'a.object', name: { first: 'Ada' } },
        ],
      });
      expect((await ok(etherpad, 'getAuthorName', { authorID: 'a.number' })).info.name).toBe('7');
      expect((await ok(etherpad, 'getAuthorName', { authorID: 'a.object' })).info.name).toBe('{"first":"Ada"}');
    });

    test('has time stamps in whole milliseconds, wherever the clock was set', async () => {
      await etherpad.clock.freeze(1_893_456_000.123456);
      const { authorID } = await ok(etherpad, 'createAuthor', { name: 'Ada' });
      expect((await ok(etherpad, 'getAuthorName', { authorID })).info.timestamp).toBe(1_893_456_000_123);
    });

    test('is exported as what was created', async () => {
      const { groupID } = (await ok(etherpad, 'createGroupIfNotExistsFor', { groupMapper: 'class-7b' })) as { groupID: string };
      const { authorID } = (await ok(etherpad, 'createAuthorIfNotExistsFor', { authorMapper: 'user-1', name: 'Ada' })) as {
        authorID: string;
      };
      const { sessionID } = (await ok(etherpad, 'createSession', { groupID, authorID, validUntil: YEAR_2030 })) as { sessionID: string };
      const { padID } = (await ok(etherpad, 'createGroupPad', { groupID, padName: 'notes', text: 'Hello' })) as { padID: string };
      expect(withoutHistory(await etherpad.state.export())).toEqual({
        groups: [{ groupID, mapper: 'class-7b' }],
        authors: [{ authorID, name: 'Ada', mapper: 'user-1' }],
        sessions: [{ sessionID, groupID, authorID, validUntil: YEAR_2030 }],
        pads: [{ padID, text: 'Hello\n' }],
      });
    });

    test('is imported in place of all that was there', async () => {
      const old = await createSession(etherpad, YEAR_2030);
      await etherpad.state.import(CLASS);
      expect(withoutHistory(await etherpad.state.export())).toEqual(CLASS);
      expect((await call(etherpad, 'getSessionInfo', { sessionID: old.sessionID })).status).toBe(400);
      expect(await ok(etherpad, 'createGroupIfNotExistsFor', { groupMapper: 'class-7b' })).toEqual({ groupID: 'g.class' });
      expect(await ok(etherpad, 'createAuthorIfNotExistsFor', { authorMapper: 'user-1' })).toEqual({ authorID: 'a.ada' });
      expect((await ok(etherpad, 'listSessionsOfAuthor', { authorID: 'a.ada' })).sessions).toEqual([
        { id: 's.lesson', authorID: 'a.ada', groupID: 'g.class', validUntil: YEAR_2030 },
      ]);
      expect(await ok(etherpad, 'listPads', { groupID: 'g.class' })).toEqual({ padIDs: ['g.class$notes'] });
      expect(await ok(etherpad, 'getText', { padID: 'g.class$notes' })).toEqual({ text: 'Hello\n' });
    });

    test('lists that are left out are empty', async () => {
      await etherpad.state.import(CLASS);
      await etherpad.state.import({ groups: [{ groupID: 'g.only' }] });
      expect(withoutHistory(await etherpad.state.export())).toEqual({ ...EMPTY, groups: [{ groupID: 'g.only' }] });
      await etherpad.state.import({});
      expect(await etherpad.state.export()).toEqual(EMPTY);
    });

    test('clock, faults and journal are no part of it', async () => {
      await etherpad.clock.freeze(YEAR_2030);
      await etherpad.faults.add({ kind: 'latency', milliseconds: 1 });
      await ok(etherpad, 'createGroup');
      await etherpad.state.import(CLASS);
      expect(await etherpad.clock.now()).toBe(YEAR_2030);
      expect(await etherpad.faults.list()).toHaveLength(1);
      expect(await etherpad.requests.list()).toMatchObject({ total: 1 });
    });

    test('is refused with every problem at once, and then nothing is changed', async () => {
      await etherpad.state.import(CLASS);
      const refusal = await refusalOf(
        etherpad.state.import({
          groups: [{ groupID: 'g.1', mapper: 'm' }, { groupID: 'g.1' }, { mapper: 'm' }],
          authors: [{ authorID: '' }],
          sessions: [{ sessionID: 's.1', groupID: 'g.2', authorID: 'a.2', validUntil: '5' }, null],
          pads: [{ padID: 'g.3$x', text: 4 }],
          chats: [],
        } as unknown as StateDocument),
      );
      expect(refusal).toMatchObject({ name: 'ControlError', status: 400 });
      expect(refusal.problems).toEqual([
        { path: '/groups/2/groupID', message: 'is missing' },
        { path: '/authors/0/authorID', message: 'must not be empty' },
        { path: '/sessions/0/validUntil', message: expect.stringMatching(/^is no ISO time from 1970 on: "5"; write it as/) },
        { path: '/sessions/1', message: 'must be an object, not null' },
        { path: '/pads/0/text', message: 'must be text, not 4' },
        { path: '/chats', message: 'is not known: there is groups, authors, sessions, pads' },
        { path: '/groups/1/groupID', message: 'is a duplicate: "g.1"' },
        { path: '/groups/2/mapper', message: 'is a duplicate: "m"' },
        { path: '/sessions/0/groupID', message: 'is not a group of this state: g.2' },
        { path: '/sessions/0/authorID', message: 'is not an author of this state: a.2' },
        { path: '/pads/0/padID', message: 'belongs to a group that is not in this state: g.3' },
      ]);
      expect(withoutHistory(await etherpad.state.export())).toEqual(CLASS);
    });
  });

  describe('snapshots', () => {
    test('there can be 100 of them; a taken name can still be saved again', async () => {
      for (let number = 0; number < 100; number++) await etherpad.snapshots.save(`number ${number}`);
      expect(await refusalOf(etherpad.snapshots.save('one more'))).toMatchObject({ status: 503 });
      await etherpad.snapshots.save('number 7');
      await etherpad.snapshots.delete('number 8');
      await etherpad.snapshots.save('one more');
    });

    test('bring state and clock back, as often as wanted', async () => {
      await etherpad.clock.freeze(YEAR_2030 - 100);
      await etherpad.state.import(CLASS);
      await etherpad.snapshots.save('before the lesson');
      for (const _time of ['first', 'second']) {
        await etherpad.clock.set({ now: YEAR_2030 + 5, frozen: false });
        await ok(etherpad, 'deleteGroup', { groupID: 'g.class' });
        await etherpad.snapshots.restore('before the lesson');
        expect(withoutHistory(await etherpad.state.export())).toEqual(CLASS);
        expect(await etherpad.clock.set({ frozen: true })).toMatchObject({ now: YEAR_2030 - 100, frozen: true });
        expect((await ok(etherpad, 'listSessionsOfGroup', { groupID: 'g.class' })).sessions).toHaveLength(1);
      }
    });

    test('bring back a clock that was real', async () => {
      await etherpad.snapshots.save('real');
      await etherpad.clock.freeze(YEAR_2030);
      await etherpad.snapshots.restore('real');
      expect(Math.abs((await etherpad.clock.now()) - Date.now() / 1000)).toBeLessThan(10);
    });

    test('leave faults, journal and emulation alone', async () => {
      await etherpad.snapshots.save('bare');
      await etherpad.faults.add({ kind: 'latency', milliseconds: 1 });
      await etherpad.emulate('3.3.1');
      await ok(etherpad, 'createGroup');
      await etherpad.snapshots.restore('bare');
      expect(await etherpad.faults.list()).toHaveLength(1);
      expect(await etherpad.requests.list()).toMatchObject({ total: 1 });
      expect(await etherpad.info()).toMatchObject({ emulate: '3.3.1' });
      expect(await etherpad.state.export()).toEqual(EMPTY);
    });

    test('are listed, saved anew and deleted', async () => {
      await etherpad.clock.freeze(YEAR_2030 - 100);
      await etherpad.snapshots.save('a');
      await etherpad.snapshots.save('mit Ümlaut & Leerzeichen?#');
      await etherpad.state.import(CLASS);
      await etherpad.clock.advance({ seconds: 1 });
      await etherpad.snapshots.save('a');
      expect(await etherpad.snapshots.list()).toEqual([
        { name: 'a', savedAt: '2029-12-31T23:58:21.000Z', sessions: 1 },
        { name: 'mit Ümlaut & Leerzeichen?#', savedAt: '2029-12-31T23:58:20.000Z', sessions: 0 },
      ]);
      await etherpad.snapshots.delete('a');
      expect(await etherpad.snapshots.list()).toHaveLength(1);
    });

    test.each(['restore', 'delete'] as const)('%s of an unknown name is 404', async (verb) => {
      await etherpad.state.import(CLASS);
      expect(await refusalOf(etherpad.snapshots[verb]('nothing'))).toMatchObject({ status: 404, message: 'there is no snapshot nothing' });
      expect(withoutHistory(await etherpad.state.export())).toEqual(CLASS);
    });

    test.each(['', '.', '..', 'a/b', 'x'.repeat(201)])('a name cannot be %j', async (name) => {
      for (const verb of ['save', 'restore', 'delete'] as const)
        expect(await refusalOf(etherpad.snapshots[verb](name))).toMatchObject({ status: 400 });
      expect(await etherpad.snapshots.list()).toEqual([]);
    });
  });

  describe('ids', () => {
    const draw = async (of: EtherpadControl) => [await ok(of, 'createGroup'), await ok(of, 'createAuthor'), await ok(of, 'createGroup')];

    test('the same seed gives the same ids in the same order, another seed others', async () => {
      await etherpad.ids.seed('lesson');
      const first = await draw(etherpad);
      expect(first).toEqual([
        { groupID: expect.stringMatching(/^g\.[A-Za-z0-9]{16}$/) },
        { authorID: expect.stringMatching(/^a\.[A-Za-z0-9]{16}$/) },
        { groupID: expect.stringMatching(/^g\./) },
      ]);
      const other = etherpad.sandbox(`${(await etherpad.info()).sandbox}-other`);
      await other.ids.seed('lesson');
      expect(await draw(other)).toEqual(first);
      await other.ids.seed(42);
      expect(await draw(other)).not.toEqual(first);
    });

    test('an id that is taken is passed over', async () => {
      await etherpad.ids.seed('lesson');
      const first = await ok(etherpad, 'createGroup');
      const second = await ok(etherpad, 'createGroup');
      await etherpad.state.import({ groups: [first] });
      await etherpad.ids.seed('lesson');
      expect(await ok(etherpad, 'createGroup')).toEqual(second);
    });

    test('a session that is taken is passed over too', async () => {
      await etherpad.ids.seed(1);
      const { sessionID, groupID, authorID } = await createSession(etherpad, YEAR_2030);
      const kept = await etherpad.state.export();
      await etherpad.ids.seed(1);
      await etherpad.state.import({ ...kept, groups: kept.groups, authors: kept.authors });
      const drawn = await createSession(etherpad, YEAR_2030);
      expect([drawn.groupID, drawn.authorID, drawn.sessionID]).not.toContain(groupID);
      expect([drawn.authorID, drawn.sessionID]).not.toContain(authorID);
      expect(drawn.sessionID).not.toBe(sessionID);
    });

    test('are unforeseeable without a seed, and again after a reset', async () => {
      await etherpad.ids.seed('lesson');
      const seeded = await draw(etherpad);
      await etherpad.reset();
      expect(await draw(etherpad)).not.toEqual(seeded);
    });

    test.each([
      ['empty', ''],
      ['missing', undefined],
      ['a list', []],
    ])('a seed cannot be %s', async (_what, seed) => {
      expect(await refusalOf(etherpad.ids.seed(seed as string))).toMatchObject({ status: 400, problems: [{ path: '/seed' }] });
    });
  });

  test('the emulation is switched for what comes, with the state that is there', async () => {
    const { sessionID, groupID, authorID } = await createSession(etherpad, YEAR_2030);
    await etherpad.emulate('3');
    expect(await etherpad.info()).toMatchObject({ emulate: '3.3.1' });
    expect(await ok(etherpad, 'getSessionInfo', { sessionID })).toEqual({ groupID, authorID, validUntil: YEAR_2030 });
    await etherpad.emulate('documented');
    expect(await ok(etherpad, 'getSessionInfo', { sessionID })).toHaveProperty('info');
    expect(await refusalOf(etherpad.emulate('4' as Emulation))).toMatchObject({
      status: 400,
      problems: [{ path: '/emulate', message: 'is not an emulation: "4"; there is documented, 1.9.7, 2.5.3, 3.3.1' }],
    });
    expect(await etherpad.info()).toMatchObject({ emulate: 'documented' });
  });

  test('what it is', async () => {
    const { now, ...information } = await etherpad.info();
    expect(information).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      emulate: 'documented',
      apiKey: etherpad.apiKey,
      authentication: 'apikey',
      oauthClients: ['mock-etherpad'],
      tokenLifetime: 3600,
      sandbox: etherpad.url.split('/').at(-1),
    });
    expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(10);
    expect((await whole.info()).sandbox).toBe(null);
  });

  test('reset clears and seeds again; snapshots, emulation and other sandboxes stay', async () => {
    const seeded = await start({ seed: CLASS });
    const { etherpad: main } = seeded;
    const other = main.sandbox('other');
    await ok(other, 'createGroup');
    await ok(main, 'createGroup');
    await main.snapshots.save('kept');
    await main.clock.freeze(YEAR_2030 + 1000);
    await main.faults.add({ kind: 'latency', milliseconds: 1 });
    await main.ids.seed('lesson');
    const first = await ok(main, 'createGroup');
    await main.emulate('2.5.3');
    await main.reset();
    expect(withoutHistory(await main.state.export())).toEqual(CLASS);
    expect(await main.clock.set({ frozen: false })).toMatchObject({ frozen: false });
    expect(Math.abs((await main.clock.now()) - Date.now() / 1000)).toBeLessThan(10);
    expect(await main.faults.list()).toEqual([]);
    expect(await main.requests.list()).toEqual({ total: 0, requests: [] });
    expect(await ok(main, 'createGroup')).not.toEqual(first);
    expect(await main.snapshots.list()).toMatchObject([{ name: 'kept', sessions: 1 }]);
    expect((await main.info()).emulate).toBe('2.5.3');
    expect((await other.state.export()).groups).toHaveLength(3);
    expect(await other.requests.list()).toMatchObject({ total: 1 });
    await seeded.stop();
  });

  test('ids begin as the server was told to, again after a reset and in every sandbox', async () => {
    const seeded = await start({ idSeed: 'lesson' });
    const first = await ok(seeded.etherpad, 'createGroup');
    expect(await ok(seeded.etherpad.sandbox('other'), 'createGroup')).toEqual(first);
    await seeded.etherpad.reset();
    expect(await ok(seeded.etherpad, 'createGroup')).toEqual(first);
    await seeded.stop();
  });
});
