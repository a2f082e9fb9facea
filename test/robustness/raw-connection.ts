import net from 'node:net';

/** An answer as it came over the wire. */
export interface RawReply {
  readonly status: number;
  /** Names in lower case; of repeated headers the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Why there is no answer: the server closed or reset the connection, or kept it open and said nothing. */
export type NoReply = 'closed' | 'silent';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads one answer off the front of what was received; undefined while it is not all there. */
function readReply(received: Buffer, isHead: boolean, ended: boolean): { reply: RawReply; rest: Buffer } | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const match = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine);
  if (match === null) throw new Error(`no HTTP answer: ${JSON.stringify(received.toString('latin1').slice(0, 200))}`);
  const status = Number(match[1]);
  const after = received.subarray(headEnd + HEAD_END.length);
  if (status === 100) return readReply(after, isHead, ended);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const announced = headers['content-length'];
  const length = isHead || status === 304 ? 0 : announced === undefined ? undefined : Number(announced);
  if (length === undefined && !ended) return undefined;
  if (length !== undefined && after.length < length) return undefined;
  const end = length ?? after.length;
  return { reply: { status, headers, body: after.subarray(0, end) }, rest: after.subarray(end) };
}

/** A connection that sends bytes to the letter, whether they are HTTP or not, and is used again while the server allows it. */
export class RawConnection {
  readonly #port: number;
  #socket: net.Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.#port = port;
  }

  #open(): net.Socket {
    if (this.#socket !== undefined && !this.#ended && !this.#socket.destroyed) return this.#socket;
    this.close();
    // half open, so that the end of what is sent does not end what is received
    const socket = net.connect({ port: this.#port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    this.#ended = false;
    const end = (): void => {
      if (this.#socket !== socket) return;
      this.#ended = true;
      this.#wake();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    // a reset shows as the end of what is received
    socket.on('error', () => undefined);
    socket.on('end', end);
    socket.on('close', end);
    return socket;
  }

  /**
   * Sends bytes and waits for one answer.
   *
   * @param milliseconds how long to wait for it
   * @param more says that the answer to HEAD has no body, and that no further bytes follow these
   */
  async exchange(bytes: Buffer, milliseconds: number, { isHead = false, last = false } = {}): Promise<RawReply | NoReply> {
    const socket = this.#open();
    if (last) socket.end(bytes);
    else socket.write(bytes);
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const read = readReply(this.#received, isHead, this.#ended);
      if (read !== undefined) {
        this.#received = Buffer.from(read.rest);
        if (last || read.reply.headers['connection'] === 'close') this.close();
        return read.reply;
      }
      const remaining = deadline - performance.now();
      if (this.#ended || remaining <= 0) {
        const why = this.#ended ? 'closed' : 'silent';
        this.close();
        return why;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, remaining);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** What was received after the last answer: nothing, of a server that answers each request once. */
  get surplus(): Buffer {
    return this.#received;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#received = Buffer.alloc(0);
  }
}
