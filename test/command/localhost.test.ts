import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, askRaw } from '../ask.ts';
import { Held } from '../robustness/held-connection.ts';
import { serveCommand } from './running-command.ts';

/** Makes localhost mean two addresses of this machine, which not every machine has in IPv6, and one that it has not. */
const TWO_ADDRESSES = `
const { promises } = require('node:dns');
const { lookup } = promises;
const addresses = ['127.0.0.1', '127.0.0.2', '192.0.2.1', '127.0.0.1'].map((address) => ({ address, family: 4 }));
promises.lookup = async (name, options) => (name === 'localhost' && options.all ? addresses : lookup(name, options));
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mock-etherpad-'));
  await writeFile(join(folder, 'two-addresses.cjs'), TWO_ADDRESSES);
});
afterAll(() => rm(folder, { recursive: true }));

describe('--host localhost, where it means two addresses', () => {
  const serve = async (...words: string[]) => {
    const command = await serveCommand(['--host', 'localhost', ...words], {
      NODE_OPTIONS: `--require ${join(folder, 'two-addresses.cjs')}`,
    });
    const { port } = new URL(command.listening.url);
    return { command, origins: [`http://127.0.0.1:${port}`, `http://127.0.0.2:${port}`] as const };
  };

  test('each is the same server, with the same limits and the same answers to what is no HTTP', async () => {
    const { command, origins } = await serve('--header-limit', '2000', '--max-connections', '2');
    await using _ = command;
    const { apiKey } = command.listening;
    const [first, second] = origins;
    const made = JSON.parse((await ask(second, { path: `/api/1.3.0/createGroup?apikey=${apiKey}` })).body) as { data: { groupID: string } };
    expect((await ask(first, { path: `/api/1.3.0/listAllGroups?apikey=${apiKey}` })).body).toContain(made.data.groupID);
    for (const origin of origins) {
      expect(await askRaw(origin, 'hello\r\n\r\n')).toContain('the request is not valid HTTP');
      expect(await askRaw(origin, `GET /?${'x'.repeat(3_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toContain('HTTP/1.1 431 ');
      expect(await askRaw(origin, 'GET /api HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n')).toContain(
        'HTTP/1.1 417 ',
      );
    }
    // connections to both count together
    const held = [new Held(first), new Held(second)];
    await Promise.all(held.map((one) => one.connected()));
    expect((await ask(second, { path: '/api' })).status).toBe(503);
    for (const one of held) one.socket.destroy();
  });

  test('SIGTERM ends it, beside connections to both that rest, and answers what was asked', async () => {
    const { command, origins } = await serve();
    await using _ = command;
    const { apiKey } = command.listening;
    const unused = origins.map((origin) => new Held(origin));
    const resting = origins.map((origin) => new Held(origin, 'GET /api HTTP/1.1\r\nHost: x\r\n\r\n'));
    await ask(origins[0], {
      method: 'POST',
      path: '/_mock/faults',
      headers: { 'Content-Type': 'application/json' },
      body: '{"kind":"latency","milliseconds":700}',
    });
    const asked = origins.map((origin) => ask(origin, { path: `/api/1.3.0/checkToken?apikey=${apiKey}` }));
    await Promise.all([...unused, ...resting].map((one) => one.connected()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    command.process.kill('SIGTERM');
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
    expect((await command.ended).status).toBe(0);
  });
});
