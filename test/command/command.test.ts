import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ask, send } from '../ask.ts';
import { COMMAND, runCommand, serveCommand } from './running-command.ts';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
};

const connectTo = (url: string): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(socket));
  });

describe('the built command', () => {
  test('tells its version', async () => {
    expect(await runCommand(['--version'])).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test('tells its help', async () => {
    const { status, stdout } = await runCommand(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('--api-key-file <file>');
  });

  test('serves, logs a line for each request, and is healthy', async () => {
    await using command = await serveCommand();
    const { listening } = command;
    expect(listening).toMatchObject({ emulate: 'documented', version: packageJson.version });
    const { url, apiKey } = listening;
    await ask(url, { path: `/createGroup?apikey=${apiKey}` });
    await ask(url, { path: '/checkToken' });
    await ask(url, { path: '/nothing' });
    await until(() => command.stderr.split('\n').length > 3);
    const lines = command.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      expect.objectContaining({ level: 30, function: 'createGroup', code: 0, status: 200, milliseconds: expect.any(Number), msg: 'ok' }),
      expect.objectContaining({
        level: 30,
        function: 'checkToken',
        code: 4,
        status: 401,
        milliseconds: expect.any(Number),
        msg: 'no or wrong API Key',
      }),
      expect.objectContaining({ level: 30, code: 3, status: 404, milliseconds: expect.any(Number), msg: 'no such function' }),
    ]);
    const { port } = new URL(url);
    expect(await runCommand(['healthcheck', '--port', port])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.each(['2>/dev/full', '>/dev/full', '>/dev/full 2>/dev/full'])('goes on when nothing can be written: %s', async (redirection) => {
    const port = await freePort();
    const shell = spawn('sh', ['-c', `exec "${process.execPath}" "${COMMAND}" --port ${port} ${redirection}`], { stdio: 'ignore' });
    const ended = new Promise((resolve) => shell.on('exit', resolve));
    const url = `http://127.0.0.1:${port}`;
    await until(() =>
      fetch(`${url}/_mock/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    for (let count = 0; count < 3; count++) expect((await ask(url, { path: '/checkToken' })).status).toBe(401);
    expect(shell.exitCode).toBeNull();
    shell.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('is not healthy when it is not there', async () => {
    expect(await runCommand(['healthcheck', '--port', '1'])).toMatchObject({ status: 1, stdout: '' });
  });

  test('exits 2 with one line for a taken port', async () => {
    await using command = await serveCommand();
    const { listening } = command;
    const { port } = new URL(listening.url);
    expect(await runCommand(['--port', port])).toEqual({
      status: 2,
      stdout: '',
      stderr: `Cannot listen on ${port}: the port is taken. Pass --port 0 for a free one.\n`,
    });
  });

  test('takes options from the environment', async () => {
    await using command = await serveCommand([], { MOCK_ETHERPAD_EMULATE: '1.9', MOCK_ETHERPAD_API_KEY: 'from the environment' });
    const { listening } = command;
    expect(listening).toMatchObject({ emulate: '1.9.7', apiKey: 'from the environment' });
  });
});

describe('asked to end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s, it finishes a request under way and exits 0', async (signal) => {
    await using command = await serveCommand(['--log-level', 'silent']);
    const { listening } = command;
    const body = `apikey=${listening.apiKey}`;
    const socket = await connectTo(listening.url);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.write(
      `POST /checkToken HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.slice(0, 5));
    // another request on another connection shows that the first one has arrived
    await ask(listening.url, { path: '/api' });
    await new Promise((resolve) => setTimeout(resolve, 50));

    const asked = performance.now();
    command.process.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(command.process.exitCode).toBeNull();
    socket.write(body.slice(5));
    expect(await command.ended).toEqual({ status: 0, stdout: expect.any(String), stderr: '' });
    expect(performance.now() - asked).toBeLessThan(30_000);
    expect(answer).toContain('HTTP/1.1 200 OK');
    expect(answer).toContain('{"code":0,"message":"ok","data":null}');
  });

  test('it does not wait for a request that never ends', async () => {
    await using command = await serveCommand(['--log-level', 'silent']);
    const { listening } = command;
    const socket = await connectTo(listening.url);
    socket.on('error', () => undefined);
    socket.write(
      'POST /checkToken HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\napikey',
    );
    await ask(listening.url, { path: '/api' });
    const asked = performance.now();
    command.process.kill('SIGTERM');
    expect((await command.ended).status).toBe(0);
    expect(performance.now() - asked).toBeLessThan(30_000);
  });

  test('it ends the requests that 2.5.3 never answers', async () => {
    await using command = await serveCommand(['--log-level', 'silent', '--emulate', '2.5.3']);
    const { listening } = command;
    const silent = send(listening.url, {
      method: 'POST',
      path: '/api/1.2.15/createGroup',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const ending = silent.reply.then(String, String);
    await silent.sent;
    await ask(listening.url, { path: '/api' });
    const asked = performance.now();
    command.process.kill('SIGTERM');
    expect((await command.ended).status).toBe(0);
    expect(performance.now() - asked).toBeLessThan(3_000);
    expect(await ending).toMatch(/socket hang up|ECONNRESET/);
  });
});
