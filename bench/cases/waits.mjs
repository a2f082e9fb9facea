import { setTimeout as pause } from 'node:timers/promises';
import { ask, longestWait } from '../longest-wait.mjs';
import { call, PROGRAMS, startServer } from '../server-process.mjs';
import { decimals, median, thousands } from '../statistics.mjs';

const AT_MOST = 50;

function rowOf(name, what, waits, quiet) {
  const longest = median(waits);
  return {
    name,
    what: `longest wait of another request behind ${what}`,
    value: longest,
    measured: `${decimals(longest, 0)} ms`,
    goal: `<= ${AT_MOST} ms`,
    met: longest <= AT_MOST,
    beside: [
      `rounds: ${waits.map((wait) => decimals(wait, 0)).join(', ')} ms`,
      `with nothing going on: ${quiet.map((wait) => decimals(wait, 0)).join(', ')} ms`,
    ],
  };
}

/** What others notice of the two things that work on many sessions at once. */
export async function run({ quick, say }) {
  const rounds = quick ? 1 : 5;
  const many = quick ? 200_000 : 1_000_000;
  const group = 100_000;
  const server = await startServer(PROGRAMS.seeded, { nodeOptions: ['--max-old-space-size=4096'] });
  const deleting = [];
  const resetting = [];
  const quiet = [];
  for (let round = 0; round < rounds; round++) {
    say('waits, round', round + 1);
    const { groupID } = await server.tell({ sessions: group, inOneGroup: true });
    quiet.push(await longestWait(server, () => undefined));
    deleting.push(await longestWait(server, () => call(server, 'deleteGroup', { groupID })));
    await server.tell({ sessions: many });
    await pause(1_000);
    resetting.push(await longestWait(server, () => ask(`${server.url}/_mock/reset`, { method: 'POST' })));
  }
  await server.stop();
  return [
    rowOf('wait behind deleteGroup', `deleteGroup of ${thousands(group)} sessions`, deleting, quiet),
    rowOf('wait behind reset', `a reset of ${thousands(many)} sessions`, resetting, quiet),
  ];
}
