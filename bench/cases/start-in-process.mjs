import Fastify from 'fastify';
import { get } from 'node:http';
import { resolve as absolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startMockEtherpad } from '../../dist/index.js';
import { decimals, interleave, median, medianRatio } from '../statistics.mjs';

const AT_MOST = 1.25;
const MOST_MILLISECONDS = 5;

const answered = (url) =>
  new Promise((resolve, reject) => {
    get(`${url}/api`, { agent: false }, (response) => response.resume().once('end', resolve)).once('error', reject);
  });

const startMock = (start) => async () => {
  const started = performance.now();
  const etherpad = await start();
  await answered(etherpad.url);
  const taken = performance.now() - started;
  await etherpad.close();
  return taken;
};

async function startFastify() {
  const started = performance.now();
  const server = Fastify();
  server.get('/api', (_request, reply) => reply.send({ currentVersion: '1.3.1' }));
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  await answered(url);
  const taken = performance.now() - started;
  await server.close();
  return taken;
}

/** What a server per test costs: from the call that starts it to its first answer. */
export async function run({ quick, say, against }) {
  say('start in process');
  const startThis = startMock(startMockEtherpad);
  const first = await startThis();
  const other = against === undefined ? undefined : await import(pathToFileURL(absolute(against, 'index.js')).href);
  const results = await interleave(quick ? 60 : 300, {
    mock: startThis,
    fastify: startFastify,
    ...(other === undefined ? {} : { other: startMock(other.startMockEtherpad) }),
  });
  const ratio = medianRatio(results.mock, results.fastify);
  const milliseconds = median(results.mock);
  return [
    {
      name: 'start in process',
      what: 'in process, start to first answer, against bare Fastify without schemas',
      value: ratio,
      measured: decimals(ratio),
      goal: `<= ${AT_MOST}`,
      met: ratio <= AT_MOST,
      beside: other === undefined ? [] : [`${decimals(medianRatio(results.mock, results.other), 3)} of the other build`],
    },
    {
      name: 'start in process, milliseconds',
      what: 'in process, start to first answer, median',
      value: milliseconds,
      measured: `${decimals(milliseconds)} ms`,
      goal: `<= ${MOST_MILLISECONDS} ms`,
      met: milliseconds <= MOST_MILLISECONDS,
      beside: [`bare Fastify ${decimals(median(results.fastify))} ms`, `the first in a process ${decimals(first, 0)} ms`],
    },
  ];
}
