import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOAK = fileURLToPath(new URL('../../bench/soak.mjs', import.meta.url));

/** Ten seconds find what goes wrong at once; minutes of it, by hand, what goes wrong slowly. */
test('a short soak: sandboxes, faults and clock changes at full speed', async () => {
  const { status, stdout } = await new Promise<{ status: number; stdout: string }>((resolve) => {
    execFile(process.execPath, [SOAK, '--seconds', '10', '--json'], (error, text) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout: text }),
    );
  });
  const result = JSON.parse(stdout) as {
    failures: string[];
    requests: number;
    faults: number;
    control: number;
    eventLoopDelay: { p99: number };
  };
  // other tests run beside this one and take their share of the processors
  const failures = result.failures.filter((failure) => !failure.startsWith('event-loop delay'));
  expect(failures).toEqual([]);
  expect(status === 0 || result.failures.length > 0).toBe(true);
  expect(result.eventLoopDelay.p99).toBeLessThan(250);
  expect(result.requests).toBeGreaterThan(1_000);
  expect(result.faults).toBeGreaterThan(10);
  expect(result.control).toBeGreaterThan(50);
});
