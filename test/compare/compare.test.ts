import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { main } from '../../src/cli.ts';
import type { Report } from '../../src/compare/report.ts';
import { startMockEtherpad } from '../../src/index.ts';
import { ask, send } from '../ask.ts';
import { type Recording, replay } from '../recordings/replay.ts';
import { alteringProxy, type PassingAnswer } from '../verify/altering-proxy.ts';
import { keptSurroundings } from '../verify/surroundings.ts';
import { comparing, foundIn } from './comparing.ts';

const run = promisify(execFile);
const KEY = 'a-key-for-tests';

/** Calls functions as a client does, and reads the data. */
const caller =
  (url: string, apikey = KEY) =>
  async (name: string, parameters: Record<string, string> = {}): Promise<any> => {
    const query = new URLSearchParams({ apikey, ...parameters }).toString();
    return (JSON.parse((await ask(url, { path: `/api/1.2.15/${name}?${query}` })).body) as { data: unknown }).data;
  };

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'mock-etherpad-compare-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

describe('a server that alters its answers', () => {
  test.each([
    ['a byte of an id', 'data.padID', (answer: PassingAnswer) => (answer.body = answer.body.replace('$notes', '$notez'))],
    ['a byte of a message', 'message', (answer: PassingAnswer) => (answer.body = answer.body.replace('"ok"', '"oK"'))],
    ['a byte of a key', 'data.padID', (answer: PassingAnswer) => (answer.body = answer.body.replace('padID', 'padId'))],
    ['white space', 'body', (answer: PassingAnswer) => (answer.body = answer.body.replace('"code":0', '"code": 0'))],
    ['an escape', 'body', (answer: PassingAnswer) => (answer.body = answer.body.replace('"ok"', String.raw`"\u006fk"`))],
    [
      'the order of keys',
      'the body, order of keys',
      (answer: PassingAnswer) => (answer.body = answer.body.replace(/("code":0),("message":"ok")/, '$2,$1')),
    ],
    [
      'a byte of the type',
      'header content-type',
      (answer: PassingAnswer) => (answer.headers['content-type'] = 'application/json; charset=utf-9'),
    ],
    ['the status', 'status', (answer: PassingAnswer) => (answer.status = 201)],
    [
      'a header for browsers',
      'header access-control-allow-origin',
      (answer: PassingAnswer) => (answer.headers['access-control-allow-origin'] = '*'),
    ],
    ['an ETag that is missing', 'header etag', (answer: PassingAnswer) => delete answer.headers['etag']],
    ['a body that is cut off', 'body', (answer: PassingAnswer) => (answer.body = answer.body.slice(0, -1))],
  ])('%s is caught: %s', async (_what, where, alter) => {
    await using etherpad = await startMockEtherpad({ emulate: '1.9.7', apiKey: KEY });
    await using altering = await alteringProxy(etherpad.url, ({ target }, answer) => {
      if (target.includes('createGroupPad')) alter(answer);
    });
    const comparison = await comparing(altering.url, '1.9.7');
    const call = caller(comparison.url);
    const { groupID } = await call('createGroup');
    await call('createGroupPad', { groupID, padName: 'notes', text: 'hello' }).catch(() => undefined);
    await call('listPads', { groupID });
    const { differences, calls } = await comparison.close();
    expect(calls).toMatchObject({ compared: 3, same: 2, differ: 1 });
    expect(differences).toHaveLength(1);
    expect(differences[0]!.parts.map((part) => part.where)).toContain(where);
    expect(differences[0]!.functions).toEqual({ createGroupPad: 1 });
  });
});

describe('each difference is told once', () => {
  test('with how often it was met, a line that sends the call again, both answers and what differs', async () => {
    await using etherpad = await startMockEtherpad({ emulate: 'documented', apiKey: KEY });
    const comparison = await comparing(etherpad.url, '1.9.7');
    const call = caller(comparison.url);
    for (let count = 0; count < 3; count++) await call('getSessionInfo', { sessionID: `s.unknown${count}` });
    await call('deleteSession', { sessionID: 's.unknown' });
    const report = await comparison.report();
    const status = report.differences.find(({ behaviour }) => behaviour === 'wrongParametersStatus')!;
    const body = '{"code":1,"message":"sessionID does not exist","data":null}';
    expect(status).toEqual({
      behaviour: 'wrongParametersStatus',
      what: 'status: 400 there, 200 in the mock',
      count: 4,
      overlapping: 0,
      functions: { getSessionInfo: 3, deleteSession: 1 },
      curl: `curl '${etherpad.url}/api/1.2.15/getSessionInfo?apikey='"$API_KEY"'&sessionID=s.unknown0'`,
      real: { status: 400, type: 'application/json; charset=utf-8', body },
      mock: { status: 200, type: 'application/json; charset=utf-8', body },
      parts: [{ where: 'status', real: '400', mock: '200' }],
    });
    await comparison.close();
  });

  test.each([
    ['a query', { path: `/api/1/createAuthor?apikey=${KEY}&name=it%27s` }],
    [
      'a form',
      {
        method: 'POST',
        path: '/api/1/createAuthor',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `apikey=${KEY}&name=it's+"$HOME"`,
      },
    ],
    [
      'JSON',
      {
        method: 'POST',
        path: '/api/1/createAuthor',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ apikey: KEY, name: "it's\n\u2603" }),
      },
    ],
    ['brackets and dots', { path: `/api/1/../createAuthor?apikey=${KEY}&name[]=1&name={a,b}` }],
    ['another method', { method: 'DELETE', path: `/api/2/groups?apikey=${KEY}&groupID=g.x` }],
    ['a key in a header', { path: '/api/1/checkToken', headers: { Authorization: KEY } }],
    [
      'a body that is no text',
      {
        method: 'POST',
        path: `/api/1/createAuthor?apikey=${KEY}`,
        headers: { 'Content-Type': 'application/octet-stream' },
        body: Buffer.from([0, 255, 39, 10]),
      },
    ],
    ['a body without a type', { method: 'POST', path: `/api/1/createAuthor?apikey=${KEY}`, body: 'name=x' }],
  ])('the line for %s sends what was sent', async (_what, question) => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    const sent: unknown[] = [];
    await using altering = await alteringProxy(etherpad.url, (request, answer) => {
      sent.push({ method: request.method, target: request.target, type: request.type, body: request.body });
      answer.status = 299;
    });
    const comparison = await comparing(altering.url, '3.3.1');
    await ask(comparison.url, question);
    const { differences } = await comparison.close();
    expect(differences[0]!.curl).not.toContain(KEY);
    await run('bash', ['-c', differences[0]!.curl], { env: { ...process.env, API_KEY: KEY } });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  test('a call shows several, and a difference without a name is kept apart by what differs', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    await using altering = await alteringProxy(etherpad.url, ({ target }, answer) => {
      if (target.includes('checkToken')) answer.body = answer.body.replace('null', '{"a":1}');
      if (target.includes('listAllGroups')) answer.headers['content-type'] = 'text/json';
    });
    const comparison = await comparing(altering.url, '2.5.3');
    const call = caller(comparison.url);
    await call('checkToken');
    await call('checkToken');
    await call('listAllGroups');
    await ask(comparison.url, { path: '/api' });
    const { differences } = await comparison.close();
    expect(differences.map(({ what, count }) => [what, count])).toEqual([
      ['data: map there, null in the mock', 2],
      ['header content-type: "text/json" there, "application/json; charset=utf-8" in the mock', 1],
      ['currentVersion: "1.3.1" there, "1.3.0" in the mock', 1],
    ]);
  });
});

describe('secrets', () => {
  const SECRETS = [KEY, 'another-wrong-key', 'bearer.of.something', 'cookie-token-value'];

  test('are in no report, no recording and no text', async () => {
    const record = join(folder(), 'calls.json');
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    await using altering = await alteringProxy(etherpad.url, ({ target }, answer) => {
      // a server that echoes what it was sent
      answer.body = answer.body.replace('"data":', `"echo":${JSON.stringify(`${target} ${KEY} ${encodeURIComponent(KEY)}`)},"data":`);
    });
    const comparison = await comparing(altering.url, '3.3.1', { record });
    const call = caller(comparison.url);
    const { groupID } = await call('createGroup');
    const { deletionToken } = await call('createGroupPad', { groupID, padName: 'notes' });
    await call('deletePad', { padID: `${groupID}$notes`, deletionToken });
    await caller(comparison.url, 'another-wrong-key')('createGroup');
    await ask(comparison.url, {
      path: '/api/1/checkToken',
      headers: { Authorization: 'Bearer bearer.of.something', Cookie: 'sessionID=s.1; token=cookie-token-value' },
    });
    await ask(comparison.url, { path: '/api/1/checkToken', headers: { apikey: 'another-wrong-key' } });
    await ask(comparison.url, {
      method: 'POST',
      path: '/api/1/checkToken',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ api_key: 'another-wrong-key' }),
    });
    const text = (await ask(comparison.url, { method: 'POST', path: '/_mock/compare/report', headers: { Accept: 'text/plain' } })).body;
    const report = JSON.stringify(await comparison.close());
    const recording = readFileSync(record, 'utf8');
    expect(deletionToken).toMatch(/^[0-9a-f]{64}$/);
    for (const written of [text, report, recording]) {
      expect(written).toContain('checkToken');
      for (const secret of [...SECRETS, deletionToken]) expect(written).not.toContain(secret);
    }
  });

  test('a key of one letter is hidden where it is one, and no word is garbled', async () => {
    await using etherpad = await startMockEtherpad({ emulate: 'documented', apiKey: 'a' });
    const comparison = await comparing(etherpad.url, '3.3.1');
    await caller(comparison.url, 'a')('getSessionInfo', { sessionID: 's.unknown' });
    const { differences } = await comparison.close();
    expect(differences[0]!.curl).toBe(`curl '${etherpad.url}/api/1.2.15/getSessionInfo?apikey='"$API_KEY"'&sessionID=s.unknown'`);
    expect(differences[0]!.real).toMatchObject({ body: '{"code":1,"message":"sessionID does not exist","data":null}' });
  });
});

describe('what the real server had before', () => {
  test('is no difference: groups, authors and sessions are taken over, pads and lists are left aside', async () => {
    const before = {
      groups: [{ groupID: 'g.AAAAAAAAAAAAAAAA' }, { groupID: 'g.BBBBBBBBBBBBBBBB', mapper: 'class-7b' }],
      authors: [{ authorID: 'a.AAAAAAAAAAAAAAAA', name: 'Ada', mapper: 'child-1' }],
      sessions: [1, 2].map((number) => ({
        sessionID: `s.${'0'.repeat(31)}${number}`,
        groupID: 'g.BBBBBBBBBBBBBBBB',
        authorID: 'a.AAAAAAAAAAAAAAAA',
        validUntil: 4_000_000_000,
      })),
      pads: [
        { padID: 'g.AAAAAAAAAAAAAAAA$old', text: 'old\n' },
        { padID: 'g.BBBBBBBBBBBBBBBB$old', text: 'old\n' },
      ],
    };
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY, seed: before });
    const comparison = await comparing(etherpad.url, '3.3.1');
    const call = caller(comparison.url);
    const groupID = 'g.AAAAAAAAAAAAAAAA';
    await call('listAllGroups');
    await call('getStats');
    await call('listPads', { groupID });
    expect((await call('createGroupIfNotExistsFor', { groupMapper: 'class-7b' })).groupID).toBe('g.BBBBBBBBBBBBBBBB');
    await call('listSessionsOfGroup', { groupID: 'g.BBBBBBBBBBBBBBBB' });
    const { authorID } = await call('createAuthorIfNotExistsFor', { authorMapper: 'child-1' });
    await call('getAuthorName', { authorID });
    const { sessionID } = await call('createSession', { groupID, authorID, validUntil: '4000000000' });
    await call('getSessionInfo', { sessionID });
    await call('listSessionsOfAuthor', { authorID });
    await call('getSessionInfo', { sessionID: before.sessions[0]!.sessionID });
    await call('createGroupPad', { groupID, padName: 'new' });
    await call('listPads', { groupID });
    await call('listAllPads');
    await call('getStats');
    await call('getText', { padID: `${groupID}$old` });
    await call('deleteSession', { sessionID: before.sessions[1]!.sessionID });
    await call('deletePad', { padID: `${groupID}$old` });
    const { calls, differences } = await comparison.close();
    expect(differences).toEqual([]);
    expect(calls).toMatchObject({ compared: 15, same: 15, ofBefore: 3 });
  });

  test('what the mock should know is not taken for it: a pad that stays when it was deleted is a difference', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    await using altering = await alteringProxy(etherpad.url, ({ target }, answer) => {
      if (target.includes('listPads')) answer.body = answer.body.replace('[]', JSON.stringify([`${groupID}$notes`]));
    });
    const comparison = await comparing(altering.url, '3.3.1');
    const call = caller(comparison.url);
    const { groupID } = await call('createGroup');
    await call('createGroupPad', { groupID, padName: 'notes' });
    await call('deletePad', { padID: `${groupID}$notes` });
    await call('listPads', { groupID });
    expect(foundIn(await comparison.close())).toEqual(['data.padIDs[…]: text there, nothing in the mock']);
  });
});

describe('without --as', () => {
  test.each(['documented', '1.9.7', '2.5.3', '3.3.1'] as const)('a mock of %s is found to be most like it', async (emulate) => {
    await using etherpad = await startMockEtherpad({ emulate, apiKey: KEY });
    const comparison = await comparing(etherpad.url);
    const call = caller(comparison.url);
    const { groupID } = await call('createGroup');
    await call('createGroupPad', { groupID, padName: 'notes' });
    await call('listSessionsOfGroup', { groupID });
    await ask(comparison.url, { path: `/api/2/checkToken?apikey=${KEY}` });
    expect(await comparison.close()).toMatchObject({ as: emulate, asGiven: false, calls: { same: 4 }, differences: [] });
  });
});

describe('silence', () => {
  test('of both is the same; of one it is a difference; a client that gives up at once tells nothing', { timeout: 20_000 }, async () => {
    await using etherpad = await startMockEtherpad({ emulate: '2.5.3', apiKey: KEY });
    const [same, other] = [await comparing(etherpad.url, '2.5.3'), await comparing(etherpad.url, '3.3.1')];
    const question = {
      method: 'POST',
      path: '/api/1/createGroup',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ apikey: KEY }),
    };
    for (const { url } of [same, other]) {
      for (const patience of [1_200, 50]) {
        const { reply, abandon } = send(url, question);
        setTimeout(abandon, patience);
        await reply.catch(() => undefined);
      }
    }
    const reports = [await same.close(), await other.close()];
    expect(reports.map(foundIn)).toEqual([[], ['jsonBody']]);
    expect(reports.map(({ calls }) => calls)).toEqual([
      expect.objectContaining({ same: 1, differ: 0, abandoned: 1 }),
      expect.objectContaining({ same: 0, differ: 1, abandoned: 1 }),
    ]);
  });
});

describe('what it saw', () => {
  test('is a recording that replays without the server, and that tells another Etherpad apart', { timeout: 20_000 }, async () => {
    const record = join(folder(), 'calls.json');
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    const comparison = await comparing(etherpad.url, '3.3.1', { record });
    const call = caller(comparison.url);
    const { groupID } = await call('createGroup');
    const { authorID } = await call('createAuthor', { name: 'Ada' });
    const validUntil = String(Math.floor(Date.now() / 1000) + 3_600);
    const { sessionID } = await call('createSession', { groupID, authorID, validUntil });
    await call('getSessionInfo', { sessionID });
    const { padID, deletionToken } = await call('createGroupPad', { groupID, padName: 'notes' });
    await call('getText', { padID });
    await call('deletePad', { padID, deletionToken });
    await caller(comparison.url, 'wrong-key')('checkToken');
    await ask(comparison.url, {
      method: 'POST',
      path: '/rest/1.3.0/group/create',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ apikey: KEY }),
    });
    await ask(comparison.url, { path: '/api/9/nothing' });
    await call('listSessionsOfAuthor', { authorID });
    await comparison.close();

    const recording = JSON.parse(readFileSync(record, 'utf8')) as Recording;
    expect(recording.etherpad).toBe('3.3.1');
    expect(recording.sequences[0]!.steps[2]!.send.path).toMatch(
      /^\/api\/1\.2\.15\/createSession\?apikey=\$\{KEY\}&groupID=\$\{group1\}&authorID=\$\{author1\}&validUntil=\$\{now\+3[56]\d\d\}$/,
    );
    const options = { apiKey: 'quite-another-key', now: () => Math.floor(Date.now() / 1000), wait: async () => undefined, silence: 200 };
    await using fresh = await startMockEtherpad({ emulate: '3.3.1', apiKey: options.apiKey });
    expect(await replay(fresh.url, recording, options)).toEqual({ requests: 11, differences: [] });
    await using older = await startMockEtherpad({ emulate: '1.9.7', apiKey: options.apiKey });
    expect((await replay(older.url, recording, options)).differences.map(({ label }) => label)).toContain('createGroupPad');
  });

  test('is a seed with the ids of the real server', async () => {
    const file = join(folder(), 'seed.json');
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    const comparison = await comparing(etherpad.url, '3.3.1', { saveSeed: file });
    const call = caller(comparison.url);
    const { groupID } = await call('createGroupIfNotExistsFor', { groupMapper: 'class-7b' });
    const { authorID } = await call('createAuthor', { name: 'Ada' });
    const { sessionID } = await call('createSession', { groupID, authorID, validUntil: '4000000000' });
    await call('createGroupPad', { groupID, padName: 'notes', text: 'hello' });
    const told = JSON.parse((await ask(comparison.url, { path: '/_mock/compare/seed' })).body) as object;
    await comparison.close();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(told);
    await using seeded = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY, seed: file });
    const again = caller(seeded.url);
    expect(await again('getSessionInfo', { sessionID })).toEqual({ groupID, authorID, validUntil: 4_000_000_000 });
    expect(await again('createGroupIfNotExistsFor', { groupMapper: 'class-7b' })).toEqual({ groupID });
    expect(await again('getText', { padID: `${groupID}$notes` })).toEqual({ text: 'hello\n' });
  });
});

describe('below a base path', () => {
  test('the proxy has the real server’s paths, and its report is found with and without', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY, basePath: '/pad' });
    const comparison = await comparing(`${etherpad.url}/`, '3.3.1');
    expect(comparison.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pad$/);
    const url = new URL(comparison.url);
    await ask(comparison.url, { path: `/pad/api/1/createGroup?apikey=${KEY}` });
    await ask(comparison.url, { path: `/api/1/createGroup?apikey=${KEY}` });
    const reports = await Promise.all(
      ['/_mock/compare/report', '/pad/_mock/compare/report'].map(
        async (path) => JSON.parse((await ask(url.origin, { method: 'POST', path })).body) as Report,
      ),
    );
    for (const { calls, others, differences } of reports)
      expect({ calls: calls.compared, others, differences }).toEqual({ calls: 1, others: 1, differences: [] });
    await comparison.close();
  });

  test('a sandbox of a mock can be the real server', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    const comparison = await comparing(etherpad.sandbox('worker-1').url, '3.3.1');
    await ask(comparison.url, { path: `/sandbox/worker-1/api/1/createGroup?apikey=${KEY}` });
    expect(await comparison.close()).toMatchObject({ calls: { same: 1, compared: 1 } });
  });
});

describe('a recording in place of a server', () => {
  const command = async (...words: string[]): Promise<{ status: number; out: string; error: string }> => {
    const surroundings = keptSurroundings();
    const status = await main(['compare', ...words], { environment: {}, ...surroundings });
    return { status, out: surroundings.out(), error: surroundings.error() };
  };

  test.each(['1.9.7', '2.5.3', '3.3.1'])('of %s: every recorded answer is the same', { timeout: 120_000 }, async (version) => {
    const { status, out } = await command(`test/recordings/${version}.json`, '--fail-on-difference');
    expect(out).toMatch(
      new RegExp(`^7\\d\\d calls of test/recordings/${version}\\.json compared with Etherpad ${version}: 7\\d\\d the same, 0 differ\\.\n$`),
    );
    expect(status).toBe(0);
  });

  test('differs where another Etherpad does, with status 1 when that is asked for', { timeout: 60_000 }, async () => {
    const { status, out } = await command('test/recordings/3.3.1.json', '--as', 'documented', '--json', '--fail-on-difference');
    const report = JSON.parse(out) as Report;
    expect(status).toBe(1);
    expect(foundIn(report)).toEqual(
      expect.arrayContaining(['sessionInfo', 'sessionList', 'wrongParametersStatus', 'authorName', 'keepsExpiredSessions']),
    );
    expect(report.differences[0]!.curl).toMatch(/^curl .*127\.0\.0\.1:9001\/.*"\$API_KEY"/);
  });

  test.each([
    ['package.json', /^package\.json is not a recording: it has no sequences/],
    ['README.md', /^Cannot read the recording README\.md \(.*JSON.*\)\. Give one that --record wrote\.\n$/],
    [
      'nothing.json',
      /^"nothing\.json" is neither a URL nor a recording\. Give the real server, such as http:\/\/127\.0\.0\.1:9001, or a file that --record wrote\.\n$/,
    ],
  ])('%s is none', async (file, message) => {
    const { status, out, error } = await command(file);
    expect([status, out]).toEqual([2, '']);
    expect(error).toMatch(message);
  });
});

describe('the command', () => {
  test('listens, tells where, and reports when it is asked to end', async () => {
    await using etherpad = await startMockEtherpad({ emulate: 'documented', apiKey: KEY });
    const lines: string[] = [];
    const surroundings = keptSurroundings({
      onOutput(text) {
        lines.push(text);
        const url = /^(http:\S+) forwards everything to/.exec(text)?.[1];
        if (url !== undefined) void caller(url)('getSessionInfo', { sessionID: 's.unknown' }).then(() => surroundings.interrupt());
      },
    });
    const status = await main(['compare', etherpad.url, '--as', '3.3.1', '--port', '0', '--fail-on-difference'], {
      environment: {},
      ...surroundings,
    });
    expect(status).toBe(1);
    expect(lines[0]).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+ forwards everything to http:\/\/127\.0\.0\.1:\d+, and compares its answers with the mock as 3\.3\.1\.\nRun your tests against it\. Press Ctrl\+C to stop and get a report\.\n$/,
    );
    expect(lines[1]).toContain(`1 call of ${etherpad.url} compared with Etherpad 3.3.1: 0 the same, 1 differs, in 2 ways.`);
    expect(lines[1]).toContain('wrongParametersStatus, status: 400 there, 200 in the mock\n   met 1 time: getSessionInfo\n');
  });

  test('fails on request when no call came by, and says what to do', async () => {
    await using etherpad = await startMockEtherpad({ apiKey: KEY });
    const surroundings = keptSurroundings({ onOutput: () => surroundings.interrupt() });
    const status = await main(['compare', etherpad.url, '--port', '0', '--fail-on-difference'], { environment: {}, ...surroundings });
    expect(status).toBe(1);
    expect(surroundings.out()).toContain('The proxy got no calls. Point your tests at it, with the path of the real server.');
  });

  test('prints JSON, a line at the beginning and one at the end', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
    const surroundings = keptSurroundings({ onOutput: () => surroundings.interrupt() });
    expect(await main(['compare', etherpad.url, '--as', '3', '--port', '0', '--json'], { environment: {}, ...surroundings })).toBe(0);
    const [first, last] = surroundings
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toEqual({ url: expect.stringMatching(/^http:/), to: etherpad.url, as: '3.3.1' });
    expect(last).toMatchObject({ url: etherpad.url, as: '3.3.1', asGiven: true, differences: [] });
  });

  test.each([
    [['ftp://x'], '"ftp://x" is not a URL of http or https. Give the real server, such as http://127.0.0.1:9001.\n'],
    [['http://me@x'], 'The URL has a user name, query or fragment in it. Give the real server, such as http://127.0.0.1:9001.\n'],
    [['http://x', '--emulate', '3.3.1'], 'compare does not take --emulate: use --as to choose the Etherpad to compare with.\n'],
    [
      ['http://x', '--record', '/nowhere/calls.json', '--port', '0'],
      'Cannot write the recording /nowhere/calls.json (ENOENT): check the path and its permissions.\n',
    ],
    [
      ['http://x', '--save-seed', '/nowhere/seed.json', '--port', '0'],
      'Cannot write the seed /nowhere/seed.json (ENOENT): check the path and its permissions.\n',
    ],
  ])('%j is refused in one line', async (words, message) => {
    const surroundings = keptSurroundings();
    const status = await main(['compare', ...words], { environment: {}, ...surroundings });
    expect([status, surroundings.out(), surroundings.error()]).toEqual([2, '', message]);
  });

  test('a port that is taken is told', async () => {
    await using etherpad = await startMockEtherpad();
    const { port } = new URL(etherpad.url);
    const surroundings = keptSurroundings();
    expect(await main(['compare', etherpad.url, '--port', port], { environment: {}, ...surroundings })).toBe(2);
    expect(surroundings.error()).toBe(`Cannot listen on ${port}: the port is taken. Pass --port 0 for a free one.\n`);
  });
});
