import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_VERSIONS, hasFunction } from '../../src/etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { expectEnvelope, messageOf } from '../envelope.ts';

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
});
afterAll(() => etherpad.close());

const withKey = (path: string, method = 'GET'): Promise<Reply> => ask(etherpad.url, { method, path: `${path}?apikey=${etherpad.apiKey}` });
const isKnown = (reply: Reply): void => {
  expect([reply.status, messageOf(reply)]).toEqual([200, 'ok']);
};
const isNoFunction = (reply: Reply): void => expectEnvelope(reply, 3, 'no such function');
const isNoVersion = (reply: Reply): void => expectEnvelope(reply, 3, 'no such api version');

describe.each(API_VERSIONS)('API version %s', (version) => {
  test('has the functions that came with it or before, and no other', async () => {
    for (const row of FUNCTIONS) {
      for (const path of [`/api/${version}/${row.name}`, `/rest/${version}/${row.rest}`]) {
        const reply = await ask(etherpad.url, { path });
        if (hasFunction(version, row)) expectEnvelope(reply, 4, 'no or wrong API Key');
        else isNoFunction(reply);
      }
    }
  });

  test('answers below /api and /rest', async () => {
    isKnown(await withKey(`/api/${version}/createGroup`));
    isKnown(await withKey(`/rest/${version}/group/create`));
  });
});

describe('versions that no Etherpad has', () => {
  const UNKNOWN = [
    '0',
    '1.0',
    '1.2.0',
    '1.2.2',
    '1.2.6',
    '1.2.16',
    '1.3',
    '1.3.2',
    '1.4',
    '3',
    '9.9',
    'latest',
    'v1',
    '01',
    '1.2.15.',
    '1%2E2%2E15',
    '%zz',
    '__proto__',
    'constructor',
    'toString',
    ' ',
  ];
  test.each(UNKNOWN)('%s', async (version) => {
    isNoVersion(await withKey(`/api/${version.replace(' ', '%20')}/createGroup`));
    isNoVersion(await withKey(`/rest/${version.replace(' ', '%20')}/group/create`));
  });

  test('2 is a version below /api alone, with paths of its own', async () => {
    isNoFunction(await withKey('/api/2/createGroup'));
    isNoVersion(await withKey('/rest/2/group/create'));
  });
});

describe('paths that are accepted', () => {
  test.each([
    '/createGroup',
    '/createGroup/',
    '/api/1.2.15/createGroup',
    '/API/1.2.15/createGroup',
    '/Api/1.2.15/createGroup',
    '/api/1.2.15/createGroup/',
    '/api/1.2.15/createGroup//',
    '/api/1.2.15//createGroup',
    '/rest/1.2.15/group/create',
    '/REST/1.2.15/group/create',
    '/rest/1.2.15/group/create/',
    'http://example.org/api/1.2.15/createGroup',
    'http://example.org/createGroup',
  ])('%s', async (path) => isKnown(await withKey(path)));

  test('a fragment is cut off', async () => {
    isKnown(await ask(etherpad.url, { path: `/api/1/createGroup?apikey=${etherpad.apiKey}#fragment` }));
  });
});

describe('paths that lead to no function', () => {
  test.each([
    '/nothing',
    '/createsession',
    '/CreateGroup',
    '/createGroup/extra',
    '/createGroup.json',
    '/create%47roup',
    '/createGroup%20',
    '/%zz',
    '/__proto__',
    '/constructor',
    '/toString',
    '/favicon.ico',
    '/api/1.2.15',
    '/api/1.2.15/',
    '/api/1.2.15/creategroup',
    '/api/1.2.15/CREATEGROUP',
    '/api/1.2.15/nope',
    '/api/1.2.15/__proto__',
    '/api/1.2.15/createGroup/extra',
    '/api/1.2.15/create%47roup',
    '/api/1.2.15/%zz',
    '/api/1.2.15/session/info',
    '/rest/1.2.15',
    '/rest/1.2.15/createGroup',
    '/rest/1.2.15/Session/info',
    '/rest/1.2.15/session/nope',
    '/rest/1.2.15/group/listAll',
  ])('%s', async (path) => {
    isNoFunction(await withKey(path));
    isNoFunction(await ask(etherpad.url, { path }));
  });
});

describe('paths that lead to no version', () => {
  test.each(['/api/createGroup', '/api//1.2.15/createGroup', '/api/x/../1.2.15/createGroup', '/rest', '/rest/'])('%s', async (path) =>
    isNoVersion(await withKey(path)),
  );
});

describe('methods', () => {
  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])('%s calls no function', async (method) => {
    isNoFunction(await withKey('/createGroup', method));
    isNoFunction(await withKey('/api/1.2.15/createGroup', method));
    isNoFunction(await withKey('/rest/1.2.15/group/create', method));
  });

  test('HEAD calls no function either, and has no body', async () => {
    for (const path of ['/createGroup', '/api/1.2.15/createGroup', '/rest/1.2.15/group/create']) {
      const { status, headers, body } = await withKey(path, 'HEAD');
      expect({ status, type: headers['content-type'], body }).toEqual({ status: 404, type: 'application/json; charset=utf-8', body: '' });
    }
  });
});

describe('GET /api', () => {
  test.each(['/api', '/api/', '/API'])('%s tells the version, with no key', async (path) => {
    const { status, headers, body } = await ask(etherpad.url, { path });
    expect({ status, type: headers['content-type'], body }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: '{"currentVersion":"1.3.1"}',
    });
  });

  test('OPTIONS tells what is allowed', async () => {
    const { status, headers } = await ask(etherpad.url, { method: 'OPTIONS', path: '/api' });
    expect([status, headers.allow]).toEqual([200, 'GET, HEAD']);
  });

  test('POST is no function', async () => isNoFunction(await ask(etherpad.url, { method: 'POST', path: '/api' })));
});

describe('GET /', () => {
  test('says in one line what this is and where its documents are', async () => {
    const { status, headers, body } = await ask(etherpad.url, { path: '/' });
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(body.trimEnd().split('\n')).toHaveLength(1);
    expect(body).toMatch(/mock/);
    expect(body).toMatch(/\/openapi\.json/);
  });
});

describe('below a base path', () => {
  let based: MockEtherpad;
  beforeAll(async () => {
    based = await startMockEtherpad({ basePath: '/pad/etherpad/' });
  });
  afterAll(() => based.close());

  test('its URL has the base path and no slash at the end', () => {
    expect(based.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pad\/etherpad$/);
  });

  test.each(['/createGroup', '/api/1.2.15/createGroup', '/rest/1/group/create'])('%s answers there', async (path) => {
    isKnown(await ask(based.url, { path: `/pad/etherpad${path}?apikey=${based.apiKey}` }));
  });

  test('GET /api and GET / answer there', async () => {
    expect((await ask(based.url, { path: '/pad/etherpad/api' })).body).toBe('{"currentVersion":"1.3.1"}');
    expect((await ask(based.url, { path: '/pad/etherpad' })).status).toBe(200);
    expect((await ask(based.url, { path: '/pad/etherpad/' })).status).toBe(200);
  });

  test.each(['/createGroup', '/api/1.2.15/createGroup', '/pad', '/pad/etherpads/createGroup', '/', '/api'])(
    '%s is outside',
    async (path) => {
      isNoFunction(await ask(based.url, { path: `${path}?apikey=${based.apiKey}` }));
    },
  );

  test.each([
    ['GET', '/api', undefined],
    ['GET', '/openapi.json', undefined],
    ['GET', '/api/1.2.15/openapi.json', undefined],
    ['GET', '/', undefined],
    ['OPTIONS', '/api', undefined],
    ['POST', '/createGroup', 'apikey'],
    ['POST', '/api/1.2.15/createGroup', 'apikey'],
  ])('%s %s is outside without a query, too', async (method, path, field) => {
    const body = field === undefined ? {} : { body: `${field}=${based.apiKey}` };
    isNoFunction(await ask(based.url, { method, path, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, ...body }));
  });

  test('the page of a real server names the path that is outside', async () => {
    await based.emulate('3.3.1');
    const { status, body } = await ask(based.url, { path: '/api?apikey=x' });
    await based.emulate('documented');
    expect([status, body]).toEqual([404, expect.stringContaining('<pre>Cannot GET /api</pre>')]);
  });
});
