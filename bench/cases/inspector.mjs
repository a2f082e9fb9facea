import { setTimeout as pause } from 'node:timers/promises';
import { load } from '../load.mjs';
import { call, PROGRAMS, startServer } from '../server-process.mjs';
import { column, decimals, interleave, median, medianRatio, spread, thousands } from '../statistics.mjs';
import { VALID_UNTIL } from './requests.mjs';

const AT_LEAST = 0.95;

/** The lists of the page, and how it asks for them again: as src/inspector/window.ts does. */
const LISTS = ['sessions', 'groups', 'authors', 'requests'];
const SHORTEST_PAUSE = 250;
const PAUSE_FACTOR = 20;

/** Does what a page left open does: follows the stream, and asks for every list again, with its pauses. */
function openPage({ url }) {
  const closing = new AbortController();
  const { signal } = closing;
  const follow = async () => {
    const response = await fetch(`${url}/_mock/events`, { signal });
    if (!response.ok) throw new Error(`/_mock/events answered ${response.status}`);
    for await (const _chunk of response.body) if (signal.aborted) return;
  };
  const keepAsking = async (list) => {
    while (!signal.aborted) {
      const started = performance.now();
      const response = await fetch(`${url}/_mock/inspector/${list}?filter=&offset=0&limit=50`, { signal });
      await response.json();
      await pause(Math.max(SHORTEST_PAUSE, PAUSE_FACTOR * (performance.now() - started)), undefined, { signal });
    }
  };
  const ended = Promise.allSettled([follow(), ...LISTS.map(keepAsking)]);
  return async () => {
    closing.abort();
    const broken = (await ended).find(({ status, reason }) => status === 'rejected' && reason.name !== 'AbortError');
    if (broken !== undefined) throw broken.reason;
  };
}

/** What a page left open costs a server at full load. */
export async function run({ quick, say }) {
  const [rounds, seconds] = quick ? [3, 1] : [11, 2];
  say('an open inspector');
  const server = await startServer(PROGRAMS.mock);
  const { status } = await fetch(`${server.url}/_mock/inspector/sessions`);
  if (status === 404) {
    await server.stop();
    return [{ name: 'inspector', what: 'what an open inspector costs', skipped: 'this build has no inspector' }];
  }
  const { groupID } = await call(server, 'createGroup');
  const { authorID } = await call(server, 'createAuthor');
  const { sessionID } = await call(server, 'createSession', { groupID, authorID, validUntil: VALID_UNTIL });
  const paths = [`/api/1.2.15/getSessionInfo?apikey=${server.apiKey}&sessionID=${sessionID}`];
  const results = await interleave(rounds, {
    open: async () => {
      const close = openPage(server);
      await pause(100);
      const result = await load(server, paths, { seconds });
      await close();
      return result;
    },
    closed: async () => {
      await pause(100);
      return load(server, paths, { seconds });
    },
  });
  await server.stop();
  const ratio = medianRatio(column(results.open, 'perSecond'), column(results.closed, 'perSecond'));
  const closed = column(results.closed, 'perSecond');
  const noise = spread(closed);
  return [
    {
      name: 'inspector',
      what: 'requests per second with an inspector open, against none',
      value: ratio,
      measured: decimals(ratio, 3),
      goal: `>= ${AT_LEAST}, or the noise`,
      met: ratio >= Math.min(AT_LEAST, 1 - noise),
      beside: [
        `${thousands(median(column(results.open, 'perSecond')))} and ${thousands(median(closed))} a second`,
        `by processor time ${decimals(1 / medianRatio(column(results.open, 'processor'), column(results.closed, 'processor')))}`,
        `the noise, half of what the middle half of the rounds without it spans: ${decimals(noise * 100, 1)} %`,
      ],
    },
  ];
}
