// Runs every check, also after one has failed, and tells how the tests went in its last line: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { readTestReport } from './test-report.mjs';

const REPORT = '.test-report.json';

/** Scripts of package.json, in the order in which a mistake is found soonest. */
const CHECKS = [
  'build',
  'check:types',
  'check:lint',
  'check:format',
  'check:unused',
  'check:generated',
  'check:openapi',
  'check:package',
  'check:dockerfile',
  'check:tests',
];

const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

function run(script) {
  const started = Date.now();
  console.log(`\n=== ${script}`);
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: ['ignore', 'inherit', 'inherit'], env: environment });
  console.log(`--- ${script} ${status === 0 ? 'holds' : 'FAILED'} (${Math.round((Date.now() - started) / 100) / 10} s)`);
  return status === 0;
}

rmSync(REPORT, { force: true });
const failures = CHECKS.filter((script) => !run(script));

/** Whether .ci/run has installed what some tests need. */
const installs = process.env.CI === 'true' && process.getuid?.() === 0;

let tests = { passed: 0, failed: 1, skipped: 0, lines: [] };
try {
  tests = readTestReport(JSON.parse(readFileSync(REPORT, 'utf8')), { project: process.cwd(), installs });
} catch (error) {
  console.log(`\nThe tests left no report (${error.message}): this counts as one failure.`);
}
if (tests.lines.length > 0) console.log(`\n${tests.lines.join('\n')}`);
if (tests.failed > 0 || tests.passed === 0) process.exitCode = 1;
if (failures.length > 0) {
  process.exitCode = 1;
  console.log(`\nFailed: ${failures.join(', ')}`);
}
console.log(`\n${tests.passed} passed, ${tests.failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`);
