import { createHash } from 'node:crypto';
import type { VirtualClock } from '../../sandbox/virtual-clock.ts';
import type { Code } from '../../etherpad/api-error.ts';
import type { Behaviour } from '../../etherpad/emulation.ts';
import { envelope, HTML_TYPE, JSON_TYPE, notFoundPage, statusOf } from './envelope.ts';

/** What is sent back for one request, and what is known about it. */
export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Etherpad's code and message, where the answer is an envelope. */
  readonly code?: Code;
  readonly message?: string;
  /** The envelope's data. */
  readonly data?: unknown;
  /** More than Etherpad says about a failure, in a header and the journal. */
  readonly reason?: string | undefined;
  /** The kinds of the faults that fired. */
  readonly fault?: string;
  /** `reset`: the connection is reset instead. `silence`: it stays open and gets no answer. */
  readonly delivery?: 'reset' | 'silence';
}

export const answerEnvelope = (code: Code, message: string, behaviour: Behaviour, data?: unknown): Answer => ({
  status: statusOf(code, behaviour),
  type: JSON_TYPE,
  body: envelope(code, message, data),
  code,
  message,
  data,
});

/** The request stays open and gets no answer. */
export const SILENCE: Answer = { status: 0, type: undefined, body: '', delivery: 'silence' };

export const answerJson = (value: unknown, status = 200): Answer => ({ status, type: JSON_TYPE, body: JSON.stringify(value) });

export const answerPage = (method: string, path: string): Answer => ({
  status: 404,
  type: HTML_TYPE,
  body: notFoundPage(method, path),
  headers: { 'Content-Security-Policy': "default-src 'none'", 'X-Content-Type-Options': 'nosniff' },
});

/** An answer whose `Date` is what the clock shows, if that is not real time: clients may read the time from it. */
export const datedBy = (clock: VirtualClock, answer: Answer): Answer =>
  clock.isReal ? answer : { ...answer, headers: { ...answer.headers, Date: new Date(clock.milliseconds()).toUTCString() } };

/** A header holds ASCII only: anything else is percent-encoded, and so is the percent sign. */
export const headerText = (text: string): string => text.replace(/[^ -$&-~]+/g, (part) => encodeURIComponent(part.toWellFormed()));

/** The weak ETag that Express gives a body: its length in hex digits and the start of its SHA-1. */
export function weakEtag(body: string): string {
  const digest = createHash('sha1').update(body).digest('base64').slice(0, 27);
  return `W/"${Buffer.byteLength(body).toString(16)}-${digest}"`;
}

const strong = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether a client says that it has this very answer already. */
export function isFresh(etag: string, headers: { 'if-none-match'?: string | undefined; 'cache-control'?: string | undefined }): boolean {
  const known = headers['if-none-match'];
  if (known === undefined || /(?:^|,)\s*no-cache\s*(?:,|$)/.test(headers['cache-control'] ?? '')) return false;
  return known.trim() === '*' || known.split(',').some((tag) => strong(tag) === strong(etag));
}
