import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectMockEtherpad } from '../src/index.ts';
import { type Listening, RunningCommand, serveCommand } from './command/running-command.ts';

const CONFIGURATION = new URL('../examples/scale-out/nginx.conf', import.meta.url);
const REPLICAS = 4;
const NAMES = Array.from({ length: 200 }, (_, index) => `worker-${index + 1}`);
const SEED = { groups: [{ groupID: 'g.seededseededseed', mapper: 'seeded' }], authors: [], sessions: [], pads: [] };

function findNginx(): string | undefined {
  for (const program of ['nginx', '/usr/sbin/nginx']) {
    try {
      execFileSync(program, ['-v'], { stdio: 'ignore' });
      return program;
    } catch {
      // not there
    }
  }
  return undefined;
}

const nginx = findNginx();
if (nginx === undefined) console.log('scale-out is not tested: there is no nginx here (Debian: apt-get install nginx-light)');

/** The port if it is free, or any with 0; undefined for one that is taken. */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.on('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address() as net.AddressInfo;
      server.close(() => resolve(free));
    });
  });
}

/**
 * First ports of the replicas. The hash is over their addresses, which in the example are always the same; these spread as
 * evenly as those do.
 */
const FIRST_PORTS = [18_030, 18_050, 18_080, 18_090, 18_100, 18_180];

async function findPorts(): Promise<readonly number[]> {
  for (const first of FIRST_PORTS) {
    const ports = Array.from({ length: REPLICAS }, (_, index) => first + index);
    if ((await Promise.all(ports.map(freePort))).every((port) => port !== undefined)) return ports;
  }
  throw new Error(`the ports from ${FIRST_PORTS.join(', ')} on are all taken`);
}

/** Where the files of a run are. */
const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-scale-out-'));
const seedFile = join(folder, 'seed.json');

/** The configuration of the example, with the addresses of this run. */
function configurationFor(port: number, replicas: readonly string[]): string {
  const example = readFileSync(CONFIGURATION, 'utf8');
  let text = example.replace('listen 9001;', `listen 127.0.0.1:${port};`).replace('worker_processes auto;', 'worker_processes 1;');
  for (const [index, address] of replicas.entries()) text = text.replaceAll(`server etherpad-${index + 1}:9001 `, `server ${address} `);
  expect(text).not.toContain('etherpad-');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `  ${what}_temp_path ${join(folder, what)};\n`).join('');
  return `daemon off;\npid ${join(folder, 'nginx.pid')};\nerror_log stderr error;\n${text.replace('http {\n', `http {\n  access_log off;\n${paths}`)}`;
}

type Replica = RunningCommand & { readonly listening: Listening };

const serveReplica = (port: number): Promise<Replica> => serveCommand(['--log-level', 'error', '--seed', seedFile, '--port', String(port)]);

describe.skipIf(nginx === undefined)('sandboxes on four replicas behind nginx', () => {
  const replicas: Replica[] = [];
  let proxy: ChildProcess;
  let url: string;
  let apiKey: string;

  beforeAll(async () => {
    writeFileSync(seedFile, JSON.stringify(SEED));
    for (const port of await findPorts()) replicas.push(await serveReplica(port));
    apiKey = replicas[0]!.listening.apiKey;
    const port = (await freePort(0))!;
    url = `http://127.0.0.1:${port}`;
    const configuration = join(folder, 'nginx.conf');
    mkdirSync(join(folder, 'logs'));
    writeFileSync(
      configuration,
      configurationFor(
        port,
        replicas.map(({ listening }) => new URL(listening.url).host),
      ),
    );
    proxy = spawn(nginx!, ['-p', folder, '-c', configuration], { stdio: ['ignore', 'ignore', 'inherit'] });
    // it takes a moment to listen
    await vi.waitFor(() => fetch(`${url}/api`), { timeout: 60_000 });
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => proxy.on('close', resolve));
    proxy.kill('SIGTERM');
    await ended;
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const call = async (name: string, called: string, parameters: Readonly<Record<string, string>> = {}): Promise<any> => {
    const answer = await fetch(
      `${url}/sandbox/${name}/api/1.3.0/${called}?${new URLSearchParams({ apikey: apiKey, ...parameters }).toString()}`,
    );
    return answer.json();
  };
  const groupsOf = async (name: string): Promise<string[]> => (await call(name, 'listAllGroups')).data.groupIDs as string[];
  const sandboxesOf = async ({ listening }: Replica): Promise<string[]> => {
    const { sandboxes } = (await (await fetch(`${listening.url}/_mock/sandboxes`)).json()) as { sandboxes: { name: string }[] };
    return sandboxes.map(({ name }) => name);
  };

  /** What each sandbox holds, by name. */
  const made = new Map<string, string>();

  test('200 sandboxes spread evenly, each on one replica', async () => {
    for (const name of NAMES) made.set(name, (await call(name, 'createGroup')).data.groupID as string);
    const spread = await Promise.all(replicas.map(sandboxesOf));
    expect(spread.flat().toSorted()).toEqual(NAMES.toSorted());
    for (const names of spread) {
      expect(names.length).toBeGreaterThanOrEqual(0.2 * NAMES.length);
      expect(names.length).toBeLessThanOrEqual(0.3 * NAMES.length);
    }
    console.log(`sandboxes on each replica: ${spread.map(({ length }) => length).join(', ')}`);
  });

  test('every sandbox is consistent, whoever asks and however', async () => {
    await Promise.all(NAMES.map(async (name) => expect(await groupsOf(name)).toEqual(['g.seededseededseed', made.get(name)])));
    const form = await fetch(`${url}/sandbox/worker-7/createGroupIfNotExistsFor`, {
      method: 'POST',
      body: new URLSearchParams({ apikey: apiKey, groupMapper: 'seeded' }),
    });
    expect(await form.json()).toEqual({ code: 0, message: 'ok', data: { groupID: 'g.seededseededseed' } });
    const strange = await fetch(`${url}/sandbox/worker-7//createGroup//?apikey=${apiKey}&x=%zz`, { headers: { api_key: 'ignored' } });
    expect(((await strange.json()) as { code: number }).code).toBe(0);
  });

  test('control and journal of a sandbox are below the same URL', async () => {
    const sandboxes = connectMockEtherpad(url);
    const [one, other] = [(await sandboxes).sandbox('worker-11'), (await sandboxes).sandbox('worker-12')];
    await one.clock.set({ now: 2_000_000_000, frozen: true });
    expect(await one.clock.now()).toBe(2_000_000_000);
    expect(await other.clock.now()).not.toBe(2_000_000_000);
    await call('worker-11', 'getText', { padID: 'only-here' });
    expect((await one.requests.list({ limit: 1 })).requests[0]!.parameters).toEqual({ padID: 'only-here' });
    expect((await one.info()).sandbox).toBe('worker-11');
    const page = await fetch(`${url}/sandbox/worker-11/_mock/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const events = await fetch(`${url}/sandbox/worker-11/_mock/events`);
    const first = await events.body!.getReader().read();
    expect(new TextDecoder().decode(first.value)).toContain('event: about');
    await events.body!.cancel().catch(() => undefined);
  });

  test('what has no sandbox is on the first replica', async () => {
    const { groupID } = ((await (await fetch(`${url}/createGroup?apikey=${apiKey}`)).json()) as { data: { groupID: string } }).data;
    const there = await fetch(`${replicas[0]!.listening.url}/listAllGroups?apikey=${apiKey}`);
    expect(((await there.json()) as { data: { groupIDs: string[] } }).data.groupIDs).toContain(groupID);
  });

  test('a fault that drops the connection does so through the proxy, and nothing moves', async () => {
    const sandbox = (await connectMockEtherpad(url)).sandbox('worker-20');
    await sandbox.faults.add({ kind: 'drop', times: 3 });
    for (let count = 0; count < 3; count++) await expect(call('worker-20', 'listAllGroups')).rejects.toThrow('fetch failed');
    expect(await groupsOf('worker-20')).toEqual(['g.seededseededseed', made.get('worker-20')]);
    expect((await sandbox.faults.list())[0]!.fired).toBe(3);
  });

  test('limits are answered by the mock, not by the proxy', async () => {
    const long = await fetch(`${url}/sandbox/worker-1/api/1.3.0/checkToken?x=${'x'.repeat(20_000)}`);
    expect([long.status, await long.text()]).toEqual([
      431,
      '{"code":1,"message":"the request line and headers are too large","data":null}',
    ]);
    const name = 'n'.repeat(3_000_000);
    const large = await fetch(`${url}/sandbox/worker-1/createAuthor`, {
      method: 'POST',
      body: new URLSearchParams({ apikey: apiKey, name }),
    });
    expect(large.status).toBe(200);
  });

  test('one replica killed: the other sandboxes are untouched, and its own start anew, seeded', async () => {
    const before = new Map(await Promise.all(NAMES.map(async (name) => [name, await groupsOf(name)] as const)));
    const [killed] = replicas.splice(2, 1);
    const lost = new Set(await sandboxesOf(killed!));
    killed!.process.kill('SIGKILL');
    await killed!.ended;
    const kept = NAMES.filter((name) => !lost.has(name));
    expect(kept.length).toBeGreaterThan(100);
    for (let round = 0; round < 3; round++) {
      await Promise.all(kept.map(async (name) => expect(await groupsOf(name)).toEqual(before.get(name))));
      for (const name of [...lost].slice(0, 5)) await expect(call(name, 'checkToken')).rejects.toThrow('fetch failed');
    }
    replicas.push(await serveReplica(Number(new URL(killed!.listening.url).port)));
    await Promise.all([...lost].map(async (name) => expect(await groupsOf(name)).toEqual(['g.seededseededseed'])));
    await Promise.all(kept.map(async (name) => expect(await groupsOf(name)).toEqual(before.get(name))));
    expect((await sandboxesOf(replicas.at(-1)!)).toSorted()).toEqual([...lost].toSorted());
  });
});
