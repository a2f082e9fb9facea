import http from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply, send } from '../ask.ts';
import { Held } from './held-connection.ts';

const checkToken = ({ url, apiKey }: MockEtherpad): Promise<Reply> => ask(url, { path: `/checkToken?apikey=${apiKey}` });

describe.concurrent('the request time-out: who sends a byte a second gets 408 and makes place', () => {
  test.each([
    ['in the headers', 'POST /createGroup HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['in the body', 'POST /createGroup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"apikey":"'],
    [
      'in a chunked body',
      'POST /createGroup HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\napikey=',
    ],
    [
      'in a body of a control call',
      'PUT /_mock/state HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"groups":[',
    ],
  ])('%s', async (_where, beginning) => {
    await using etherpad = await startMockEtherpad({ requestTimeout: 1, maxConnections: 1 });
    const started = performance.now();
    const slow = new Held(etherpad.url, beginning);
    const drip = setInterval(() => slow.socket.write('x'), 250);
    // its place is taken
    await slow.connected();
    expect((await checkToken(etherpad)).status).toBe(503);
    await slow.closed;
    clearInterval(drip);
    expect(slow.status).toBe('408');
    expect(slow.body).toBe('{"code":1,"message":"the request took too long to arrive","data":null}');
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan(0.9);
    expect(seconds).toBeLessThan(4);
    // not expect.poll: it loses its test when another that runs beside it ends
    await vi.waitFor(async () => expect((await checkToken(etherpad)).status).toBe(200), { timeout: 60_000 });
  });

  test('a connection that never sends anything makes place too', async () => {
    await using etherpad = await startMockEtherpad({ requestTimeout: 1 });
    const mute = new Held(etherpad.url);
    await mute.closed;
    expect(mute.status).toBe('408');
  });

  test('an answer that takes long is no request that takes long', async () => {
    await using etherpad = await startMockEtherpad({ requestTimeout: 1 });
    await etherpad.faults.add({ kind: 'latency', milliseconds: 2_500 });
    expect((await checkToken(etherpad)).body).toBe('{"code":0,"message":"ok","data":null}');
  });
});

describe.concurrent('the idle time-out', () => {
  test('a connection that rests is closed, and one that is used is not', async () => {
    await using etherpad = await startMockEtherpad({ idleTimeout: 1 });
    const request = `GET /checkToken?apikey=${etherpad.apiKey} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const resting = new Held(etherpad.url, request);
    const used = new Held(etherpad.url, request);
    const using = setInterval(() => used.socket.write(request), 400);
    const started = performance.now();
    await resting.closed;
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(resting.received.match(/"code":0/g)).toHaveLength(1);
    expect(used.socket.destroyed).toBe(false);
    clearInterval(using);
    expect(used.received.match(/"code":0/g)!.length).toBeGreaterThan(2);
    await used.closed;
  });

  test('the client is told how long it may rest', async () => {
    await using etherpad = await startMockEtherpad({ idleTimeout: 30 });
    const agent = new http.Agent({ keepAlive: true });
    expect((await send(etherpad.url, { path: '/api' }, agent).reply).headers['keep-alive']).toBe('timeout=30');
    agent.destroy();
  });
});
