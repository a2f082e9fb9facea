import { load } from '../load.mjs';
import { call, commandOf, PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median, medianRatio, spread, thousands } from '../statistics.mjs';

const FUNCTIONS = { getSessionInfo: 0.95, createSession: 0.85 };

export const VALID_UNTIL = '1999999999';

/** What a mock is asked for: a session that it has, and one more. */
export async function pathsOf(mock) {
  const { groupID } = await call(mock, 'createGroup');
  const { authorID } = await call(mock, 'createAuthor');
  const { sessionID } = await call(mock, 'createSession', { groupID, authorID, validUntil: VALID_UNTIL });
  const path = (name, parameters) => `/api/1.2.15/${name}?${new URLSearchParams({ apikey: mock.apiKey, ...parameters })}`;
  return {
    getSessionInfo: path('getSessionInfo', { sessionID }),
    createSession: path('createSession', { groupID, authorID, validUntil: VALID_UNTIL }),
  };
}

/** Rounds of all programs in processes of their own: two processes of the same program can differ by a tenth. */
async function measure(programs, name, connections, rounds) {
  const servers = {};
  for (const [program, words] of Object.entries(programs)) servers[program] = await startServer(words);
  const contenders = {};
  for (const [program, server] of Object.entries(servers)) {
    // who has no key answers any request
    const path = (await pathsOf(server.apiKey === undefined ? servers.mock : server))[name];
    contenders[program] = () => load(server, [path], { connections });
  }
  const results = await interleave(rounds, contenders);
  for (const server of Object.values(servers)) await server.stop();
  return results;
}

/** What requests cost against bare Fastify and bare node:http that give the same answers, and against another build. */
export async function run({ quick, say, against }) {
  const [starts, rounds] = quick ? [1, 3] : [5, 3];
  const { mock, fastify, http } = PROGRAMS;
  const programs = { mock, fastify, http, ...(against === undefined ? {} : { other: commandOf(against) }) };
  const rows = [];
  for (const [name, atLeast] of Object.entries(FUNCTIONS)) {
    for (const connections of [10, 100]) {
      say(`${name}, ${connections} connections`);
      const results = Object.fromEntries(Object.keys(programs).map((program) => [program, []]));
      for (let start = 0; start < starts; start++) {
        const measured = await measure(programs, name, connections, rounds);
        for (const program of Object.keys(programs)) results[program].push(...measured[program]);
      }
      const perSecond = (other) => medianRatio(column(results.mock, 'perSecond'), column(results[other], 'perSecond'));
      const processor = (other) => medianRatio(column(results[other], 'processor'), column(results.mock, 'processor'));
      const beside = (other) => [
        `per second ${decimals(perSecond(other))}`,
        `${decimals(median(column(results.mock, 'processor')), 1)} and ${decimals(median(column(results[other], 'processor')), 1)} microseconds a request`,
      ];
      const ratio = processor('fastify');
      rows.push({
        name: `${name}, ${connections} connections`,
        what: `${name}, ${connections} connections, by processor time against bare Fastify`,
        value: ratio,
        measured: decimals(ratio, 3),
        goal: `>= ${atLeast}`,
        met: ratio >= atLeast,
        beside: [
          ...beside('fastify'),
          `${thousands(median(column(results.mock, 'perSecond')))} a second`,
          `against bare node:http by processor time ${decimals(processor('http'))}, per second ${decimals(perSecond('http'))}`,
        ],
      });
      if (against === undefined) continue;
      const noise = spread(column(results.other, 'processor'));
      rows.push({
        name: `${name}, ${connections} connections, against the other build`,
        what: `${name}, ${connections} connections, by processor time against the other build`,
        value: processor('other'),
        measured: decimals(processor('other'), 3),
        goal: '>= 1, or the noise',
        met: processor('other') >= 1 - noise,
        beside: [...beside('other'), `the noise ${decimals(noise * 100, 1)} %`],
      });
    }
  }
  return rows;
}
