import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const { findBundledPackages, writeNotices } = (await import(join(PROJECT, 'scripts/third-party-notices.mjs'))) as {
  findBundledPackages: (metafiles: readonly Metafile[]) => string[];
  writeNotices: (folders: readonly string[]) => string;
};

const nameOf = (folder: string): string => (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string }).name;

describe('THIRD-PARTY-NOTICES of the build', () => {
  const notices = existsSync(join(PROJECT, 'dist/THIRD-PARTY-NOTICES'))
    ? readFileSync(join(PROJECT, 'dist/THIRD-PARTY-NOTICES'), 'utf8')
    : 'not built: run npm run build';

  test('has the licence of every package that the sources lead to', async () => {
    // bundled anew, with everything that the sources name: the build itself leaves these out
    const { metafile } = await build({
      absWorkingDir: PROJECT,
      entryPoints: ['src/command.ts', 'src/inspector/main.tsx'],
      external: ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'],
      outdir: 'none',
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      target: 'node20.19',
      logLevel: 'error',
    });
    const folders = new Set(
      Object.values(metafile.outputs)
        .flatMap(({ inputs }) => Object.entries(inputs))
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0])
        .filter((folder) => folder !== undefined),
    );
    expect(folders.size).toBeGreaterThan(50);
    const titles = notices.split('\n');
    const missing = [...folders].filter((folder) => !titles.some((title) => title.startsWith(`${nameOf(join(PROJECT, folder))} `)));
    expect(missing).toEqual([]);
  });

  test.each([
    ['fastify', 'Copyright (c) 2016-present The Fastify team'],
    ['preact', 'Copyright (c) 2015-present Jason Miller'],
    ['yaml', 'Copyright Eemeli Aro'],
    ['abstract-logging', 'Copyright (c) James Sumners'],
  ])('has the notice of %s', (name, copyright) => {
    const [, after] = notices.split(new RegExp(`^${name} \\d.*$`, 'm'));
    expect(after?.slice(0, 300)).toContain(copyright);
  });

  test('goes into the image', () => {
    expect(readFileSync(join(PROJECT, 'Dockerfile'), 'utf8')).toContain('COPY --from=build /build/dist/THIRD-PARTY-NOTICES ./');
  });
});

describe('what is bundled of a project', () => {
  let project: string;
  const packageOf = (path: string, description: object, files: Record<string, string>): void => {
    const folder = join(project, 'node_modules', path);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ 'package.json': JSON.stringify(description), ...files })) {
      writeFileSync(join(folder, file), text);
    }
  };

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'mock-etherpad-notices-'));
    packageOf(
      'outer',
      { name: 'outer', version: '1.0.0', license: 'MIT' },
      { 'index.js': `export { inner } from 'inner';`, 'LICENSE.md': 'of outer\r\n' },
    );
    packageOf(
      'outer/node_modules/inner',
      { name: 'inner', version: '2.0.0', license: 'ISC' },
      { 'index.js': 'export const inner = 1;', license: 'of inner', NOTICE: 'notice of inner' },
    );
    packageOf(
      '@scope/some',
      { name: '@scope/some', version: '3.0.0', license: 'MIT', author: { name: 'Ada' } },
      { 'index.js': 'export const some = 1;' },
    );
    packageOf('nameless', { name: 'nameless', version: '4.0.0', license: 'ISC' }, { 'index.js': 'export const nameless = 1;' });
    packageOf('unused', { name: 'unused', version: '5.0.0', sideEffects: false }, { 'index.js': 'export const unused = 1;' });
    writeFileSync(
      join(project, 'all.js'),
      `import { inner } from 'outer'; import { some } from '@scope/some'; import { unused } from 'unused'; console.log(inner, some);`,
    );
    writeFileSync(join(project, 'other.js'), `import { nameless } from 'nameless'; console.log(nameless);`);
  });
  afterAll(() => rmSync(project, { recursive: true }));

  const bundled = async (entry: string): Promise<string[]> => {
    const { metafile } = await build({ absWorkingDir: project, entryPoints: [entry], bundle: true, write: false, metafile: true });
    return findBundledPackages([metafile]);
  };

  test('is a package with something in the bundle, also inside of another, and none without', async () => {
    expect((await bundled('all.js')).toSorted()).toEqual(['node_modules/@scope/some', 'node_modules/outer/node_modules/inner']);
  });

  test('is written with every text that the package has, sorted by name', async () => {
    const folders = ['outer/node_modules/inner', 'outer', '@scope/some'].map((folder) => join(project, 'node_modules', folder));
    const text = writeNotices(folders);
    expect(text).toBe(writeNotices(folders.toReversed()));
    const line = '-'.repeat(80);
    expect(text).toContain(`${line}\ninner 2.0.0 (ISC)\n${line}\n\nnotice of inner\n\nof inner\n`);
    expect(text).toContain(`${line}\nouter 1.0.0 (MIT)\n${line}\n\nof outer\n`);
    expect(text).toContain(`${line}\n@scope/some 3.0.0 (MIT)\n${line}\n\nMIT License\n\nCopyright (c) Ada\n`);
    expect([...text.matchAll(/^(\S+) \d\.0\.0 /gm)].map(([, name]) => name)).toEqual(['@scope/some', 'inner', 'outer']);
  });

  test('is refused when nothing says what its licence asks for', async () => {
    expect(() => writeNotices([join(project, 'node_modules/nameless')])).toThrow('nameless is bundled and has no licence text');
    expect(await bundled('other.js')).toEqual(['node_modules/nameless']);
  });
});
