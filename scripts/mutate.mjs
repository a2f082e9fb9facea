// Changes the sources on purpose and finds what no test notices: npm run mutate -- [area] [options of stryker run]
import { spawnSync } from 'node:child_process';

/**
 * The parts of the sources, and the tests that are to notice a change in them, the nearest first. They use the sources: a test of
 * the built command cannot notice.
 */
const AREAS = {
  etherpad: {
    sources: ['src/etherpad/**/*.ts'],
    tests: ['test/etherpad', 'test/http', 'test/properties', 'test/emulations', 'test/recordings'],
  },
  sandbox: {
    sources: ['src/sandbox/**/*.ts', 'src/sandbox*.ts'],
    tests: ['test/sandbox', 'test/properties', 'test/control', 'test/http', 'test/inspector'],
  },
  http: {
    sources: ['src/http/**/*.ts'],
    tests: ['test/http', 'test/emulations', 'test/control', 'test/inspector', 'test/clients', 'test/applications', 'test/recordings'],
  },
};

const [first, ...others] = process.argv.slice(2);
const isOption = first?.startsWith('-');
if (first !== undefined && !isOption && !Object.hasOwn(AREAS, first)) {
  console.error(`there is no area ${first}: name ${Object.keys(AREAS).join(', ')}, or none for all`);
  process.exit(2);
}
const names = first === undefined || isOption ? Object.keys(AREAS) : [first];
const options = isOption ? [first, ...others] : others;

for (const name of names) {
  const { sources, tests } = AREAS[name];
  console.log(`\n=== ${name}`);
  const words = ['stryker', 'run', '--mutate', sources.join(','), ...options];
  const environment = { ...process.env, MUTATED_AREA: name, MUTATION_TESTS: tests.join(',') };
  const { status } = spawnSync('npx', ['--no-install', ...words], { stdio: 'inherit', env: environment });
  if (status !== 0) process.exitCode = 1;
}
