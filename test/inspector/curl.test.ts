import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JournalEntry, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { curlLine, variablesOf } from '../../src/inspector/curl.ts';
import { ask, type Question } from '../ask.ts';

const KEY = 'a key with $pace, "quotes" & more';
const JSON_BODY = { 'Content-Type': 'application/json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) console.warn('There is no curl here: its lines are compared, and not run.');

const ACCESS = { granted: true, by: 'open', padID: 'x', readOnlyID: null, sessionID: null, authorID: null, reason: null } as const;

test.each<[request: Parameters<typeof curlLine>[1], line: string]>([
  [{ method: 'GET', path: '/createGroup', parameters: {} }, 'curl -G http://pad/createGroup --data-urlencode "apikey=$API_KEY"'],
  [{ method: 'GET', path: '/createGroup', parameters: null }, 'curl -G http://pad/createGroup --data-urlencode "apikey=$API_KEY"'],
  [
    { method: 'GET', path: '/api/1.2.15/createAuthor', parameters: { name: "O'Hara & <b>" } },
    `curl -G http://pad/api/1.2.15/createAuthor --data-urlencode "apikey=$API_KEY" --data-urlencode 'name=O'\\''Hara & <b>'`,
  ],
  [
    { method: 'POST', path: '/api/1/deleteSession', parameters: { sessionID: 's.1' } },
    'curl http://pad/api/1/deleteSession --data-urlencode "apikey=$API_KEY" --data-urlencode sessionID=s.1',
  ],
  [
    { method: 'POST', path: '/createSession', parameters: { validUntil: 1_999_999_999 } },
    `curl 'http://pad/createSession?apikey='"$API_KEY" -H 'Content-Type: application/json' --data '{"validUntil":1999999999}'`,
  ],
  [{ method: 'HEAD', path: '/api', parameters: null }, 'curl -G -I http://pad/api --data-urlencode "apikey=$API_KEY"'],
  [{ method: 'GET', path: '/../{a}', parameters: null }, `curl -g --path-as-is -G 'http://pad/../{a}' --data-urlencode "apikey=$API_KEY"`],
  [{ method: 'GET', path: '/p/x', parameters: {}, access: ACCESS }, 'curl -G http://pad/p/x'],
  [
    { method: 'HEAD', path: '/p/g.1$x/export/txt', parameters: { a: '1' }, access: { ...ACCESS, by: 'session', sessionID: 's.1' } },
    "curl -G -I -b sessionID=s.1 'http://pad/p/g.1$x/export/txt' --data-urlencode a=1",
  ],
])('%j', (request, line) => {
  expect(curlLine('http://pad', request)).toBe(line);
});

test.each([
  ['curl -G http://pad/createGroup --data-urlencode "apikey=$API_KEY"', ['API_KEY']],
  [`curl 'http://pad/createGroup?apikey='"$API_KEY"`, ['API_KEY']],
  ['curl http://pad/oidc/token --data-urlencode "client_secret=$CLIENT_SECRET" --data-urlencode client_id=svc', ['CLIENT_SECRET']],
  ['curl -G http://pad/createGroup -H "Authorization: Bearer $TOKEN"', ['TOKEN']],
  ["curl -G -b sessionID=s.1 'http://pad/p/g.1$x/export/txt'", []],
  ["curl 'http://pad/api/1.2.15/createGroup?apikey=the-key'", []],
])('what %s takes from the environment', (line, names) => {
  expect(variablesOf(line)).toEqual(names);
});

test.each<[request: Parameters<typeof curlLine>[1], line: string]>([
  [{ method: 'GET', path: '/createGroup', parameters: {} }, 'curl -G http://pad/createGroup -H "Authorization: Bearer $TOKEN"'],
  [
    { method: 'POST', path: '/api/1/deleteSession', parameters: { sessionID: 's.1' } },
    'curl http://pad/api/1/deleteSession -H "Authorization: Bearer $TOKEN" --data-urlencode sessionID=s.1',
  ],
  [
    { method: 'POST', path: '/createSession', parameters: { validUntil: 1 } },
    `curl http://pad/createSession -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' --data '{"validUntil":1}'`,
  ],
  [
    {
      function: 'token',
      mount: 'oidc',
      method: 'POST',
      path: '/oidc/token',
      parameters: { grant_type: 'client_credentials', client_id: 'svc' },
    },
    'curl http://pad/oidc/token --data-urlencode "client_secret=$CLIENT_SECRET" --data-urlencode grant_type=client_credentials --data-urlencode client_id=svc',
  ],
  [{ function: null, mount: 'oidc', method: 'GET', path: '/oidc/jwks', parameters: null }, 'curl -G http://pad/oidc/jwks'],
])('with OAuth: %j', (request, line) => {
  expect(curlLine('http://pad', request, true)).toBe(line);
});

describe.skipIf(!hasCurl)('run by a shell, it repeats', () => {
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ apiKey: KEY });
  });
  afterAll(() => etherpad.close());

  const query = new URLSearchParams({ apikey: KEY }).toString();

  test.each<[what: string, question: Question]>([
    ['a GET', { path: `/createGroupIfNotExistsFor?${query}&groupMapper=%C3%A9%20%26%20%27x%27%0A%24HOME` }],
    ['a parameter sent twice', { path: `/deleteGroup?${query}&groupID=g.1&groupID=g.2` }],
    ['a name that looks like an option of curl', { path: `/createAuthor?${query}&name=@/etc/hostname` }],
    ['an odd parameter', { path: `/createAuthor?${query}&na%3Dme=x&a%26b=y` }],
    ['a form', { method: 'POST', path: '/createAuthor', headers: FORM, body: `${query}&name=Ada` }],
    ['a REST path', { path: `/rest/1.3.0/session/info?${query}&sessionID=s.1` }],
    ['an unknown function', { path: `/nothing?${query}&x=1` }],
  ])('%s', async (_what, question) => {
    await etherpad.requests.clear();
    await ask(etherpad.url, question);
    await repeats();
  });

  test('a JSON body', async () => {
    const plain = await startMockEtherpad({ apiKey: 'plain' });
    await ask(plain.url, {
      method: 'POST',
      path: '/createSession',
      headers: JSON_BODY,
      body: '{"apikey":"plain","groupID":["g.1"],"validUntil":12}',
    });
    await repeats(plain, 'plain');
    await plain.close();
  });

  async function repeats(server = etherpad, key = KEY): Promise<void> {
    const [first] = (await server.requests.list()).requests;
    // the server is in this process: it must answer while the shell runs
    const shell = spawn('sh', ['-c', `${curlLine(server.url, first!)} --silent --show-error --max-time 5`], {
      env: { ...process.env, API_KEY: key, no_proxy: '*' },
      stdio: 'ignore',
    });
    await new Promise((resolve) => shell.on('close', resolve));
    const { requests } = await server.requests.list();
    const alike = ({ method, path, parameters, function: name, code, status, message, fault, reason }: JournalEntry) => ({
      method,
      path,
      parameters,
      name,
      code,
      status,
      message,
      fault,
      reason,
    });
    expect(requests).toHaveLength(2);
    expect(alike(requests[0]!)).toEqual(alike(first!));
  }
});
