import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { megabytes } from '../statistics.mjs';

const execute = promisify(execFile);
const PROJECT = fileURLToPath(new URL('..', new URL('..', import.meta.url)));
const MEGABYTE = 1e6;

/** Bytes of a file, or of all files in a folder. */
function sizeOf(path) {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

function rowOf(name, what, bytes, atMost, beside = []) {
  return { name, what, value: bytes, measured: megabytes(bytes), goal: `<= ${atMost} MB`, met: bytes <= atMost * MEGABYTE, beside };
}

/** What `npm install mock-etherpad` puts into an empty project. */
async function installed() {
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-bench-'));
  const name = 'installed files';
  const what = 'files that npm installs, dependencies included';
  try {
    const { stdout } = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: PROJECT });
    const [{ filename }] = Object.values(JSON.parse(stdout));
    writeFileSync(join(folder, 'package.json'), '{}');
    await execute('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', join(folder, filename)], { cwd: folder });
    const modules = join(folder, 'node_modules');
    return rowOf(name, what, sizeOf(modules), 15, [`the package itself ${megabytes(sizeOf(join(modules, 'mock-etherpad')))}`]);
  } catch (error) {
    return {
      name,
      what,
      skipped: `npm installs nothing here: ${
        String(error.stderr ?? error.message)
          .trim()
          .split('\n')[0]
      }`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const BASE = /^FROM +(\S+)/gm;
const IMAGE = 'localhost/mock-etherpad-bench';

/** The image's size without that of its base, as a container engine counts it. */
async function builtImage(base) {
  await execute('buildah', ['images', '--quiet', base]);
  await execute('buildah', ['build', '--isolation', 'chroot', '--pull-never', '--format', 'docker', '--tag', IMAGE, PROJECT]);
  const size = async (image) => Number((await execute('podman', ['image', 'inspect', '--format', '{{.Size}}', image])).stdout);
  return (await size(IMAGE)) - (await size(base));
}

/** What the last stage of the Dockerfile copies, which is all that its layers hold. */
function copiedFiles(dockerfile) {
  const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const sources = [...lastStage.matchAll(/^COPY (?:--\S+ +)*(.+) \S+$/gm)].flatMap(([, files]) => files.split(/ +/));
  return sources
    .map((source) => sizeOf(join(PROJECT, posix.normalize(source.replace(/^\/build\//, '')))))
    .reduce((sum, size) => sum + size, 0);
}

async function imageLayers() {
  const dockerfile = readFileSync(join(PROJECT, 'Dockerfile'), 'utf8');
  const base = [...dockerfile.matchAll(BASE)].at(-1)[1];
  const what = "the image's own layers";
  try {
    return rowOf('image layers', what, await builtImage(base), 3, ['built, without its base image']);
  } catch {
    return rowOf('image layers', what, copiedFiles(dockerfile), 3, [
      `the files that they are made of: without buildah, podman and ${base} no image is built`,
    ]);
  }
}

/** How much is installed, started and shipped. */
export async function run({ say }) {
  say('sizes');
  return [
    await installed(),
    rowOf('bundled command', 'the bundled command, dist/mock-etherpad.cjs', sizeOf(join(PROJECT, 'dist/mock-etherpad.cjs')), 1.5),
    await imageLayers(),
  ];
}
