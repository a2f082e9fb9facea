import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const { readTestReport } = (await import(join(PROJECT, 'scripts/test-report.mjs'))) as {
  readTestReport: (
    report: Report,
    options: { project: string; installs: boolean },
  ) => { passed: number; failed: number; skipped: number; lines: string[] };
};

const reportOf = (file: string, names: readonly string[], status = 'skipped'): Report => ({
  numPassedTests: 7,
  numFailedTests: 0,
  testResults: [
    { name: `/project/${file}`, status: 'passed', assertionResults: names.map((fullName) => ({ status, fullName })) },
    { name: '/project/test/other.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'another' }] },
  ],
});
const read = (report: Report, installs = false) => readTestReport(report, { project: '/project', installs });

describe('a test that was skipped', () => {
  test.each([
    ['test/inspector/page.test.ts', 'in a browser state a session that is deleted disappears', 'there is no Chromium here'],
    ['test/scale-out.test.ts', 'sandboxes on four replicas behind nginx limits are answered', 'there is no nginx here'],
    ['test/control/examples.test.ts', 'examples by HTTP pytest (skipped: pytest is not installed here)', 'there is no pytest here'],
    ['test/control/examples.test.ts', 'examples by HTTP phpunit (skipped: PHPUnit is not installed here)', 'there is no PHPUnit here'],
  ])('of %s is counted with its reason, and is a failure where it was to be installed', (file, name, reason) => {
    expect(read(reportOf(file, [name, name]))).toEqual({
      passed: 7,
      failed: 0,
      skipped: 2,
      lines: [`Skipped, 2 tests of ${file}: ${reason}`],
    });
    const line = `FAILED, since it was skipped: ${file}: ${name} (${reason}, and it was to be installed)`;
    expect(read(reportOf(file, [name]), true)).toEqual({ passed: 7, failed: 1, skipped: 0, lines: [line] });
  });

  test('for what nobody installs is allowed everywhere', () => {
    const report = reportOf('test/control/examples.test.ts', [
      'examples in process jest (skipped: the package jest is not installed here)',
    ]);
    expect(read(report, true)).toMatchObject({ failed: 0, skipped: 1 });
  });

  test.each([
    ['one of another file', 'test/http/paths.test.ts', 'in a browser a path'],
    ['another of the file', 'test/control/examples.test.ts', 'examples in process node:test'],
  ])('and is %s is a failure', (_which, file, name) => {
    for (const status of ['skipped', 'pending', 'todo']) {
      expect(read(reportOf(file, [name], status))).toEqual({
        passed: 7,
        failed: 1,
        skipped: 0,
        lines: [`FAILED, since it was skipped: ${file}: ${name} (it is not one of the tests that may be skipped)`],
      });
    }
  });
});

test('a file that could not be run is a failure', () => {
  const report = {
    numPassedTests: 1,
    numFailedTests: 2,
    testResults: [{ name: '/project/test/a.test.ts', status: 'failed', assertionResults: [] }],
  };
  expect(read(report)).toEqual({ passed: 1, failed: 3, skipped: 0, lines: [] });
});
