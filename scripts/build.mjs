// Builds dist/: the library as ES modules and as CommonJS, each with types, and the command bundled and minified.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { findBundledPackages, writeNotices } from './third-party-notices.mjs';

const require = createRequire(import.meta.url);
const { dependencies, version } = require('../package.json');

/**
 * What a plain start does not need, and what is bundled for it. A program's text is read through at every start, used or
 * not: these lie beside the command and are loaded when they are first used.
 */
const LOADED_WHEN_USED = {
  './verify/verify.ts': './src/verify/verify.ts',
  './compare/command.ts': './src/compare/command.ts',
  'pino-pretty': 'pino-pretty',
};

/**
 * The same for packages that are large as npm installs them, and small when bundled: these lie beside the command too,
 * and the library takes them from there. Its users have 2 MB less to install.
 */
const BUNDLED_WHEN_USED = ['@fastify/swagger', 'parse5', 'yaml'];

/** The same for dependencies: npm installs them, the image has only the files that are made of them here. */
const DEPENDENCIES_LOADED_WHEN_USED = ['body-parser', 'jsonc-parser', 'qs'];

/** Packages that Fastify asks for only when it compiles schemas; no server of ours does. */
const NEVER_USED = new Set(['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request']);

const fileName = (imported) => `${imported.replace(/^\.\/(?:verify\/)?|\.ts$|@/g, '').replace('/', '-')}.cjs`;
const lazyFile = (imported) => `lazy/${fileName(imported)}`;
const dependencyFile = (imported) => `dependencies/${fileName(imported)}`;

/** Takes the file where it is, as in the image, and the package where it is not. A file that is there and broken says so. */
const requireEither = (file, packageName) => `
  try {
    module.exports = require('${file}');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes('${file}')) throw error;
    module.exports = require('${packageName}');
  }`;

/** Takes the file where it is: it comes with the package. */
const requireFile = (name) => `module.exports = require('./${lazyFile(name)}');`;

const besideTheCommand = {
  name: 'beside-the-command',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, kind, namespace }) => {
      if (namespace === 'dependency' || namespace === 'bundled') return { path, external: true };
      if (NEVER_USED.has(path)) return { path, namespace: 'never-used' };
      if (kind !== 'dynamic-import') return undefined;
      if (Object.hasOwn(LOADED_WHEN_USED, path)) return { path: `./${lazyFile(path)}`, external: true };
      if (BUNDLED_WHEN_USED.includes(path)) return { path, namespace: 'bundled' };
      return DEPENDENCIES_LOADED_WHEN_USED.includes(path) ? { path, namespace: 'dependency' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'dependency' }, ({ path }) => ({
      contents: requireEither(`./${dependencyFile(path)}`, path),
    }));
    onLoad({ filter: /.*/, namespace: 'bundled' }, ({ path }) => ({ contents: requireFile(path) }));
    onLoad({ filter: /.*/, namespace: 'never-used' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of the bundled command`)});`,
    }));
  },
};

/** Packages that `require` cannot load everywhere: Jest, for one, reads CommonJS alone in its usual mode. */
const ES_MODULES = new Set(['nanoid', 'tinyqueue']);

/** The library as CommonJS has in it what is ours; npm installs the rest. */
const besideTheLibrary = {
  name: 'beside-the-library',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, kind, namespace }) => {
      if (namespace === 'bundled') return { path, external: true };
      if (kind === 'dynamic-import' && BUNDLED_WHEN_USED.includes(path)) return { path, namespace: 'bundled' };
      return Object.hasOwn(dependencies, path) && !ES_MODULES.has(path) ? { path, external: true } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'bundled' }, ({ path }) => ({ contents: requireFile(path) }));
  },
};

const options = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  // starts faster than ES modules; it has no import.meta
  format: 'cjs',
  define: { 'import.meta.url': 'importMetaUrl', BUNDLED_VERSION: JSON.stringify(version) },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  // its CommonJS build hides its parts from bundlers
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // a stack trace shows the line it points to: keep lines short
  lineLimit: 200,
  // the licences are in THIRD-PARTY-NOTICES
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** Where it is built; it takes the place of dist/ when it is whole, so that nobody meets half of it. */
const building = `dist-${process.pid}`;
process.on('exit', () => rmSync(building, { recursive: true, force: true }));
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', building], { stdio: 'inherit' });

/** The modules of the library that load one of `BUNDLED_WHEN_USED` do so from its file. A module of ours has all names of CommonJS in `default`. */
for (const entry of readdirSync(building, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
  const module = join(entry.parentPath, entry.name);
  const text = readFileSync(module, 'utf8');
  const root = relative(entry.parentPath, building).split(sep).join('/') || '.';
  const rewritten = BUNDLED_WHEN_USED.reduce(
    (before, name) => before.replaceAll(`import('${name}')`, `import('${root}/${lazyFile(name)}').then((loaded) => loaded.default)`),
    text,
  );
  if (rewritten !== text) writeFileSync(module, rewritten);
}

/** What esbuild says it made of what. */
const metafiles = [];
const bundle = async (entries) => metafiles.push((await build(entries)).metafile);

const command = `${building}/mock-etherpad.cjs`;
await bundle({ ...options, entryPoints: ['src/command.ts'], outfile: command, plugins: [besideTheCommand] });
chmodSync(command, 0o755);
// a dynamic import is one of ES modules, which Jest does not let CommonJS make in its usual mode
const asCommonJs = { ...options, minify: false, supported: { 'dynamic-import': false }, plugins: [besideTheLibrary] };
await bundle({ ...asCommonJs, entryPoints: ['src/index.ts'], outfile: `${building}/index.cjs` });
/** Types of CommonJS are the same text in a folder that says so. */
for (const entry of readdirSync(building, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.d.ts') || entry.name === 'vitest.d.ts') continue;
  const copy = join(building, 'commonjs', relative(building, entry.parentPath), entry.name);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(join(entry.parentPath, entry.name), copy);
}
writeFileSync(`${building}/commonjs/package.json`, '{ "type": "commonjs" }\n');
const beside = [
  ...Object.entries(LOADED_WHEN_USED).map(([imported, entry]) => [entry, lazyFile(imported)]),
  ...BUNDLED_WHEN_USED.map((imported) => [imported, lazyFile(imported)]),
  ...DEPENDENCIES_LOADED_WHEN_USED.map((imported) => [imported, dependencyFile(imported)]),
];
for (const [entry, file] of beside) await bundle({ ...options, entryPoints: [entry], outfile: `${building}/${file}` });

const forBrowsers = { bundle: true, minify: true, platform: 'browser', target: 'es2022', legalComments: 'none', logLevel: 'warning' };
const inspector = `${building}/inspector`;
await bundle({
  ...forBrowsers,
  entryPoints: [
    { in: 'src/inspector/main.tsx', out: 'inspector' },
    { in: 'src/inspector/inspector.css', out: 'inspector' },
  ],
  outdir: inspector,
  format: 'esm',
  metafile: true,
});
for (const file of ['index.html', 'inspector.svg']) copyFileSync(`src/inspector/${file}`, `${inspector}/${file}`);
await bundle({
  ...forBrowsers,
  metafile: true,
  entryPoints: ['src/pad-page/pad-page.ts', 'src/pad-page/pad-page.css'],
  outdir: `${building}/pad-page`,
  // it stands in the page itself, whose names it leaves alone
  format: 'iife',
});

writeFileSync(`${building}/THIRD-PARTY-NOTICES`, writeNotices(findBundledPackages(metafiles)));

rmSync('dist', { recursive: true, force: true });
renameSync(building, 'dist');
