import { request, Agent } from 'node:http';
import { call, PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median } from '../statistics.mjs';
import { VALID_UNTIL } from './requests.mjs';

/** Milliseconds that a call may take longer. */
const MOST = 1;

/** Asks one call after the other on some connections; milliseconds of the one in the middle. */
async function latency(url, path, connections, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const taken = [];
  const until = performance.now() + seconds * 1000;
  const ask = () =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      request({ hostname, port, path, agent }, (response) => {
        response.resume();
        response.on('end', () => {
          taken.push(performance.now() - started);
          if (response.statusCode === 200) resolve();
          else reject(new Error(`${path.split('?')[0]} answered ${response.statusCode}`));
        });
      })
        .on('error', reject)
        .end();
    });
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) await ask();
    }),
  );
  agent.destroy();
  return median(taken);
}

/** How much longer a client waits behind `compare` than without it. */
export async function run({ quick, say }) {
  const [rounds, seconds] = quick ? [3, 0.5] : [9, 2];
  say('a comparison');
  const real = await startServer([...PROGRAMS.mock, '--emulate', '3.3.1']);
  const words = ['--port', '0', '--json'];
  const rows = [];
  for (const { name, as } of [
    { name: 'with --as', as: ['--as', '3.3.1'] },
    { name: 'with each emulation', as: [] },
  ]) {
    const proxy = await startServer([...PROGRAMS.mock, 'compare', real.url, ...as], { words });
    const { groupID } = await call({ url: proxy.url, apiKey: real.apiKey }, 'createGroup');
    const { authorID } = await call({ url: proxy.url, apiKey: real.apiKey }, 'createAuthor');
    const { sessionID } = await call({ url: proxy.url, apiKey: real.apiKey }, 'createSession', {
      groupID,
      authorID,
      validUntil: VALID_UNTIL,
    });
    const path = `/api/1.2.15/getSessionInfo?apikey=${real.apiKey}&sessionID=${sessionID}`;
    for (const connections of [1, 10]) {
      const results = await interleave(rounds, {
        alone: async () => ({ milliseconds: await latency(real.url, path, connections, seconds) }),
        compared: async () => ({ milliseconds: await latency(proxy.url, path, connections, seconds) }),
      });
      const [alone, compared] = ['alone', 'compared'].map((one) => column(results[one], 'milliseconds'));
      const value = median(compared.map((milliseconds, round) => milliseconds - alone[round]));
      const isGoal = connections === 1 && as.length > 0;
      rows.push({
        name: `compare, ${name}, ${connections} connections`,
        what: `a call behind compare ${name}, ${connections === 1 ? 'one at a time' : `${connections} connections without a pause`}: longer than without it`,
        value,
        measured: `${decimals(value)} ms`,
        goal: isGoal ? `<= ${MOST} ms` : 'reported',
        met: isGoal ? value <= MOST : null,
        beside: [`${decimals(median(compared))} and ${decimals(median(alone))} ms`],
      });
    }
    const { differences, calls } = await (await fetch(`${proxy.url}/_mock/compare/report`, { method: 'POST' })).json();
    if (differences.length > 0 || calls.same !== calls.compared)
      throw new Error(`compare found differences: ${JSON.stringify(differences)}`);
    await proxy.stop();
  }
  await real.stop();
  return rows;
}
