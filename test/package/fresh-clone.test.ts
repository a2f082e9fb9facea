import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, readPage } from '../documentation/markdown.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** What a clone does not have. */
const NOT_CLONED = new Set(['.git', 'node_modules', 'dist', 'coverage', 'reports', '.stryker-tmp']);

describe('a fresh clone, after npm ci', () => {
  let clone: string;

  beforeAll(async () => {
    clone = await mkdtemp(join(tmpdir(), 'mock-etherpad-clone-'));
    await cp(PROJECT, clone, {
      recursive: true,
      filter: (source) =>
        !relative(PROJECT, source)
          .split(sep)
          .some((name) => NOT_CLONED.has(name)),
    });
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: clone });
  });

  afterAll(() => rm(clone, { recursive: true, force: true }));

  test('serves with npm start, in the words of the README', async () => {
    const quickStart = blocksOf(readPage('README.md')).filter(({ heading }) => heading === 'Quick start');
    const shown = quickStart.find(({ language }) => language === 'text')!.text;
    const [, , ...options] = quickStart.find(({ language }) => language === 'sh')!.text.split(' ');
    // a group of its own, so that the signal reaches the command and not npm alone
    const started = spawn('npm', ['start', '--', ...options, '--port', '0'], {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const ended = new Promise((resolve) => started.once('exit', resolve));
    let said = '';
    for await (const line of createInterface({ input: started.stdout })) {
      if (!line.startsWith('mock-etherpad ')) continue;
      said = line;
      break;
    }
    const url = /http:\/\/[\d.]+:\d+/.exec(said)?.[0];
    const answer = await fetch(`${url}/api`).catch((error: unknown) => error);
    process.kill(-started.pid!, 'SIGTERM');
    await ended;
    expect(said.replaceAll(/:\d+(?= with|\/_mock)/g, ':9001')).toBe(shown);
    expect(answer).toMatchObject({ status: 200 });
  });

  test('tests with npm test', async () => {
    // a part of them: this test is one of them
    const { stdout } = await run('npm', ['test', '--', 'test/etherpad/valid-until.test.ts'], {
      cwd: clone,
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(stdout).toMatch(/Tests +\d+ passed \(\d+\)/);
  });
});
