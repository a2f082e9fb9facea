import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';
import { readPage } from './markdown.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

test.each([
  ['openapi/mock-etherpad.json', '/openapi.json'],
  ['openapi/control.json', '/_mock/openapi.json'],
])('%s is what is served at %s', async (file, path) => {
  await using etherpad = await startMockEtherpad();
  const served = await (await fetch(`${etherpad.url}${path}`)).json();
  expect(readPage(file)).toBe(`${JSON.stringify(served, null, 2)}\n`);
});

test(
  'the tables in the README and in docs/, and the routes in CONTRIBUTING.md, are those of the built package',
  { timeout: 60_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: PROJECT });
    expect(stdout).toBe('');
  },
);
