import { load } from '../load.mjs';
import { call, PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median, medianRatio, thousands } from '../statistics.mjs';

const FUNCTIONS = { getSessionInfo: 0.95, createSession: 0.85 };

export const VALID_UNTIL = '1999999999';

/** What a mock is asked for: a session that it has, and one more. */
async function pathsOf(mock) {
  const { groupID } = await call(mock, 'createGroup');
  const { authorID } = await call(mock, 'createAuthor');
  const { sessionID } = await call(mock, 'createSession', { groupID, authorID, validUntil: VALID_UNTIL });
  const path = (name, parameters) => `/api/1.2.15/${name}?${new URLSearchParams({ apikey: mock.apiKey, ...parameters })}`;
  return {
    getSessionInfo: path('getSessionInfo', { sessionID }),
    createSession: path('createSession', { groupID, authorID, validUntil: VALID_UNTIL }),
  };
}

const PROGRAM_NAMES = ['mock', 'fastify', 'http'];

/** Rounds of all programs in processes of their own: two processes of the same program can differ by a tenth. */
async function measure(name, connections, rounds) {
  const servers = {};
  for (const program of PROGRAM_NAMES) servers[program] = await startServer(PROGRAMS[program]);
  const path = (await pathsOf(servers.mock))[name];
  const contenders = PROGRAM_NAMES.map((program) => [program, () => load(servers[program], [path], { connections })]);
  const results = await interleave(rounds, Object.fromEntries(contenders));
  for (const server of Object.values(servers)) await server.stop();
  return results;
}

/** Requests per second against bare Fastify and bare node:http that give the same answers. */
export async function run({ quick, say }) {
  const [starts, rounds] = quick ? [1, 2] : [5, 3];
  const rows = [];
  for (const [name, atLeast] of Object.entries(FUNCTIONS)) {
    for (const connections of [10, 100]) {
      say(`${name}, ${connections} connections`);
      const results = { mock: [], fastify: [], http: [] };
      for (let start = 0; start < starts; start++) {
        const measured = await measure(name, connections, rounds);
        for (const program of PROGRAM_NAMES) results[program].push(...measured[program]);
      }
      const against = (other, figure) => medianRatio(column(results.mock, figure), column(results[other], figure));
      const ratio = against('fastify', 'perSecond');
      rows.push({
        name: `${name}, ${connections} connections`,
        what: `${name} per second, ${connections} connections, against bare Fastify`,
        value: ratio,
        measured: decimals(ratio, 3),
        goal: `>= ${atLeast}`,
        met: ratio >= atLeast,
        beside: [
          `${thousands(median(column(results.mock, 'perSecond')))} a second`,
          `${decimals(against('http', 'perSecond'))} of bare node:http`,
          `by processor time ${decimals(1 / against('fastify', 'processor'))} of bare Fastify, ${decimals(1 / against('http', 'processor'))} of bare node:http`,
        ],
      });
    }
  }
  return rows;
}
