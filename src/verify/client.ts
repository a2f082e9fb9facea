import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { Belongings } from './belongings.ts';
import { type Entry, type Request, withSecrets } from './request.ts';

/** What came back for a request. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** By lower-case name. */
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly body: string;
    }
  | { readonly kind: 'silence'; readonly milliseconds: number }
  | { readonly kind: 'broken'; readonly code: string | undefined; readonly reason: string };

/** How long an answer may take, in milliseconds. */
export const PATIENCE = 10_000;

/** How long a server has to be silent to count as silent, in milliseconds. */
export const SILENCE = 1_000;

/** The least time between two gentle requests, in milliseconds: a little more than a tenth of a second. */
const GENTLE_PACE = 102;

/** Sends one request after another to one server, and remembers what they made there. */
export class Client {
  /** What lets its requests in; the token is known once it was asked for. */
  entry: Entry;
  readonly made = new Belongings();
  readonly #base: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #pace: number;
  #next = 0;

  /**
   * @param url the base URL: all requests go below its path
   * @param options.gentle sends at most 10 requests a second
   */
  constructor(url: URL, options: Entry & { gentle: boolean }) {
    this.#base = url;
    const { apiKey, oauthClient, token } = options;
    this.entry = { apiKey, oauthClient, token };
    this.#pace = options.gentle ? GENTLE_PACE : 0;
    this.#agent = new (url.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  }

  /** Milliseconds to wait for an answer; silence is what comes after them. */
  async send(request: Request, patience = PATIENCE): Promise<Reply> {
    await this.#turn();
    const { reply, stale } = await this.#exchange(request, patience);
    // a kept connection may be closed just as it is used again: the server has not seen the request then
    const last = stale ? (await this.#exchange(request, patience)).reply : reply;
    if (last.kind === 'answer') this.made.observe(request, last.body);
    return last;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #turn(): Promise<void> {
    const wait = this.#next - performance.now();
    if (wait > 0) await pause(Math.ceil(wait));
    this.#next = performance.now() + this.#pace;
  }

  #exchange(request: Request, patience: number): Promise<{ reply: Reply; stale: boolean }> {
    const { target, headers, body } = withSecrets(request, this.entry);
    const length = body === undefined || request.body?.chunked === true ? {} : { 'Content-Length': String(body.length) };
    const { protocol, hostname, port, pathname } = this.#base;
    return new Promise((resolve) => {
      const end = (reply: Reply, stale = false): void => {
        clearTimeout(timer);
        resolve({ reply, stale });
      };
      const outgoing = (protocol === 'https:' ? requestHttps : requestHttp)(
        {
          hostname: hostname.replace(/^\[|\]$/g, ''),
          port,
          method: request.method,
          path: `${pathname.replace(/\/+$/, '')}${target}`,
          headers: { ...headers, ...length },
          agent: this.#agent,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', fail);
          incoming.on('end', () =>
            end({
              kind: 'answer',
              status: incoming.statusCode!,
              headers: Object.fromEntries(
                Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
              ),
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      function fail(error: NodeJS.ErrnoException): void {
        const stale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        end({ kind: 'broken', code: error.code, reason: error.code ?? error.message }, stale);
      }
      const timer = setTimeout(() => {
        end({ kind: 'silence', milliseconds: patience });
        outgoing.destroy();
      }, patience);
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }
}
