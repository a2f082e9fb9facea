import { load } from '../load.mjs';
import { PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median, medianRatio, thousands } from '../statistics.mjs';
import { VALID_UNTIL } from './requests.mjs';

const AT_LEAST = 0.9;
const NODE_OPTIONS = ['--max-old-space-size=4096'];

async function filled(sessions) {
  const server = await startServer(PROGRAMS.seeded, { nodeOptions: NODE_OPTIONS });
  const { sessionIDs, groupID, authorID } = await server.tell({ sessions });
  const paths = {
    getSessionInfo: sessionIDs.map((sessionID) => `/api/1.2.15/getSessionInfo?apikey=${server.apiKey}&sessionID=${sessionID}`),
    createSession: [`/api/1.2.15/createSession?apikey=${server.apiKey}&groupID=${groupID}&authorID=${authorID}&validUntil=${VALID_UNTIL}`],
  };
  return { server, paths };
}

/** Whether a server with many sessions is as fast as one with few. */
export async function run({ quick, say }) {
  const many = quick ? 200_000 : 1_000_000;
  const few = 1_000;
  say(`${thousands(many)} sessions`);
  const large = await filled(many);
  const small = await filled(few);
  const rows = [];
  for (const name of ['getSessionInfo', 'createSession']) {
    const results = await interleave(quick ? 3 : 9, {
      large: () => load(large.server, large.paths[name]),
      small: () => load(small.server, small.paths[name]),
    });
    const ratio = medianRatio(column(results.large, 'perSecond'), column(results.small, 'perSecond'));
    rows.push({
      name: `many sessions, ${name}`,
      what: `${name} per second with ${thousands(many)} sessions, against ${thousands(few)}`,
      value: ratio,
      measured: decimals(ratio, 3),
      goal: `>= ${AT_LEAST}`,
      met: ratio >= AT_LEAST,
      beside: [
        `${thousands(median(column(results.large, 'perSecond')))} and ${thousands(median(column(results.small, 'perSecond')))} a second`,
        `by processor time ${decimals(1 / medianRatio(column(results.large, 'processor'), column(results.small, 'processor')))}`,
      ],
    });
  }
  await large.server.stop();
  await small.server.stop();
  return rows;
}
