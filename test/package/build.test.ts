import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    writeFileSync(join(folder, 'dist/dependencies/yaml.cjs'), text);
    expect(await complaintOf()).toContain(complaint);
  });

  test('looks for the package when that file is not there', async () => {
    rmSync(join(folder, 'dist/dependencies/yaml.cjs'));
    expect(await complaintOf()).toContain("Cannot find module 'yaml'");
  });
});
