import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decimals, thousands } from '../statistics.mjs';

const APPEND_AT_LEAST = 0.8;
const READ_AT_MOST = 3;
const HEAP_AT_MOST = 3_000;

const program = fileURLToPath(new URL('../servers/fill-pads.mjs', import.meta.url));

/** What pads cost: appending to a long history, reading in the middle of it, and memory. */
export async function run({ quick, say }) {
  say('pads of 10,000 revisions, and 10,000 pads');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, quick ? '9' : '31']);
  const { appendRatio, longPerSecond, shortPerSecond, readMilliseconds, worstReadMilliseconds, bytesPerPad } = JSON.parse(stdout);
  return [
    {
      name: 'append to a long pad',
      what: 'appendText to a pad of 10,000 revisions, against pads of 10',
      value: appendRatio,
      measured: decimals(appendRatio, 3),
      goal: `>= ${APPEND_AT_LEAST}`,
      met: appendRatio >= APPEND_AT_LEAST,
      beside: [`${thousands(longPerSecond)} and ${thousands(shortPerSecond)} calls of the function a second`],
    },
    {
      name: 'read an old revision',
      what: 'getText at revision 5,000 of 10,000, median',
      value: readMilliseconds,
      measured: `${decimals(readMilliseconds)} ms`,
      goal: `<= ${READ_AT_MOST} ms`,
      met: readMilliseconds <= READ_AT_MOST,
      beside: [`${decimals(worstReadMilliseconds)} ms at revision 5,099, which is the farthest from a text that is kept whole`],
    },
    {
      name: 'heap per pad',
      what: 'heap per pad of 1,000 characters at 10,000 pads, after garbage collection',
      value: bytesPerPad,
      measured: `${decimals(bytesPerPad, 0)} bytes`,
      goal: `<= ${thousands(HEAP_AT_MOST)} bytes`,
      met: bytesPerPad <= HEAP_AT_MOST,
      beside: [],
    },
  ];
}
