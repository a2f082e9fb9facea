import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How long other requests go on being timed after the one that they may have to wait for: its work is done in steps. */
const AFTERWARDS = 2_000;

/** Sends a request and reads its answer away. */
export const ask = (url, options, body) =>
  new Promise((resolve, reject) => {
    request(url, options, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end(body);
  });

/** The longest of many requests, one after the other, while something else is done. */
export async function longestWait(server, doSomething) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = `${server.url}/api/1.2.15/checkToken?apikey=${server.apiKey}`;
  const done = new AbortController();
  let longest = 0;
  await ask(url, { agent });
  const asking = (async () => {
    while (!done.signal.aborted) {
      const started = performance.now();
      await ask(url, { agent });
      longest = Math.max(longest, performance.now() - started);
    }
  })();
  await doSomething();
  await pause(AFTERWARDS);
  done.abort();
  await asking;
  agent.destroy();
  return longest;
}
