import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

describe('the command as it is in the image, with no packages beside it', () => {
  let folder: string;
  let seed: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-built-'));
    cpSync(DIST, join(folder, 'dist'), { recursive: true });
    seed = join(folder, 'seed.yaml');
    // a seed with a mistake: the command reads it, and ends
    writeFileSync(seed, 'groups: 7\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const complaintOf = (): Promise<string> =>
    run(process.execPath, [join(folder, 'dist/mock-etherpad.cjs'), '--port', '0', '--seed', seed]).then(
      () => 'none',
      ({ stderr }: { stderr: string }) => stderr,
    );

  test('reads YAML with the file that is made for it', async () => {
    expect(await complaintOf()).toContain('groups');
  });

  test.each([
    ['is broken', "throw new Error('half a file')", 'half a file'],
    ['misses something itself', "require('not-to-be-found')", 'not-to-be-found'],
  ])('says so when that file %s, and does not look for the package instead', async (_how, text, complaint) => {
    writeFileSync(join(folder, 'dist/lazy/yaml.cjs'), text);
    expect(await complaintOf()).toContain(complaint);
  });

  test.each([
    ['is broken', (file: string) => writeFileSync(file, "throw new Error('half a file')"), 'half a file'],
    ['is not there, where npm installs the package', (file: string) => rmSync(file), "Cannot find module 'qs'"],
  ])('says so when the file of a dependency %s', async (_how, spoil, complaint) => {
    spoil(join(folder, 'dist/dependencies/qs.cjs'));
    const command = spawn(process.execPath, [join(folder, 'dist/mock-etherpad.cjs'), '--port', '0', '--emulate', '1.9.7', '--json']);
    let stderr = '';
    command.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const [first] = (await once(createInterface({ input: command.stdout }), 'line')) as [string];
    const { url, apiKey } = JSON.parse(first) as { url: string; apiKey: string };
    expect((await fetch(`${url}/api/1.2.15/checkToken?apikey=${apiKey}&a[b]=c`)).status).toBe(500);
    command.kill('SIGTERM');
    await once(command, 'exit');
    expect(stderr).toContain(complaint);
  });
});
