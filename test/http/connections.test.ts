import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { askRaw } from '../ask.ts';
import { Held } from '../robustness/held-connection.ts';

describe('faults on a connection that others use', () => {
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await startMockEtherpad();
  });
  afterAll(() => etherpad.close());

  const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
  const call = (name: string): string => `/api/1.2.15/${name}?apikey=${etherpad.apiKey}`;

  test.each(['drop', 'lostAnswer'] as const)('%s resets it, once what was asked before is answered', async (kind) => {
    const sandbox = etherpad.sandbox(kind);
    await sandbox.faults.add({ kind, function: 'createGroup' });
    const within = (path: string): string => `/sandbox/${kind}${path}`;
    let code: string | undefined;
    const held = new Held(etherpad.url, get(within('/api')) + get(within(call('createGroup'))) + get(within('/api')));
    held.socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
    await held.closed;
    expect(code).toBe('ECONNRESET');
    expect(held.received.match(/currentVersion/g)).toHaveLength(1);
  });

  test.each(['drop', 'lostAnswer'] as const)('%s is a reset and no orderly end', async (kind) => {
    const sandbox = etherpad.sandbox(`alone-${kind}`);
    await sandbox.faults.add({ kind });
    let code: string | undefined;
    const held = new Held(etherpad.url, get(`/sandbox/alone-${kind}${call('checkToken')}`));
    held.socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
    await held.closed;
    expect([code, held.received]).toEqual(['ECONNRESET', '']);
  });

  test.each([
    [204, /^HTTP\/1\.1 204 No Content\r\n/],
    [205, /^HTTP\/1\.1 205 Reset Content\r\n/],
    [304, /^HTTP\/1\.1 304 Not Modified\r\n/],
  ])('an html fault with %i has no content, for functions and pages', async (status, line) => {
    const sandbox = etherpad.sandbox(`html-${status}`);
    for (const name of ['*', 'page', 'export'] as const) await sandbox.faults.add({ kind: 'html', status, function: name });
    for (const path of [call('checkToken'), '/p/a', '/p/a/export/txt']) {
      const answer = await askRaw(etherpad.url, get(`/sandbox/html-${status}${path}`, 'Connection: close\r\n'));
      expect(answer).toMatch(line);
      expect(answer.slice(answer.indexOf('\r\n\r\n'))).toBe('\r\n\r\n');
      expect(answer).not.toMatch(status === 205 ? /content-length: [1-9]|transfer-encoding/i : /content-length|transfer-encoding/i);
      expect(answer).not.toMatch(/content-type/i);
    }
  });
});

test.each(EMULATIONS)('RTSP is no HTTP, and no error of the mock: %s', async (emulate) => {
  const lines: string[] = [];
  const { pino } = await import('pino');
  const { startMockEtherpad: start } = await import('../../src/mock-etherpad.ts');
  await using etherpad = await start({ emulate }, pino({}, { write: (line: string) => void lines.push(line) }));
  for (const path of ['rtsp://x/', '/api', '/p/x', '/_mock/info', '*']) {
    for (const method of ['DESCRIBE', 'PLAY', 'SETUP', 'ANNOUNCE', 'GET_PARAMETER', 'FLUSH']) {
      const answer = await askRaw(etherpad.url, `${method} ${path} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer.split('\r\n\r\n')[1]).toBe(
        emulate === 'documented' ? '{"code":1,"message":"the request is not valid HTTP","data":null}' : '',
      );
    }
  }
  expect(lines).toEqual([]);
});

describe('an answer that nobody reads', () => {
  const LARGE = 30 * 1024 * 1024;
  const start = async (): Promise<MockEtherpad> => {
    const etherpad = await startMockEtherpad({ requestTimeout: 2, idleTimeout: 30 });
    await etherpad.state.import({ pads: [{ padID: 'large', text: 'x'.repeat(LARGE) }] });
    return etherpad;
  };
  const getText = ({ apiKey }: MockEtherpad): string => `GET /api/1.2.15/getText?apikey=${apiKey}&padID=large HTTP/1.1\r\nHost: x\r\n\r\n`;

  test('is given up, with its connection, after the request time-out', async () => {
    await using etherpad = await start();
    const held = new Held(etherpad.url);
    held.socket.pause();
    held.socket.write(getText(etherpad).repeat(3));
    await delay(6_000);
    held.socket.resume();
    await held.closed;
    expect(held.received.length).toBeLessThan(LARGE);
  });

  test('but who reads slowly gets it all, and who waits for an answer may', async () => {
    await using etherpad = await start();
    const slow = new Held(etherpad.url, getText(etherpad));
    let next = 1024 * 1024;
    slow.socket.on('data', () => {
      if (slow.received.length < next) return;
      next += 1024 * 1024;
      slow.socket.pause();
      setTimeout(() => slow.socket.resume(), 120);
    });
    await etherpad.sandbox('late').faults.add({ kind: 'latency', milliseconds: 3_500 });
    const waiting = new Held(etherpad.url, `GET /sandbox/late/api/1.2.15/checkToken?apikey=${etherpad.apiKey} HTTP/1.1\r\nHost: x\r\n\r\n`);
    while (!waiting.received.includes('"code":0')) await delay(50);
    while (slow.received.length < LARGE && !slow.socket.destroyed) await delay(50);
    expect(slow.received.length).toBeGreaterThan(LARGE);
    for (const held of [slow, waiting]) held.socket.destroy();
  });

  test('nor is a stream of events, where the page does not read', async () => {
    await using etherpad = await startMockEtherpad({ requestTimeout: 1 });
    const held = new Held(etherpad.url, 'GET /_mock/events HTTP/1.1\r\nHost: x\r\n\r\n');
    while (!held.received.includes('event: counts')) await delay(20);
    // quiet for longer than the time-out
    await delay(2_500);
    expect(held.socket.destroyed).toBe(false);
    held.socket.pause();
    const ended = new Promise((resolve) => held.socket.once('close', resolve));
    const large = 'x'.repeat(200_000);
    for (let round = 0; round < 60; round++) {
      await etherpad.faults.clear();
      for (let index = 0; index < 3; index++) await etherpad.faults.add({ kind: 'code', code: 2, message: `${round} ${large}` });
      await delay(60);
    }
    await delay(1_500);
    held.socket.resume();
    await ended;
  });
});
