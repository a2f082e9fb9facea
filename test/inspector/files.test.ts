import * as fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES = [
  ['', 'text/html; charset=utf-8'],
  ['/', 'text/html; charset=utf-8'],
  ['/inspector.js', 'text/javascript; charset=utf-8'],
  ['/inspector.css', 'text/css; charset=utf-8'],
  ['/inspector.svg', 'image/svg+xml; charset=utf-8'],
] as const;

let open: MockEtherpad;
let guarded: MockEtherpad;
beforeAll(async () => {
  open = await startMockEtherpad({ apiKey: 'k' });
  guarded = await startMockEtherpad({ apiKey: 'k', controlToken: 'open-sesame' });
});
afterAll(() => Promise.all([open.close(), guarded.close()]));

const get = (path: string, headers: Record<string, string> = {}, server = open): Promise<Reply> =>
  ask(server.url, { path: `/_mock${path}`, headers });

describe('files', () => {
  test.each(FILES)('/_mock%s is served to anybody, whatever asks, with a policy that lets in nothing else', async (path, type) => {
    const reply = await get(path, { Accept: '*/*', 'Sec-Fetch-Site': 'cross-site' }, guarded);
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-type': type,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    expect(Number(reply.headers['content-length'])).toBe(Buffer.byteLength(reply.body));
  });

  test('all of them together are at most 60 kB compressed', async () => {
    const sizes = await Promise.all(FILES.slice(1).map(async ([path]) => gzipSync((await get(path)).body).length));
    const sum = sizes.reduce((total, size) => total + size);
    expect(sum).toBeGreaterThan(5_000);
    expect(sum).toBeLessThanOrEqual(60_000);
  });

  test('the page names its files relative to itself, with and without a slash at the end', async () => {
    expect((await get('')).body).toContain('src="./_mock/inspector.js"');
    expect((await get('/')).body).toContain('src="./inspector.js"');
  });

  test('nothing in them leads elsewhere', async () => {
    for (const [path] of FILES) {
      const { body } = await get(path);
      const addresses = Array.from(body.matchAll(/https?:\/\/[^\s"'`)]+/g), ([address]) => address);
      expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
    }
  });

  test('other methods are refused', async () => {
    const reply = await ask(open.url, { method: 'POST', path: '/_mock/inspector.js' });
    expect({ status: reply.status, allow: reply.headers['allow'], body: reply.body }).toEqual({
      status: 405,
      allow: 'GET, HEAD',
      body: JSON.stringify({ title: '/_mock/inspector.js takes GET, HEAD', status: 405 }),
    });
  });

  test('without control there is no page', async () => {
    const etherpad = await startMockEtherpad({ control: false });
    expect((await ask(etherpad.url, { path: '/_mock' })).status).toBe(404);
    await etherpad.close();
  });
});

describe('what the page reads', () => {
  const READS = [
    '/events',
    '/inspector/sessions',
    '/inspector/groups',
    '/inspector/authors',
    '/inspector/requests',
    '/inspector/next-expiry',
  ];

  test.each(READS)('%s asks for the control token', async (path) => {
    const reply = await get(path, {}, guarded);
    expect({ status: reply.status, authenticate: reply.headers['www-authenticate'], type: reply.headers['content-type'] }).toEqual({
      status: 401,
      authenticate: 'Bearer',
      type: 'application/problem+json; charset=utf-8',
    });
  });

  test.each(READS)('%s refuses a page of another origin', async (path) => {
    expect((await get(path, { Origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await get(path, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });

  test('windows have a total, the newest first, and are never larger than 200', async () => {
    await open.state.import({ groups: Array.from({ length: 300 }, (_, index) => ({ groupID: `g.${index}` })) });
    const window = JSON.parse((await get('/inspector/groups?offset=10&limit=2')).body);
    const rest = { mapper: null, pads: 0, sessions: { count: 0, orMore: false } };
    expect(window).toEqual({
      total: 300,
      rows: [
        { groupID: 'g.289', ...rest },
        { groupID: 'g.288', ...rest },
      ],
    });
    expect(JSON.parse((await get('/inspector/groups?offset=298&limit=5')).body)).toEqual({
      total: 300,
      rows: [
        { groupID: 'g.1', ...rest },
        { groupID: 'g.0', ...rest },
      ],
    });
    expect(JSON.parse((await get('/inspector/groups?offset=400')).body)).toEqual({ total: 300, rows: [] });
    expect(JSON.parse((await get('/inspector/groups?limit=0')).body)).toEqual({ total: 300, rows: [] });
    expect(JSON.parse((await get('/inspector/groups?limit=201')).body)).toMatchObject({
      status: 400,
      problems: [{ path: '/limit', message: 'must be at most 200, not 201' }],
    });
    expect(JSON.parse((await get('/inspector/groups?filter=G.29&limit=1')).body)).toEqual({
      total: 11,
      rows: [{ groupID: 'g.299', ...rest }],
    });
  });

  describe('sessions in order of their expiry', () => {
    const NOW = 1_900_000_000;
    const read = async (query: string): Promise<{ total: number; ids: string[] }> => {
      const { total, rows } = JSON.parse((await get(`/inspector/sessions?sort=expiry&${query}`)).body);
      return { total, ids: rows.map(({ sessionID }: { sessionID: string }) => sessionID) };
    };

    async function importSessions(validUntils: readonly number[]): Promise<void> {
      await open.clock.freeze(NOW);
      await open.state.import({
        groups: [{ groupID: 'g.1' }],
        authors: [{ authorID: 'a.1' }],
        sessions: validUntils.map((validUntil, index) => ({ sessionID: `s.${index}`, groupID: 'g.1', authorID: 'a.1', validUntil })),
      });
    }

    afterEach(() => open.reset());

    test('the next to expire come first, and expired ones last', async () => {
      await importSessions([NOW - 50, NOW + 300, NOW, NOW + 1, NOW + 200, NOW - 1]);
      expect(await read('')).toEqual({ total: 6, ids: ['s.3', 's.4', 's.1', 's.2', 's.5', 's.0'] });
      expect(await read('offset=1&limit=2')).toEqual({ total: 6, ids: ['s.4', 's.1'] });
      expect(await read('offset=6')).toEqual({ total: 6, ids: [] });
      expect(await read('limit=0')).toEqual({ total: 6, ids: [] });
      expect(await read('filter=s.1')).toEqual({ total: 1, ids: ['s.1'] });
      expect((await get('/inspector/sessions?sort=age')).status).toBe(400);
    });

    test('pages fit together, also where many expire at once', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 30 }),
          fc.integer({ min: 1, max: 9 }),
          async (offsets, limit) => {
            await importSessions(offsets.map((offset) => NOW + offset));
            const paged: string[] = [];
            for (let offset = 0; offset < offsets.length; offset += limit)
              paged.push(...(await read(`offset=${offset}&limit=${limit}`)).ids);
            expect(paged).toEqual((await read('limit=200')).ids);
            expect(new Set(paged).size).toBe(offsets.length);
          },
        ),
        { numRuns: 20 },
      );
    });
  });

  test('only requests that were refused, failed or got no answer', async () => {
    const etherpad = await startMockEtherpad({ apiKey: 'k' });
    const call = (path: string): Promise<unknown> => ask(etherpad.url, { path }).catch(() => undefined);
    await call('/createGroup?apikey=k');
    await call('/createGroup?apikey=wrong');
    await call('/deleteGroup?apikey=k&groupID=g.nobody');
    await etherpad.faults.add({ kind: 'lostAnswer', function: 'createAuthor', times: 1 });
    await call('/createAuthor?apikey=k&name=Ada');
    await call('/listAllGroups?apikey=k');
    const read = async (query: string): Promise<unknown> =>
      JSON.parse((await ask(etherpad.url, { path: `/_mock/inspector/requests?${query}` })).body);
    expect(await read('only=refused')).toMatchObject({ total: 3, rows: [{ id: 4 }, { id: 3 }, { id: 2 }] });
    expect(await read('only=refused&limit=1&offset=1')).toMatchObject({ total: 3, rows: [{ id: 3 }] });
    expect(await read('only=refused&filter=deleteGroup')).toMatchObject({ total: 1, rows: [{ id: 3 }] });
    expect(await read('')).toMatchObject({ total: 5 });
    await etherpad.close();
  });

  test.each(['documented', '1.9.7', '3.3.1'] as const)('sessions and groups that were deleted are not counted (%s)', async (emulate) => {
    const etherpad = await startMockEtherpad({ apiKey: 'k', emulate });
    const sessions = ['s.1', 's.2'].map((sessionID) => ({ sessionID, groupID: 'g.1', authorID: 'a.1', validUntil: 1_999_999_999 }));
    await etherpad.state.import({ groups: [{ groupID: 'g.1' }, { groupID: 'g.2' }], authors: [{ authorID: 'a.1' }], sessions });
    await ask(etherpad.url, { path: '/api/1/deleteGroup?apikey=k&groupID=g.1' });
    const read = async (what: string): Promise<unknown> => JSON.parse((await ask(etherpad.url, { path: `/_mock/inspector/${what}` })).body);
    expect(await read('sessions')).toEqual({ total: 0, rows: [] });
    expect(await read('groups')).toEqual({
      total: 1,
      rows: [{ groupID: 'g.2', mapper: null, pads: 0, sessions: { count: 0, orMore: false } }],
    });
    expect(await read('authors')).toMatchObject({ total: 1, rows: [{ authorID: 'a.1', sessions: { count: 0, orMore: false } }] });
    expect(await read('next-expiry')).toBeNull();
    await etherpad.close();
  });

  test.each([
    ['/inspector/groups/g.nobody', 'no group has the id g.nobody'],
    ['/inspector/requests/999999', 'the journal has no request 999999: it was overwritten or cleared'],
    ['/inspector/nothing', 'there is nothing at /_mock/inspector/nothing'],
  ])('%s is not found', async (path, title) => {
    expect(JSON.parse((await get(path)).body)).toEqual({ title, status: 404 });
  });

  test('a sandbox has what it has, and one that nobody used is not found', async () => {
    const etherpad = await startMockEtherpad({ apiKey: 'k' });
    await ask(etherpad.url, { path: '/sandbox/worker-1/createGroup?apikey=k' });
    const read = async (sandbox: string): Promise<unknown> =>
      JSON.parse((await ask(etherpad.url, { path: `${sandbox}/_mock/inspector/groups` })).body);
    expect(await read('/sandbox/worker-1')).toMatchObject({ total: 1 });
    expect(await read('')).toMatchObject({ total: 0 });
    expect(await read('/sandbox/worker-2')).toEqual({
      title: 'there is no sandbox called worker-2: the first request to it creates it',
      status: 404,
    });
    expect(await etherpad.sandboxes.list()).toMatchObject([{ name: 'worker-1' }]);
    await etherpad.close();
  });

  test('an opened request shows the API key nowhere, whatever the data', async () => {
    const etherpad = await startMockEtherpad({ apiKey: 'my-"secret"-key' });
    const call = (name: string, parameters: Record<string, string>) =>
      ask(etherpad.url, { path: `/${name}?${new URLSearchParams({ apikey: 'my-"secret"-key', ...parameters }).toString()}` });
    const { groupID } = JSON.parse((await call('createGroup', {})).body).data;
    await call('createGroupPad', { groupID, padName: 'keys', text: 'my-"secret"-key in a pad' });
    await call('getText', { padID: `${groupID}$keys` });
    const { body } = await ask(etherpad.url, { path: '/_mock/inspector/requests/3' });
    await etherpad.close();
    expect(JSON.parse(body)).toMatchObject({ id: 3, function: 'getText', code: 0, data: { text: expect.stringContaining('… in a pad') } });
    expect(body).not.toContain('secret');
  });
});

describe('the stream', () => {
  interface Told {
    readonly event: string;
    readonly data: any;
  }

  /** Reads events until one satisfies, and lets go. */
  async function readUntil(
    server: { readonly url: string },
    isLast: (told: Told) => boolean,
    meanwhile?: () => Promise<unknown>,
  ): Promise<Told[]> {
    const aborting = new AbortController();
    const response = await fetch(`${server.url}/_mock/events`, { signal: aborting.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const told: Told[] = [];
    let text = '';
    const decoder = new TextDecoder();
    let isStarted = false;
    for await (const chunk of response.body!) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block)!;
        told.push({ event, data: JSON.parse(data) });
      }
      if (told.some(isLast)) break;
      if (!isStarted) {
        isStarted = true;
        await meanwhile?.();
      }
    }
    aborting.abort();
    return told;
  }

  test('begins with everything, then tells only what changed', async () => {
    const server = await startMockEtherpad({ apiKey: 'k' });
    const told = await readUntil(
      server,
      ({ event, data }) => event === 'counts' && data.requests === 2,
      async () => {
        await ask(server.url, { path: '/createGroup?apikey=k' });
        await ask(server.url, { path: '/createAuthor?apikey=k&name=Ada' });
      },
    );
    await server.close();
    expect(told.slice(0, 6).map(({ event }) => event)).toEqual(['about', 'clock', 'counts', 'faults', 'snapshots', 'sandboxes']);
    expect(told[2]!.data).toEqual({ sessions: 0, expired: 0, groups: 0, authors: 0, pads: 0, requests: 0, kept: 0 });
    expect(new Set(told.slice(6).map(({ event }) => event))).toEqual(new Set(['counts']));
    expect(told.at(-1)!.data).toEqual({ sessions: 0, expired: 0, groups: 1, authors: 1, pads: 0, requests: 2, kept: 2 });
  });

  test('of a sandbox that nobody used say so, until somebody does', async () => {
    await using server = await startMockEtherpad({ apiKey: 'k' });
    const url = `${server.url}/sandbox/later`;
    const missing: Told = { event: 'missing', data: { sandbox: 'later' } };
    const told = await readUntil(
      { url },
      ({ event, data }) => event === 'counts' && data.groups === 1,
      () => ask(server.url, { path: '/sandbox/later/createGroup?apikey=k' }),
    );
    expect(told[0]).toEqual(missing);
    expect(told.slice(1).map(({ event }) => event)).toEqual(['about', 'clock', 'counts', 'faults', 'snapshots', 'sandboxes']);
    // and again once it is gone
    const after = await readUntil(
      { url },
      ({ event }) => event === 'missing',
      () => server.sandboxes.delete('later'),
    );
    expect(after.at(-1)).toEqual(missing);
  });

  test('another state with as many of everything is told of', async () => {
    await using server = await startMockEtherpad({ apiKey: 'k' });
    const counts = new Set<Told>();
    const told = await readUntil(
      server,
      (one) => one.event === 'counts' && counts.add(one).size === 2,
      () => server.state.import({ groups: [] }),
    );
    expect(told.filter(({ event }) => event === 'counts')).toHaveLength(2);
  });

  test('counts leave out sessions that have expired', async () => {
    const server = await startMockEtherpad({ apiKey: 'k' });
    await server.clock.freeze(1_900_000_000);
    const sessions = [1_900_000_010, 1_900_000_020, 1_899_999_999].map((validUntil, index) => ({
      sessionID: `s.${index}`,
      groupID: 'g.1',
      authorID: 'a.1',
      validUntil,
    }));
    await server.state.import({ groups: [{ groupID: 'g.1' }], authors: [{ authorID: 'a.1' }], sessions });
    await server.snapshots.save('before');
    const told = await readUntil(
      server,
      ({ event, data }) => event === 'counts' && data.sessions === 1,
      () => server.clock.advance({ seconds: 10 }),
    );
    const read = async (what: string): Promise<unknown> => JSON.parse((await ask(server.url, { path: `/_mock/inspector/${what}` })).body);
    expect(told.filter(({ event }) => event === 'counts').map(({ data: { sessions: alive, expired } }) => ({ alive, expired }))).toEqual([
      { alive: 2, expired: 1 },
      { alive: 1, expired: 2 },
    ]);
    expect(told.find(({ event }) => event === 'snapshots')!.data.snapshots).toMatchObject([{ name: 'before', sessions: 2 }]);
    expect(told.find(({ event }) => event === 'sandboxes')!.data.server).toMatchObject({ sessions: 2 });
    expect(await read('groups')).toMatchObject({ rows: [{ sessions: { count: 1, orMore: false } }] });
    expect(await read('authors')).toMatchObject({ rows: [{ sessions: { count: 1, orMore: false } }] });
    await server.close();
  });

  test('counts are right after a session came in the place of an expired one', async () => {
    const etherpad = await startMockEtherpad({ apiKey: 'k' });
    await etherpad.clock.freeze(1_900_000_000);
    await etherpad.state.import({
      groups: [{ groupID: 'g.1' }, { groupID: 'g.2' }],
      authors: [{ authorID: 'a.1' }],
      sessions: [{ sessionID: 's.1', groupID: 'g.1', authorID: 'a.1', validUntil: 1_899_999_999 }],
    });
    let changed = false;
    const told = await readUntil(
      etherpad,
      ({ event, data }) => event === 'counts' && changed && data.sessions === 1 && data.expired === 0,
      async () => {
        await Promise.all([
          ask(etherpad.url, { path: '/deleteGroup?apikey=k&groupID=g.1' }),
          ask(etherpad.url, { path: '/createSession?apikey=k&groupID=g.2&authorID=a.1&validUntil=1900000100' }),
        ]);
        changed = true;
      },
    );
    await etherpad.close();
    expect(told.find(({ event }) => event === 'counts')!.data).toMatchObject({ sessions: 0, expired: 1 });
    expect(told.at(-1)!.data).toMatchObject({ sessions: 1, expired: 0 });
  });

  test('is told a state that was replaced by one of the same size', async () => {
    const server = await startMockEtherpad({ apiKey: 'k' });
    await server.state.import({ groups: [{ groupID: 'g.one' }] });
    let seen = 0;
    const told = await readUntil(
      server,
      ({ event }) => event === 'counts' && ++seen === 3,
      () => server.state.import({ groups: [{ groupID: 'g.other' }] }),
    );
    await server.close();
    const counts = told.filter(({ event }) => event === 'counts').map(({ data }) => data.groups);
    expect(counts).toEqual([1, 1]);
  });

  test('does not write more than a few times a second, however many requests there are', async () => {
    const server = await startMockEtherpad({ apiKey: 'k' });
    const began = performance.now();
    const told = await readUntil(
      server,
      ({ event, data }) => event === 'counts' && data.requests >= 600,
      async () => {
        for (let rounds = 0; rounds < 60; rounds++)
          await Promise.all(Array.from({ length: 10 }, () => ask(server.url, { path: '/checkToken?apikey=k' })));
      },
    );
    const ticks = Math.ceil((performance.now() - began) / 250);
    await server.close();
    expect(told.filter(({ event }) => event === 'counts').length).toBeLessThanOrEqual(ticks + 1);
  });

  test('and a connection that a browser opened for later does not keep a server from closing', async () => {
    const server = await startMockEtherpad();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await ask(server.url, { path: '/api' });
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    await ended;
  });

  test('ends when the server closes, at once', async () => {
    const server = await startMockEtherpad();
    const response = await fetch(`${server.url}/_mock/events`);
    const reading = response.text();
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await reading).toContain('event: counts\n');
  });
});
