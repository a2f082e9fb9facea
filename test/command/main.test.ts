import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { main } from '../../src/cli.ts';
import { DEFAULT_API_KEY, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { OPTIONS } from '../../src/options.ts';
import { ask } from '../ask.ts';
import type { Listening } from './running-command.ts';

interface Run {
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
  /** Asks the command to end. */
  readonly end: () => void;
  readonly status: Promise<number>;
}

function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const [stdout, stderr] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })];
  const asked = new EventEmitter();
  return { stdout, stderr, end: () => asked.emit('end'), status: main(words, { environment, stdout, stderr, ended: once(asked, 'end') }) };
}

const textOf = (stream: PassThrough): string => (stream.read() as string | null) ?? '';

async function outcomeOf(
  words: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<{ status: number; stdout: string; stderr: string }> {
  const { status, stdout, stderr } = run(words, environment);
  return { status: await status, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** Serves, says where it listens, and ends. */
async function served(words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<{ line: string; status: number }> {
  const { stdout, end, status } = run(['--log-level', 'silent', ...words], environment);
  await Promise.race([new Promise((resolve) => stdout.once('readable', resolve)), status]);
  const line = textOf(stdout);
  end();
  return { line, status: await status };
}

const told = async (words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Listening> => {
  const { line, status } = await served(['--json', ...words], environment);
  expect(status).toBe(0);
  return JSON.parse(line) as Listening;
};

let etherpad: MockEtherpad;
let folder: string;
beforeAll(async () => {
  etherpad = await startMockEtherpad({ basePath: '/pad' });
  folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-'));
  writeFileSync(join(folder, 'APIKEY.txt'), '\n  a key of a file \n\n');
  writeFileSync(join(folder, 'empty.txt'), ' \n');
});
afterAll(async () => {
  await etherpad.close();
  rmSync(folder, { recursive: true });
});

const takenPort = (): string => new URL(etherpad.url).port;

describe('what the user has to correct is one line on stderr, and exit 2', () => {
  test.each<[what: string, words: () => readonly string[], says: string | RegExp, environment?: Record<string, string>]>([
    ['a taken port', () => ['--port', takenPort()], /^Cannot listen on \d+: the port is taken\. Pass --port 0 for a free one\.$/],
    ['an address of another machine', () => ['--port', '0', '--host', '203.0.113.7'], /^Cannot listen on 203\.0\.113\.7: /],
    [
      'a missing key file',
      () => ['--api-key-file', join(folder, 'nothing.txt')],
      /^cannot read the API key from .*nothing\.txt \(ENOENT\): check the path/,
    ],
    ['a key file that is a folder', () => ['--api-key-file', folder], /^cannot read the API key from .* \(EISDIR\): check the path/],
    [
      'an empty key file',
      () => ['--api-key-file', join(folder, 'empty.txt')],
      /^the API key file .*empty\.txt is empty: write a key into it$/,
    ],
    [
      'a key and a key file',
      () => ['--api-key', 'x', '--api-key-file', join(folder, 'APIKEY.txt')],
      /^both an API key and an API key file are set: remove one of them$/,
    ],
    ['an empty key', () => ['--api-key', ''], 'the API key is empty: set it to any text'],
    ['an unknown option', () => ['--prot', '1'], /^unknown option '--prot' \(Did you mean --port\?\) Run mock-etherpad --help/],
    ['an unknown option of serve', () => ['serve', '--nothing'], /^unknown option '--nothing' Run mock-etherpad --help/],
    ['an option without its value', () => ['--port'], /^option '--port <number>' argument missing Run mock-etherpad --help/],
    ['an unknown command', () => ['surf'], 'unknown command "surf". Run mock-etherpad --help to see all commands and options.'],
    [
      'more words than a command takes',
      () => ['serve', 'more'],
      'unknown command "more". Run mock-etherpad --help to see all commands and options.',
    ],
    ['a port that is no number', () => ['--port', 'many'], 'the port must be a whole number from 0 to 65535, not "many"'],
    ['a port that is too high', () => ['--port', '65536'], 'the port must be a whole number from 0 to 65535, not "65536"'],
    ['a port with a fraction', () => ['--port', '1.5'], 'the port must be a whole number from 0 to 65535, not "1.5"'],
    ['a negative port', () => ['--port=-1'], 'the port must be a whole number from 0 to 65535, not "-1"'],
    ['an unknown emulation', () => ['--emulate', '4'], 'unknown emulation "4": use one of documented, 1.9.7, 2.5.3, 3.3.1'],
    ['an unknown log level', () => ['--log-level', 'loud'], /^unknown log level "loud": use one of fatal, error/],
    ['a base path without its slash', () => ['--base-path', 'pad'], 'the base path must look like /pad, not "pad"'],
    ['a base path with a space', () => ['--base-path', '/my pad'], 'the base path must look like /pad, not "/my pad"'],
    ['a body limit of nothing', () => ['--body-limit', '0'], /^the body limit must be a whole number from 1 to \d+, not "0"$/],
    [
      'a bad value in the environment',
      () => [],
      'MOCK_ETHERPAD_PORT: the port must be a whole number from 0 to 65535, not "many"',
      { MOCK_ETHERPAD_PORT: 'many' },
    ],
    ['another authentication', () => ['--authentication', 'SSO'], 'the authentication is apikey or sso, not "SSO"'],
    [
      'OAuth where there is none',
      () => ['--authentication', 'sso', '--emulate', '1.9'],
      'Etherpad 1.9.7 has no OAuth: sso goes with documented, 2.5.3, 3.3.1, 1.9.7 with the API key alone',
    ],
    [
      'a client without a secret',
      () => ['--oauth-client', 'svc'],
      '--oauth-client: a client is given as id:secret, and no colon was found',
    ],
    [
      'a client that was given twice',
      () => ['--oauth-client', 'a:x', '--oauth-client', 'b:x', '--oauth-client', 'a:y'],
      '--oauth-client: two clients have the id "a": leave one of them out',
    ],
    [
      'a bad client in the environment',
      () => [],
      'MOCK_ETHERPAD_OAUTH_CLIENTS: --oauth-client: the secret of client "b" must be printable ASCII, and not empty',
      { MOCK_ETHERPAD_OAUTH_CLIENTS: 'a:x b:' },
    ],
    ['a token lifetime of nothing', () => ['--token-lifetime', '0'], /^the token lifetime must be a whole number from 1 to \d+, not "0"$/],
    [
      'a bad flag beside a bad value in the environment',
      () => ['--port=some'],
      'the port must be a whole number from 0 to 65535, not "some"',
      { MOCK_ETHERPAD_PORT: 'many' },
    ],
    ['a yes or no of the environment', () => [], 'MOCK_ETHERPAD_CONTROL: say true or false, not "off"', { MOCK_ETHERPAD_CONTROL: 'off' }],
    [
      'a missing key file of the environment',
      () => [],
      /^MOCK_ETHERPAD_API_KEY_FILE: cannot read the API key from/,
      { MOCK_ETHERPAD_API_KEY_FILE: '/nowhere' },
    ],
    ['a missing seed of the environment', () => ['--port', '0'], /^MOCK_ETHERPAD_SEED: /, { MOCK_ETHERPAD_SEED: '/nowhere.json' }],
    [
      'a missing folder for the coverage of the environment',
      () => ['--port', '0'],
      /^MOCK_ETHERPAD_COVERAGE: /,
      { MOCK_ETHERPAD_COVERAGE: '/nowhere/coverage.json' },
    ],
    ['a host of the environment', () => ['--port', '0'], /^MOCK_ETHERPAD_HOST: Cannot listen on/, { MOCK_ETHERPAD_HOST: '203.0.113.7' }],
    ['a bad port of a healthcheck', () => ['healthcheck', '--port', 'x'], /^the port must be a whole number/],
  ])('%s', async (_what, words, says, environment) => {
    const { status, stdout, stderr } = await outcomeOf(words(), environment);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    if (typeof says === 'string') expect(stderr).toBe(`${says}\n`);
    else expect(stderr.trimEnd()).toMatch(says);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('help and version', () => {
  test('--help names every option and its environment name', async () => {
    const { status, stdout, stderr } = await outcomeOf(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const { flag, environment } of OPTIONS) {
      expect(stdout).toContain(flag);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`[${environment}]`);
    }
    for (const word of ['--json', '--help', '--version', 'serve', 'healthcheck']) expect(stdout).toContain(word);
  });

  test('verify --help speaks of the server that is checked, and names no default of the mock', async () => {
    const { stdout } = await outcomeOf(['verify', '--help']);
    expect(stdout).toMatch(/--api-key <text> +the server's API key/);
    expect(stdout).not.toContain('mock-etherpad-secret');
    expect(stdout).not.toContain('clients must send');
  });

  test.each([['serve'], ['healthcheck']])('%s --help is help too', async (command) => {
    const { status, stdout } = await outcomeOf([command, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('--port <number>');
  });

  test.each([[['-h']], [['help']]])('%j is the same as --help', async (words) => {
    expect(await outcomeOf(words)).toEqual(await outcomeOf(['--help']));
  });

  test.each([[['help', 'verify']], [['verify', '-h']]])('%j is the same as verify --help', async (words) => {
    const help = await outcomeOf(['verify', '--help']);
    expect(help.stdout).toContain('--gentle');
    expect(await outcomeOf(words)).toEqual(help);
  });

  test.each(['--version', '-v'])('%s is the version of the package', async (word) => {
    expect(await outcomeOf([word])).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });
});

describe('when it listens', () => {
  test('it says in one line where, with which key and as what', async () => {
    const { line, status } = await served(['--port', '0']);
    expect(status).toBe(0);
    expect(line).toMatch(
      new RegExp(
        `^mock-etherpad ${packageJson.version} listens on http://127\\.0\\.0\\.1:\\d+ with API key ${DEFAULT_API_KEY} and answers as documented; inspector: http://127\\.0\\.0\\.1:\\d+/_mock/\\n$`,
      ),
    );
    expect((await served(['--port', '0', '--base-path', '/pad'])).line).toMatch(/; inspector: http:\/\/127\.0\.0\.1:\d+\/pad\/_mock\/\n$/);
    expect((await served(['--port', '0', '--no-control'])).line).not.toContain('inspector');
  });

  test('--json says it as one JSON object', async () => {
    const listening = await told(['--port', '0']);
    expect(listening).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      apiKey: DEFAULT_API_KEY,
      emulate: 'documented',
      version: packageJson.version,
    });
  });

  test.each<[words: string[], environment: Record<string, string>, clients: { id: string; secret?: string }[], text: string]>([
    [[], {}, [{ id: 'mock-etherpad', secret: 'mock-etherpad-secret' }], 'mock-etherpad:mock-etherpad-secret'],
    [['--oauth-client', 'svc:hush', '--oauth-client', 'plain:hush:a=b'], {}, [{ id: 'svc' }, { id: 'plain' }], 'svc, plain'],
    [[], { MOCK_ETHERPAD_OAUTH_CLIENTS: ' svc:hush\n plain:hush ' }, [{ id: 'svc' }, { id: 'plain' }], 'svc, plain'],
    [['--oauth-client', 'svc:hush'], { MOCK_ETHERPAD_OAUTH_CLIENTS: 'plain:hush' }, [{ id: 'svc' }], 'svc'],
    [
      [],
      { MOCK_ETHERPAD_OAUTH_CLIENTS: ' ' },
      [{ id: 'mock-etherpad', secret: 'mock-etherpad-secret' }],
      'mock-etherpad:mock-etherpad-secret',
    ],
  ])(
    'with OAuth, %j and %j, it says which clients there are, and the secret that is none',
    async (words, environment, oauthClients, text) => {
      const sso = ['--port', '0', '--authentication', 'sso', ...words];
      const { line } = await served(sso, environment);
      expect(line).toMatch(new RegExp(` with OAuth clients ${text} and answers as documented; inspector: \\S+\\n$`));
      expect(await told(sso, environment)).toEqual({
        url: expect.any(String),
        apiKey: DEFAULT_API_KEY,
        emulate: 'documented',
        authentication: 'sso',
        oauthClients,
        version: packageJson.version,
      });
    },
  );

  test('it answers until it is asked to end', async () => {
    const { stdout, end, status } = run(['serve', '--port', '0', '--json', '--log-level', 'silent']);
    await new Promise((resolve) => stdout.once('readable', resolve));
    const { url, apiKey } = JSON.parse(textOf(stdout)) as Listening;
    expect((await ask(url, { path: `/checkToken?apikey=${apiKey}` })).status).toBe(200);
    end();
    expect(await status).toBe(0);
    await expect(ask(url, { path: '/api' })).rejects.toThrow('ECONNREFUSED');
  });

  test('the default key has the shape that strict clients ask for', () => {
    expect(DEFAULT_API_KEY).toMatch(/^[a-f\d]{64}$/);
  });
});

describe('options', () => {
  test.each<[words: string[], environment: Record<string, string>, expected: Partial<Listening>]>([
    [['--api-key', 'a key'], {}, { apiKey: 'a key' }],
    [[], { MOCK_ETHERPAD_API_KEY: 'a key' }, { apiKey: 'a key' }],
    [['--api-key', 'by flag'], { MOCK_ETHERPAD_API_KEY: 'by environment' }, { apiKey: 'by flag' }],
    [['--emulate', '3.3.1'], {}, { emulate: '3.3.1' }],
    [['--emulate', '2'], {}, { emulate: '2.5.3' }],
    [[], { MOCK_ETHERPAD_EMULATE: '1.9' }, { emulate: '1.9.7' }],
    [['--emulate', '3'], { MOCK_ETHERPAD_EMULATE: '1.9' }, { emulate: '3.3.1' }],
    [['--base-path', '/pad'], {}, { url: expect.stringMatching(/:\d+\/pad$/) }],
    [['--base-path', '/'], {}, { url: expect.stringMatching(/:\d+$/) }],
    [[], { MOCK_ETHERPAD_BASE_PATH: '/a/b/' }, { url: expect.stringMatching(/:\d+\/a\/b$/) }],
    [['--host', ''], {}, { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) }],
    [['--host', '::'], {}, { url: expect.stringMatching(/^http:\/\/\[::1\]:\d+$/) }],
    [['--host', '0.0.0.0'], {}, { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) }],
    [[], { MOCK_ETHERPAD_HOST: 'localhost' }, { url: expect.stringMatching(/^http:\/\/localhost:\d+$/) }],
    [[], { MOCK_ETHERPAD_API_KEY: '', MOCK_ETHERPAD_EMULATE: '' }, { apiKey: DEFAULT_API_KEY, emulate: 'documented' }],
  ])('%j with %j', async (words, environment, expected) => {
    expect(await told(['--port', '0', ...words], environment)).toMatchObject(expected);
  });

  test('the port of the environment is taken, and so is its log level', async () => {
    const { stderr, stdout, end, status } = run([], { MOCK_ETHERPAD_PORT: '0', MOCK_ETHERPAD_LOG_LEVEL: 'silent' });
    await new Promise((resolve) => stdout.once('readable', resolve));
    const url = /http:\S+/.exec(textOf(stdout))![0];
    await ask(url, { path: '/api' });
    end();
    expect(await status).toBe(0);
    expect(textOf(stderr)).toBe('');
  });

  test('what Kubernetes tells of a service called mock-etherpad is no option, and no mistake', async () => {
    const service = {
      MOCK_ETHERPAD_SERVICE_HOST: '10.0.0.7',
      MOCK_ETHERPAD_SERVICE_PORT: '9001',
      MOCK_ETHERPAD_SERVICE_PORT_HTTP: '9001',
      MOCK_ETHERPAD_PORT: 'tcp://10.0.0.7:9001',
      MOCK_ETHERPAD_PORT_9001_TCP: 'tcp://10.0.0.7:9001',
      MOCK_ETHERPAD_PORT_9001_TCP_PROTO: 'tcp',
      MOCK_ETHERPAD_PORT_9001_TCP_PORT: '9001',
      MOCK_ETHERPAD_PORT_9001_TCP_ADDR: '10.0.0.7',
      MOCK_ETHERPAD_2_PORT: 'tcp://10.0.0.8:9001',
    };
    const { stdout, stderr, end, status } = run(['--port', '0'], service);
    await new Promise((resolve) => stdout.once('readable', resolve));
    end();
    expect(await status).toBe(0);
    expect(textOf(stderr)).toBe('');
    expect((await outcomeOf(['healthcheck', '--host', '127.0.0.3'], service)).stderr).toContain('http://127.0.0.3:9001 does not answer');
  });

  test('a variable that is not known is warned of', async () => {
    const { stdout, stderr, end, status } = run(['--port', '0'], { MOCK_ETHERPAD_EMULAT: '3', MOCK_ETHERPAD_URL: 'x', OTHER: 'y' });
    await new Promise((resolve) => stdout.once('readable', resolve));
    end();
    await status;
    const lines = textOf(stderr).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 40,
      msg: 'MOCK_ETHERPAD_EMULAT is not known, and is ignored: did you mean MOCK_ETHERPAD_EMULATE?',
    });
  });

  test('white space around the key of a file does not count', async () => {
    const file = join(folder, 'APIKEY.txt');
    expect((await told(['--port', '0', '--api-key-file', file])).apiKey).toBe('a key of a file');
    expect((await told(['--port', '0'], { MOCK_ETHERPAD_API_KEY_FILE: file })).apiKey).toBe('a key of a file');
    expect((await told(['--port', '0', '--api-key', 'x'], { MOCK_ETHERPAD_API_KEY_FILE: file })).apiKey).toBe('x');
    expect((await told(['--port', '0', '--api-key-file', file], { MOCK_ETHERPAD_API_KEY: 'x' })).apiKey).toBe('a key of a file');
  });
});

describe('healthcheck', () => {
  test('exits 0 when a mock answers, and says nothing', async () => {
    expect(await outcomeOf(['healthcheck', '--port', takenPort(), '--base-path', '/pad'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await outcomeOf(['healthcheck'], { MOCK_ETHERPAD_PORT: takenPort(), MOCK_ETHERPAD_BASE_PATH: '/pad' })).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  test.each(['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost'])('finds a mock that listens on %s', async (host) => {
    const { stdout, end, status } = run(['--host', host, '--port', '0', '--json', '--log-level', 'silent']);
    await new Promise((resolve) => stdout.once('readable', resolve));
    const { port } = new URL((JSON.parse(textOf(stdout)) as Listening).url);
    expect(await outcomeOf(['healthcheck', '--host', host, '--port', port])).toEqual({ status: 0, stdout: '', stderr: '' });
    end();
    expect(await status).toBe(0);
  });

  test('is neither logged nor in the journal', async () => {
    const { stdout, stderr, end, status } = run(['--port', '0', '--json']);
    await new Promise((resolve) => stdout.once('readable', resolve));
    const { url } = JSON.parse(textOf(stdout)) as Listening;
    expect((await outcomeOf(['healthcheck', '--port', new URL(url).port])).status).toBe(0);
    expect(JSON.parse((await ask(url, { path: '/_mock/requests' })).body)).toEqual({ total: 0, requests: [] });
    expect(textOf(stderr)).toBe('');
    end();
    await status;
  });

  test('finds a mock that has no control', async () => {
    await using bare = await startMockEtherpad({ control: false });
    expect((await outcomeOf(['healthcheck', '--port', new URL(bare.url).port])).status).toBe(0);
  });

  test('exits 1 when nobody listens, or something else does', async () => {
    const nobody = await outcomeOf(['healthcheck', '--port', '1']);
    expect(nobody).toMatchObject({ status: 1, stdout: '' });
    expect(nobody.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(nobody.stderr).toContain('does not answer');

    const elsewhere = await outcomeOf(['healthcheck', '--port', takenPort(), '--base-path', '/elsewhere']);
    expect(elsewhere).toMatchObject({ status: 1, stdout: '' });
    expect(elsewhere.stderr).toContain('answers 404');
  });
});
