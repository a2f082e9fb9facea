import net from 'node:net';

/** How the requests of a load ended. */
export interface Outcome {
  /** Whole answers. */
  answered: number;
  /** Connections that were refused. */
  refused: number;
  /** Requests that were sent whole, on a connection that was accepted, and got no whole answer. */
  lost: string[];
}

/** Sends one request on a connection; resolves with the answer, or with what came of it when the connection ends first. */
function exchange(socket: net.Socket, request: string): Promise<{ whole: boolean; received: string }> {
  return new Promise((resolve) => {
    let received = '';
    const end = (whole: boolean): void => {
      socket.removeListener('data', read);
      socket.removeListener('close', closed);
      resolve({ whole, received });
    };
    const read = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length >= headEnd + 4 + length) end(true);
    };
    const closed = (): void => end(false);
    socket.on('data', read);
    socket.on('close', closed);
    socket.write(request);
  });
}

function connect(port: number): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}

/** Clients that ask one thing after the other until nobody lets them in any more. */
export async function loadUntilRefused(
  port: number,
  requests: readonly string[],
  { clients, keepAlive }: { clients: number; keepAlive: boolean },
): Promise<Outcome> {
  const outcome: Outcome = { answered: 0, refused: 0, lost: [] };
  const client = async (number: number): Promise<void> => {
    for (let turn = number; ;) {
      const socket = await connect(port);
      if (socket === undefined) {
        outcome.refused += 1;
        return;
      }
      for (;;) {
        if (socket.destroyed) break;
        const request = requests[turn++ % requests.length]!;
        const { whole, received } = await exchange(socket, request);
        if (!whole) {
          outcome.lost.push(`${JSON.stringify(request.slice(0, 60))} after ${received.length} bytes of an answer`);
          break;
        }
        outcome.answered += 1;
        if (!keepAlive || /\r\nconnection: close\r\n/i.test(received)) break;
      }
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return outcome;
}
