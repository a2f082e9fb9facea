import { kindOf } from '../evidence/json-difference.ts';
import type { ApiCall } from './api-call.ts';
import type { ShownPart } from './behaviours.ts';
import type { Outcome } from './comparison.ts';
import type { Exchange, GivenAnswer, NoAnswer } from './exchange.ts';

/** A difference, however often it was met. */
export interface Finding {
  /** The behaviour of the table of emulations that it shows; undefined when none is known. */
  readonly behaviour: string | undefined;
  count: number;
  /** How many of these calls overlapped with others, whose order cannot be known. */
  overlapping: number;
  /** How often it was met by each function. */
  readonly functions: Map<string, number>;
  /** The first call that showed it. */
  readonly first: {
    readonly exchange: Exchange;
    readonly call: ApiCall;
    readonly mock: GivenAnswer | NoAnswer;
    readonly parts: readonly ShownPart[];
  };
}

/** What the calls came to, in numbers. */
export interface Counts {
  same: number;
  differ: number;
  /** Got no answer from the real server, which was away or went away. */
  unanswered: number;
  /** The client did not wait for an answer. */
  abandoned: number;
  /** Were about pads or sessions that had been there before. */
  'of before': number;
  /** Had a body that is too large to be looked at. */
  'too large': number;
  /** Could not be compared for an error of the mock's own. */
  failed: number;
}

/** Different differences that are kept; of others it is only counted how often they were met. */
const MOST_FINDINGS = 500;

const INDEX = /\[\d+\]|\["[^"]*"\]/g;

/** What is the same of a difference whenever it is met: the places without numbers and ids, and kinds of values. */
const signatureOf = (call: ApiCall, parts: readonly ShownPart[]): string => {
  const signs = parts.map(({ where, real, mock }) => {
    const place = where.replaceAll(INDEX, '[]');
    const isTold = /^(status|code|message|answer|header )/.test(where);
    return isTold ? `${place} ${JSON.stringify(real)} ${JSON.stringify(mock)}` : `${place} ${kindOf(real)} ${kindOf(mock)}`;
  });
  return `${call.isFunction ? call.name : call.mount} ${[...new Set(signs)].join('; ')}`;
};

/** Counts calls, and keeps each difference once. */
export class Findings {
  readonly counts: Counts = { same: 0, differ: 0, unanswered: 0, abandoned: 0, 'of before': 0, 'too large': 0, failed: 0 };
  readonly #found = new Map<string, Finding>();
  /** Met when there were too many others already. */
  left = 0;
  /** The first error of the mock's own. */
  failure: string | undefined;

  /** The mock failed at a call. */
  fail(error: unknown): void {
    this.counts.failed += 1;
    this.failure ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
  }

  add(exchange: Exchange, call: ApiCall, outcome: Outcome): void {
    if (outcome.kind !== 'compared') {
      this.counts[outcome.kind] += 1;
      return;
    }
    const { parts, mock } = outcome;
    this.counts[parts.length === 0 ? 'same' : 'differ'] += 1;
    const keys = new Map<string, readonly ShownPart[]>();
    for (const { behaviour } of parts) {
      if (behaviour === undefined) continue;
      keys.set(
        behaviour,
        parts.filter((part) => part.behaviour === behaviour),
      );
    }
    const others = parts.filter(({ behaviour }) => behaviour === undefined);
    if (others.length > 0) keys.set(signatureOf(call, others), others);
    for (const [key, shown] of keys) {
      const known = this.#found.get(key);
      if (known === undefined && this.#found.size >= MOST_FINDINGS) {
        this.left += 1;
        continue;
      }
      const finding = known ?? {
        behaviour: shown[0]!.behaviour,
        count: 0,
        overlapping: 0,
        functions: new Map<string, number>(),
        first: { exchange, call, mock, parts: shown },
      };
      if (known === undefined) this.#found.set(key, finding);
      finding.count += 1;
      if (exchange.overlaps) finding.overlapping += 1;
      // paths that are no function are as many as a client likes
      const name = call.isFunction || finding.functions.size < 20 ? call.name : 'other paths';
      finding.functions.set(name, (finding.functions.get(name) ?? 0) + 1);
    }
  }

  /** The most frequent first. */
  list(): Finding[] {
    return [...this.#found.values()].toSorted((one, other) => other.count - one.count);
  }
}
