import { setTimeout as pause } from 'node:timers/promises';
import { load } from '../load.mjs';
import { call, PROGRAMS, startServer } from '../server-process.mjs';
import { decimals, mebibytes, median, thousands } from '../statistics.mjs';
import { VALID_UNTIL } from './requests.mjs';

const AT_MOST = 1.1;

/** Two readings differ by so much without anything being kept. */
const NOISE = 1.05;

/** Memory after a start and one answer, when nothing has moved for a moment. */
async function memoryAtStart(program) {
  const server = await startServer(program);
  await fetch(`${server.url}/api`);
  await pause(500);
  const bytes = server.memory();
  await server.stop();
  return bytes;
}

/** Sends requests, and reads the memory each time another tenth of them was answered. */
async function memoryUnderLoad(server, path, requests) {
  const readings = [];
  for (let sent = 0; readings.length < 10;) {
    sent += (await load(server, [path])).requests;
    while (sent >= ((readings.length + 1) * requests) / 10 && readings.length < 10) readings.push(server.memory());
  }
  return readings;
}

/** Memory of the command against bare Fastify, at start and under load, as the system counts it. */
export async function run({ quick, say }) {
  const requests = quick ? 200_000 : 1_000_000;
  say('memory at start');
  if ((await memoryAtStart(PROGRAMS.http)) === undefined)
    return [{ name: 'memory', what: 'memory', skipped: 'the memory of a process is read from /proc, which is not there' }];
  const start = { mock: [], fastify: [] };
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    for (const program of ['mock', 'fastify']) start[program].push(await memoryAtStart(PROGRAMS[program]));
  }
  const startRatio = median(start.mock) / median(start.fastify);

  say(`memory after ${thousands(requests)} requests`);
  const mock = await startServer(PROGRAMS.mock);
  const fastify = await startServer(PROGRAMS.fastify);
  const { groupID } = await call(mock, 'createGroup');
  const { authorID } = await call(mock, 'createAuthor');
  const { sessionID } = await call(mock, 'createSession', { groupID, authorID, validUntil: VALID_UNTIL });
  const path = `/api/1.2.15/getSessionInfo?apikey=${mock.apiKey}&sessionID=${sessionID}`;
  const readings = await memoryUnderLoad(mock, path, requests);
  const others = await memoryUnderLoad(fastify, path, requests);
  await mock.stop();
  await fastify.stop();
  const loadRatio = median(readings.slice(-3)) / median(others.slice(-3));
  const growth = median(readings.slice(-3)) / median(readings.slice(2, 5));

  return [
    {
      name: 'memory at start',
      what: 'memory at start, against bare Fastify',
      value: startRatio,
      measured: decimals(startRatio),
      goal: `<= ${AT_MOST}`,
      met: startRatio <= AT_MOST,
      beside: [mebibytes(median(start.mock)), `bare Fastify ${mebibytes(median(start.fastify))}`],
    },
    {
      name: 'memory after load',
      what: `memory after ${thousands(requests)} requests, against bare Fastify`,
      value: loadRatio,
      measured: decimals(loadRatio),
      goal: `<= ${AT_MOST}`,
      met: loadRatio <= AT_MOST,
      beside: [mebibytes(readings.at(-1)), `bare Fastify ${mebibytes(others.at(-1))}`],
    },
    {
      name: 'memory growth',
      what: `memory at the end of ${thousands(requests)} requests, against after a third of them`,
      value: growth,
      measured: decimals(growth),
      goal: `no growth (<= ${NOISE})`,
      met: growth <= NOISE,
      beside: [`at each tenth, in MB: ${readings.map((bytes) => Math.round(bytes / 2 ** 20)).join(' ')}`],
    },
  ];
}
