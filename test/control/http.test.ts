import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectMockEtherpad, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { findProblems } from '../../src/sandbox/schema.ts';
import { ANSWERS } from '../../src/control/answers.ts';
import { type VerbName, VERBS } from '../../src/control/verbs.ts';
import { ask, type Question, type Reply } from '../ask.ts';
import { JSON_TYPE } from '../envelope.ts';
import { createSession, ok, YEAR_2030 } from './calls.ts';
import { startCommand } from './ways.ts';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad({ bodyLimit: 20_000 });
});
afterAll(() => etherpad.close());

const json = (method: string, path: string, body: unknown): Question => ({
  method,
  path,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** Asserts a problem to the last field. */
function expectProblem(reply: Reply, status: number, title: string | RegExp, paths: readonly string[] = []): void {
  expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({ status, type: PROBLEM_TYPE });
  const problem = JSON.parse(reply.body) as { title: string; problems?: { path: string; message: string }[] };
  expect(problem).toEqual({
    title: expect.stringMatching(title),
    status,
    ...(paths.length === 0 ? {} : { problems: paths.map((path) => ({ path, message: expect.any(String) })) }),
  });
}

describe('control over HTTP', () => {
  test('health is told to everybody, and only told', async () => {
    const reply = await ask(etherpad.url, { path: '/_mock/health', headers: { Origin: 'http://evil.example' } });
    expect({ status: reply.status, type: reply.headers['content-type'], body: reply.body }).toEqual({
      status: 200,
      type: JSON_TYPE,
      body: '{"status":"pass"}',
    });
    expectProblem(await ask(etherpad.url, { method: 'POST', path: '/_mock/health' }), 405, '/_mock/health takes GET, HEAD');
  });

  test('every verb answers what its schema says', async () => {
    const { sessionID } = await createSession(etherpad, YEAR_2030);
    const bodies: Partial<Record<VerbName, unknown>> = {
      setClock: { now: '2029-01-01' },
      advanceClock: { beforeExpiryOf: sessionID },
      addFault: { kind: 'code', code: 1, function: 'createPad', times: 1, skip: 0, probability: 0.5, seed: 'x', message: 'm' },
      verifyRequests: { function: 'createPad', code: 0 },
      seedIds: { seed: 3 },
      emulate: { emulate: '3' },
      setAuthentication: { authentication: 'sso', oauthClients: ['svc:svc-secret'] },
    };
    const names: Partial<Record<VerbName, string>> = { removeFault: 'fault-1', deleteSandbox: 'for-answers' };
    // in an order in which each finds what it needs
    // oxfmt-ignore
    const order: readonly VerbName[] = [
      'info', 'saveSnapshot', 'listSnapshots', 'restoreSnapshot', 'deleteSnapshot', 'setClock', 'readClock', 'advanceClock', 'releaseClock',
      'addFault', 'listFaults', 'removeFault', 'clearFaults', 'listRequests', 'verifyRequests', 'clearRequests', 'coverage', 'seedIds', 'emulate',
      'setAuthentication', 'giveToken', 'listSandboxes', 'deleteSandbox', 'deleteSandboxes', 'exportState', 'importState', 'reset',
    ];
    expect(order.toSorted()).toEqual(Object.keys(VERBS).toSorted());
    etherpad.sandbox('for-answers');
    let state: unknown;
    for (const name of order) {
      const verb = VERBS[name];
      const path = `/_mock${verb.path.replace(/\{\w+\}/, names[name] ?? 'for-answers')}`;
      const body = name === 'importState' ? state : bodies[name];
      const reply = await ask(etherpad.url, body === undefined ? { method: verb.method, path } : json(verb.method, path, body));
      expect({ name, status: reply.status, type: reply.headers['content-type'] }).toEqual({ name, status: verb.status, type: JSON_TYPE });
      const answer = JSON.parse(reply.body) as unknown;
      if (name === 'exportState') state = answer;
      expect({ name, problems: findProblems(answer, ANSWERS[name]) }).toEqual({ name, problems: [] });
    }
  });

  test.each<[what: string, question: Question, status: number, title: string | RegExp, paths?: readonly string[]]>([
    ['an unknown path', { path: '/_mock/clocks' }, 404, 'there is nothing at /_mock/clocks: see /_mock/openapi.json for all paths'],
    ['a slash at the end', { method: 'DELETE', path: '/_mock/sandboxes/' }, 404, /^there is nothing at/],
    ['another method', { method: 'PATCH', path: '/_mock/clock' }, 405, '/_mock/clock takes GET, HEAD, PUT, DELETE'],
    ['another method of the document', { method: 'DELETE', path: '/_mock/openapi.json' }, 405, '/_mock/openapi.json takes GET, HEAD'],
    ['no body where one is needed', { method: 'PUT', path: '/_mock/state' }, 400, 'PUT /_mock/state takes a JSON body, and none was sent'],
    ['null for a body', json('PUT', '/_mock/state', null), 400, /^the input is invalid/, ['']],
    ['null for an expectation', json('POST', '/_mock/requests/verify', null), 400, /^the input is invalid/, ['']],
    ['null for a fault', json('POST', '/_mock/faults', null), 400, /^the input is invalid/, ['']],
    ['a list for a body', json('PUT', '/_mock/emulation', []), 400, /^the input is invalid/, ['']],
    ['a body where there is none', json('POST', '/_mock/reset', { now: 1 }), 400, 'POST /_mock/reset takes no body'],
    ['null where there is no body', json('POST', '/_mock/reset', null), 400, 'POST /_mock/reset takes no body'],
    ['a query where there is none', { method: 'DELETE', path: '/_mock/faults?id=fault-1' }, 400, 'DELETE /_mock/faults takes no query'],
    ['unknown fields', json('PUT', '/_mock/clock', { now: 1, freeze: true, zone: 1 }), 400, /nothing was changed/, ['/freeze', '/zone']],
    [
      'an unknown field called __proto__',
      { ...json('PUT', '/_mock/ids', {}), body: '{"seed":1,"__proto__":{}}' },
      400,
      /nothing was changed/,
      ['/__proto__'],
    ],
    [
      'an unknown field of the query',
      { path: '/_mock/requests?fonction=x&limit=many' },
      400,
      /nothing was changed/,
      ['/fonction', '/limit'],
    ],
    ['what is no JSON', { ...json('PUT', '/_mock/clock', 0), body: '{"now":' }, 400, /^the body is not JSON: /],
    [
      'a form',
      { method: 'PUT', path: '/_mock/clock', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'now=1' },
      415,
      'send the body as Content-Type application/json',
    ],
    [
      'a body of no type',
      { method: 'PUT', path: '/_mock/clock', body: '{"now":1}' },
      415,
      'send the body as Content-Type application/json',
    ],
    [
      'a body of a similar type',
      { method: 'PUT', path: '/_mock/clock', headers: { 'Content-Type': 'application/json-patch+json' }, body: '{"now":1}' },
      415,
      /^send the body/,
    ],
    [
      'a body that is too large',
      json('PUT', '/_mock/state', { groups: [{ groupID: 'x'.repeat(30_000) }] }),
      413,
      'the body is larger than 20000 bytes: start with a larger --body-limit',
    ],
    [
      'a body in chunks that is too large',
      { ...json('PUT', '/_mock/state', 'x'.repeat(3_000_000)), chunked: true },
      413,
      /^the body is larger/,
    ],
    ['a name with a slash', { method: 'PUT', path: '/_mock/snapshots/a%2Fb' }, 400, /^a name has 1 to 200 characters/],
    ['an unknown fault', { method: 'DELETE', path: '/_mock/faults/fault-99' }, 404, 'no fault has the id fault-99'],
    ['an unknown session', json('POST', '/_mock/clock/advance', { pastExpiryOf: 's.x' }), 404, 'no session has the id s.x'],
  ])('%s', async (_what, question, status, title, paths) => {
    const before = await etherpad.state.export();
    expectProblem(await ask(etherpad.url, question), status, title, paths);
    expect(await etherpad.state.export()).toEqual(before);
  });

  test('a method that is not taken is told with those that are', async () => {
    expect((await ask(etherpad.url, { method: 'POST', path: '/_mock/snapshots' })).headers['allow']).toBe('GET, HEAD');
  });

  test('HEAD is GET without the body', async () => {
    const reply = await ask(etherpad.url, { method: 'HEAD', path: '/_mock/info' });
    expect({ status: reply.status, body: reply.body }).toEqual({ status: 200, body: '' });
  });

  test('an empty object is no body', async () => {
    expect(await ask(etherpad.url, json('POST', '/_mock/reset', {}))).toMatchObject({ status: 200, body: 'null' });
  });

  test('a body may name its charset', async () => {
    expect(
      (
        await ask(etherpad.url, {
          ...json('PUT', '/_mock/ids', { seed: 1 }),
          headers: { 'Content-Type': 'application/json; charset=utf-8' },
        })
      ).status,
    ).toBe(200);
  });

  test('what is asked of control is not in the journal', async () => {
    await etherpad.requests.clear();
    await ask(etherpad.url, { path: '/_mock/info' });
    expect(await etherpad.requests.list()).toEqual({ total: 0, requests: [] });
  });

  test('a base path is before it', async () => {
    await using below = await startMockEtherpad({ basePath: '/pad' });
    const origin = new URL(below.url).origin;
    expect((await ask(origin, { path: '/pad/_mock/info' })).status).toBe(200);
    expect((await ask(origin, { path: '/_mock/info' })).status).toBe(404);
  });
});

describe('who may control', () => {
  test.each<[who: string, headers: Record<string, string>, status: number]>([
    ['a client that is no browser', {}, 200],
    ['a page of this server', { Origin: 'own', 'Sec-Fetch-Site': 'same-origin' }, 200],
    ['somebody who types the address', { 'Sec-Fetch-Site': 'none' }, 200],
    ['a page of another host', { Origin: 'http://evil.example' }, 403],
    ['a page of another port', { Origin: 'http://127.0.0.1:1' }, 403],
    ['a page of no origin', { Origin: 'null' }, 403],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a page of the same site', { 'Sec-Fetch-Site': 'same-site' }, 403],
  ])('%s', async (_who, headers, status) => {
    const own = new URL(etherpad.url).origin;
    const sent = headers['Origin'] === 'own' ? { ...headers, Origin: own } : headers;
    for (const [method, path] of [
      ['GET', '/_mock/info'],
      ['POST', '/_mock/reset'],
      ['GET', '/sandbox/who/_mock/clock'],
      ['GET', '/_mock/openapi.json'],
    ] as const) {
      const reply = await ask(etherpad.url, { method, path, headers: sent });
      if (status === 403) expectProblem(reply, 403, 'a page of another origin may not control this server');
      else expect(reply.status).toBe(200);
    }
  });

  test('no page of another origin learns in advance that it may', async () => {
    const reply = await ask(etherpad.url, {
      method: 'OPTIONS',
      path: '/_mock/reset',
      headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(reply.status).toBe(403);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  describe('with a control token', () => {
    let locked: MockEtherpad;
    beforeAll(async () => {
      locked = await startMockEtherpad({ controlToken: 'let-me-in' });
    });
    afterAll(() => locked.close());

    test.each<[what: string, headers: Record<string, string>]>([
      ['no token', {}],
      ['another token', { Authorization: 'Bearer let-me-out' }],
      ['the token, bare', { Authorization: 'let-me-in' }],
      ['Basic', { Authorization: `Basic ${Buffer.from('let-me-in').toString('base64')}` }],
    ])('%s is 401', async (_what, headers) => {
      for (const path of ['/_mock/info', '/_mock/nothing', '/_mock/openapi.json', '/sandbox/x/_mock/info']) {
        const reply = await ask(locked.url, { path, headers });
        expectProblem(reply, 401, 'send the control token: Authorization: Bearer …');
        expect(reply.headers['www-authenticate']).toBe('Bearer');
      }
    });

    test('the token is let in, health needs none, and clients of Etherpad neither', async () => {
      expect((await ask(locked.url, { path: '/_mock/info', headers: { Authorization: 'Bearer let-me-in' } })).status).toBe(200);
      expect((await ask(locked.url, { path: '/_mock/health' })).status).toBe(200);
      expect(await ok(locked, 'checkToken')).toBe(null);
      expect((await locked.info()).apiKey).toBe(locked.apiKey);
    });

    test('a page of another origin is not let in with it', async () => {
      expect(
        (await ask(locked.url, { path: '/_mock/info', headers: { Authorization: 'Bearer let-me-in', Origin: 'http://evil.example' } }))
          .status,
      ).toBe(403);
    });

    test('who connects brings it', async () => {
      await using connected = await connectMockEtherpad(locked.url, { controlToken: 'let-me-in' });
      expect((await connected.sandbox('x').info()).sandbox).toBe('x');
      await expect(connectMockEtherpad(locked.url)).rejects.toMatchObject({ name: 'ControlError', status: 401 });
    });
  });

  test('with --no-control there is nothing, and only the process itself has control', async () => {
    await using closed = await startMockEtherpad({ control: false });
    const reply = await ask(closed.url, { path: '/_mock/health' });
    expect({ status: reply.status, body: reply.body }).toEqual({
      status: 404,
      body: '{"code":3,"message":"no such function","data":null}',
    });
    expect((await ask(closed.url, { path: '/sandbox/x/_mock/info' })).status).toBe(404);
    expect(await closed.clock.freeze(YEAR_2030)).toMatchObject({ frozen: true });
    await expect(connectMockEtherpad(closed.url)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('no control of a mock-etherpad is there'),
    });
  });
});

describe('connecting', () => {
  test('to nothing is told', async () => {
    const gone = await startMockEtherpad();
    await gone.close();
    await expect(connectMockEtherpad(gone.url)).rejects.toMatchObject({
      name: 'ControlError',
      message: `${gone.url} does not answer (ECONNREFUSED): is the mock running there?`,
    });
  });

  test('to another server is told', async () => {
    const other = http.createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<p>Welcome'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(connectMockEtherpad(url)).rejects.toMatchObject({
      name: 'ControlError',
      message: `${url}/_mock/info answers 200 and text/html: no control of a mock-etherpad is there`,
    });
    other.closeAllConnections();
    other.close();
  });

  test('a slash at the end of the URL does not count', async () => {
    await using connected = await connectMockEtherpad(`${etherpad.url}/`);
    expect(connected.url).toBe(etherpad.url);
  });

  test('to a sandbox holds that sandbox', async () => {
    await using connected = await connectMockEtherpad(`${etherpad.url}/sandbox/mine`);
    expect((await connected.info()).sandbox).toBe('mine');
    expect(connected.sandbox('other').url).toBe(`${etherpad.url}/sandbox/other`);
  });

  test('letting go leaves the server running', async () => {
    const connected = await connectMockEtherpad(etherpad.url);
    await connected.close();
    expect((await ask(etherpad.url, { path: '/_mock/health' })).status).toBe(200);
  });
});

test('a request that waits does not hold up the end of the command', async () => {
  const { url, apiKey, child, stop } = await startCommand();
  await fetch(`${url}/_mock/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"kind":"latency","milliseconds":60000}',
  });
  const waiting = [
    fetch(`${url}/checkToken?apikey=${apiKey}`),
    fetch(`${url}/_mock/requests/verify`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"withinMs":60000}' }),
  ];
  const ended = Promise.allSettled(waiting);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const started = performance.now();
  await stop();
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(child.exitCode).toBe(0);
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
