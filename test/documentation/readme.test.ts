import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_API_KEY, startMockEtherpad } from '../../src/index.ts';
import { serveCommand } from '../command/running-command.ts';
import { blocksOf, commandsOf, readPage } from './markdown.ts';
import { SampleIds } from './sample-ids.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const BLOCKS = blocksOf(readPage('README.md'));

const ofLanguage = (language: string) => BLOCKS.filter((block) => block.language === language);

/** Commands that other tests run: those of a fresh clone in test/package/fresh-clone.test.ts. */
const SHELL_COMMANDS = ['npm ci && npm start', 'npm ci && npm test', 'docker compose up --build --wait'];

test('every block is of a kind that a test runs', () => {
  expect(new Set(BLOCKS.map(({ language }) => language))).toEqual(new Set(['sh', 'text', 'console', 'ts', 'yaml']));
  expect(ofLanguage('sh').map(({ text }) => text)).toEqual(SHELL_COMMANDS);
});

test('the commands of the quick start print what the page says, with other ids', async () => {
  await using etherpad = await startMockEtherpad({ port: 0 });
  const ids = new SampleIds();
  const settings: string[] = [];
  const printed = ofLanguage('console')
    .filter(({ heading }) => heading === 'Quick start')
    .flatMap(commandsOf);
  expect(printed.filter(({ command }) => command.startsWith('curl')).length).toBeGreaterThan(8);

  for (const { command, output } of printed) {
    const real = ids.fill(command).replace('http://127.0.0.1:9001', etherpad.url);
    if (/^[A-Z]+=\S+$/.test(real)) {
      settings.push(real);
      continue;
    }
    const { stdout } = await run('bash', ['-euc', [...settings, real].join('\n')]);
    ids.bind(output, stdout);
    expect({ command, stdout }).toEqual({ command, stdout: ids.fill(output) });
  }
  expect(settings).toContain(`KEY=${DEFAULT_API_KEY}`);
});

test.each(
  ofLanguage('console')
    .flatMap(commandsOf)
    .filter(({ command }) => command.startsWith('npx')),
)('$command prints where it listens', async ({ command, output }) => {
  const words = command.split(' ');
  expect(words.splice(0, 5)).toEqual(['npx', 'mock-etherpad', '--port', '0', '--json']);
  await using serving = await serveCommand(words);
  const { url, ...rest } = serving.listening;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect({ ...rest, url: 'http://127.0.0.1:34567' }).toEqual(JSON.parse(output));
});

test('the first example of a test has about ten lines', () => {
  expect(ofLanguage('ts')[0]!.text.split('\n').length).toBeLessThanOrEqual(10);
});

describe.each(ofLanguage('ts').map(({ heading, text }) => [heading, text] as const))('the example under "%s"', (_heading, example) => {
  /** A folder where the package is installed, as a user has it: the built one. */
  function installed(): string {
    const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-example-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
    symlinkSync(PROJECT, join(folder, 'node_modules', 'mock-etherpad'), 'dir');
    for (const name of ['vitest', '@types/node'])
      symlinkSync(join(PROJECT, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'example.test.ts'), `${example}\n`);
    return folder;
  }

  test('passes the type checker', async () => {
    const folder = installed();
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2024,esnext.disposable',
      '--types',
      'node',
    ];
    const { stdout } = await run(join(PROJECT, 'node_modules', '.bin', 'tsc'), [...flags, 'example.test.ts'], { cwd: folder });
    expect(stdout).toBe('');
  });

  test('passes', async () => {
    const folder = installed();
    const { stdout } = await run(
      process.execPath,
      [join(PROJECT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', folder, '--reporter=json'],
      { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 1, numFailedTests: 0, success: true });
  });
});

describe('the compose file', () => {
  test('is the one that the page shows', () => {
    expect(ofLanguage('yaml').map(({ text }) => parse(text) as unknown)).toEqual([parse(readPage('compose.yaml'))]);
  });

  const compose = (...words: string[]) =>
    execFileSync('docker', ['compose', '-p', 'mock-etherpad-readme', ...words], { cwd: PROJECT, stdio: 'pipe' });
  const hasCompose = (): boolean => {
    try {
      execFileSync('docker', ['info'], { stdio: 'ignore' });
      compose('version');
      return true;
    } catch {
      return false;
    }
  };

  test.skipIf(!hasCompose())('starts the service (needs Docker with Compose)', { timeout: 300_000 }, async () => {
    onTestFinished(() => void compose('down', '--timeout', '3'));
    const [, , command, ...words] = ofLanguage('sh')
      .find(({ text }) => text.startsWith('docker'))!
      .text.split(' ');
    compose(command!, ...words);
    const answer = await fetch('http://127.0.0.1:9001/api');
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { currentVersion: '1.3.1' } });
  });
});
