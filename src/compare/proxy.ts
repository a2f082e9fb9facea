import {
  Agent as HttpAgent,
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { GivenAnswer, NoAnswer, SentRequest } from './exchange.ts';

/** What the proxy does besides passing on. */
export interface ProxyOptions {
  /** The real server. Its path is not looked at: targets are passed on as they come. */
  readonly to: URL;
  /** Whether a request is to be watched. */
  readonly isWatched: (method: string, target: string) => boolean;
  /** Answers what is not for the real server; tells whether it did. */
  readonly answerOwn: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether there is too much to look at already: watched requests then wait. */
  readonly room: () => Promise<void> | undefined;
  /** A watched request was sent. What it returns is called once: when an answer begins, or when none comes. */
  readonly onRequest: () => Watch;
  /** A request was passed on that is not watched. */
  readonly onOther: () => undefined;
  /** The real server could not be reached, or went away; undefined when it answers again. */
  readonly onReach: (reason: string | undefined) => void;
}

/** How the proxy tells of a watched request. */
export interface Watch {
  /** The answer begins, or it is clear that none will come: from here on the order counts. */
  readonly settle: (whole: Promise<{ request: SentRequest; real: GivenAnswer | NoAnswer } | { tooLarge: true }>) => void;
}

/** A larger body is passed on, but not looked at: bytes. */
export const LARGEST_BODY = 8 * 1024 * 1024;

/** The most bytes of request line and headers that are passed on; what the real server takes is for it to say. */
const HEADER_LIMIT = 256 * 1024;

/** A client's connection has one of its own to the real server, which ends when it does. */
interface Pair {
  readonly agent: HttpAgent | HttpsAgent;
  upstream: Socket | undefined;
  active: number;
  upstreamClosed: boolean;
}

/** Keeps a copy of what passes, up to a limit. */
class Copy {
  #chunks: Buffer[] | undefined = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > LARGEST_BODY) this.#chunks = undefined;
    this.#chunks?.push(chunk);
  }

  /** Undefined when it is too large. */
  whole(): Buffer | undefined {
    return this.#chunks === undefined ? undefined : Buffer.concat(this.#chunks);
  }
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL']);

/** Headers that Node would add of its own; without them in what came, they are not sent on. */
const ADDED_BY_NODE = ['connection', 'transfer-encoding', 'content-length', 'date'];

/**
 * A server that passes requests on to a real one and its answers back, both unchanged: the same target, the same headers in
 * the same order and letters, the same bytes. Only the header Host, where there is one, names the real server, as it would
 * without a proxy. Nothing is added.
 */
export function createProxy(options: ProxyOptions): Server {
  const { to, isWatched, onReach } = options;
  const isTls = to.protocol === 'https:';
  const request = isTls ? requestHttps : requestHttp;
  const hostname = to.hostname.replace(/^\[|\]$/g, '');
  const port = to.port === '' ? (isTls ? 443 : 80) : Number(to.port);
  const pairs = new WeakMap<Socket, Pair>();

  function pairOf(socket: Socket): Pair {
    let pair = pairs.get(socket);
    if (pair === undefined) {
      const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
      pair = { agent, upstream: undefined, active: 0, upstreamClosed: false };
      pairs.set(socket, pair);
      socket.once('close', () => agent.destroy());
    }
    return pair;
  }

  const withRealHost = (rawHeaders: readonly string[]): string[] =>
    rawHeaders.map((value, index) => (index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'host' ? to.host : value));

  function passOn(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const started = performance.now();
    const { socket, method, url } = incoming as IncomingMessage & { method: string; url: string };
    const pair = pairOf(socket);
    pair.active += 1;
    const rawHeaders = withRealHost(incoming.rawHeaders);
    const watch = isWatched(method, url) ? options.onRequest() : options.onOther();
    const sent = new Copy();
    const requestOf = (): SentRequest | undefined => {
      const body = sent.whole();
      return body === undefined ? undefined : { method, target: url, rawHeaders, body };
    };
    let settled = false;
    const settle: Watch['settle'] = (whole) => {
      if (!settled) watch?.settle(whole);
      settled = true;
    };
    const settleWithout = (kind: NoAnswer['kind'], reason: string): void => {
      const whole = requestOf();
      const milliseconds = Math.round(performance.now() - started);
      settle(Promise.resolve(whole === undefined ? { tooLarge: true } : { request: whole, real: { kind, milliseconds, reason } }));
    };

    const onward = request({
      hostname,
      port,
      method,
      path: url,
      agent: pair.agent,
      setHost: false,
      insecureHTTPParser: true,
      maxHeaderSize: HEADER_LIMIT,
    });
    const lose = (error: NodeJS.ErrnoException): void => {
      const reason = error.code ?? error.message;
      if (!outgoing.writableEnded && !outgoing.destroyed) {
        onReach(reason);
        settleWithout('lost', reason);
        if (outgoing.headersSent || !UNREACHABLE.has(reason)) outgoing.destroy();
        else outgoing.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${to.origin} cannot be reached: ${reason}\n`);
      }
    };
    onward.on('error', lose);
    onward.on('continue', () => outgoing.writeContinue());
    onward.on('socket', (upstream) => {
      if (pair.upstream === upstream) return;
      pair.upstream = upstream;
      upstream.once('close', () => {
        pair.upstreamClosed = true;
        if (pair.active === 0) socket.end();
      });
    });
    onward.on('response', (answer) => {
      onReach(undefined);
      const received = new Copy();
      settle(
        new Promise((resolve) => {
          const { statusCode: status = 0, rawHeaders: answerHeaders } = answer;
          answer.once('close', () => {
            const [whole, body] = [requestOf(), received.whole()];
            if (whole === undefined || body === undefined) return resolve({ tooLarge: true });
            const milliseconds = Math.round(performance.now() - started);
            if (answer.complete) return resolve({ request: whole, real: { kind: 'answer', status, rawHeaders: answerHeaders, body } });
            return resolve({ request: whole, real: { kind: 'lost', milliseconds, reason: 'it broke off in the middle of its answer' } });
          });
        }),
      );
      for (const name of ADDED_BY_NODE) outgoing.removeHeader(name);
      outgoing.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders);
      if (watch !== undefined) answer.on('data', (chunk: Buffer) => received.add(chunk));
      answer.on('error', lose);
      answer.pipe(outgoing);
    });
    outgoing.on('close', () => {
      pair.active -= 1;
      if (!outgoing.writableFinished) {
        settleWithout('silence', 'the client went away before an answer began');
        onward.destroy();
      }
      if (pair.upstreamClosed && pair.active === 0) socket.end();
    });
    for (let index = 0; index < rawHeaders.length; index += 2) onward.appendHeader(rawHeaders[index]!, rawHeaders[index + 1]!);
    for (const name of ADDED_BY_NODE) if (!onward.hasHeader(name)) onward.removeHeader(name);
    if (watch !== undefined) incoming.on('data', (chunk: Buffer) => sent.add(chunk));
    incoming.on('error', () => onward.destroy());
    incoming.pipe(onward);
  }

  function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (options.answerOwn(incoming, outgoing)) return;
    const waiting = isWatched(incoming.method!, incoming.url!) ? options.room() : undefined;
    const start = (): void => {
      try {
        passOn(incoming, outgoing);
      } catch {
        // a request that Node reads, but refuses to write: no server could be sent it
        outgoing.destroy();
      }
    };
    if (waiting === undefined) start();
    else void waiting.then(start);
  }

  /** Sockets of the editor: bytes in both directions. */
  function passUpgrade({ method, url, rawHeaders, httpVersion }: IncomingMessage, client: Socket, head: Buffer): void {
    const upstream = isTls ? connectTls({ host: hostname, port, servername: hostname }) : connectTcp({ host: hostname, port });
    const headers = withRealHost(rawHeaders);
    const lines = Array.from({ length: headers.length / 2 }, (_nothing, index) => `${headers[2 * index]}: ${headers[2 * index + 1]}\r\n`);
    upstream.write(Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${lines.join('')}\r\n`, 'latin1'));
    upstream.write(head);
    for (const [one, other] of [
      [upstream, client],
      [client, upstream],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  }

  const server = createServer(
    {
      maxHeaderSize: HEADER_LIMIT,
      insecureHTTPParser: true,
      requireHostHeader: false,
      // how long anything may take is for the real server to say
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      noDelay: true,
    },
    handle,
  );
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  server.on('upgrade', passUpgrade);
  return server;
}
