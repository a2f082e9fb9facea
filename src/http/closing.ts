import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many turns without news show that no connection waits to be accepted: each turn accepts some of them. */
const QUIET_TURNS = 3;

/** Who is never quiet is not waited for: milliseconds. */
const LONGEST = 300;

/** How often connections are closed that have come to rest since, in milliseconds. */
const SWEEP = 50;

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Holds the requests to a server back. @returns lets them all go on their way, and those that come later */
function holdBack(server: Server, noteNews: () => void): () => void {
  const listeners = server.listeners('request') as RequestListener[];
  const held: [IncomingMessage, ServerResponse][] = [];
  const hold: RequestListener = (request, response) => {
    noteNews();
    held.push([request, response]);
  };
  server.removeAllListeners('request');
  server.on('request', hold);
  server.on('connection', noteNews);
  return () => {
    server.removeListener('request', hold);
    for (const listener of listeners) {
      server.on('request', listener);
      for (const [request, response] of held) listener.call(server, request, response);
    }
  };
}

/**
 * Closes servers without losing a request. Whatever the system has taken in by then, connections not yet accepted and
 * bytes not yet read, would be reset when they just closed. So requests are held back for a moment: clients that wait for
 * an answer send nothing new, the rest is taken in, then the servers close, and all that is held is answered.
 *
 * @param servers those of all addresses; the first is closed by `close`
 * @param close starts the closing; resolves when every request is answered
 * @param quiet how long nothing new must have come, in milliseconds
 */
export async function closeGently(servers: readonly Server[], close: () => Promise<void>, quiet: number): Promise<void> {
  const started = performance.now();
  let newest = started;
  let turns = 0;
  const noteNews = (): void => {
    newest = performance.now();
    turns = 0;
  };
  const goOn = servers.map((server) => holdBack(server, noteNews));
  for (let now = started; now - started < LONGEST && (turns < QUIET_TURNS || now - newest < quiet); now = performance.now()) {
    turns += 1;
    await nextTurn();
  }
  const [first, ...others] = servers;
  const closed = [close(), ...others.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))];
  while (first!.listening) await nextTurn();
  for (const letGo of goOn) letGo();
  const sweeping = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, SWEEP);
  await Promise.all(closed);
  clearInterval(sweeping);
}
