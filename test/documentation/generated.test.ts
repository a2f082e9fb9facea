import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { documentedApi } from '../../src/http/openapi.ts';
import { readPage } from './markdown.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

test('the OpenAPI document in openapi/ is the one that the sources make', async () => {
  expect(readPage('openapi/mock-etherpad.json')).toBe(`${JSON.stringify(await documentedApi(), null, 2)}\n`);
});

test('the tables in the README and in docs/ are those of the built package', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: PROJECT });
  expect(stdout).toBe('');
});
