import { execFile, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM } from '../inspector/browser.ts';
import { connectMockEtherpad } from '../../src/index.ts';
import { startCommand } from './ways.ts';

const PROJECT = join(import.meta.dirname, '../..');
const EXAMPLES = join(PROJECT, 'examples');

interface Finished {
  readonly status: number;
  readonly output: string;
}

/** Runs a program in the folder of an example. */
async function run(folder: string, program: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  // an example is no part of the test run that it is started in
  const {
    VITEST: _vitest,
    VITEST_WORKER_ID: _worker,
    VITEST_POOL_ID: _pool,
    NODE_OPTIONS: _options,
    NODE_TEST_CONTEXT: _context,
    ...inherited
  } = process.env;
  try {
    const { stdout, stderr } = await promisify(execFile)(program, words, {
      cwd: join(EXAMPLES, folder),
      env: { ...inherited, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1', ...environment },
      timeout: 170_000,
    });
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, output: `${stdout}${stderr}` };
  }
}

/** Whether a program runs here. */
const runs = (program: string, words: readonly string[]): boolean => spawnSync(program, words, { stdio: 'ignore' }).status === 0;

const require = createRequire(import.meta.url);
const isInstalled = (packageName: string): boolean => {
  try {
    require.resolve(`${packageName}/package.json`);
    return true;
  } catch {
    return false;
  }
};

const HAS = {
  jest: isInstalled('jest'),
  playwright: isInstalled('@playwright/test'),
  pytest: runs('python3', ['-c', 'import pytest, requests']),
  python: runs('python3', ['--version']),
  php: runs('php', ['--version']),
  phpunit: runs('phpunit', ['--version']) && runs('php', ['-r', 'exit(function_exists("curl_init") ? 0 : 1);']),
  curl: runs('curl', ['--version']) && runs('bash', ['--version']),
};

/** What is added to the name of a test that is skipped where a program is missing. */
const unless = (isThere: boolean, needed: string): string => (isThere ? '' : ` (skipped: ${needed} is not installed here)`);

describe('examples in process', () => {
  test('node:test', async () => {
    const { status, output } = await run('node-test', process.execPath, ['--test', '--test-reporter=tap']);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/# pass 3\n# fail 0/) });
  });

  test('vitest', async () => {
    const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs');
    const { status, output } = await run('vitest', process.execPath, [vitest, 'run']);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/Tests +3 passed/) });
  });

  test.skipIf(!HAS.jest)(`jest${unless(HAS.jest, 'the package jest')}`, async () => {
    const jest = join(PROJECT, 'node_modules/jest/bin/jest.js');
    const { status, output } = await run('jest', process.execPath, ['--experimental-vm-modules', jest]);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('3 passed') });
  });

  test.skipIf(!HAS.playwright)(`playwright${unless(HAS.playwright, 'the package @playwright/test')}`, async () => {
    const playwright = join(PROJECT, 'node_modules/@playwright/test/cli.js');
    const { status, output } = await run('playwright', process.execPath, [playwright, 'test']);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('2 passed') });
  });

  test.skipIf(CHROMIUM === undefined)(`playwright-core${unless(CHROMIUM !== undefined, 'a Chromium')}`, { timeout: 60_000 }, async () => {
    const { status, output } = await run('playwright', process.execPath, ['--test', '--test-reporter=tap', 'pad.test.mjs'], { CHROMIUM });
    expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/# pass 1\n# fail 0/) });
  });
});

describe('examples by HTTP', () => {
  let server: Awaited<ReturnType<typeof startCommand>>;
  beforeAll(async () => {
    server = await startCommand();
  });
  afterAll(() => server.stop());

  const expectNothingLeft = async (): Promise<void> => {
    expect(await (await fetch(`${server.url}/_mock/sandboxes`)).json()).toEqual({ sandboxes: [] });
  };

  test.skipIf(!HAS.pytest)(
    `pytest${unless(HAS.pytest, 'pytest or requests (Debian: python3-pytest python3-requests)')}`,
    { timeout: 60_000 },
    async () => {
      const { status, output } = await run('pytest', 'python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'no:benchmark'], {
        ETHERPAD_URL: server.url,
      });
      expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('5 passed') });
      await expectNothingLeft();
    },
  );

  test.skipIf(!HAS.phpunit)(
    `phpunit${unless(HAS.phpunit, "PHPUnit or PHP's curl (Debian: phpunit php-curl)")}`,
    { timeout: 60_000 },
    async () => {
      const { status, output } = await run('phpunit', 'phpunit', ['--do-not-cache-result', '.'], { ETHERPAD_URL: server.url });
      expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('OK (4 tests, 7 assertions)') });
      await expectNothingLeft();
    },
  );

  test.skipIf(!HAS.curl)(`curl${unless(HAS.curl, 'curl or bash')}`, async () => {
    const { status, output } = await run('curl', './lesson.sh', [], { ETHERPAD_URL: server.url });
    expect({ status, output }).toEqual({
      status: 0,
      output: [
        'ok: the session is alive during the lesson',
        'ok: the session is over after the lesson',
        'ok: a lost answer leaves the session created',
        'ok: two sessions were created',
        '',
      ].join('\n'),
    });
    await expectNothingLeft();
  });
});

describe('examples of OAuth', () => {
  let server: Awaited<ReturnType<typeof startCommand>>;
  beforeAll(async () => {
    server = await startCommand(['--authentication', 'sso', '--emulate', '3.3.1', '--oauth-client', 'svc:svc-secret']);
  });
  afterAll(() => server.stop());

  const RECIPES = [
    { program: process.execPath, file: 'etherpad.mjs', isThere: true },
    { program: 'python3', file: 'etherpad.py', isThere: HAS.python },
    { program: 'php', file: 'etherpad.php', isThere: HAS.php },
  ];

  for (const { program, file, isThere } of RECIPES) {
    test.skipIf(!isThere)(
      `${file} gets a token, and another when that is not taken any more${unless(isThere, program)}`,
      { timeout: 60_000 },
      async () => {
        await using mock = await connectMockEtherpad(server.url);
        const etherpad = mock.sandbox(file);
        const environment = { ETHERPAD_URL: etherpad.url, OAUTH_CLIENT: 'svc', OAUTH_SECRET: 'svc-secret' };
        expect(await run('oauth', program, [file], environment)).toEqual({
          status: 0,
          output: expect.stringMatching(/^opened s\.[\da-f]{32}\n$/),
        });
        await etherpad.requests.verify({ function: 'token', parameters: { grant_type: 'client_credentials' }, times: 1 });

        await etherpad.requests.clear();
        await etherpad.faults.add({ kind: 'code', code: 4, function: 'createSession', times: 1 });
        expect(await run('oauth', program, [file], environment)).toMatchObject({ status: 0 });
        await etherpad.requests.verify({ function: 'token', times: 2 });
        await etherpad.requests.verify({ function: 'createSession', code: 0, times: 1 });

        const refused = await run('oauth', program, [file], { ...environment, OAUTH_SECRET: 'another' });
        expect(refused.status).not.toBe(0);
        expect(refused.output).toContain('Etherpad gives no token: client authentication failed');
      },
    );
  }
});
