import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, type MockEtherpadOptions, startMockEtherpad } from '../../src/index.ts';
import { isAllowedHost } from '../../src/http/control/hosts.ts';
import { ask, askRaw, type Reply } from '../ask.ts';

/** A page elsewhere whose name leads to this server is of the same origin for a browser: the name gives it away. */
describe('the host names that /_mock may be asked by', () => {
  const PATHS = [
    '/_mock/info',
    '/_mock/openapi.json',
    '/_mock/nothing',
    '/_mock/inspector/sessions',
    '/_mock/events',
    '/sandbox/x/_mock/clock',
  ];
  const askBy = (etherpad: MockEtherpad, host: string, path = '/_mock/info', headers: Record<string, string> = {}): Promise<Reply> =>
    ask(etherpad.url, { path, method: path.endsWith('/events') ? 'HEAD' : 'GET', headers: { Host: host, ...headers } });

  const servers: MockEtherpad[] = [];
  const start = async (options: MockEtherpadOptions = {}): Promise<MockEtherpad> => {
    const etherpad = await startMockEtherpad(options);
    servers.push(etherpad);
    return etherpad;
  };
  afterAll(() => Promise.all(servers.map((server) => server.close())));
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await start();
  });

  test.each([
    '127.0.0.1:9001',
    '127.0.0.1',
    '192.0.2.7:80',
    '[::1]:9001',
    '[2001:db8::1]',
    'localhost',
    'LocalHost:9001',
    'localhost.:9001',
    'pads.localhost',
    'etherpad:9001',
    'mock-etherpad',
    'mock_etherpad_1:9001',
    'host.docker.internal:9001',
    'etherpad.test',
  ])('%s', async (host) => {
    expect((await askBy(etherpad, host)).status).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:9001',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'a.b:c:d',
    'xinternal.org',
    '[evil.example]',
    `${'x'.repeat(100)}.example`,
  ])('%s is refused, and told what to do', async (host) => {
    for (const path of PATHS) {
      const reply = await askBy(etherpad, host, path);
      expect([path, reply.status]).toEqual([path, 403]);
      if (path.endsWith('/events')) continue;
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(reply.body).toMatch(
        /(this host name|the host name \S+) may not be used to control this server: .* start with --allowed-hosts and the name/,
      );
    }
  });

  test('without a name there is no browser', async () => {
    expect(await askRaw(etherpad.url, 'GET /_mock/info HTTP/1.0\r\n\r\n')).toContain('HTTP/1.1 200 ');
    expect(await askRaw(etherpad.url, 'GET /_mock/info HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toContain('HTTP/1.1 200 ');
  });

  test('Etherpad itself, and whether the mock is there, can be asked by any name', async () => {
    expect((await askBy(etherpad, 'evil.example', '/api')).status).toBe(200);
    expect((await askBy(etherpad, 'evil.example', '/_mock/health')).status).toBe(200);
  });

  test.each<[what: string, options: MockEtherpadOptions, allowed: readonly string[], refused: readonly string[]]>([
    [
      'named',
      { allowedHosts: 'pads.example.org, Other.example' },
      ['pads.example.org:8080', 'PADS.example.org', 'other.example'],
      ['example.org'],
    ],
    ['in a list', { allowedHosts: ['pads.example.org', 'other.example'] }, ['pads.example.org', 'other.example'], ['x.pads.example.org']],
    ['any', { allowedHosts: '*' }, ['evil.example'], []],
    ['none', { allowedHosts: '' }, ['localhost'], ['evil.example']],
  ])('--allowed-hosts: %s', async (_what, options, allowed, refused) => {
    const server = await start(options);
    for (const host of allowed) expect([host, (await askBy(server, host)).status]).toEqual([host, 200]);
    for (const host of refused) expect([host, (await askBy(server, host)).status]).toEqual([host, 403]);
  });

  test('the name that it was started with, in any letter case', () => {
    const settings = { host: 'Pads.Example.org', allowedHosts: [] };
    expect(isAllowedHost('pads.example.org:9001', settings)).toBe(true);
    expect(isAllowedHost('PADS.EXAMPLE.ORG', settings)).toBe(true);
    expect(isAllowedHost('other.example.org', settings)).toBe(false);
  });

  test.each(['pads.example.org:80', 'http://pads.example.org', 'a b'])('--allowed-hosts %s cannot be', async (allowedHosts) => {
    await expect(startMockEtherpad({ allowedHosts })).rejects.toThrow('a host name is like pads.example.org, without a port, or *; not ');
  });

  describe('behind a proxy', () => {
    const origin = 'https://pads.example.org';

    test('that passes the name on, the page works with the name allowed', async () => {
      const server = await start({ allowedHosts: 'pads.example.org' });
      expect((await askBy(server, 'pads.example.org', '/_mock/info', { Origin: origin })).status).toBe(200);
    });

    test('that sets another Host, too', async () => {
      const server = await start({ allowedHosts: 'pads.example.org' });
      expect((await askBy(server, '127.0.0.1:9001', '/_mock/info', { Origin: origin })).status).toBe(200);
      expect((await askBy(server, '127.0.0.1:9001', '/_mock/info', { Origin: origin, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
      expect((await askBy(server, '127.0.0.1:9001', '/_mock/info', { Origin: origin, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
      expect((await askBy(etherpad, '127.0.0.1:9001', '/_mock/info', { Origin: origin })).status).toBe(403);
    });

    test('any Host is no leave for pages of any origin', async () => {
      const server = await start({ allowedHosts: '*' });
      expect((await askBy(server, '127.0.0.1:9001', '/_mock/info', { Origin: origin })).status).toBe(403);
      expect((await askBy(server, 'pads.example.org', '/_mock/info', { Origin: origin })).status).toBe(200);
    });
  });
});
