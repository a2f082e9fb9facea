import { load } from '../load.mjs';
import { call, PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median, medianRatio, thousands } from '../statistics.mjs';
import { VALID_UNTIL } from './requests.mjs';

const AT_LEAST = 0.9;
const SESSIONS = 100_000;

/** Whether a session more in a large group takes longer than the first one of a group. */
export async function run({ quick, say }) {
  say(`a group of ${thousands(SESSIONS)} sessions`);
  const server = await startServer(PROGRAMS.seeded);
  const { groupID: largeGroup } = await server.tell({ sessions: SESSIONS, inOneGroup: true });
  const { authorID } = await call(server, 'createAuthor');
  const create = (groupID) =>
    load(server, [
      `/api/1.2.15/createSession?${new URLSearchParams({ apikey: server.apiKey, groupID, authorID, validUntil: VALID_UNTIL })}`,
    ]);
  const results = await interleave(quick ? 3 : 9, {
    large: () => create(largeGroup),
    empty: async () => create((await call(server, 'createGroup')).groupID),
  });
  await server.stop();
  const ratio = medianRatio(column(results.large, 'perSecond'), column(results.empty, 'perSecond'));
  return [
    {
      name: 'large group',
      what: `createSession into a group of ${thousands(SESSIONS)} sessions, against an empty one`,
      value: ratio,
      measured: decimals(ratio, 3),
      goal: `>= ${AT_LEAST}`,
      met: ratio >= AT_LEAST,
      beside: [
        `${thousands(median(column(results.large, 'perSecond')))} and ${thousands(median(column(results.empty, 'perSecond')))} a second`,
        `by processor time ${decimals(1 / medianRatio(column(results.large, 'processor'), column(results.empty, 'processor')))}`,
      ],
    },
  ];
}
