import type { Access } from '../../etherpad/access.ts';
import { HTML_TYPE, JSON_TYPE } from '../etherpad/envelope.ts';
import { EXPRESS_HEADERS, expressPage } from '../html.ts';

/** What is answered below `/p`, and what is known about it. */
export interface PadAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who was let in, or not, where it was asked. */
  readonly access?: Access;
  /** More than Etherpad says. */
  readonly reason?: string | undefined;
}

/** Express's page for what has no route, which also stands where a pad is not there. */
export const notFound = (method: string, path: string): PadAnswer => ({
  status: 404,
  type: HTML_TYPE,
  body: expressPage(method, path),
  headers: EXPRESS_HEADERS,
});

/** Etherpad's answer to an error of any kind. */
export const serverError = (reason: string): PadAnswer => ({
  status: 500,
  type: JSON_TYPE,
  body: '{"error":"Sorry, something bad happened!"}',
  reason,
});

/** A page of text alone, as Express sends a text. */
export const text = (status: number, body: string, headers: Record<string, string> = {}): PadAnswer => ({
  status,
  type: HTML_TYPE,
  body,
  headers,
});
