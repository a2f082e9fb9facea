import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decimals, thousands } from '../statistics.mjs';

const AT_MOST = 250;

const program = fileURLToPath(new URL('../servers/fill-heap.mjs', import.meta.url));

/** What a live session costs in memory. */
export async function run({ quick, say }) {
  const sessions = quick ? 200_000 : 1_000_000;
  say(`heap of ${thousands(sessions)} sessions`);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--max-old-space-size=4096', program, String(sessions)]);
  const { bytesPerSession } = JSON.parse(stdout);
  return [
    {
      name: 'heap per session',
      what: `heap per live session at ${thousands(sessions)} sessions, after garbage collection`,
      value: bytesPerSession,
      measured: `${decimals(bytesPerSession, 0)} bytes`,
      goal: `<= ${AT_MOST} bytes`,
      met: bytesPerSession <= AT_MOST,
      beside: [],
    },
  ];
}
