import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_API_KEY } from '../../src/index.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-commonjs-'));
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(PROJECT, join(folder, 'node_modules', 'mock-etherpad'), 'dir');
  symlinkSync(join(PROJECT, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('require works, also where it loads no ES modules', { timeout: 20_000 }, async () => {
  writeFileSync(
    join(folder, 'program.js'),
    "const { startMockEtherpad } = require('mock-etherpad');\nstartMockEtherpad().then(async (etherpad) => { console.log(etherpad.apiKey); await etherpad.close(); });\n",
  );
  expect((await run(process.execPath, ['--no-experimental-require-module', 'program.js'], { cwd: folder })).stdout).toBe(
    `${DEFAULT_API_KEY}\n`,
  );
});

test('it imports nothing at run time: Jest lets CommonJS do so with a flag alone', async () => {
  expect(await readFile(join(PROJECT, 'dist', 'index.cjs'), 'utf8')).not.toMatch(/\bimport\(/);
});

test.each(['node16', 'nodenext'])('TypeScript compiles it with module %s', { timeout: 60_000 }, async (module) => {
  writeFileSync(
    join(folder, 'program.cts'),
    "import { startMockEtherpad } from 'mock-etherpad';\nexport const started = startMockEtherpad({ emulate: '3.3.1' });\n",
  );
  const words = ['--noEmit', '--strict', '--skipLibCheck', '--module', module, '--target', 'es2023', '--types', 'node', 'program.cts'];
  await expect(run(join(PROJECT, 'node_modules', '.bin', 'tsc'), words, { cwd: folder })).resolves.toMatchObject({ stdout: '' });
});
