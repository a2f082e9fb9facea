import net from 'node:net';

/** A connection that is held, and what it was told. */
export class Held {
  readonly socket: net.Socket;
  received = '';
  readonly closed: Promise<void>;

  /** @param bytes sent at once */
  constructor(url: string, bytes = '') {
    const { port, hostname } = new URL(url);
    this.socket = net.connect(Number(port), hostname);
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', () => resolve()));
    if (bytes !== '') this.socket.write(bytes);
  }

  get status(): string {
    return this.received.split(' ', 2)[1] ?? 'none';
  }

  get body(): string {
    return this.received.slice(this.received.indexOf('\r\n\r\n') + 4);
  }

  connected(): Promise<void> {
    if (!this.socket.connecting) return Promise.resolve();
    return new Promise((resolve) => this.socket.once('connect', () => resolve()));
  }
}
