import type { ServerResponse } from 'node:http';
import { withoutKey } from '../sandbox/secrets.ts';
import { type Answer, headerText, isFresh, weakEtag } from './etherpad/answer.ts';
import { JSON_TYPE } from './etherpad/envelope.ts';

/** The connections that wait for an answer that never comes. */
export class SilentConnections {
  readonly #connections = new Set<ServerResponse>();

  add(response: ServerResponse): void {
    this.#connections.add(response);
    response.once('close', () => this.#connections.delete(response));
  }

  end(): void {
    for (const response of this.#connections) response.destroy();
  }
}

export interface WriteOptions {
  /** Whether the answer gets an ETag, and 304 if the client knows it. */
  readonly etag: boolean;
  /** What no header may show. */
  readonly apiKey: string;
  readonly silent: SilentConnections;
}

/** A shorter key is no secret, and may be part of any word of an answer. */
const SHORTEST_SECRET = 6;

/** Refusals repeat what was sent, and a client may have sent the key in the wrong place. */
const isRefusal = ({ code, status }: Answer): boolean => (code === undefined ? status >= 400 : code !== 0);

/** Writes an answer, or does what is done instead. */
export function writeAnswer(answer: Answer, response: ServerResponse, { etag, apiKey, silent }: WriteOptions): void {
  const { status, type, delivery, reason } = answer;
  if (delivery === 'reset') return void response.socket?.resetAndDestroy();
  if (delivery === 'silence') return silent.add(response);
  const body = apiKey.length >= SHORTEST_SECRET && isRefusal(answer) ? withoutKey(answer.body, apiKey) : answer.body;
  const headers: Record<string, string | number> = { ...answer.headers };
  if (reason !== undefined) headers['X-Mock-Etherpad-Reason'] = headerText(withoutKey(reason, apiKey));
  if (etag && type === JSON_TYPE) {
    const { method, headers: sent } = response.req;
    headers['ETag'] = weakEtag(body);
    if ((method === 'GET' || method === 'HEAD') && status === 200 && isFresh(headers['ETag'], sent)) {
      response.writeHead(304, headers);
      return void response.end();
    }
  }
  if (type !== undefined) headers['Content-Type'] = type;
  headers['Content-Length'] = Buffer.byteLength(body);
  response.writeHead(status, headers);
  response.end(body);
}
