import { expect, test } from 'vitest';
import { ask, askRaw, multipart, type Question } from '../ask.ts';
import { serveCommand } from './running-command.ts';

const KEY = 'secret-0a1b2c3d4e5f';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'Content-Type': 'application/json' };

/** The key in every place where a client may put it, by intention or by mistake. */
const QUESTIONS: readonly Question[] = [
  ...['apikey', 'api_key', 'authorization', 'groupID', 'groupMapper', 'name', 'padID', 'padName', 'rev', 'validUntil', KEY].flatMap(
    (name) =>
      ['createGroup', 'createGroupIfNotExistsFor', 'createGroupPad', 'createSession', 'getText', 'createPad', 'nothing'].flatMap(
        (called): Question[] => [
          { path: `/${called}?${name}=${KEY}` },
          { path: `/api/1.2.15/${called}?apikey=${KEY}&${name}=${KEY}` },
          { method: 'POST', path: `/${called}?apikey=${KEY}`, headers: FORM, body: `${name}=${KEY}` },
        ],
      ),
  ),
  {
    method: 'POST',
    path: '/checkToken',
    ...multipart([
      ['apikey', KEY],
      [KEY, KEY],
    ]),
  },
  { method: 'POST', path: '/checkToken', headers: JSON_BODY, body: JSON.stringify({ apikey: KEY, [KEY]: { deep: [KEY] } }) },
  { method: 'POST', path: '/checkToken', headers: JSON_BODY, body: `{"apikey":"${KEY}",` },
  { method: 'POST', path: '/checkToken', headers: JSON_BODY, body: KEY },
  { method: 'POST', path: '/checkToken', headers: JSON_BODY, body: `"${KEY}"` },
  { method: 'POST', path: `/checkToken?apikey=${KEY}`, headers: { 'Content-Type': `text/${KEY}` }, body: KEY },
  { method: 'POST', path: `/checkToken?apikey=${KEY}`, body: KEY },
  { method: 'POST', path: `/checkToken?apikey=${KEY}`, headers: { ...FORM, 'Content-Encoding': KEY }, body: KEY },
  { method: 'POST', path: `/checkToken?apikey=${KEY}`, headers: { 'Content-Type': `multipart/form-data; boundary=${KEY}` }, body: KEY },
  { path: '/checkToken', headers: { apikey: KEY } },
  { path: '/checkToken', headers: { api_key: KEY } },
  { path: '/checkToken', headers: { authorization: KEY } },
  { path: '/checkToken', headers: { authorization: `Bearer ${KEY}` } },
  {
    path: '/checkToken',
    headers: { authorization: `Basic ${KEY}`, cookie: `apikey=${KEY}`, referer: `http://x/?apikey=${KEY}`, 'user-agent': KEY },
  },
  { path: `/${KEY}` },
  { path: `/api/${KEY}/createGroup` },
  { path: `/rest/1/${KEY}?apikey=${KEY}` },
  { path: `/api/2/${KEY}` },
  { path: `http://user:${KEY}@example.org/createGroup?apikey=${KEY}` },
  { method: 'PUT', path: `/createGroup?apikey=${KEY}` },
  { path: `/createGroup?apikey=${KEY}#${KEY}` },
  { path: `/createGroup?apikey=%zz${KEY}` },
  { path: `/createGroupIfNotExistsFor?apikey=${KEY}&groupMapper=__proto__` },
];

const MALFORMED = [
  `GET /createGroup?apikey=${KEY} HTTP/9.9\r\n\r\n`,
  `${KEY} /createGroup HTTP/1.1\r\n\r\n`,
  `GET /createGroup?apikey=${KEY}&x=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: x\r\napikey ${KEY}\r\n\r\n`,
  `POST /checkToken?apikey=${KEY} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n${KEY}\r\n\r\n`,
];

test.each(['documented', '1.9.7', '2.5.3', '3.3.1'])('the API key is never in a log, whatever form it came in: %s', async (emulate) => {
  await using command = await serveCommand(['--api-key', KEY, '--log-level', 'trace', '--emulate', emulate]);
  const { listening } = command;
  const { url } = listening;
  // 2.5.3 leaves some of them without an answer
  await Promise.all(
    QUESTIONS.map((question) =>
      Promise.race([ask(url, question).catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1_500))]),
    ),
  );
  for (const bytes of MALFORMED) await askRaw(url, bytes);
  await ask(url, { path: '/api/1/getStats?apikey=x' });

  command.process.kill('SIGTERM');
  const { status, stderr } = await command.ended;
  expect(status).toBe(0);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(200);
  expect(lines.filter((line) => line.includes(KEY))).toEqual([]);
  expect(lines.filter((line) => line.includes('getStats'))).toHaveLength(1);
});

test.each([
  ['info', [{ level: 30, method: 'GET', path: '/api/1.2.15/checkToken', sandbox: 'one', function: 'checkToken', code: 0, status: 200 }]],
  [
    'debug',
    [
      { level: 20, method: 'GET', path: '/_mock/info', sandbox: 'one', status: 200, msg: 'control' },
      { level: 30, method: 'GET', path: '/api/1.2.15/checkToken', sandbox: 'one', function: 'checkToken' },
    ],
  ],
])('a line has method, path and sandbox, and calls of control are there from debug on: %s', async (level, expected) => {
  await using command = await serveCommand(['--api-key', KEY, '--log-level', level]);
  const { url } = command.listening;
  await ask(url, { path: '/sandbox/one/_mock/info' });
  await ask(url, { path: `/sandbox/one/api/1.2.15/checkToken?apikey=${KEY}` });
  await ask(url, { path: `/x/${KEY}/${'y'.repeat(1_000)}` });
  command.process.kill('SIGTERM');
  const lines = (await command.ended).stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string });
  expect(lines).toMatchObject([...expected, { path: `/x/…/${'y'.repeat(195)}…` }]);
});
