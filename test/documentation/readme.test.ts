import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { DEFAULT_API_KEY } from '../../src/index.ts';
import { OPTIONS } from '../../src/options.ts';
import { serveCommand } from '../command/running-command.ts';
import { blocksOf, commandsOf, readPage } from './markdown.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const BLOCKS = blocksOf(readPage('README.md'));

const ofLanguage = (language: string) => BLOCKS.filter((block) => block.language === language);

/** The shell blocks that start with these words. */
const shellCommands = (beginning: string): string[] =>
  ofLanguage('sh')
    .map(({ text }) => text)
    .filter((text) => text.startsWith(beginning));

const REPOSITORY = new URL(packageJson.repository.url.replace(/^git\+|\.git$/g, '')).pathname.slice(1);
const IMAGE = `${REPOSITORY}:${packageJson.version.split('.').slice(0, 2).join('.')}`;

test('every block is of a kind that a test runs', () => {
  expect(new Set(BLOCKS.map(({ language }) => language))).toEqual(new Set(['sh', 'text', 'console', 'ts', 'js', 'yaml', 'python', 'php']));
  // test/package/fresh-clone.test.ts runs the last two
  expect(ofLanguage('sh').map(({ text }) => text)).toEqual([
    `npm install --save-dev ${packageJson.name}`,
    ...shellCommands('npx').slice(0, 1),
    ...shellCommands('docker run'),
    ...shellCommands('npx').slice(1),
    'docker compose up --build --wait',
    'npm ci && npm start',
    'npm ci && npm test',
  ]);
});

/** The options in the commands that start a mock. */
const startingWords = [...shellCommands('npx'), ...shellCommands('docker run')].map((text) => [text, optionsIn(text)] as const);

function optionsIn(text: string): string[] {
  const [, words] = new RegExp(`^(?:npx ${packageJson.name}|docker run --rm -p 127\\.0\\.0\\.1:9001:9001 ${IMAGE}) (.*)$`).exec(text)!;
  return words!.split(' ');
}

test.each(startingWords)('%s starts a mock', async (_text, words) => {
  await using serving = await serveCommand(words);
  expect(serving.listening).toMatchObject({ emulate: '3.3.1', version: packageJson.version });
});

test('the release publishes the image that the page names', () => {
  expect(readPage('.github/workflows/release.yml')).toContain('images: ${{ github.repository }}');
});

test('the commands of the quick start print exactly what the page says', async () => {
  const [, start] = shellCommands('npx');
  await using serving = await serveCommand(optionsIn(start!));
  const settings: string[] = [];
  const printed = ofLanguage('console')
    .filter(({ heading }) => heading === 'Quick start')
    .flatMap(commandsOf);
  expect(printed.filter(({ command }) => command.startsWith('curl')).length).toBeGreaterThan(8);

  for (const { command, output } of printed) {
    const real = command.replace('http://127.0.0.1:9001', serving.listening.url);
    if (/^[A-Z]+=\S+$/.test(real)) {
      settings.push(real);
      continue;
    }
    const { stdout } = await run('bash', ['-euc', [...settings, real].join('\n')]);
    expect({ command, stdout: stdout.trimEnd() }).toEqual({ command, stdout: output });
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

const SEED = ofLanguage('yaml').find(({ heading }) => heading === 'In a test')!.text;

/** A folder where the package is installed, as a user has it: the built one; with the seed of the page, and a file. */
function installed(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(PROJECT, join(folder, 'node_modules', 'mock-etherpad'), 'dir');
  for (const name of ['vitest', '@types/node']) {
    const source = join(PROJECT, 'node_modules', name);
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    if (existsSync(source)) symlinkSync(source, join(folder, 'node_modules', name), 'dir');
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'lesson.yaml'), SEED);
  writeFileSync(join(folder, file), `${text}\n`);
  return folder;
}

test('the first example of a test has about ten lines', () => {
  expect(ofLanguage('ts')[0]!.text.split('\n').length).toBeLessThanOrEqual(10);
});

describe.each(ofLanguage('ts').map(({ heading, text }) => [heading, text] as const))('the example under "%s"', (_heading, example) => {
  test('passes the type checker', async () => {
    const folder = installed('example.test.ts', example);
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
    const folder = installed('example.test.ts', example);
    const { stdout } = await run(
      process.execPath,
      [join(PROJECT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--root', folder, '--reporter=json'],
      { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 1, numFailedTests: 0, success: true });
  });
});

describe('the examples of other runners', () => {
  const exampleOf = (runner: string): string => BLOCKS.find(({ heading, language }) => heading === runner && language !== 'yaml')!.text;
  /** Whether a program runs here. */
  const runs = (program: string, words: readonly string[]): boolean => spawnSync(program, words, { stdio: 'ignore' }).status === 0;
  const hasJest = existsSync(join(PROJECT, 'node_modules', 'jest'));
  const hasPytest = runs('python3', ['-c', 'import pytest, requests']);
  const hasPhpUnit = runs('phpunit', ['--version']);
  // an example is no part of the test run that it is started in
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, VITEST: _vitest, ...environment } = process.env;
  const env = { ...environment, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' };

  /** The example in a folder, sent to a mock with the seed of the page. */
  async function besideMock(file: string, text: string) {
    const folder = installed(file, '');
    const serving = await serveCommand(['--emulate', '3.3.1', '--seed', join(folder, 'lesson.yaml')]);
    onTestFinished(() => serving[Symbol.asyncDispose]());
    writeFileSync(join(folder, file), `${text.replaceAll('http://127.0.0.1:9001', serving.listening.url)}\n`);
    return folder;
  }

  test('node:test', async () => {
    const folder = installed('lesson.test.js', exampleOf('node:test'));
    const { stdout } = await run(process.execPath, ['--test'], { cwd: folder, env });
    expect(stdout).toMatch(/pass 1\n/);
  });

  test.skipIf(!hasJest)('Jest (needs jest)', { timeout: 60_000 }, async () => {
    const folder = installed('lesson.test.js', exampleOf('Jest'));
    writeFileSync(join(folder, 'package.json'), '{}');
    const { stderr } = await run(process.execPath, [join(PROJECT, 'node_modules/jest/bin/jest.js')], { cwd: folder, env });
    expect(stderr).toMatch(/1 passed, 1 total/);
  });

  test.skipIf(!hasPytest)('pytest (needs pytest and requests)', { timeout: 60_000 }, async () => {
    const folder = await besideMock('test_lesson.py', exampleOf('pytest'));
    const { stdout } = await run('python3', ['-m', 'pytest', '-p', 'no:cacheprovider', folder], { cwd: folder, env });
    expect(stdout).toMatch(/1 passed/);
  });

  test.skipIf(!hasPhpUnit)('PHPUnit (needs phpunit)', { timeout: 60_000 }, async () => {
    const folder = await besideMock('LessonTest.php', exampleOf('PHPUnit'));
    const { stdout } = await run('phpunit', ['LessonTest.php'], { cwd: folder, env });
    expect(stdout).toMatch(/OK \(1 test, \d+ assertions\)/);
  });
});

describe('the services', () => {
  interface Service {
    readonly image: string;
    readonly environment?: object;
    readonly env?: object;
    readonly ports: readonly string[];
  }

  test.each(
    ofLanguage('yaml')
      .filter(({ heading }) => heading === 'mock-etherpad')
      .map(({ text }) => [(parse(text) as { services: { etherpad: Service } }).services.etherpad]),
  )('%j', ({ image, environment, env, ports }) => {
    expect(image).toBe(IMAGE);
    for (const name of Object.keys({ ...environment, ...env })) expect(OPTIONS.map((option) => option.environment)).toContain(name);
    expect(ports).toEqual([expect.stringMatching(/(^|:)9001:9001$/)]);
  });
});

describe('the compose file', () => {
  test('is the one that the page shows', () => {
    const shown = ofLanguage('yaml').find(({ heading }) => heading === 'Docker Compose');
    expect(parse(shown!.text)).toEqual(parse(readPage('compose.yaml')));
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
      .find(({ text }) => text.startsWith('docker compose'))!
      .text.split(' ');
    compose(command!, ...words);
    const answer = await fetch('http://127.0.0.1:9001/api');
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { currentVersion: '1.3.1' } });
  });
});
