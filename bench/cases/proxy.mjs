import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decimals, thousands } from '../statistics.mjs';

const PROGRAM = fileURLToPath(new URL('../proxy.mjs', import.meta.url));

/** Milliseconds after which it is given up. */
const MOST_TIME = 300_000;

/** What nginx costs in front of several mocks. */
export async function run({ quick, say }) {
  say('a proxy');
  let result;
  try {
    result = JSON.parse(
      (await promisify(execFile)(process.execPath, [PROGRAM, '--json', ...(quick ? ['--quick'] : [])], { timeout: MOST_TIME })).stdout,
    );
  } catch (error) {
    const reason = String(error.stdout || error.message)
      .trim()
      .split('\n')[0];
    return [{ name: 'proxy', what: 'requests per second through nginx to four mocks', skipped: reason }];
  }
  return result.rows.map(({ connections, ratio, straightPerSecond, proxiedPerSecond, straightMilliseconds, proxiedMilliseconds }) => ({
    name: `proxy, ${connections} connections`,
    what: `requests per second through nginx to four mocks, against straight to one, ${connections} connections`,
    value: ratio,
    measured: decimals(ratio),
    goal: 'reported',
    met: null,
    beside: [
      `${thousands(proxiedPerSecond)} and ${thousands(straightPerSecond)} a second`,
      `${decimals(proxiedMilliseconds)} and ${decimals(straightMilliseconds)} ms each`,
    ],
  }));
}
