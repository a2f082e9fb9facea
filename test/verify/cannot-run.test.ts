import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { EMULATIONS, type Emulation, startMockEtherpad } from '../../src/index.ts';
import { verify } from '../../src/verify/verify.ts';
import { alteringProxy, answeringServer } from './altering-proxy.ts';
import { keptSurroundings } from './surroundings.ts';

/** Runs the command and expects that it cannot run: nothing but one line on stderr. */
async function complaint(...words: string[]): Promise<string> {
  const surroundings = keptSurroundings();
  const status = await main(['verify', ...words], { environment: {}, ...surroundings });
  expect({ status, out: surroundings.out() }).toEqual({ status: 2, out: '' });
  expect(surroundings.error()).toMatch(/^[^\n]+\n$/);
  return surroundings.error().trimEnd();
}

describe.concurrent('exit status 2, with a line that says what to do', () => {
  test('nobody listens', async () => {
    const etherpad = await startMockEtherpad();
    await etherpad.close();
    expect(await complaint(etherpad.url)).toBe(
      `Cannot reach ${etherpad.url}: the connection is refused (ECONNREFUSED). Is Etherpad running there? Check host and port.`,
    );
  });

  test('the host name does not exist', async () => {
    expect(await complaint('http://etherpad.invalid:9001')).toMatch(
      /^Cannot reach http:\/\/etherpad\.invalid:9001: .*\((ENOTFOUND|EAI_AGAIN)\)\. Check the URL/,
    );
  });

  test('http for https', async () => {
    await using etherpad = await startMockEtherpad();
    const url = etherpad.url.replace('http:', 'https:');
    expect(await complaint(url)).toMatch(new RegExp(`^Cannot reach ${url}: .+\\. Check the URL\\.$`));
  });

  test('the key is wrong', async () => {
    await using etherpad = await startMockEtherpad({ apiKey: 'right' });
    expect(await complaint(etherpad.url, '--api-key', 'wrong-key')).toBe(
      `${etherpad.url} refuses the API key. Pass it with --api-key, or --api-key-file (Etherpad's APIKEY.txt); a newer Etherpad also needs "authenticationMethod": "apikey" in its settings.json.`,
    );
  });

  test('it is another server', async () => {
    await using server = await answeringServer((response) => response.setHeader('Content-Type', 'text/html').end('<h1>It works!</h1>'));
    expect(await complaint(server.url)).toBe(
      `${server.url} is not an Etherpad: GET /api answers 200 text/html. Give the base URL, the part before /api.`,
    );
  });

  test('it is another server that answers JSON', async () => {
    await using server = await answeringServer((response) => response.setHeader('Content-Type', 'application/json').end('null'));
    expect(await complaint(server.url)).toBe(
      `${server.url} is not an Etherpad: GET /api answers 200 application/json. Give the base URL, the part before /api.`,
    );
  });

  test('it tells a version as Etherpad does, and has no functions', async () => {
    await using server = await answeringServer((response) =>
      response.setHeader('Content-Type', 'application/json').end('{"currentVersion":"1.3.0"}'),
    );
    expect(await complaint(server.url)).toBe(`${server.url} is not an Etherpad: GET /api/1.2/checkToken answers 200.`);
  });

  test('the URL is that of the API, not of the server', async () => {
    await using etherpad = await startMockEtherpad();
    expect(await complaint(`${etherpad.url}/api/1.2.15`)).toMatch(
      / is not an Etherpad: GET \/api answers 404 .* Give the base URL, the part before \/api\.$/,
    );
  });

  test('it redirects', async () => {
    await using server = await answeringServer((response) => response.writeHead(301, { Location: 'https://pad.example.org/api' }).end());
    expect(await complaint(server.url)).toBe(
      `${server.url} redirects to https://pad.example.org/api: give the base URL there, without /api.`,
    );
  });

  test('it does not speak HTTP', async () => {
    await using server = await answeringServer((response) => response.socket!.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await complaint(server.url)).toMatch(new RegExp(`^Cannot reach ${server.url}: HPE_INVALID_CONSTANT`));
  });

  test('it never answers', async () => {
    await using server = await answeringServer(() => undefined);
    expect(await complaint(server.url)).toBe(
      `Cannot reach ${server.url}: no answer within 10000 ms. Check the URL, and whether the server is busy.`,
    );
  });

  test.each([
    ['pad.example.org', '"pad.example.org" is not a URL. Give one such as http://127.0.0.1:9001.'],
    ['localhost:9001', '"localhost:9001" is not a URL of http or https. Give one such as http://127.0.0.1:9001.'],
    ['ftp://pad.example.org', '"ftp://pad.example.org" is not a URL of http or https. Give one such as http://127.0.0.1:9001.'],
    [
      'http://me:secret@pad.example.org',
      'The URL has a user name in it, which would hide API keys in headers. Give one such as http://127.0.0.1:9001.',
    ],
    [
      'http://pad.example.org/?apikey=secret',
      'http://pad.example.org is given with a query or fragment. Give one such as http://127.0.0.1:9001: the API key goes into --api-key.',
    ],
  ])('the URL is %s', async (url, line) => {
    expect(await complaint(url)).toBe(line);
  });

  test.each([
    [['http://127.0.0.1:9', '--as', '4'], /^unknown emulation "4": use one of documented, 1\.9\.7, 2\.5\.3, 3\.3\.1/],
    [['http://127.0.0.1:9', '--emulate', '3.3.1'], /^verify does not take --emulate: use --as to choose the Etherpad to compare with\.$/],
    [['http://127.0.0.1:9', '--port', '1'], /^verify does not take --port\.$/],
    [['http://127.0.0.1:9', '--api-key-file', '/nowhere/APIKEY.txt'], /^cannot read the API key from \/nowhere\/APIKEY\.txt/],
    [['http://127.0.0.1:9', '--column', '--only'], /^option '--only <text>' argument missing/],
    [['http://127.0.0.1:9', '--nonsense'], /^unknown option '--nonsense'/],
    [[], /^missing required argument 'url'/],
  ])('the words are %j', async (words, line) => {
    expect(await complaint(...words)).toMatch(line);
  });

  test('the server goes away in the middle: the run ends, and what is left there is named', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    let answers = 0;
    await using proxy = await alteringProxy(etherpad.url, () => {
      if (++answers === 20) void proxy[Symbol.asyncDispose]();
    });
    const surroundings = keptSurroundings();

    expect(await verify({ url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1' }, surroundings)).toBe(2);

    const { groups } = await etherpad.state.export();
    expect(groups.length).toBeGreaterThan(0);
    expect(surroundings.error()).toBe(
      `${proxy.url} no longer answers. Start it again, then repeat this run. Groups that are left there: ${groups.map(({ groupID }) => groupID).join(', ')}.\n`,
    );
  });

  test('--json says it in JSON too', async () => {
    const surroundings = keptSurroundings();
    expect(await verify({ url: 'nonsense', apiKey: 'x', json: true }, surroundings)).toBe(2);
    expect(JSON.parse(surroundings.out())).toEqual({ error: surroundings.error().trimEnd() });
  });
});

describe.concurrent('which Etherpad it is like', () => {
  test.each(EMULATIONS)('%s is found out by questions that change nothing', async (emulate) => {
    await using etherpad = await startMockEtherpad({ emulate });
    await using proxy = await alteringProxy(etherpad.url, () => undefined);
    const surroundings = keptSurroundings();
    expect(await verify({ url: proxy.url, apiKey: etherpad.apiKey }, surroundings, [])).toBe(0);
    expect(surroundings.out()).toContain(` is compared with Etherpad ${emulate}, detected by its answers to a few probes: `);
    expect(proxy.passed.map(({ method, target }) => `${method} ${target.split('?')[0]}`)).toEqual([
      'GET /api',
      'GET /api/1.2/checkToken',
      'GET /api',
      'GET /api/1/getSessionInfo',
      'GET /checkToken',
      'GET /api/2/checkToken',
      'GET /api/1.2/checkToken',
    ]);
    expect(await etherpad.state.export()).toEqual({ groups: [], authors: [], sessions: [], pads: [] });
  });

  const mixtures: readonly [what: string, emulate: Emulation, alter: Parameters<typeof alteringProxy>[1], why: string][] = [
    [
      'a version of its own that is not newer',
      '3.3.1',
      (_request, answer) => {
        answer.body = answer.body.replace('"1.3.1"', '"1.2.99"');
      },
      'GET /api is answered as by none of them',
    ],
    [
      'partly one and partly another',
      '2.5.3',
      (_request, answer) => {
        answer.body = answer.body.replace('"1.3.0"', '"1.3.1"');
      },
      'it is partly like one and partly like another',
    ],
  ];
  test.each(mixtures)('with %s it asks for --as', async (_what, emulate, alter, why) => {
    await using etherpad = await startMockEtherpad({ emulate });
    await using proxy = await alteringProxy(etherpad.url, alter);
    expect(await complaint(proxy.url)).toBe(
      `Cannot tell which Etherpad ${proxy.url} is like: ${why}. Pass --as with the one it should be like: documented, 1.9.7, 2.5.3, 3.3.1.`,
    );
  });
});

describe.concurrent('the command', () => {
  test('takes the beginning of a version, and the key from a flag or the environment', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: 'from-the-environment' });
    const surroundings = keptSurroundings();
    // interrupted before it begins: it has read its words, and connects no further than it must
    surroundings.interrupt();
    const environment = { MOCK_ETHERPAD_API_KEY: 'from-the-environment', MOCK_ETHERPAD_PORT: 'not for verify' };
    expect(await main(['verify', etherpad.url, '--as', '2'], { environment, ...surroundings })).toBe(130);
    expect(surroundings.out()).toContain(`${etherpad.url} is compared with Etherpad 2.5.3: `);
  });

  test('shows its own help', async () => {
    const surroundings = keptSurroundings();
    expect(await main(['verify', '--help'], { environment: {}, ...surroundings })).toBe(0);
    expect(surroundings.out()).toMatch(/^Usage: mock-etherpad verify \[options\] <url>\n/);
    for (const words of ['--as <name>', '--gentle', '--json', '--api-key <text>', '--api-key-file <file>', 'Examples:', 'Exit status: 0']) {
      expect(surroundings.out()).toContain(words);
    }
  });
});
