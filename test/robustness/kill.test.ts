import type { StateDocument } from '../../src/index.ts';
import { withoutHistory } from '../control/short-state.ts';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { serveCommand } from '../command/running-command.ts';
import { loadUntilRefused } from './load.ts';

const HEAD = 'Host: x\r\n';
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

const requestsWith = (apiKey: string): readonly string[] => {
  const form = `apikey=${apiKey}&name=somebody`;
  return [
    `GET /api/1.3.0/checkToken?apikey=${apiKey} HTTP/1.1\r\n${HEAD}\r\n`,
    `POST /api/1.3.0/createAuthor HTTP/1.1\r\n${HEAD}${FORM}Content-Length: ${form.length}\r\n\r\n${form}`,
    `GET /sandbox/one/api/1.3.0/createGroup?apikey=${apiKey} HTTP/1.1\r\n${HEAD}\r\n`,
    `GET /nowhere HTTP/1.1\r\n${HEAD}\r\n`,
    `GET /_mock/clock HTTP/1.1\r\n${HEAD}\r\n`,
  ];
};

describe('SIGTERM under load loses no answer', () => {
  test.each([
    ['on connections that are kept', true],
    ['on a connection for each request', false],
  ])('%s', async (_how, keepAlive) => {
    for (let round = 0; round < 3; round++) {
      await using command = await serveCommand(['--log-level', 'error']);
      const { url, apiKey } = command.listening;
      const load = loadUntilRefused(Number(new URL(url).port), requestsWith(apiKey), { clients: 40, keepAlive });
      await delay(300 + round * 37);
      const killed = performance.now();
      command.process.kill('SIGTERM');
      const outcome = await load;
      const { status, stderr } = await command.ended;
      expect(outcome.lost).toEqual([]);
      expect(outcome.answered).toBeGreaterThan(40);
      expect(outcome.refused).toBe(40);
      expect(status).toBe(0);
      expect(stderr).toBe('');
      expect(performance.now() - killed).toBeLessThan(5_000);
    }
  });
});

/** A connection that sent something, and what came back. */
function hold(url: string, bytes: string): { readonly socket: net.Socket; received: () => string; readonly closed: Promise<void> } {
  let received = '';
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.on('error', () => undefined);
  return { socket, received: () => received, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
}

describe.concurrent('SIGTERM ends the process within 5 seconds, with exit status 0', () => {
  test.each<[what: string, words: string[], bytes: (apiKey: string) => string, answer: string]>([
    [
      'beside a request that is never answered',
      ['--emulate', '2.5.3'],
      (apiKey) =>
        `POST /api/1/createGroup?apikey=${apiKey} HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      '',
    ],
    [
      'beside an upload that never ends',
      [],
      (apiKey) => `POST /createGroup?apikey=${apiKey} HTTP/1.1\r\n${HEAD}${FORM}Content-Length: 1000000\r\n\r\nname=`,
      '',
    ],
    [
      'beside an upload in chunks that never ends',
      [],
      (apiKey) => `POST /createGroup?apikey=${apiKey} HTTP/1.1\r\n${HEAD}${FORM}Transfer-Encoding: chunked\r\n\r\n5\r\nname=\r\n`,
      '',
    ],
    ['beside headers that never end', [], () => `GET / HTTP/1.1\r\n${HEAD}X-More: `, ''],
    [
      'beside a latency of a second, which is waited for',
      [],
      (apiKey) => `GET /checkToken?apikey=${apiKey} HTTP/1.1\r\n${HEAD}\r\n`,
      '"code":0',
    ],
    ['beside a latency of a minute, which is not', ['minute'], (apiKey) => `GET /checkToken?apikey=${apiKey} HTTP/1.1\r\n${HEAD}\r\n`, ''],
    ['beside a connection that rests', [], () => `GET /_mock/health HTTP/1.1\r\n${HEAD}\r\n`, '"status":"pass"'],
    ['beside an open inspector', [], () => `GET /_mock/events HTTP/1.1\r\n${HEAD}\r\n`, 'event: '],
    [
      'beside a verification that waits',
      [],
      () =>
        `POST /_mock/requests/verify HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 37\r\n\r\n{"function":"none","withinMs":600000}`,
      '',
    ],
    ['beside a client that reads nothing', [], () => '', ''],
  ])('%s', async (what, words, bytes, answer) => {
    await using command = await serveCommand(['--log-level', 'error', ...words.filter((word) => word !== 'minute')]);
    const { url, apiKey } = command.listening;
    if (what.includes('latency')) {
      const milliseconds = words.includes('minute') ? 60_000 : 1_000;
      const added = await fetch(`${url}/_mock/faults`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ kind: 'latency', milliseconds }),
      });
      expect(added.status).toBe(201);
    }
    const held = [hold(url, bytes(apiKey)), hold(url, bytes(apiKey))];
    await delay(200);
    const started = performance.now();
    command.process.kill('SIGTERM');
    const { status, stderr } = await command.ended;
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const one of held) {
      await one.closed;
      expect(one.received()).toContain(answer);
    }
  });
});

test('SIGKILL and a new start with the same seed come back to the seeded state', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-'));
  const seed = join(folder, 'seed.json');
  const state = {
    groups: [{ groupID: 'g.seededseededseed', mapper: 'course-1' }],
    authors: [{ authorID: 'a.seededseededseed', name: 'Ada', mapper: 'user-1' }],
    sessions: [
      {
        sessionID: 's.0123456789abcdef0123456789abcdef',
        groupID: 'g.seededseededseed',
        authorID: 'a.seededseededseed',
        validUntil: 4_000_000_000,
      },
    ],
    pads: [{ padID: 'g.seededseededseed$notes', text: 'as seeded\n' }],
  };
  writeFileSync(seed, JSON.stringify(state));
  try {
    for (let round = 0; round < 3; round++) {
      await using command = await serveCommand(['--log-level', 'error', '--seed', seed]);
      const { url, apiKey } = command.listening;
      const read = async (path: string): Promise<StateDocument> => (await (await fetch(`${url}${path}`)).json()) as StateDocument;
      expect(withoutHistory(await read('/_mock/state'))).toEqual(state);
      expect(withoutHistory(await read('/sandbox/fresh/_mock/state'))).toEqual(state);
      // killed in the middle of changing it
      const load = loadUntilRefused(
        Number(new URL(url).port),
        [...requestsWith(apiKey), `GET /deleteGroup?groupID=g.seededseededseed&apikey=${apiKey} HTTP/1.1\r\n${HEAD}\r\n`],
        { clients: 10, keepAlive: true },
      );
      await delay(200);
      expect(withoutHistory(await read('/_mock/state'))).not.toEqual(state);
      command.process.kill('SIGKILL');
      expect((await command.ended).status).toBeNull();
      await load;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Files, sockets and pipes that a process has open; undefined where the system does not tell. */
function openHandles(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

describe('10,000 clients that vanish in the middle of a request leave nothing open', () => {
  const CLIENTS = 5_000;
  const WAVE = 500;

  test.each(['documented', '2.5.3'])('5,000 of %s, and as many of the other', async (emulate) => {
    await using command = await serveCommand(['--log-level', 'error', '--emulate', emulate]);
    const { url, apiKey } = command.listening;
    const port = Number(new URL(url).port);
    await fetch(`${url}/_mock/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ kind: 'latency', milliseconds: 300, function: 'createAuthor' }),
    });
    const path = `/api/1.3.0/createGroup?apikey=${apiKey}`;
    const beginnings = [
      'GE',
      `GET ${path} HTTP/1.1\r\n${HEAD}X: `,
      `POST ${path} HTTP/1.1\r\n${HEAD}${FORM}Content-Length: 1000\r\n\r\nname=`,
      `POST ${path} HTTP/1.1\r\n${HEAD}${FORM}Transfer-Encoding: chunked\r\n\r\n5\r\nname=\r\n`,
      `POST ${path} HTTP/1.1\r\n${HEAD}Content-Type: multipart/form-data; boundary=X\r\nContent-Length: 1000\r\n\r\n--X\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nhalf`,
      `POST ${path} HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name":`,
      `POST ${path} HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      `POST ${path} HTTP/1.1\r\n${HEAD}Content-Type: text/json\r\nContent-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n\u001f\u008b`,
      `GET /api/1.3.0/createAuthor?apikey=${apiKey} HTTP/1.1\r\n${HEAD}\r\n`,
      `PUT /_mock/state HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"groups":[`,
      `POST /_mock/requests/verify HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 36\r\n\r\n{"function":"none","withinMs":10000000}`.slice(
        0,
        -2,
      ),
      `GET /_mock/events HTTP/1.1\r\n${HEAD}\r\n`,
      `GET /_mock/openapi.json HTTP/1.1\r\n${HEAD}\r\n`,
    ];
    const vanish = (number: number): Promise<void> =>
      new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('error', () => resolve());
        socket.on('close', () => resolve());
        socket.write(beginnings[number % beginnings.length]!, 'latin1', () => {
          // with a reset, or with the usual farewell
          if (number % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
        });
      });
    // what is loaded when first used is loaded by now
    await Promise.all(beginnings.map((_, number) => vanish(number)));
    await delay(500);
    const before = openHandles(command.process.pid!);
    for (let wave = 0; wave < CLIENTS; wave += WAVE) await Promise.all(Array.from({ length: WAVE }, (_, number) => vanish(wave + number)));
    if (before === undefined) console.log('this system does not tell what a process has open: only its answers and its end are tested');
    else await expect.poll(() => openHandles(command.process.pid!)).toBeLessThanOrEqual(before);
    const answer = await fetch(`${url}/api/1.3.0/checkToken?apikey=${apiKey}`);
    expect(await answer.text()).toBe('{"code":0,"message":"ok","data":null}');
    // nothing is left to wait for
    const started = performance.now();
    command.process.kill('SIGTERM');
    const { status, stderr } = await command.ended;
    expect(performance.now() - started).toBeLessThan(3_000);
    expect([status, stderr]).toEqual([0, '']);
  });
});
