// Changes the sources on purpose and finds what no test notices: npm run mutate -- [area] [--sample places] [--seed number] [--isolate] [options of stryker run]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The parts of the sources, and the tests that are to notice a change in them, the nearest first. They use the sources: a test of
 * the built command cannot notice.
 */
const AREAS = {
  etherpad: {
    sources: 'src/etherpad',
    tests: [
      'test/etherpad',
      'test/pages',
      'test/oidc',
      'test/http',
      'test/properties',
      'test/emulations',
      'test/recordings',
      'test/control',
    ],
  },
  sandbox: {
    sources: 'src/sandbox',
    tests: [
      'test/sandbox',
      'test/guarded.test.ts',
      'test/properties',
      'test/control',
      'test/http',
      'test/inspector',
      'test/pages/journal.test.ts',
    ],
  },
  http: {
    sources: 'src/http',
    tests: [
      'test/http',
      'test/robustness/limits.test.ts',
      'test/robustness/time-outs.test.ts',
      'test/emulations',
      'test/control',
      'test/inspector',
      'test/pages',
      'test/oidc',
      'test/clients',
      'test/applications',
      'test/recordings',
    ],
  },
};

/** A place of a sample: so many lines of a file. */
const LINES = 8;

/**
 * Places of the sources, chosen at random: the same seed chooses the same places of the same sources.
 *
 * @param {string} folder with sources
 * @param {number} count of places
 * @param {string} seed
 * @returns {string[]} `src/etherpad/ids.ts:9-16`, as Stryker takes them
 */
function sampleOf(folder, count, seed) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const places = files.flatMap((file) => {
    const lines = readFileSync(`${folder}/${file}`, 'utf8').split('\n').length;
    return Array.from({ length: Math.ceil(lines / LINES) }, (_, index) => `${folder}/${file}:${index * LINES + 1}-${(index + 1) * LINES}`);
  });
  const ranked = places.map((place) => `${createHash('sha256').update(`${seed} ${place}`).digest('hex')} ${place}`).toSorted();
  return ranked.slice(0, count).map((line) => line.split(' ')[1]);
}

/** Takes an option and its value out of the words. */
function take(words, name) {
  const index = words.indexOf(name);
  return index === -1 ? undefined : (words.splice(index, 2)[1] ?? '');
}

const words = process.argv.slice(2);
const isolates = words.includes('--isolate');
if (isolates) words.splice(words.indexOf('--isolate'), 1);
const sample = take(words, '--sample');
const seed = take(words, '--seed') ?? '1';
if (sample !== undefined && !/^[1-9]\d*$/.test(sample)) {
  console.error('--sample is a count of places, such as 40');
  process.exit(2);
}
const isArea = words.length > 0 && !words[0].startsWith('-');
if (isArea && !Object.hasOwn(AREAS, words[0])) {
  console.error(`there is no area ${words[0]}: name ${Object.keys(AREAS).join(', ')}, or none for all`);
  process.exit(2);
}
const names = isArea ? [words.shift()] : Object.keys(AREAS);

for (const name of names) {
  const { sources, tests } = AREAS[name];
  const places = sample === undefined ? [`${sources}/**/*.ts`] : sampleOf(sources, Number(sample), seed);
  console.log(`\n=== ${name}`);
  const options = ['stryker', 'run', '--mutate', places.join(','), ...words];
  const environment = { ...process.env, MUTATED_AREA: name, MUTATION_TESTS: tests.join(','), MUTATION_ISOLATED: String(isolates) };
  const { status } = spawnSync('npx', ['--no-install', ...options], { stdio: 'inherit', env: environment });
  if (status !== 0) process.exitCode = 1;
}
