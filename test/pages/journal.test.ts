import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startLesson } from './lesson.ts';

const CLOSED = { by: null, sessionID: null, authorID: null };

describe('the journal', () => {
  test('lists pages and exports with who was let in, and by what', async () => {
    await using lesson = await startLesson();
    const { etherpad, padID, sessionID, authorID, open, call } = lesson;
    const { readOnlyID } = (await call('getReadOnlyID', { padID })) as { readOnlyID: string };
    await call('createPad', { padID: 'open' });
    await etherpad.requests.clear();
    await open(`/p/${padID}?userName=Ada&showControls=false`);
    await open(`/p/${readOnlyID}/export/txt`);
    await open(`/p/${padID}/export/html`, {});
    await open('/p/open/export/txt', {});
    await open('/p/r.none', {});
    await open('/p/a$b');
    const { requests } = await etherpad.requests.list();
    expect(requests.toReversed()).toMatchObject([
      {
        function: 'page',
        mount: null,
        method: 'GET',
        path: `/p/${padID}`,
        parameters: { userName: 'Ada', showControls: 'false' },
        ids: { padID, sessionID, authorID },
        access: { granted: true, by: 'session', padID, readOnlyID: null, sessionID, authorID, reason: null },
        code: null,
        status: 200,
        reason: null,
      },
      {
        function: 'export',
        parameters: {},
        status: 200,
        ids: { padID, readOnlyID, sessionID, authorID },
        access: { granted: true, by: 'session', padID, readOnlyID },
      },
      {
        function: 'export',
        status: 403,
        reason: 'no cookie sessionID was sent: is it set for this host and path?',
        access: { ...CLOSED, granted: false, padID, reason: 'no cookie sessionID was sent: is it set for this host and path?' },
      },
      { function: 'export', status: 200, access: { granted: true, by: 'open', padID: 'open', sessionID: null, authorID: null } },
      {
        function: 'page',
        status: 200,
        access: { ...CLOSED, granted: false, padID: null, readOnlyID: 'r.none', reason: 'no pad has the read-only id r.none' },
      },
      { function: 'page', status: 404, access: null, reason: "a$b has a $, which only follows a group's id: g.… and 16 letters or digits" },
    ]);
  });

  test('has no access for functions, and none for what is no page', async () => {
    await using lesson = await startLesson();
    const { etherpad, open } = lesson;
    await open('/p/');
    const { requests } = await etherpad.requests.list();
    expect(requests.map(({ access }) => access)).toEqual(requests.map(() => null));
    expect(requests[0]).toMatchObject({ function: null, path: '/p/', status: 404 });
  });

  test('does not list what an open page asks for', async () => {
    await using lesson = await startLesson();
    const { etherpad, padID, open } = lesson;
    await etherpad.requests.clear();
    expect(await open(`/p/${padID}/view`)).toMatchObject({ status: 200 });
    expect(await open(`/p/${padID}/view`, undefined, 'POST')).toMatchObject({ status: 200 });
    expect(await etherpad.requests.list()).toEqual({ total: 0, requests: [] });
  });
});

describe('requests.verify', () => {
  test('tells that a browser opened a pad as an author', async () => {
    await using lesson = await startLesson();
    const { etherpad, padID, authorID, sessionID, open } = lesson;
    const opening = delay(50).then(() => open(`/p/${padID}`));
    await etherpad.requests.waitFor({ function: 'page', access: { granted: true, padID, authorID, sessionID } });
    await opening;
    await etherpad.requests.verify({ function: 'page', access: { granted: true }, times: 1 });
    await etherpad.requests.verify({ access: { granted: false }, times: 0 });
    await etherpad.requests.verify({ function: 'export', access: { granted: true }, times: 0 });
  });

  test('tells how the nearest request differs', async () => {
    await using lesson = await startLesson();
    const { etherpad, padID, open } = lesson;
    await open(`/p/${padID}`, {});
    await expect(etherpad.requests.verify({ function: 'page', access: { granted: true, by: 'session', padID } })).rejects.toThrow(
      /expected page with access granted true, by session, padID g\..*granted of access is false, not true; by of access is null, not session/s,
    );
    await expect(etherpad.requests.verify({ function: 'createGroup', access: { granted: true } })).rejects.toThrow(
      'no pad or export was opened',
    );
  });

  test('refuses what access does not have', async () => {
    await using lesson = await startLesson();
    const expectation = { access: { authorId: 'a.x', granted: 'yes' } } as object;
    await expect(lesson.etherpad.requests.verify(expectation)).rejects.toThrow(/authorId is not known|granted must be true or false/s);
  });
});

describe('faults', () => {
  test.each([
    [
      { kind: 'html', status: 503 },
      { status: 503, body: expect.stringContaining('503') },
    ],
    [
      { kind: 'code', code: 1 },
      { status: 403, body: "403 - Can't touch this" },
    ],
    [
      { kind: 'code', code: 2 },
      { status: 500, body: '{"error":"Sorry, something bad happened!"}' },
    ],
    [
      { kind: 'code', code: 3 },
      { status: 404, body: expect.stringContaining('Cannot GET /p/') },
    ],
    [
      { kind: 'code', code: 4, message: 'Log in <first>' },
      { status: 401, body: 'Log in <first>', headers: { 'content-type': 'text/plain; charset=utf-8' } },
    ],
    [
      { kind: 'code', code: 4 },
      { status: 401, body: 'Authentication Required', headers: { 'content-type': 'text/html; charset=utf-8' } },
    ],
    [{ kind: 'truncate' }, { status: 200, body: 'Dear ' }],
    [
      { kind: 'contentType', contentType: 'image/png' },
      { status: 200, headers: { 'content-type': 'image/png' }, body: 'Dear class\n' },
    ],
  ] as const)('%j hits an export', async (fault, expected) => {
    await using lesson = await startLesson();
    const { etherpad, padID, open } = lesson;
    const { id } = await etherpad.faults.add({ ...fault, function: 'export', times: 1 });
    expect(await open(`/p/${padID}`)).toMatchObject({ status: 200 });
    expect(await open(`/p/${padID}/export/txt`)).toMatchObject(expected);
    expect(await open(`/p/${padID}/export/txt`)).toMatchObject({ status: 200, body: 'Dear class\n' });
    const { requests } = await etherpad.requests.list({ function: 'export' });
    expect(requests[1]).toMatchObject({ fault: fault.kind, reason: expect.stringContaining(`fault ${id} (${fault.kind}) fired`) });
    expect(requests[0]!.fault).toBeNull();
  });

  test('drop and lostAnswer reset the connection of a page', async () => {
    await using lesson = await startLesson();
    const { etherpad, padID, open } = lesson;
    for (const kind of ['drop', 'lostAnswer'] as const) {
      await etherpad.faults.add({ kind, function: 'page', times: 1 });
      await expect(open(`/p/${padID}`)).rejects.toThrow(/ECONNRESET|socket hang up/);
      const { requests } = await etherpad.requests.list({ function: 'page', limit: 1 });
      expect(requests[0]).toMatchObject({ fault: kind, status: null });
    }
    expect(await open(`/p/${padID}`)).toMatchObject({ status: 200 });
  });

  test('a latency delays a page', async () => {
    await using lesson = await startLesson();
    await lesson.etherpad.faults.add({ kind: 'latency', milliseconds: 120, function: 'page' });
    const started = performance.now();
    await lesson.open(`/p/${lesson.padID}`);
    expect(performance.now() - started).toBeGreaterThan(115);
  });

  test('for any function are for functions alone', async () => {
    await using lesson = await startLesson();
    const { etherpad, padID, open, call } = lesson;
    await etherpad.faults.add({ kind: 'html', times: 1 });
    expect(await open(`/p/${padID}`)).toMatchObject({ status: 200 });
    expect(await open(`/p/${padID}/export/txt`)).toMatchObject({ status: 200 });
    await expect(call('createGroup')).rejects.toThrow('is not valid JSON');
    // @ts-expect-error -- there is none
    await expect(etherpad.faults.add({ kind: 'drop', function: 'pages' })).rejects.toThrow(
      'there is no function "pages": did you mean page?',
    );
  });
});
