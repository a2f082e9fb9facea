import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EtherpadControl, Expectation, ExpectationError } from '../../src/index.ts';
import { ask, multipart } from '../ask.ts';
import { call, createSession, ok, YEAR_2030 } from './calls.ts';
import { useSandboxes } from './use-sandboxes.ts';
import { type Started, WAYS } from './ways.ts';

describe.each(WAYS)('the journal, %s', (_way, start) => {
  let etherpad: EtherpadControl;
  useSandboxes(start, (sandbox) => (etherpad = sandbox));

  const newest = async () => (await etherpad.requests.list({ limit: 1 })).requests[0]!;
  const refusalOf = (called: Promise<unknown>): Promise<any> =>
    called.then(
      () => Promise.reject(new Error('this was not refused')),
      (error: unknown) => error,
    );

  test('tells all of a request', async () => {
    await etherpad.clock.freeze('2030-01-01T00:00:00Z');
    const { groupID, authorID, sessionID } = await createSession(etherpad, YEAR_2030 + 60);
    expect(await newest()).toEqual({
      id: 3,
      at: '2030-01-01T00:00:00.000Z',
      function: 'createSession',
      mount: 'api',
      method: 'GET',
      path: '/api/1.2.15/createSession',
      parameters: { groupID, authorID, validUntil: String(YEAR_2030 + 60) },
      ids: { groupID, authorID, sessionID },
      access: null,
      code: 0,
      status: 200,
      message: 'ok',
      fault: null,
      reason: null,
      milliseconds: expect.any(Number),
    });
  });

  test('tells the ids that a request made, or else named, by whatever name', async () => {
    await call(etherpad, 'getSessionInfo', { sessionID: '' });
    expect((await newest()).ids).toEqual({});
    await ok(etherpad, 'createPad', { padID: 'x' });
    const { readOnlyID } = await ok(etherpad, 'getReadOnlyID', { padID: 'x' });
    expect((await newest()).ids).toEqual({ padID: 'x', readOnlyID });
    await ok(etherpad, 'getPadID', { roID: readOnlyID! });
    expect((await newest()).ids).toEqual({ padID: 'x', readOnlyID });
    await ok(etherpad, 'getText', { padID: 'x' });
    expect((await newest()).ids).toEqual({ padID: 'x' });
  });

  test('tells why a request failed', async () => {
    await call(etherpad, 'createSession', { groupID: 'g.nobody', authorID: 'a.nobody', validUntil: 1 });
    expect(await newest()).toMatchObject({
      function: 'createSession',
      code: 1,
      status: 400,
      message: 'groupID does not exist',
      reason: 'groupID g.nobody was never created, or was deleted',
      ids: { groupID: 'g.nobody', authorID: 'a.nobody' },
    });
  });

  test('has what no function answered, too', async () => {
    const { pathname } = new URL(etherpad.url);
    await ask(etherpad.url, { path: `${pathname}/api/1.2.15/createSessions` });
    await ask(etherpad.url, { method: 'DELETE', path: `${pathname}/rest/1.3.0/session/delete?x=1` });
    await ask(etherpad.url, { path: `${pathname}/api` });
    const { requests } = await etherpad.requests.list();
    expect(
      requests.map(({ id, function: name, mount, method, path, parameters, code, status }) => ({
        id,
        name,
        mount,
        method,
        path,
        parameters,
        code,
        status,
      })),
    ).toEqual([
      { id: 3, name: null, mount: null, method: 'GET', path: '/api', parameters: null, code: null, status: 200 },
      { id: 2, name: null, mount: 'rest', method: 'DELETE', path: '/rest/1.3.0/session/delete', parameters: null, code: 3, status: 404 },
      { id: 1, name: null, mount: 'api', method: 'GET', path: '/api/1.2.15/createSessions', parameters: null, code: 3, status: 404 },
    ]);
  });

  test('lists the newest first, by function, code and number', async () => {
    await ok(etherpad, 'createGroup');
    await call(etherpad, 'deleteGroup', { groupID: 'g.1' });
    await call(etherpad, 'deleteGroup', { groupID: 'g.2' });
    await ok(etherpad, 'createGroup');
    const idsOf = async (filter: object) => {
      const { total, requests } = await etherpad.requests.list(filter);
      return [total, ...requests.map(({ id }) => id)];
    };
    expect(await idsOf({})).toEqual([4, 4, 3, 2, 1]);
    expect(await idsOf({ function: 'createGroup' })).toEqual([2, 4, 1]);
    expect(await idsOf({ code: 1 })).toEqual([2, 3, 2]);
    expect(await idsOf({ code: 1, limit: 1 })).toEqual([2, 3]);
    expect(await idsOf({ function: 'deleteGroup', code: 0 })).toEqual([0]);
    expect(await idsOf({ limit: 0 })).toEqual([4]);
    await etherpad.requests.clear();
    expect(await idsOf({})).toEqual([0]);
    await ok(etherpad, 'createGroup');
    expect(await idsOf({})).toEqual([1, 1]);
  });

  test.each([
    ['code that there is none of', { code: 5 }, ['/code']],
    ['number that counts nothing', { limit: -1 }, ['/limit']],
    ['field that there is none of', { since: 'yesterday', code: 9 }, ['/since', '/code']],
  ])('refuses a filter with a %s', async (_what, filter, paths) => {
    const refusal = await refusalOf(etherpad.requests.list(filter as object));
    expect(refusal.status).toBe(400);
    expect(refusal.problems.map(({ path }: { path: string }) => path).toSorted()).toEqual(paths.toSorted());
  });

  describe('never keeps a key', () => {
    const key = 'se"cret/käy';
    let locked: Started;
    beforeAll(async () => {
      locked = await start({ apiKey: key });
    });
    afterAll(() => locked.stop());

    const encoded = encodeURIComponent(key);
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const json = { 'Content-Type': 'application/json' };
    test.each([
      ['query', { path: `/createGroup?apikey=${encoded}` }],
      ['query, twice', { path: `/createGroup?apikey=${encoded}&apikey=${encoded}` }],
      ['query, with brackets', { path: `/createGroup?apikey[]=${encoded}` }],
      ['value of another parameter', { path: `/createAuthor?name=my+key+is+${encoded}&apikey=x` }],
      ['name of a parameter', { path: `/createAuthor?${encoded}=1` }],
      ['path', { path: `/createAuthor/${encoded}` }],
      ['form', { method: 'POST', path: '/createGroup', headers: form, body: `api_key=${encoded}` }],
      [
        'multipart',
        {
          method: 'POST',
          path: '/createGroup',
          ...multipart([
            ['apikey', key],
            ['text', key],
          ]),
        },
      ],
      [
        'JSON',
        {
          method: 'POST',
          path: '/createGroup',
          headers: json,
          body: JSON.stringify({ apikey: key, name: { deep: [key, { [key]: 1, apikey: 'x' }] } }),
        },
      ],
      [
        'header',
        {
          path: '/createAuthor?name=Ada',
          headers: { 'x-api-key': Buffer.from(key).toString('latin1'), apikey: Buffer.from(key).toString('latin1') },
        },
      ],
    ])('from the %s', async (_where, question) => {
      await locked.etherpad.requests.clear();
      await ask(locked.etherpad.url, question);
      const told = JSON.stringify(await locked.etherpad.requests.list());
      const refusal = await refusalOf(
        locked.etherpad.requests.verify({ function: 'createPad', parameters: { apikey: 'x', name: 'x', text: 'x' } }),
      );
      expect(told).toMatch(/createGroup|createAuthor/);
      expect(told).not.toMatch(/"api_?key/);
      expect(refusal.message).toContain('apikey is nothing, not x');
      for (const text of [told, JSON.stringify(refusal.verdict)]) {
        expect(text).not.toContain(JSON.stringify(key).slice(1, -1));
        expect(text).not.toContain(encoded);
      }
    });

    test('that is a number in JSON', async () => {
      const numbered = await start({ apiKey: '12345678' });
      await ask(numbered.etherpad.url, {
        method: 'POST',
        path: '/createAuthor',
        headers: json,
        body: '{"apikey":"12345678","name":12345678}',
      });
      expect((await numbered.etherpad.requests.list()).requests[0]).toMatchObject({ code: 0, parameters: { name: '…' } });
      await numbered.stop();
    });

    test('that comes as a header that is a parameter too, as on 2.5.3', async () => {
      const old = await start({ emulate: '2.5.3', apiKey: 'secret-key' });
      await ask(old.etherpad.url, {
        path: '/api/1.2.15/createAuthor?name=Ada',
        headers: { apikey: 'secret-key', cookie: 'token=secret-key' },
      });
      expect((await old.etherpad.requests.list()).requests[0]).toMatchObject({ code: 0, parameters: { name: 'Ada' } });
      expect(JSON.stringify(await old.etherpad.requests.list())).not.toContain('secret-key');
      await old.stop();
    });
  });

  test('keeps as many requests as it is told to, and none with size 0', async () => {
    const small = await start({ journalSize: 3 });
    for (let index = 0; index < 5; index++) await ok(small.etherpad, 'createAuthor', { name: index });
    const { total, requests } = await small.etherpad.requests.list();
    expect(total).toBe(3);
    expect(requests.map(({ id, parameters }) => [id, parameters])).toEqual([
      [5, { name: '4' }],
      [4, { name: '3' }],
      [3, { name: '2' }],
    ]);
    await small.stop();

    const off = await start({ journalSize: 0 });
    await ok(off.etherpad, 'createGroup');
    expect(await off.etherpad.requests.list()).toEqual({ total: 0, requests: [] });
    await off.etherpad.requests.verify({ times: 0 });
    await off.stop();
  });

  describe('verify', () => {
    const verdictOf = async (expectation: Expectation) => etherpad.requests.verify(expectation);

    test.each<[string, Expectation]>([
      ['at least once, without a number', { function: 'createGroup' }],
      ['exactly that often', { function: 'createGroup', times: 2 }],
      ['never', { function: 'deleteGroup', times: 0 }],
      ['at least', { function: 'createGroup', atLeast: 2 }],
      ['at most', { function: 'createGroup', atMost: 2 }],
      ['at most, and never', { function: 'deleteGroup', atMost: 2 }],
      ['between', { function: 'createGroup', atLeast: 1, atMost: 3 }],
      ['of any function', { times: 3 }],
      ['with some of its parameters', { function: 'createAuthor', parameters: { name: 'Ada' } }],
      ['with a parameter that was not sent', { function: 'createGroup', code: 0, times: 2 }],
      ['by its code', { code: 0, atLeast: 3 }],
    ])('holds: %s', async (_what, expectation) => {
      await ok(etherpad, 'createGroup');
      await ok(etherpad, 'createGroup');
      await ok(etherpad, 'createAuthor', { name: 'Ada', other: 1 });
      expect(await verdictOf(expectation)).toMatchObject({ ok: true, nearest: [] });
    });

    test('numbers and text are compared as they were sent', async () => {
      const { groupID } = await createSession(etherpad, YEAR_2030);
      expect(await verdictOf({ parameters: { validUntil: YEAR_2030, groupID } })).toMatchObject({ ok: true, matched: 1 });
      expect(await verdictOf({ parameters: { validUntil: String(YEAR_2030) } })).toMatchObject({ ok: true, matched: 1 });
    });

    test('shows the nearest calls and how they differ, the nearest first', async () => {
      await ok(etherpad, 'createGroup');
      await call(etherpad, 'deleteGroup', { groupID: 'g.other' });
      await call(etherpad, 'createGroupPad', { groupID: 'g.mine', padName: 'notes' });
      const error = await refusalOf(
        etherpad.requests.verify({ function: 'deleteGroup', parameters: { groupID: 'g.mine' }, code: 0, times: 1 }),
      );
      expect(error).toMatchObject({ name: 'ExpectationError' });
      expect(error.message).toBe(
        [
          'expected deleteGroup with groupID g.mine answered with code 0 once, but it was never called.',
          'The nearest calls:',
          '  #2 deleteGroup {"groupID":"g.other"} answered 1: the code is 1, not 0; groupID is g.other, not g.mine',
          '  #3 createGroupPad {"groupID":"g.mine","padName":"notes"} answered 1: the function is createGroupPad, not deleteGroup; the code is 1, not 0',
          '  #1 createGroup {} answered 0: the function is createGroup, not deleteGroup; groupID is nothing, not g.mine',
        ].join('\n'),
      );
      expect(error.verdict).toMatchObject({ ok: false, matched: 0, message: error.message });
      expect(error.verdict.nearest.map(({ request, differences }: any) => [request.id, differences.length])).toEqual([
        [2, 2],
        [3, 2],
        [1, 2],
      ]);
    });

    test('shows the calls that were too many', async () => {
      await ok(etherpad, 'createGroup');
      await ok(etherpad, 'createGroup');
      const error = await refusalOf(etherpad.requests.verify({ function: 'createGroup', times: 1 }));
      expect(error.message).toBe(
        'expected createGroup once, but it was called 2 times.\nThe calls:\n  #2 createGroup {} answered 0\n  #1 createGroup {} answered 0',
      );
    });

    test('says when nothing was called', async () => {
      const error = await refusalOf(etherpad.requests.verify({ function: 'createGroup' }));
      expect(error.message).toBe('expected createGroup at least once, but it was never called.\nNo other call is in the journal.');
    });

    test('waits for what comes in time', async () => {
      const late = setTimeout(() => void ok(etherpad, 'createGroup'), 60);
      expect(await verdictOf({ function: 'createGroup', withinMs: 10_000 })).toMatchObject({ ok: true, matched: 1 });
      clearTimeout(late);
      setTimeout(() => void ok(etherpad, 'createAuthor'), 60);
      expect(await etherpad.requests.waitFor({ function: 'createAuthor' })).toMatchObject({ ok: true, matched: 1 });
    });

    test('does not wait longer than it is told to', async () => {
      const started = performance.now();
      await refusalOf(etherpad.requests.verify({ function: 'createGroup', withinMs: 80 }));
      await refusalOf(etherpad.requests.waitFor({ function: 'createGroup', withinMs: 80 }));
      expect(performance.now() - started).toBeGreaterThanOrEqual(150);
      expect(performance.now() - started).toBeLessThan(4_000);
    });

    test.each([
      ['counts that contradict each other', { atLeast: 3, atMost: 2 }, { '/atLeast': 'is more than atMost: 3 and 2' }],
      ['an exact count beside a least one', { times: 1, atLeast: 1 }, { '/times': 'cannot go with atLeast or atMost' }],
      ['an exact count beside a most one', { times: 1, atMost: 1 }, { '/times': 'cannot go with atLeast or atMost' }],
      ['a function that is none', { function: 'open' }, { '/function': 'there is no function "open", and a pad has page and export' }],
      [
        'a function that is nearly one',
        { function: 'createGrup' },
        { '/function': expect.stringMatching(/^there is no function "createGrup".*createGroup/) },
      ],
      [
        'much that is wrong',
        { function: '', code: 7, times: -1, parameters: [], within: 3 },
        Object.fromEntries(['/function', '/code', '/times', '/parameters', '/within'].map((path) => [path, expect.any(String)])),
      ],
    ])('refuses %s', async (_what, expectation, problems) => {
      const refusal = await refusalOf(etherpad.requests.verify(expectation as unknown as Expectation));
      expect(refusal).toMatchObject({ name: 'ControlError', status: 400 });
      expect(refusal.problems).toHaveLength(Object.keys(problems).length);
      expect(Object.fromEntries(refusal.problems.map(({ path, message }: any) => [path, message]))).toEqual(problems);
    });

    test('takes a least count that is the most, too', async () => {
      await ok(etherpad, 'createGroup');
      expect(await verdictOf({ function: 'createGroup', atLeast: 1, atMost: 1 })).toMatchObject({ ok: true, matched: 1 });
    });

    test.each<[string, Expectation, boolean]>([
      ['the function', { function: 'createAuthor' }, true],
      ['another function', { function: 'createGroup' }, false],
      ['the code', { code: 0 }, true],
      ['another code', { code: 1 }, false],
      ['all parameters', { parameters: { name: 'Ada', other: 1 } }, true],
      ['some parameters', { parameters: { name: 'Ada', other: 2 } }, false],
      ['access where there was none', { access: { granted: true } }, false],
    ])('while it waits, too, a request is judged by %s', async (_what, expectation, isMatch) => {
      const late = delay(30).then(() => ok(etherpad, 'createAuthor', { name: 'Ada', other: 1 }));
      const matched = await verdictOf({ ...expectation, withinMs: isMatch ? 10_000 : 150 }).then(
        (verdict) => verdict.matched,
        ({ verdict }: ExpectationError) => verdict.matched,
      );
      await late;
      expect(matched).toBe(isMatch ? 1 : 0);
      expect((await etherpad.requests.list()).total).toBe(1);
    });

    test.each<[Expectation, string]>([
      [{ atLeast: 2 }, 'expected any function at least 2 times, but it was called once.'],
      [{ function: 'createGroup', atMost: 0 }, 'expected createGroup at most never, but it was called once.'],
      [{ atLeast: 2, atMost: 3 }, 'expected any function at least 2 times and at most 3 times, but it was called once.'],
      [{ code: 4 }, 'expected any function answered with code 4 at least once, but it was never called.'],
    ])('says what was expected: %j', async (expectation, beginning) => {
      await ok(etherpad, 'createGroup');
      const { message } = await refusalOf(etherpad.requests.verify(expectation));
      expect(message.split('\n')[0]).toBe(beginning);
    });

    test('that holds already does not wait', async () => {
      await ok(etherpad, 'createGroup');
      const started = performance.now();
      expect(await verdictOf({ function: 'createGroup', withinMs: 10_000 })).toMatchObject({ ok: true, matched: 1 });
      expect(performance.now() - started).toBeLessThan(8_000);
    });

    test('says of what was not to be called that it was', async () => {
      await ok(etherpad, 'createGroup');
      const error = await refusalOf(etherpad.requests.verify({ function: 'createGroup', times: 0 }));
      expect(error.message).toBe('expected createGroup never, but it was called once.\nThe calls:\n  #1 createGroup {} answered 0');
    });
  });
});
