// What a run of the tests comes to: how many passed and failed, and what was skipped, which only some tests may be.
import { relative } from 'node:path';

/**
 * The tests that may be skipped, and what is missing then. What `.ci/run` installs may be missing only where it cannot
 * install it.
 */
const ALLOWED_SKIPS = [
  { file: /^test\/control\/examples\./, name: /\bjest \(skipped/, reason: 'jest is not one of the packages that npm ci installs' },
  {
    file: /^test\/control\/examples\./,
    name: /\bplaywright \(skipped/,
    reason: '@playwright/test is not one of the packages that npm ci installs',
  },
  { file: /^test\/documentation\/readme\./, name: /needs jest/, reason: 'jest is not one of the packages that npm ci installs' },
  { file: /^test\/documentation\/readme\./, name: /needs pytest/, reason: 'there is no pytest here', isInstalled: true },
  { file: /^test\/documentation\/readme\./, name: /needs phpunit/, reason: 'there is no PHPUnit here', isInstalled: true },
  { file: /^test\/documentation\/readme\./, name: /needs Docker with Compose/, reason: 'there is no Docker with Compose here' },
  { file: /^test\/control\/examples\./, name: /\bpytest \(skipped/, reason: 'there is no pytest here', isInstalled: true },
  { file: /^test\/control\/examples\./, name: /\bphpunit \(skipped/, reason: 'there is no PHPUnit here', isInstalled: true },
  { file: /^test\/control\/examples\./, name: /\bcurl \(skipped/, reason: 'there is no curl here', isInstalled: true },
  { file: /^test\/inspector\/curl\./, name: /^run by a shell/, reason: 'there is no curl here', isInstalled: true },
  { file: /^test\/inspector\/page/, name: /^in a browser/, reason: 'there is no Chromium here', isInstalled: true },
  { file: /^test\/scale-out\./, name: /behind nginx/, reason: 'there is no nginx here', isInstalled: true },
];

const NOT_RUN = new Set(['skipped', 'pending', 'todo', 'disabled']);

/**
 * Counts what vitest's JSON report holds. A test file that could not be run counts as one failure, and so does each test that
 * was skipped and may not be.
 *
 * @param report the report, parsed
 * @param options.project the folder of the project
 * @param options.installs whether what some tests need was to be installed here: then none of them may be skipped
 * @returns the counts, and lines that say what was skipped and why
 */
export function readTestReport({ numPassedTests, numFailedTests, testResults }, { project, installs }) {
  const broken = testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
  });
  const reasons = new Map();
  const refused = [];
  for (const { name: path, assertionResults } of testResults) {
    const file = relative(project, path).replaceAll('\\', '/');
    for (const { status, fullName } of assertionResults) {
      if (!NOT_RUN.has(status)) continue;
      const allowed = ALLOWED_SKIPS.find((skip) => skip.file.test(file) && skip.name.test(fullName));
      const test = `${file}: ${fullName}`;
      if (allowed === undefined) refused.push(`${test} (it is not one of the tests that may be skipped)`);
      else if (allowed.isInstalled && installs) refused.push(`${test} (${allowed.reason}, and it was to be installed)`);
      else {
        const reason = `${file}: ${allowed.reason}`;
        reasons.set(reason, [...(reasons.get(reason) ?? []), fullName]);
      }
    }
  }
  const skipped = [...reasons.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length + refused.length,
    skipped,
    lines: [
      ...[...reasons].map(([reason, names]) => `Skipped, ${names.length === 1 ? '1 test' : `${names.length} tests`} of ${reason}`),
      ...refused.map((test) => `FAILED, since it was skipped: ${test}`),
    ],
  };
}
