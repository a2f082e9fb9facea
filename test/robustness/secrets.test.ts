import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secrets } from '../../src/sandbox/secrets.ts';
import { EMULATIONS } from '../../src/etherpad/emulation.ts';
import { secretComparer } from '../../src/http/etherpad/api-key.ts';
import { startMockEtherpad } from '../../src/index.ts';
import { ask, askRaw, multipart, type Question, type Reply } from '../ask.ts';
import { serveCommand } from '../command/running-command.ts';

/** Keys that nothing else contains; the second has a meaning in URLs, HTML, JSON and patterns. */
const KEYS = ['secret-0a1b2c3d4e5f', 'sécret "0a1b"\\<2c>&+%2F/$1*😀'] as const;

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'Content-Type': 'application/json' };

const hex = (text: string): string[] => Array.from(Buffer.from(text), (byte) => byte.toString(16).padStart(2, '0'));

/** A key as it may stand in a URL. */
const inUrl = (key: string): readonly string[] => [
  encodeURIComponent(key),
  encodeURIComponent(key).replaceAll('%20', '+'),
  encodeURIComponent(key).replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()),
  hex(key)
    .map((byte) => `%${byte}`)
    .join(''),
  hex(key)
    .map((byte) => `%${byte.toUpperCase()}`)
    .join(''),
  encodeURIComponent(encodeURIComponent(key)),
];

/** A key as HTML writes it: Etherpad's pads, and pages of the mock. */
const inHtml = (key: string): string[] => {
  const named: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
  return [
    key.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
    key.replace(/[&<>"'/]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`),
    key.replace(/[&<>"'/]/g, (character) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`),
    key.replace(/[&<>"']/g, (character) => `&${named[character]};`),
  ];
};

/** A key as text may show it. */
const SHOWN: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
      return text;
    }
  },
  (text) => text.replace(/(%[\da-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString()),
  (text) => text.replaceAll('%25', '%').replace(/(%[\da-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString()),
  (text) => text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code))),
  (text) => text.replace(/\\(["\\/])/g, '$1'),
  (text) => text.replace(/\\\\/g, '\\').replace(/\\"/g, '"').replace(/\\\\/g, '\\'),
];

/** The lines of a text that show a key, in whatever form. */
function linesWith(key: string, text: string): string[] {
  return text.split('\n').filter((line) => SHOWN.some((read) => read(line).includes(key) || read(read(line)).includes(key)));
}

const NAMES = [
  'apikey',
  'api_key',
  'authorization',
  'apiKey',
  'APIKEY',
  'api-key',
  'key',
  'token',
  'groupID',
  'authorID',
  'sessionID',
  'validUntil',
  'groupMapper',
  'padID',
  'padName',
  'text',
  'rev',
  'x[]',
  'x[a]',
];
const CALLS = [
  'createGroup',
  'createGroupIfNotExistsFor',
  'createGroupPad',
  'createSession',
  'getSessionInfo',
  'listPads',
  'listSessionsOfAuthor',
  'getText',
  'deletePad',
  'setText',
  'checkToken',
  'nothing',
];

/** The key in every place and every form in which a client may send it, by intention or by mistake. */
function* questionsWith(key: string): Generator<Question> {
  const [encoded = '', ...otherForms] = inUrl(key);
  const json = JSON.stringify(key);
  const ascii = Buffer.from(key).toString('latin1');
  for (const name of NAMES) {
    for (const called of CALLS) {
      const path = `/api/1.3.0/${called}`;
      yield { path: `${path}?${name}=${encoded}` };
      yield { path: `${path}?apikey=${encoded}&${name}=${encoded}` };
      yield { path: `${path}?apikey=${encoded}&${name}=before-${encoded}-after&${name}=${encoded}` };
      yield { method: 'POST', path: `${path}?apikey=${encoded}`, headers: FORM, body: `${name}=${encoded}&${encoded}=1` };
      yield { method: 'POST', path: `${path}?apikey=${encoded}`, ...multipart([[name, key]]) };
      yield {
        method: 'POST',
        path: `${path}?apikey=${encoded}`,
        headers: { 'Content-Type': 'text/json' },
        body: `{"${name}":${json},${json}:[{"deep":${json}}]}`,
      };
    }
  }
  for (const form of otherForms) {
    yield { path: `/api/1.3.0/checkToken?apikey=${form}` };
    yield { path: `/api/1.3.0/getText?apikey=${encoded}&padID=${form}` };
    yield { path: `/api/1.3.0/createGroup?apikey=${encoded}&${form}=${form}` };
  }
  for (const form of inUrl(key)) {
    for (const path of [
      `/${form}`,
      `/api/${form}/createGroup`,
      `/api/1.3.0/${form}`,
      `/rest/1.3.0/${form}/create`,
      `/api/2/${form}`,
      `/sandbox/${form}`,
      `/sandbox/${form}/api/1.3.0/createGroup`,
      `/sandbox/x${form}/_mock/snapshots`,
      `/p/${form}?${form}#${form}`,
    ]) {
      for (const method of ['GET', 'POST', 'PUT']) yield { method, path };
    }
    for (const path of [
      `/_mock/${form}`,
      `/_mock/snapshots/${form}/restore`,
      `/_mock/faults/${form}`,
      `/_mock/sandboxes/${form}`,
      `/_mock/inspector/${form}`,
      `/_mock/inspector/groups/${form}`,
      `/_mock/requests?${form}=${form}&limit=${form}&function=${form}`,
      `/_mock/clock?${form}`,
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) yield { method, path };
    }
  }
  for (const [method, path] of [
    ['PUT', 'state'],
    ['PUT', 'clock'],
    ['POST', 'clock/advance'],
    ['POST', 'faults'],
    ['POST', 'requests/verify'],
    ['PUT', 'ids'],
    ['PUT', 'emulation'],
  ] as const) {
    for (const body of [
      json,
      `{${json}:${json}}`,
      `{"function":${json}}`,
      `{"kind":${json}}`,
      `{"now":${json}}`,
      `{"pastExpiryOf":${json}}`,
      `{"emulate":${json}}`,
      `{"groups":[{"groupID":1,${json}:1}],"sessions":[{"sessionID":"s.x","groupID":${json},"authorID":${json},"validUntil":1}],"pads":[{"padID":"${json.slice(1, -1)}$x"}]}`,
      `[${json}`,
      key,
    ]) {
      yield { method, path: `/_mock/${path}`, headers: JSON_BODY, body };
    }
  }
  for (const type of [
    ...Object.values(JSON_BODY),
    ...Object.values(FORM),
    'text/plain',
    'text/json',
    `text/x; y=${ascii}`,
    'multipart/form-data; boundary=X',
  ]) {
    for (const body of [
      key,
      json,
      `{"apikey":${json}`,
      `{${json}`,
      `{"a":1}${key}`,
      `--X\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${key}`,
    ]) {
      // one version never answers JSON posts
      yield {
        method: type === 'application/json' ? 'PUT' : 'POST',
        path: `/api/1.3.0/checkToken?apikey=${encoded}`,
        headers: { 'Content-Type': type },
        body,
      };
    }
  }
  for (const name of [
    'apikey',
    'api_key',
    'authorization',
    'x-api-key',
    'cookie',
    'referer',
    'user-agent',
    'groupid',
    'name',
    'if-none-match',
    'content-encoding',
    'x-forwarded-for',
  ]) {
    for (const value of [ascii, `Bearer ${ascii}`, encoded]) yield { path: '/api/1.3.0/createSession', headers: { [name]: value } };
  }
}

/** All that an answer tells, but what the data of a good call repeats: that is what the client stored. */
const refusals = ({ status, headers, body }: Reply): string =>
  status >= 400 || !body.startsWith('{"code":0') ? `${body}\n${JSON.stringify(headers)}` : JSON.stringify(headers);

/**
 * Sends a server all that may make it show a secret, and looks for it wherever the server tells of what was sent.
 *
 * @param prepare gives the secret, once the server is there, and the questions that have it in them
 */
async function expectHidden(
  words: readonly string[],
  prepare: (url: string) => Promise<{ secret: string; questions: readonly Question[] }>,
): Promise<void> {
  await using command = await serveCommand([...words, '--log-level', 'trace', '--journal-size', '20000', '--max-sandboxes', '5']);
  const { url } = command.listening;
  const { secret: key, questions } = await prepare(url);
  const replies: Reply[] = [];
  for (let index = 0; index < questions.length; index += 40) {
    replies.push(...(await Promise.all(questions.slice(index, index + 40).map((question) => ask(url, question)))));
  }
  const shown = questions.flatMap((question, index) => {
    const [line] = linesWith(key, refusals(replies[index]!));
    return line === undefined
      ? []
      : [`${question.method ?? 'GET'} ${question.path} ${String(question.body ?? '')} -> ${replies[index]!.status} ${line}`];
  });
  expect(shown.slice(0, 5), `${shown.length} refusals`).toEqual([]);
  const raw = await Promise.all(
    [`${key} / HTTP/1.1\r\n\r\n`, `GET /${key} HTTP/9.9\r\n\r\n`, `GET / HTTP/1.1\r\nHost: x\r\n${key}\r\n\r\n`].map((bytes) =>
      askRaw(url, bytes),
    ),
  );
  expect(linesWith(key, raw.join('\n'))).toEqual([]);

  const look = async (path: string): Promise<string> => JSON.stringify(await (await fetch(`${url}${path}`)).json(), undefined, 1);
  const journal = await look('/_mock/requests');
  expect((JSON.parse(journal) as { total: number }).total).toBeGreaterThan(1_000);
  expect(linesWith(key, journal).slice(0, 5), 'journal').toEqual([]);
  const { requests } = JSON.parse(journal) as { requests: { id: number }[] };
  expect(linesWith(key, await look('/_mock/inspector/requests?limit=200')).slice(0, 5), 'inspector').toEqual([]);
  for (const { id } of requests.filter((_, index) => index % 20 === 0))
    expect(linesWith(key, await look(`/_mock/inspector/requests/${id}`)), 'inspector').toEqual([]);
  const verdict = await fetch(`${url}/_mock/requests/verify`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ function: 'createGroup', times: 1_000_000 }),
  });
  expect(linesWith(key, JSON.stringify(await verdict.json(), undefined, 1)).slice(0, 5), 'verify').toEqual([]);

  command.process.kill('SIGTERM');
  const { status, stderr } = await command.ended;
  expect(status).toBe(0);
  expect(stderr.split('\n').length).toBeGreaterThan(1_000);
  expect(linesWith(key, stderr).slice(0, 5), 'log').toEqual([]);
}

describe.each(KEYS)('the API key %s', (key) => {
  test.each(EMULATIONS)(
    'is in no log, journal, refusal, reason or inspector, whatever form it came in: %s',
    { timeout: 60_000 },
    async (emulate) => {
      await expectHidden(['--api-key', key, '--emulate', emulate], async () => ({ secret: key, questions: [...questionsWith(key)] }));
    },
  );
});

/** Secrets of clients; the second has a meaning in URLs, HTML, JSON and patterns. */
const CLIENT_SECRETS = ['client-secret-0a1b2c', 'client "0a1b"\\<2c>&+%2F/$1*'] as const;

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** Requests for a token with a secret in every place and form, by intention or by mistake. */
function* tokenQuestionsWith(secret: string): Generator<Question> {
  const request = (fields: string, headers: Question['headers'] = {}): Question => ({
    method: 'POST',
    path: '/oidc/token',
    headers: { ...FORM, ...headers },
    body: `grant_type=client_credentials&resource=http://x&${fields}`,
  });
  for (const form of inUrl(secret)) {
    for (const name of ['client_id', 'client_secret', 'client_assertion', 'grant_type', 'resource', 'scope', 'code', 'secret', form]) {
      yield request(`${name}=${form}`);
      yield request(`client_id=svc&${name}=${form}`);
      yield request(`client_id=svc&client_secret=${form}&${name}=${form}`);
      yield request(`client_id=svc&client_secret=${form}&${name}=before-${form}&${name}=x`);
      yield { method: 'POST', path: `/oidc/token?${name}=${form}`, headers: FORM, body: '' };
    }
    yield { path: `/oidc/${form}` };
    yield { path: `/oidc/token/${form}?${form}` };
    yield request('', { Authorization: basic(`svc:${form}`) });
    yield request('', { Authorization: basic(`${form}:svc`) });
    yield request(`scope=${encodeURIComponent(basic(`svc:${secret}`))}`, { Authorization: basic(`svc:${secret}`) });
  }
  for (const value of [secret, `Bearer ${secret}`, basic(secret)]) {
    for (const name of ['Authorization', 'Origin', 'Content-Type', 'Referer']) yield request('client_id=svc', { [name]: value });
    yield { path: '/oidc/me', headers: { Authorization: value } };
    yield { path: '/api/1.3.0/checkToken', headers: { Authorization: value } };
  }
  yield { method: 'PUT', path: '/_mock/authentication', headers: JSON_BODY, body: JSON.stringify({ oauthClients: [secret] }) };
  yield {
    method: 'PUT',
    path: '/_mock/authentication',
    headers: JSON_BODY,
    body: JSON.stringify({
      oauthClients: [
        { id: 'svc', secret, claims: { exp: secret } },
        { id: 'svc', secret, [secret]: 1 },
      ],
    }),
  };
}

const JWT_CLIENT = ['--authentication', 'sso', '--oauth-client', 'svc:svc-secret'];

async function tokenOf(url: string, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'svc', client_secret: 'svc-secret', ...fields });
  const answer = await fetch(`${url}/oidc/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

// the one that reads parameters where others do not, and the one that has most to say
describe.each(['documented', '2.5.3'])('with OAuth, on %s', (emulate) => {
  test.each(CLIENT_SECRETS)('the secret of a client is nowhere: %s', { timeout: 60_000 }, async (secret) => {
    const words = ['--authentication', 'sso', '--emulate', emulate, '--oauth-client', `svc:${secret}`];
    await expectHidden(words, async (url) => {
      const token = await tokenOf(url, { client_secret: secret, resource: url });
      const let_in = [...questionsWith(secret)].map((question) => ({
        ...question,
        headers: { Authorization: `Bearer ${token}`, ...question.headers },
      }));
      return { secret, questions: [...let_in, ...tokenQuestionsWith(secret)] };
    });
  });

  test.each<[what: string, fields: Record<string, string>]>([
    ['a token', { resource: 'http://x' }],
    ['an opaque token', { scope: 'openid' }],
  ])('%s is nowhere', { timeout: 60_000 }, async (_what, fields) => {
    await expectHidden([...JWT_CLIENT, '--emulate', emulate], async (url) => {
      const secret = await tokenOf(url, fields);
      // a token is long: what holds it many times over would be more than a server reads of a request's head
      const questions = [...questionsWith(secret), ...tokenQuestionsWith(secret)].filter(({ path }) => path.length < 8_000);
      return { secret, questions };
    });
  });
});

test('a key that is a word leaves the words of an answer alone', async () => {
  for (const key of ['1', 'code', 'a', 'ok']) {
    await using etherpad = await startMockEtherpad({ apiKey: key });
    const reply = await ask(etherpad.url, { path: `/getSessionInfo?apikey=${key}&sessionID=${key}` });
    expect(reply.body).toBe('{"code":1,"message":"sessionID does not exist","data":null}');
  }
});

describe('taking secrets out of a text', () => {
  test.each(KEYS)('in every form: %s', (key) => {
    const forms = [key, ...inUrl(key), JSON.stringify(key).slice(1, -1), ...inHtml(key)];
    const secrets = new Secrets(key);
    for (const form of forms) expect(secrets.hide(`before ${form} after`)).toBe('before … after');
    for (const form of forms) expect(secrets.hide(`${form}${form}/${form}`)).toBe('……/…');
  });

  const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzdmMifQ.c2ln_-';
  const OPAQUE = `opaque-${'aB3_-'.repeat(8).slice(0, 36)}`;
  test.each([JWT, OPAQUE])('also one that is known by its looks: %s', (token) => {
    const secrets = new Secrets('another-secret');
    for (const form of [token, ...inUrl(token)]) expect(secrets.hide(`before ${form} after`)).toBe('before … after');
    expect(secrets.hideIn({ access_token: token, a: `x ${token}`, [token]: [{ b: token }] })).toEqual({ a: 'x …', '…': [{ b: '…' }] });
    for (const text of ['opaque-glass', 'eyJhbGciOi', 'eyJ', 'keyJhbGci']) expect(secrets.hide(text)).toBe(text);
  });

  test('the longest first, as one may be a part of another, and those of before too', () => {
    const secrets = new Secrets('secret', 'my-secret-word');
    secrets.add('my-secret-word-2', 'secret');
    expect(secrets.hide('my-secret-word-2, my-secret-word, secret')).toBe('…, …, …');
    // what it began with is never forgotten; of what came later, the last is known
    secrets.add(...Array.from({ length: 2_000 }, (_, index) => `text-number-${index}`));
    expect(secrets.hide('my-secret-word, secret, text-number-1999, text-number-7.')).toBe('…, …, …, text-number-7.');
  });

  test('a short one stays where it may be a part of any word', () => {
    const secrets = new Secrets('a', 'longer');
    expect(secrets.hide('a longer', 6)).toBe('a …');
    expect(secrets.hide('a longer')).toBe('… …');
  });

  test('leaves everything else as it is', () => {
    for (const text of ['', 'plain', '100 %', '%zz%', '\\', '&#1;', 'secret-', 'SECRET-0A1B2C3D4E5F', '$1 $& +'])
      expect(new Secrets(KEYS[0]).hide(text)).toBe(text);
  });
});

describe('comparing secrets', () => {
  test.each(['k', ...KEYS, 'x'.repeat(10_000)])('only the same text is the same: %.20s', (secret) => {
    const isSecret = secretComparer(secret);
    expect(isSecret(secret)).toBe(true);
    for (const other of [
      '',
      ' ',
      `${secret} `,
      ` ${secret}`,
      secret.slice(1),
      secret.slice(0, -1),
      `${secret}x`,
      secret.toUpperCase() === secret ? 'other' : secret.toUpperCase(),
      '\0'.repeat(Buffer.byteLength(secret)),
      createHash('sha256').update(secret).digest('hex'),
    ]) {
      expect(isSecret(other)).toBe(false);
    }
    // what was compared before does not count
    expect(isSecret(secret)).toBe(true);
  });

  test('a long wrong secret takes as long as one that agrees up to its last letter', () => {
    const secret = 's'.repeat(1_000_000);
    const isSecret = secretComparer(secret);
    const nearly = `${secret.slice(0, -1)}x`;
    const nothingAlike = 'x'.repeat(secret.length);
    const time = (presented: string): number => {
      const started = performance.now();
      for (let count = 0; count < 10; count++) isSecret(presented);
      return performance.now() - started;
    };
    const median = (values: number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
    const rounds = Array.from({ length: 15 }, () => [time(nearly), time(nothingAlike)] as const);
    const ratio = median(rounds.map(([one]) => one)) / median(rounds.map(([, other]) => other));
    // a comparison that stops at the first difference is a thousand times faster
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });
});

test('npm sbom names every package that is installed for use', () => {
  const text = execFileSync('npm', ['sbom', '--omit=dev', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { bomFormat, metadata, components } = JSON.parse(text) as {
    bomFormat: string;
    metadata: { component: { 'bom-ref': string } };
    components: { name: string; group?: string; version: string }[];
  };
  expect([bomFormat, metadata.component['bom-ref'].split('@')[0]]).toEqual(['CycloneDX', 'mock-etherpad']);
  expect(components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`))).toEqual(
    expect.arrayContaining(['fastify', 'pino', 'nanoid', 'body-parser', 'qs']),
  );
  expect(components.every(({ version }) => /^\d+\.\d+\.\d+/.test(version))).toBe(true);
});

describe('a key where an explanation ends', () => {
  const key = 'QKZ0-'.repeat(12) + 'WXYV';
  const pieces = Array.from({ length: key.length - 5 }, (_, start) => key.slice(start, start + 6));

  /** Where a value with the key makes a refusal that tells of it. */
  const PLACES: readonly ((value: string, apikey: string) => Question)[] = [
    (value, apikey) => ({ path: `/api/1.2.15/getSessionInfo?apikey=${apikey}&sessionID=${value}` }),
    (value, apikey) => ({ path: `/api/1.2.15/listPads?apikey=${apikey}&groupID=g.${value}` }),
    (value, apikey) => ({ path: `/api/1.2.15/deleteGroup?apikey=${apikey}&groupID=g.x&groupID=${value}` }),
    (value, apikey) => ({
      method: 'POST',
      path: `/api/1.2.15/deleteGroup?apikey=${apikey}`,
      headers: JSON_BODY,
      body: `{"groupID":["${value}"]}`,
    }),
    (value) => ({ path: `/api/1.2.15/${value}` }),
    (value) => ({ path: `/${value}` }),
    (value) => ({ path: `/api/2/${value}` }),
    (value) => ({ path: `/sandbox/${value}~/createGroup` }),
    (value) => ({ path: `/sandbox/${value}~/_mock/info` }),
  ];

  test('leaves no part of itself in a refusal, a header, the journal or the log', { timeout: 60_000 }, async () => {
    await using command = await serveCommand(['--api-key', key, '--log-level', 'trace', '--journal-size', '20000']);
    const { url } = command.listening;
    for (const place of PLACES) {
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, length) => ask(url, place(`${'.'.repeat(length)}${key}${'.'.repeat(length % 3)}`, key))),
      );
      const told = replies.map(refusals);
      expect(told.filter((one) => pieces.some((piece) => one.includes(piece))).slice(0, 3)).toEqual([]);
      expect(replies.every(({ status }) => status >= 400)).toBe(true);
    }
    const journal = await (await fetch(`${url}/_mock/requests`)).text();
    expect((JSON.parse(journal) as { total: number }).total).toBeGreaterThanOrEqual(700);
    expect(pieces.filter((piece) => journal.includes(piece))).toEqual([]);
    command.process.kill('SIGTERM');
    const { stderr } = await command.ended;
    expect(pieces.filter((piece) => stderr.includes(piece))).toEqual([]);
  });
});
