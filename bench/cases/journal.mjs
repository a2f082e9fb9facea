import { load } from '../load.mjs';
import { PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median, medianRatio, spread } from '../statistics.mjs';
import { pathsOf } from './requests.mjs';

const AT_MOST = 1.05;

const WORDS = ['--port', '0', '--json', '--log-level', 'silent'];

const JOURNALS = { on: [], off: ['--journal-size', '0'] };

/** Rounds of a mock whose journal is full, and of one that has none: the round that does not count fills it. */
async function measure(name, rounds) {
  const servers = {};
  const contenders = {};
  for (const [journal, words] of Object.entries(JOURNALS)) {
    const server = await startServer(PROGRAMS.mock, { words: [...WORDS, ...words] });
    const path = (await pathsOf(server))[name];
    servers[journal] = server;
    contenders[journal] = () => load(server, [path]);
  }
  const results = await interleave(rounds, contenders);
  for (const server of Object.values(servers)) await server.stop();
  return results;
}

/** What a full journal costs, by processor time for each request. */
export async function run({ quick, say }) {
  const [starts, rounds] = quick ? [1, 3] : [5, 4];
  const rows = [];
  for (const name of ['getSessionInfo', 'createSession']) {
    say(`${name} with the journal full, and without a journal`);
    const results = { on: [], off: [] };
    for (let start = 0; start < starts; start++) {
      const measured = await measure(name, rounds);
      for (const journal of Object.keys(JOURNALS)) results[journal].push(...measured[journal]);
    }
    const [on, off] = [column(results.on, 'processor'), column(results.off, 'processor')];
    if (on.some(Number.isNaN)) {
      rows.push({
        name: `journal, ${name}`,
        what: `journal, ${name}`,
        skipped: 'the time of a process is read from /proc, which is not there',
      });
      continue;
    }
    const ratio = medianRatio(on, off);
    rows.push({
      name: `journal, ${name}`,
      what: `processor time of ${name} with the journal full, against none`,
      value: ratio,
      measured: decimals(ratio, 3),
      goal: `<= ${AT_MOST}`,
      met: ratio <= AT_MOST,
      beside: [
        `${decimals(median(on), 1)} and ${decimals(median(off), 1)} microseconds`,
        `per second ${decimals(medianRatio(column(results.on, 'perSecond'), column(results.off, 'perSecond')))}`,
        `rounds without it differ by ${Math.round(200 * spread(off))} %`,
      ],
    });
  }
  return rows;
}
