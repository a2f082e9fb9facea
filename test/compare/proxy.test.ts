import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';
import { ask, askRaw } from '../ask.ts';
import { comparing } from './comparing.ts';

/** Etherpad 2.5.3 never answers a JSON body. */
const neverAnswered = (url: string): Promise<string | undefined> =>
  ask(url, {
    method: 'POST',
    path: '/api/1/createAuthor',
    headers: { 'Content-Type': 'application/json' },
    body: '{"apikey":"some-secret-key"}',
  }).then(
    () => 'an answer',
    (error: NodeJS.ErrnoException) => error.code,
  );

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** A server that keeps the bytes that it is sent, and answers with bytes. */
async function byteServer(answer: string | Buffer): Promise<{ url: string; host: string; received: () => string }> {
  let received = '';
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const before = received;
      received += chunk.toString('latin1');
      if (before === '') setTimeout(() => socket.write(answer), 30);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, received: () => received };
}

const BYE = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi';

describe('what goes to the real server', () => {
  test.each([
    [
      'headers keep their order and letters, and none is added',
      'GET /api/1/createGroup?apikey=a%2fb&&x=[1] HTTP/1.1\r\nHost: HOST\r\nx-B: 1\r\nX-a:  two  words\r\nx-B: 2\r\n\r\n',
    ],
    ['a request without Host or anything else', 'GET /api HTTP/1.1\r\n\r\n'],
    [
      'a form',
      'POST /api/1/createGroup HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nhost: HOST\r\ncontent-length: 8\r\n\r\napikey=k',
    ],
    ['a body in chunks', 'POST /api/1/createGroup HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n8\r\napikey=k\r\n0\r\n\r\n'],
    ['a POST with no body', 'POST /rest/1/group/create?apikey=k HTTP/1.1\r\nHost: HOST\r\nConnection: keep-alive\r\n\r\n'],
    ['a page', 'GET /p/notes?showChat=false HTTP/1.1\r\nHost: HOST\r\nCookie: a=b; c=d\r\n\r\n'],
    ['another method', 'PATCH /api/2/pads/text HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n'],
    ['a target with its host in it', 'GET http://HOST/api/1/x HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    const real = await byteServer(BYE);
    await using proxy = await comparing(real.url, '3.3.1');
    const sent = bytes.replaceAll('HOST', real.host);
    expect(await askRaw(proxy.url, sent)).toContain('\r\n\r\nhi');
    const lines = (text: string): string[] =>
      text
        .replaceAll(/(?<=\r\n[\w-]+:) +| +(?=\r\n)/g, ' ')
        .split('\r\n')
        .map((line) => line.trimEnd())
        .toSorted();
    // two headers of one name stand together then: nobody can tell the difference
    expect(lines(real.received())).toEqual(lines(sent));
  });

  test('Host is that of the real server, as without a proxy', async () => {
    const real = await byteServer(BYE);
    await using proxy = await comparing(real.url, '3.3.1');
    await askRaw(proxy.url, 'GET /api HTTP/1.1\r\nhOst: 127.0.0.1:9002\r\n\r\n');
    expect(real.received()).toBe(`GET /api HTTP/1.1\r\nhOst: ${real.host}\r\n\r\n`);
  });

  test('nothing is sent before a client asks', async () => {
    const real = await byteServer(BYE);
    await using proxy = await comparing(real.url);
    await proxy.report();
    expect(real.received()).toBe('');
  });
});

describe('what comes back', () => {
  test.each([
    [
      'headers keep their order and letters, and none is added',
      'HTTP/1.1 200 Fine\r\nx-B: 1\r\nX-a: 2\r\nset-Cookie: a=b\r\nx-B: 3\r\nSet-cookie: c=d\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi',
    ],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n'],
    ['a body that ends with the connection', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi'],
    ['a redirection', 'HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['a status of its own', 'HTTP/1.1 299 What is this\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['an answer that is not fresh', 'HTTP/1.1 304 Not Modified\r\nETag: W/"2-x"\r\nConnection: close\r\n\r\n'],
  ])('%s', async (_what, answer) => {
    const server = net.createServer((socket) => socket.once('data', () => socket.end(answer)).on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    await using proxy = await comparing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '3.3.1');
    expect(await askRaw(proxy.url, 'GET /api HTTP/1.1\r\n\r\n')).toBe(answer);
  });

  test('bodies of many megabytes, both ways, byte for byte', { timeout: 30_000 }, async () => {
    const large = Buffer.from(Array.from({ length: 12 * 1024 * 1024 }, (_nothing, index) => (index * 31) % 251));
    const server = http.createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      request.pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    await using proxy = await comparing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '3.3.1');
    const response = await fetch(`${proxy.url}/api/1/setText`, { method: 'POST', body: large });
    expect(Buffer.from(await response.arrayBuffer()).equals(large)).toBe(true);
    expect((await proxy.report()).calls).toMatchObject({ tooLarge: 1, compared: 0 });
  });

  test('sockets of the editor pass in both directions', async () => {
    const server = http.createServer().on('upgrade', (_request, socket, head) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      socket.on('data', (chunk: Buffer) => socket.end(`echo ${chunk.toString()}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    await using proxy = await comparing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '3.3.1');
    const answer = await askRaw(proxy.url, 'GET /socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
    expect(answer).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\necho hello$/);
  });

  test('100 Continue is said by the real server', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    await using proxy = await comparing(etherpad.url, '3.3.1');
    const body = `apikey=${etherpad.apiKey}`;
    const answer = await askRaw(
      proxy.url,
      `POST /api/1/createGroup HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });
});

describe('the real server is not there', () => {
  test('from the beginning: clients are told at once, and so is the user', async () => {
    const etherpad = await startMockEtherpad();
    await etherpad.close();
    await using proxy = await comparing(etherpad.url, '3.3.1');
    const { status, body } = await ask(proxy.url, { path: '/api/1/createGroup?apikey=some-secret-key' });
    expect([status, body]).toEqual([502, `${etherpad.url} cannot be reached: ECONNREFUSED\n`]);
    await ask(proxy.url, { path: '/api' });
    expect(proxy.told).toEqual(['ECONNREFUSED']);
    expect(await proxy.report()).toMatchObject({ lost: 'ECONNREFUSED', differences: [], calls: { compared: 0, unanswered: 2 } });
  });

  test('it dies in mid-run: what is under way ends, nothing hangs, and it goes on when the server is back', async () => {
    const first = await startMockEtherpad({ emulate: '2.5.3', apiKey: 'some-secret-key' });
    await using proxy = await comparing(first.url, '2.5.3');
    const call = (path: string): Promise<number | string> =>
      ask(proxy.url, { path: `/api/1/${path}?apikey=some-secret-key` }).then(
        ({ status }) => status,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      );
    expect(await call('createGroup')).toBe(200);
    const hanging = neverAnswered(proxy.url);
    await until(async () => (await proxy.report()).calls.underWay === 1);
    await first.close();
    expect(await hanging).toBe('ECONNRESET');
    expect(await call('createGroup')).toBe(502);

    await using second = await startMockEtherpad({ emulate: '2.5.3', apiKey: 'some-secret-key', port: Number(new URL(first.url).port) });
    expect(second.url).toBe(first.url);
    expect(await call('createGroup')).toBe(200);
    const { calls, lost } = await proxy.report();
    expect(calls).toMatchObject({ compared: 2, same: 2, unanswered: 2, underWay: 0 });
    expect(lost).toBeNull();
    expect(proxy.told).toEqual(['ECONNRESET', 'ECONNREFUSED', undefined]);
  });

  test('it breaks off in the middle of an answer: so does the proxy', async () => {
    const server = net.createServer((socket) =>
      socket
        .once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this', () => socket.destroy()))
        .on('error', () => undefined),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    await using proxy = await comparing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '3.3.1');
    await expect(ask(proxy.url, { path: '/api' })).rejects.toThrow('aborted');
    expect((await proxy.report()).calls).toMatchObject({ compared: 0, unanswered: 1 });
  });

  test('a report does not wait for calls that get no answer', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '2.5.3' });
    await using proxy = await comparing(etherpad.url, '2.5.3');
    const hanging = neverAnswered(proxy.url);
    await until(async () => (await proxy.report()).calls.underWay === 1);
    await proxy.close();
    expect(await hanging).toBe('ECONNRESET');
  });
});
