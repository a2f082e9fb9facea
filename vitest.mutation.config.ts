import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import config, { ACCEPTANCE, unhurried } from './vitest.config.ts';

/** Folders and files of tests, those that are most likely to notice first. `scripts/mutate.mjs` names them. */
const places = (process.env['MUTATION_TESTS'] ?? 'test').split(',');

const rank = ({ moduleId }: TestSpecification): number => places.findIndex((place) => moduleId.includes(`/${place}`));

/** The first test that fails ends the trial of a change. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

const { projects: _projects, ...settings } = config.test!;

export default defineConfig({
  ...config,
  test: {
    ...settings,
    include: places.map((place) => (place.endsWith('.ts') ? place : `${place}/**/*.test.ts`)),
    // a browser takes seconds to start, and would start for each change
    exclude: [...configDefaults.exclude, ...ACCEPTANCE.filter((pattern) => !pattern.includes('robustness')), 'test/**/page*.test.ts'],
    // several of these run beside each other
    maxWorkers: 1,
    // the sources are loaded once for all files: a change is switched on and off in them. What they keep for later, such as a
    // document that was built, may hide a change: --isolate loads them anew for each file
    isolate: process.env['MUTATION_ISOLATED'] === 'true',
    sequence: { sequencer: NearestFirst },
    // a change that makes a test hang is noticed as well, only later
    ...unhurried(20_000),
  },
});
