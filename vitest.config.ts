import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node 20 has no `await using` of its own
  oxc: { target: 'node20' },
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // a server per test is cheap, a process per test file is not: two threads suit two cores
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 15_000,
    hookTimeout: 15_000,
    teardownTimeout: 5_000,
    restoreMocks: true,
  },
});
