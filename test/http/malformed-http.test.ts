import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, askRaw } from '../ask.ts';

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
});
afterAll(() => etherpad.close());

const partsOf = (answer: string): { status: string; headers: string; body: string } => {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [status = '', ...headers] = head.split('\r\n');
  return { status, headers: headers.join('\n').toLowerCase(), body };
};

/** Requests that are no HTTP still get an envelope, on the bare socket. */
describe('what is no HTTP is answered with an envelope', () => {
  const MALFORMED = 'the request is not valid HTTP';
  const TOO_LARGE = 'the request line and headers are too large';

  test.each<[what: string, bytes: string, status: string, message: string]>([
    ['no HTTP at all', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request', MALFORMED],
    ['an unknown method', 'FETCH /createGroup HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 400 Bad Request', MALFORMED],
    ['an unknown version', 'GET /createGroup HTTP/9.9\r\nHost: x\r\n\r\n', 'HTTP/1.1 400 Bad Request', MALFORMED],
    ['a space in the path', 'GET /create Group HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 400 Bad Request', MALFORMED],
    ['a header without a colon', 'GET /createGroup HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n', 'HTTP/1.1 400 Bad Request', MALFORMED],
    ['a bad length', 'POST /createGroup HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n', 'HTTP/1.1 400 Bad Request', MALFORMED],
    ['bytes of TLS', '\u0016\u0003\u0001\u0002\u0000\u0001', 'HTTP/1.1 400 Bad Request', MALFORMED],
    [
      'a header of 20 kB',
      `GET /createGroup HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      TOO_LARGE,
    ],
    [
      'a path of 20 kB',
      `GET /createGroup?x=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      TOO_LARGE,
    ],
  ])('%s', async (_what, bytes, status, message) => {
    const answer = partsOf(await askRaw(etherpad.url, bytes));
    expect(answer.status).toBe(status);
    expect(answer.headers).toContain('content-type: application/json; charset=utf-8');
    expect(answer.headers).toContain('connection: close');
    expect(answer.body).toBe(JSON.stringify({ code: 1, message, data: null }));
  });

  test.each<[what: string, header: string, status: string, message: string]>([
    ['a request without a Host', '', 'HTTP/1.1 400 Bad Request', MALFORMED],
    [
      'an expectation that nobody meets',
      'Host: x\r\nExpect: miracles\r\n',
      'HTTP/1.1 417 Expectation Failed',
      'no such expectation can be met',
    ],
  ])('%s', async (_what, header, status, message) => {
    const answer = partsOf(
      await askRaw(etherpad.url, `GET /checkToken?apikey=${etherpad.apiKey} HTTP/1.1\r\n${header}Connection: close\r\n\r\n`),
    );
    expect(answer.status).toBe(status);
    expect(answer.headers).toContain('content-type: application/json; charset=utf-8');
    expect(answer.body).toBe(JSON.stringify({ code: 1, message, data: null }));
  });
});

test.each([
  ['no HTTP at all', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
  ['a request without a Host', 'GET /api HTTP/1.1\r\nConnection: close\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
  ['an expectation that nobody meets', 'GET /api HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n', 'HTTP/1.1 417 Expectation Failed'],
])('%s: real servers answer without a word', async (_what, bytes, status) => {
  await using real = await startMockEtherpad({ emulate: '2.5.3' });
  const answer = partsOf(await askRaw(real.url, bytes));
  expect(answer).toMatchObject({ status, body: '' });
  expect(answer.headers).not.toContain('content-type');
});

test('HTTP/1.0 is answered', async () => {
  const answer = partsOf(await askRaw(etherpad.url, `GET /checkToken?apikey=${etherpad.apiKey} HTTP/1.0\r\n\r\n`));
  expect(answer.status).toBe('HTTP/1.1 200 OK');
  expect(answer.body).toBe('{"code":0,"message":"ok","data":null}');
});

test('two requests on one connection are answered in their order', async () => {
  const request = (path: string, more: string): string => `GET ${path}?apikey=${etherpad.apiKey} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
  const answer = await askRaw(etherpad.url, request('/checkToken', '') + request('/nothing', 'Connection: close\r\n'));
  expect(answer.indexOf('"code":0')).toBeGreaterThan(0);
  expect(answer.indexOf('"code":3')).toBeGreaterThan(answer.indexOf('"code":0'));
});

test('a client that goes away in the middle of its body leaves the server at work', async () => {
  const { port } = new URL(etherpad.url);
  const { connect } = await import('node:net');
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('POST /createGroup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":', () => {
        socket.destroy();
        resolve();
      });
    });
  });
  expect((await ask(etherpad.url, { path: `/checkToken?apikey=${etherpad.apiKey}` })).status).toBe(200);
});
