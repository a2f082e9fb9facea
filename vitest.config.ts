import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that take long, or need other programs: a browser, npm, nginx, other test runners. `npm test` leaves them out. */
export const ACCEPTANCE = [
  'test/bench.test.ts',
  'test/control/examples.test.ts',
  'test/documentation/readme.test.ts',
  'test/inspector/page*.test.ts',
  'test/package/**/*.test.ts',
  'test/recordings/record.test.ts',
  'test/robustness/**/*.test.ts',
  'test/scale-out.test.ts',
];

/** These only end a test that hangs. A slow machine is no mistake: where time is what is tested, the test measures it. */
export const unhurried = (milliseconds: number) => ({
  testTimeout: milliseconds,
  hookTimeout: milliseconds,
  expect: { poll: { timeout: milliseconds / 2 } },
});

export default defineConfig({
  // Node 20 has no `await using` of its own
  oxc: { target: 'node20' },
  test: {
    environment: 'node',
    // a server per test is cheap, a process per test file is not: two threads suit two cores
    pool: 'threads',
    maxWorkers: 2,
    teardownTimeout: 5_000,
    restoreMocks: true,
    silent: 'passed-only',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ACCEPTANCE],
          ...unhurried(60_000),
        },
      },
      { extends: true, test: { name: 'acceptance', include: ACCEPTANCE, ...unhurried(180_000) } },
    ],
  },
});
