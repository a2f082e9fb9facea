import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many turns without news show that no connection waits to be accepted: each turn accepts some of them. */
const QUIET_TURNS = 3;

/** Who is never quiet is not waited for: milliseconds. */
const LONGEST = 300;

/** How often connections are closed that have come to rest since, in milliseconds. */
const SWEEP = 50;

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Closes a server without losing a request. Whatever the system has taken in by then, connections not yet accepted and
 * bytes not yet read, would be reset when it just closed. So requests are held back for a moment: clients that wait for
 * an answer send nothing new, the rest is taken in, then the server closes, and all that is held is answered.
 *
 * @param close starts the closing; resolves when every request is answered
 * @param quiet how long nothing new must have come, in milliseconds
 */
export async function closeGently(server: Server, close: () => Promise<void>, quiet: number): Promise<void> {
  const listeners = server.listeners('request') as RequestListener[];
  const held: [IncomingMessage, ServerResponse][] = [];
  const started = performance.now();
  let newest = started;
  let turns = 0;
  const noteNews = (): void => {
    newest = performance.now();
    turns = 0;
  };
  const hold: RequestListener = (request, response) => {
    noteNews();
    held.push([request, response]);
  };
  server.removeAllListeners('request');
  server.on('request', hold);
  server.on('connection', noteNews);
  for (let now = started; now - started < LONGEST && (turns < QUIET_TURNS || now - newest < quiet); now = performance.now()) {
    turns += 1;
    await nextTurn();
  }
  const closed = close();
  while (server.listening) await nextTurn();
  server.removeListener('request', hold);
  for (const listener of listeners) {
    server.on('request', listener);
    for (const [request, response] of held) listener.call(server, request, response);
  }
  const sweeping = setInterval(() => server.closeIdleConnections(), SWEEP);
  await closed;
  clearInterval(sweeping);
}
