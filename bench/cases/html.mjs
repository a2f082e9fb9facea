import { ask, longestWait } from '../longest-wait.mjs';
import { PROGRAMS, startServer } from '../server-process.mjs';
import { decimals, median } from '../statistics.mjs';

const AT_MOST = 100;
const TIMES_AT_MOST = 10;
const WAIT_AT_MOST = 200;

const LISTS = '<ul><li>item one<ul><li>two<ol><li>three</li><li>four</li></ol></li></ul></li><li>five</li></ul>';
const listsOf = (characters) => LISTS.repeat(Math.ceil(characters / LISTS.length));

const HOSTILE = {
  '100,000 nested tags': '<div>'.repeat(100_000),
  '1 MB of `<`': '<'.repeat(1_000_000),
  'formats across 1 MB of paragraphs': `<p><b><i><u>${'<p>x'.repeat(250_000)}`,
  '1 MB of formats that cross': '<i><b><a><p>x</b>'.repeat(60_000),
};

/** What HTML costs: how long setHTML takes, and what others notice of it. */
export async function run({ quick, say }) {
  const server = await startServer(PROGRAMS.mock);
  const url = (name) => `${server.url}/api/1.3.0/${name}`;
  const send = (name, parameters) =>
    ask(
      url(name),
      { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      new URLSearchParams({ apikey: server.apiKey, ...parameters }).toString(),
    );
  const timed = async (padID, html) => {
    const started = performance.now();
    await send('setHTML', { padID, html });
    return performance.now() - started;
  };
  // a pad for each: it is no part of the one to remove what the other left
  for (const padID of ['short', 'long', 'hostile']) await send('createPad', { padID, text: 'x' });
  await timed('short', listsOf(100_000));

  const rounds = quick ? 3 : 15;
  const short = [];
  const long = [];
  for (let round = 0; round < rounds; round++) {
    say('setHTML of nested lists, round', round + 1);
    short.push(await timed('short', listsOf(100_000)));
    long.push(await timed('long', listsOf(1_000_000)));
  }
  const waits = [];
  for (const [what, html] of Object.entries(HOSTILE)) {
    say('setHTML of', what);
    waits.push([what, await longestWait(server, () => send('setHTML', { padID: 'hostile', html }))]);
  }
  await server.stop();

  const hundred = median(short);
  const times = median(long) / hundred;
  const longest = Math.max(...waits.map(([, wait]) => wait));
  return [
    {
      name: 'setHTML of lists',
      what: 'setHTML of 100 kB of nested lists, median',
      value: hundred,
      measured: `${decimals(hundred, 0)} ms`,
      goal: `<= ${AT_MOST} ms`,
      met: hundred <= AT_MOST,
      beside: [`rounds: ${short.map((time) => decimals(time, 0)).join(', ')} ms`],
    },
    {
      name: 'setHTML of ten times that',
      what: 'setHTML of 1 MB of nested lists, against 100 kB',
      value: times,
      measured: `${decimals(times, 1)} times`,
      goal: `<= ${TIMES_AT_MOST} times`,
      met: times <= TIMES_AT_MOST,
      beside: [`rounds: ${long.map((time) => decimals(time, 0)).join(', ')} ms`],
    },
    {
      name: 'wait behind hostile HTML',
      what: 'longest wait of another request behind setHTML of hostile HTML',
      value: longest,
      measured: `${decimals(longest, 0)} ms`,
      goal: `<= ${WAIT_AT_MOST} ms`,
      met: longest <= WAIT_AT_MOST,
      beside: waits.map(([what, wait]) => `${what}: ${decimals(wait, 0)} ms`),
    },
  ];
}
