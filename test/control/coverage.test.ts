import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import {
  connectMockEtherpad,
  type Coverage,
  coverageTable,
  type FaultSpecification,
  type MockEtherpadOptions,
  startMockEtherpad,
} from '../../src/index.ts';
import { ask, multipart, type Question } from '../ask.ts';
import { serveCommand } from '../command/running-command.ts';

const KEY = 'a-key-for-tests';
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** A new folder, gone when the test ends. */
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'mock-etherpad-coverage-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

async function started(options: MockEtherpadOptions = {}) {
  const etherpad = await startMockEtherpad({ apiKey: KEY, ...options });
  const send = (question: Question): Promise<unknown> => ask(etherpad.url, question).catch(() => undefined);
  const call = async (name: string, parameters: Record<string, string> = {}, below = ''): Promise<any> => {
    const query = new URLSearchParams({ apikey: KEY, ...parameters }).toString();
    return (JSON.parse((await ask(etherpad.url, { path: `${below}/api/1.2.15/${name}?${query}` })).body) as { data: unknown }).data;
  };
  return { ...etherpad, send, call };
}

const of = ({ functions }: Coverage, name: string) => functions.find((one) => one.function === name)!;

/** The names that were met at all. */
const met = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('coverage', () => {
  test('of a server that nobody asked names everything as never met', async () => {
    await using etherpad = await started();
    const coverage = await etherpad.coverage();
    expect(coverage.calls).toBe(0);
    expect(coverage.functions.map((one) => one.function)).toEqual(FUNCTIONS.map(({ name }) => name));
    expect(coverage.neverMet.functions).toEqual(FUNCTIONS.map(({ name }) => name));
    expect(coverage.neverMet).toMatchObject({ parameters: [], emulations: ['documented', '1.9.7', '2.5.3', '3.3.1'] });
  });

  test('counts calls by function, outcome and parameter', async () => {
    await using etherpad = await started();
    const { groupID } = await etherpad.call('createGroup');
    await etherpad.call('createGroupPad', { groupID, padName: 'notes' });
    await etherpad.call('getSessionInfo', { sessionID: 's.unknown' });
    await etherpad.send({ path: '/api/1/getSessionInfo?apikey=wrong' });
    await etherpad.send({ path: `/nothing?apikey=${KEY}` });
    await etherpad.send({ path: `/api/1/nothing?apikey=${KEY}` });
    const coverage = await etherpad.coverage();
    expect(coverage.calls).toBe(4);
    expect(coverage.notFound).toBe(2);
    expect(of(coverage, 'createGroup')).toMatchObject({ calls: 1, parameters: {} });
    expect(of(coverage, 'createGroupPad').parameters).toEqual({ groupID: 1, padName: 1, text: 0, authorId: 0 });
    expect(met(of(coverage, 'getSessionInfo').outcomes)).toEqual({ 'wrong parameters': 1, 'wrong key': 1 });
    expect(met(coverage.outcomes)).toEqual({ ok: 2, 'wrong parameters': 1, 'wrong key': 1 });
    expect(coverage.neverMet.parameters).toEqual(['createGroupPad.text', 'createGroupPad.authorId']);
    expect(coverage.neverMet.functions).toHaveLength(FUNCTIONS.length - 3);
  });

  test('counts mounts, ways of sending, places of the key and emulations', async () => {
    await using etherpad = await started({ emulate: '3.3.1' });
    const fields = { apikey: KEY };
    await etherpad.send({ path: `/api/1/checkToken?apikey=${KEY}` });
    await etherpad.send({ path: '/api/1.2/checkToken', headers: { Authorization: KEY } });
    await etherpad.send({ path: '/api/1.2/checkToken', headers: { Authorization: 'Bearer x' } });
    await etherpad.send({ path: '/api/1.2/checkToken' });
    await etherpad.send({ method: 'POST', path: `/rest/1.3.0/group/create?api_key=${KEY}` });
    await etherpad.send({ path: '/api/1/createGroup', ...form(fields) });
    await etherpad.send({ method: 'POST', path: '/api/1/createGroup', ...multipart([['apikey', KEY]]) });
    await etherpad.send({
      method: 'POST',
      path: '/api/1/createGroup',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fields),
    });
    await etherpad.send({ method: 'DELETE', path: `/api/2/groups?apikey=${KEY}` });
    await etherpad.emulate('documented');
    await etherpad.send({ path: '/createGroup', headers: { apikey: KEY } });
    await etherpad.send({ path: `/createGroup?authorization=${KEY}` });
    await etherpad.emulate('1.9.7');
    await etherpad.send({ path: '/api/1/createGroup', headers: { api_key: KEY } });
    const coverage = await etherpad.coverage();
    // checkToken came with API 1.2
    expect(coverage.notFound).toBe(1);
    expect(met(coverage.mounts)).toEqual({ root: 2, api: 7, rest: 1, 'api/2': 1 });
    expect(coverage.ways).toEqual({ query: 6, 'POST with a query': 1, form: 1, multipart: 1, JSON: 1, DELETE: 1 });
    expect(coverage.keys).toEqual({
      apikey: 4, api_key: 1, authorization: 1, 'header apikey': 1, 'header api_key': 1, 'header authorization': 1, bearer: 1, none: 1,
    }); // oxfmt-ignore
    expect(met(coverage.emulations)).toEqual({ documented: 2, '1.9.7': 1, '3.3.1': 8 });
    expect(coverage.neverMet).toMatchObject({ mounts: [], ways: [], keys: [], emulations: ['2.5.3'] });
  });

  test('a pad that is opened, and a token that is asked for, are no functions that are missing', async () => {
    await using etherpad = await started({ authentication: 'sso', emulate: '3.3.1' });
    await etherpad.send({ path: '/p/x' });
    await etherpad.send({ method: 'POST', path: '/oidc/token' });
    await etherpad.send({ path: '/oidc/nothing' });
    expect((await etherpad.coverage()).notFound).toBe(0);
    await etherpad.send({ path: '/nothing' });
    expect((await etherpad.coverage()).notFound).toBe(1);
  });

  test('a form of nothing counts as none', async () => {
    await using etherpad = await started();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '0' };
    await etherpad.send({ method: 'POST', path: `/api/1/createGroup?apikey=${KEY}`, headers });
    expect(met((await etherpad.coverage()).ways)).toEqual({ 'POST with a query': 1 });
  });

  test('counts faults and calls without an answer', { timeout: 20_000 }, async () => {
    await using etherpad = await started();
    const plain = (['html', 'contentType', 'truncate', 'drop', 'lostAnswer'] as const).map((kind) => ({ kind }));
    const kinds: readonly FaultSpecification[] = [{ kind: 'code', code: 2 }, { kind: 'latency', milliseconds: 1 }, ...plain];
    for (const kind of kinds) {
      await etherpad.faults.add({ ...kind, times: 1 });
      await etherpad.send({ path: `/createGroup?apikey=${KEY}` });
    }
    const { faults, outcomes, neverMet } = await etherpad.coverage();
    expect(faults).toEqual(Object.fromEntries(kinds.map(({ kind }) => [kind, 1])));
    expect(met(outcomes)).toEqual({ ok: 3, error: 1, 'other answer': 1, 'no answer': 2 });
    expect(neverMet.faults).toEqual([]);
  });

  test.each(['documented', '3.3.1'] as const)('counts expiries that were met, as %s', async (emulate) => {
    await using etherpad = await started({ emulate });
    const { groupID } = await etherpad.call('createGroup');
    const { authorID } = await etherpad.call('createAuthor');
    const validUntil = String((await etherpad.clock.now()) + 60);
    const { sessionID } = await etherpad.call('createSession', { groupID, authorID, validUntil });
    await etherpad.call('getSessionInfo', { sessionID });
    expect(met((await etherpad.coverage()).expiries)).toEqual({});
    await etherpad.clock.advance({ pastExpiryOf: sessionID });
    await etherpad.call('getSessionInfo', { sessionID });
    await etherpad.call('getSessionInfo', { sessionID });
    await etherpad.call('listSessionsOfGroup', { groupID });
    await etherpad.call('listSessionsOfAuthor', { authorID });
    await etherpad.call('createSession', { groupID, authorID, validUntil: String(Number(validUntil) - 1) });
    await etherpad.call('deleteSession', { sessionID });
    await etherpad.call('createGroup');
    expect((await etherpad.coverage()).expiries).toEqual({
      createSession: 1, getSessionInfo: 2, deleteSession: 1, listSessionsOfGroup: 1, listSessionsOfAuthor: 1,
    }); // oxfmt-ignore
  });

  test('is over all sandboxes, also those that are gone, and over resets', async () => {
    await using etherpad = await started();
    await etherpad.call('createGroup');
    await etherpad.call('createGroup', {}, '/sandbox/one');
    await etherpad.call('createAuthor', { name: 'Ada' }, '/sandbox/two');
    await etherpad.sandboxes.deleteAll();
    await etherpad.reset();
    const coverage = await etherpad.coverage();
    expect([of(coverage, 'createGroup').calls, of(coverage, 'createAuthor').calls]).toEqual([2, 1]);
    expect(await etherpad.sandbox('three').coverage()).toEqual(coverage);
    const elsewhere = await connectMockEtherpad(etherpad.url);
    expect(await elsewhere.coverage()).toEqual(coverage);
    expect(JSON.parse((await ask(etherpad.url, { path: '/_mock/coverage' })).body)).toEqual(coverage);
  });

  test('counts what 2.5.3 never answers, and takes no header for a parameter of the key', async () => {
    await using etherpad = await started({ emulate: '2.5.3' });
    await Promise.race([
      etherpad.send({ method: 'POST', path: '/api/1/createGroup', headers: { 'Content-Type': 'application/json' }, body: '{}' }),
      new Promise((resolve) => setTimeout(resolve, 200)),
    ]);
    await etherpad.send({ path: '/api/1/createGroup', headers: { Authorization: KEY } });
    const coverage = await etherpad.coverage();
    expect(met(of(coverage, 'createGroup').outcomes)).toEqual({ ok: 1, 'no answer': 1 });
    expect(met(coverage.keys)).toEqual({ 'header authorization': 1, none: 1 });
  });
});

describe('as a table', () => {
  test('shows each function with its outcomes, and what was never met', async () => {
    await using etherpad = await started();
    await etherpad.call('createAuthor');
    await etherpad.call('getSessionInfo', { sessionID: 's.unknown' });
    const lines = coverageTable(await etherpad.coverage()).split('\n');
    expect(lines.slice(0, 2)).toEqual(['# Coverage of the API', '']);
    expect(lines[2]).toBe(`2 calls met 2 of ${FUNCTIONS.length} functions, 2 of 7 outcomes, 1 of 4 emulations, 0 of 7 faults.`);
    expect(lines).toContain('| createAuthor | 1 | · | · | · | · | · | · | name |');
    expect(lines).toContain('| getSessionInfo | · | 1 | · | · | · | · | · |  |');
    expect(lines).toContain('| **deleteSession** | · | · | · | · | · | · | · | **never called** |');
    expect(lines).toContain('| ways of sending | query 2 | POST with a query, form, multipart, JSON, DELETE |');
    expect(lines).toContain('| faults | nothing | code, latency, html, contentType, truncate, drop, lostAnswer |');
  });
});

describe('--coverage', () => {
  test.each(['coverage', 'coverage.json', 'coverage.md'])('writes JSON and a table at the end, told %s', async (name) => {
    const at = folder();
    const etherpad = await started({ coverage: join(at, name) });
    await etherpad.call('createGroup');
    const coverage = await etherpad.coverage();
    await etherpad.close();
    expect(JSON.parse(readFileSync(join(at, 'coverage.json'), 'utf8'))).toEqual(coverage);
    expect(readFileSync(join(at, 'coverage.md'), 'utf8')).toBe(coverageTable(coverage));
  });

  test('the command writes them when it is asked to end', async () => {
    const at = folder();
    {
      await using command = await serveCommand(['--coverage', join(at, 'api.json')]);
      const { url, apiKey } = command.listening;
      await ask(url, { path: `/createGroup?apikey=${apiKey}` });
      command.process.kill('SIGTERM');
      expect(await command.ended).toMatchObject({ status: 0 });
    }
    expect((JSON.parse(readFileSync(join(at, 'api.json'), 'utf8')) as Coverage).calls).toBe(1);
  });

  test('is refused at the start where it could not be written', async () => {
    await expect(started({ coverage: '/nowhere/coverage.json' })).rejects.toThrow(
      'cannot write the coverage to /nowhere/coverage.json (ENOENT): check that its folder exists',
    );
  });
});

describe('the fixture of vitest', () => {
  const EXAMPLE = `
    import { test as base } from 'mock-etherpad/vitest';
    const test = base.extend({ etherpadOptions: [{ printCoverage: true }, { scope: 'file' }] });
    for (const name of ['createGroup', 'createAuthor'])
      test(name, async ({ etherpad }) => {
        await fetch(etherpad.url + '/' + name + '?apikey=' + etherpad.apiKey);
      });
  `;

  test('prints the table when the tests of a file are through, over all of them', { timeout: 60_000 }, async () => {
    const at = folder();
    mkdirSync(join(at, 'node_modules'));
    symlinkSync(PROJECT, join(at, 'node_modules', 'mock-etherpad'), 'dir');
    symlinkSync(join(PROJECT, 'node_modules', 'vitest'), join(at, 'node_modules', 'vitest'), 'dir');
    writeFileSync(join(at, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(at, 'example.test.mjs'), EXAMPLE);
    const { stdout } = await promisify(execFile)(process.execPath, [join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', at], {
      cwd: at,
      env: { ...process.env, NO_COLOR: '1', VITEST: undefined, FORCE_COLOR: undefined },
    });
    expect(stdout).toContain(`# Coverage of the API\n\n2 calls met 2 of ${FUNCTIONS.length} functions, 1 of 7 outcomes`);
    expect(stdout).toContain('| createGroup | 1 | · |');
    expect(stdout).toContain('| **deleteSession** |');
  });
});
