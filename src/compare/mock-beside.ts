import { Agent, request, type Server } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import type { Emulation } from '../etherpad/emulation.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type GivenAnswer, headerOf, type NoAnswer, type SentRequest } from './exchange.ts';
import { TakenOverIds } from './taken-over-ids.ts';

/** What the mock beside a real server has to know of it. */
export interface MockBesideOptions {
  readonly emulation: Emulation;
  /** The prefix that everything is below, or the empty text. */
  readonly basePath: string;
  /** Whether the real server takes an API key. */
  readonly isKey: (presented: string) => boolean;
  readonly createMock: CreateMock;
}

/** A mock that listens nowhere: connections are brought to it. */
export interface UnheardMock {
  readonly server: Server;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/**
 * Makes such a mock.
 *
 * @param options.isApiKey whether a text that a client presents is a key
 */
export type CreateMock = (options: {
  emulate: Emulation;
  basePath: string;
  isApiKey: (presented: string) => boolean;
}) => Promise<UnheardMock>;

/** A mock that does not answer within so many milliseconds answers never: it runs in this process and waits for nothing. */
const SILENCE = 700;

/** Ends of a connection inside this process; HTTP asks its sockets for more than streams have. */
function connectionPair(): [Duplex, Duplex] {
  const ends = duplexPair();
  for (const end of ends) {
    const nothing = () => end;
    Object.assign(end, { setNoDelay: nothing, setKeepAlive: nothing, setTimeout: nothing, ref: nothing, unref: nothing });
  }
  return ends;
}

/** Leads to a server in this process, through no port. */
class InsideAgent extends Agent {
  readonly #server: Server;

  constructor(server: Server) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#server = server;
  }

  override createConnection(): Duplex {
    const [mine, its] = connectionPair();
    this.#server.emit('connection', its);
    return mine;
  }
}

/** A mock in this process that is asked the same as a real server, after it, one call at a time. */
export class MockBeside {
  readonly sandbox: Sandbox;
  readonly ids = new TakenOverIds();
  readonly #agent: Agent;
  readonly #close: () => Promise<void>;

  private constructor(sandbox: Sandbox, agent: Agent, close: () => Promise<void>) {
    this.sandbox = sandbox;
    this.#agent = agent;
    this.#close = close;
    sandbox.ids = this.ids.ids;
  }

  static async start({ emulation, basePath, isKey, createMock }: MockBesideOptions): Promise<MockBeside> {
    const mock = await createMock({ emulate: emulation, basePath, isApiKey: isKey });
    return new MockBeside(mock.sandbox, new InsideAgent(mock.server), () => mock.close());
  }

  /** Asks what the real server was asked. */
  answer({ method, target, rawHeaders, body }: SentRequest): Promise<GivenAnswer | NoAnswer> {
    const headers = [...rawHeaders];
    // a body that came in chunks is sent so; one that was left out of a request with a length is none
    const isFramed = headerOf(rawHeaders, 'transfer-encoding') !== undefined || headerOf(rawHeaders, 'content-length') !== undefined;
    if (!isFramed && body.length > 0) headers.push('Content-Length', String(body.length));
    return new Promise((resolve) => {
      const outgoing = request({ method, path: target, agent: this.#agent, setHost: false, insecureHTTPParser: true });
      for (let index = 0; index < headers.length; index += 2) {
        if (headers[index]!.toLowerCase() !== 'connection' && headers[index]!.toLowerCase() !== 'expect')
          outgoing.appendHeader(headers[index]!, headers[index + 1]!);
      }
      const timer = setTimeout(() => {
        resolve({ kind: 'silence', milliseconds: SILENCE, reason: 'it never answers' });
        outgoing.destroy();
      }, SILENCE);
      const lose = (error: Error): void => {
        clearTimeout(timer);
        resolve({ kind: 'lost', milliseconds: 0, reason: error.message });
      };
      outgoing.on('error', lose);
      outgoing.on('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', lose);
        answer.on('end', () => {
          clearTimeout(timer);
          resolve({ kind: 'answer', status: answer.statusCode!, rawHeaders: answer.rawHeaders, body: Buffer.concat(chunks) });
        });
      });
      outgoing.end(body);
    });
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#close();
  }
}
