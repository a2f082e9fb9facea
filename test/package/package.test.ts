import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { EMULATIONS } from '../../src/index.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const MEGABYTE = 1_000_000;

/** Sum of the sizes of the files below a folder, in bytes. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

describe('the package, packed and installed in an empty project', () => {
  let project: string;
  let warnings: string;

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'mock-etherpad-package-'));
    // dist/ is built by now: the other tests must not lose it while these run
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], { cwd: PROJECT });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    ({ stderr: warnings } = await run('npm', ['install', '--no-audit', '--no-fund', join(project, filename)], { cwd: project }));
  });

  test('has no script that npm asks about when it is installed', () => {
    expect(warnings).not.toContain('install scripts');
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test('adds up to at most 15 MB', () => {
    expect(sizeOf(join(project, 'node_modules')) / MEGABYTE).toBeLessThanOrEqual(15);
  });

  test('carries the licences of what it contains', () => {
    const { size } = statSync(join(project, 'node_modules/mock-etherpad/dist/THIRD-PARTY-NOTICES'));
    expect(size).toBeGreaterThan(10_000);
  });

  test('has a command', async () => {
    const { stdout } = await run('npx', ['--no-install', 'mock-etherpad', '--version'], { cwd: project });
    expect(stdout).toBe(`${packageJson.version}\n`);
  });

  test('has a command that serves, and ends when it is told to', async () => {
    const command = spawn(process.execPath, [join(project, 'node_modules', '.bin', 'mock-etherpad'), '--port', '0', '--json']);
    const ended = once(command, 'exit');
    const [first] = (await Promise.race([once(createInterface({ input: command.stdout }), 'line'), ended])) as [string];
    const { url, apiKey } = JSON.parse(first) as { url: string; apiKey: string };
    const answer = await fetch(`${url}/checkToken?apikey=${apiKey}`);
    expect(await answer.json()).toEqual({ code: 0, message: 'ok', data: null });
    command.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('can be imported', async () => {
    writeFileSync(
      join(project, 'program.js'),
      `import { EMULATIONS, startMockEtherpad } from 'mock-etherpad';
      const etherpad = await startMockEtherpad();
      const answer = await fetch(\`\${etherpad.url}/checkToken?apikey=\${etherpad.apiKey}\`);
      console.log(JSON.stringify({ EMULATIONS, answer: await answer.json() }));
      await etherpad.close();`,
    );
    const { stdout } = await run(process.execPath, ['program.js'], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({ EMULATIONS, answer: { code: 0, message: 'ok', data: null } });
  });

  test('has what is bundled for it: the document, HTML and seeds of YAML need no further package', async () => {
    for (const name of ['@fastify/swagger', 'parse5', 'yaml']) expect(existsSync(join(project, 'node_modules', name))).toBe(false);
    writeFileSync(join(project, 'seed.yaml'), 'pads: [{ padID: notes, html: "<b>Hello</b>" }]\n');
    writeFileSync(
      join(project, 'bundled.js'),
      `import { startMockEtherpad } from 'mock-etherpad';
      const etherpad = await startMockEtherpad({ seed: 'seed.yaml' });
      const { paths } = await (await fetch(\`\${etherpad.url}/openapi.json\`)).json();
      const answer = await fetch(\`\${etherpad.url}/getHTML?padID=notes&apikey=\${etherpad.apiKey}\`);
      console.log(JSON.stringify([Object.keys(paths).length, (await answer.json()).data.html]));
      await etherpad.close();`,
    );
    const { stdout } = await run(process.execPath, ['bundled.js'], { cwd: project });
    expect(JSON.parse(stdout)).toEqual([FUNCTIONS.length, expect.stringContaining('<strong>Hello</strong>')]);
  });

  test('has types, which hold without skipping any', async () => {
    mkdirSync(join(project, 'types'));
    symlinkSync(join(PROJECT, 'node_modules', '@types', 'node'), join(project, 'types', 'node'), 'dir');
    const program = (property: string) =>
      `import { startMockEtherpad } from 'mock-etherpad';\nconst etherpad = await startMockEtherpad({ port: 0, emulate: '3.3.1' });\nexport const url: string = etherpad.${property};\n`;
    writeFileSync(join(project, 'right.ts'), program('url'));
    writeFileSync(join(project, 'wrong.ts'), program('close'));
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2024,esnext.disposable',
      '--types',
      'node',
      '--typeRoots',
      'types',
    ];
    const check = (file: string) => run(join(PROJECT, 'node_modules', '.bin', 'tsc'), [...flags, file], { cwd: project });
    await expect(check('right.ts')).resolves.toEqual({ stdout: '', stderr: '' });
    await expect(check('wrong.ts')).rejects.toMatchObject({ stdout: expect.stringContaining('is not assignable to type') });
  });
});
