// npm run mutate: changes the sources on purpose, one place at a time, and finds the changes that no test notices.
const { MUTATED_AREA: area } = process.env;

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  // it would be rewritten with the API of TypeScript, which TypeScript 7 does not have; no test needs it
  tsconfigFile: 'none',
  // nothing checks types here, and the files stay as they are
  disableTypeChecks: false,
  concurrency: 2,
  ignorePatterns: ['coverage', 'reports'],
  // what did not change since the last run is not tried again
  incremental: true,
  incrementalFile: `reports/mutation/${area}.incremental.json`,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: `reports/mutation/${area}.json` },
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
};
