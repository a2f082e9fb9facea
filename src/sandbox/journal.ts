import type { Code } from '../etherpad/api-error.ts';
import type { FunctionName } from '../etherpad/functions.ts';
import { CODE_SCHEMA, Expected, type Expectation, type Showing, type Verdict } from './expectation.ts';
import { dataOf, dataTextOf, type JournalEntry, type JournalRecord, KeptRequest, RecordWriter, SentQuery } from './journal-record.ts';
import { badInput } from './problem.ts';
import { Ring } from './ring.ts';
import { findProblems, type Schema } from './schema.ts';
import type { Secrets } from './secrets.ts';
import { areShort, shortened, shortenedAccess, shortenedParameters } from './shorten.ts';

/** How many texts say who was let into a pad: together they are no longer than one value. */
const TEXTS_OF_ACCESS = 8;

/** Which requests to list. */
export interface JournalFilter {
  readonly function?: FunctionName | 'page' | 'export' | 'token';
  readonly code?: Code;
  /** At most so many, the newest; all by default. */
  readonly limit?: number;
}

export const FILTER_SCHEMA: Schema = {
  type: 'object',
  properties: {
    function: { type: 'string' },
    code: CODE_SCHEMA,
    limit: { type: 'integer', minimum: 0, description: 'the newest so many' },
  },
};

/** How much a journal keeps. */
export interface JournalLimits {
  /** Requests; 0 turns the journal off. */
  readonly requests: number;
  /** Bytes of memory. */
  readonly bytes: number;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Memory is taken in chunks of so many bytes. */
const CHUNK = 16 * KIBIBYTE;

/** Of a longer value the beginning is kept, in characters. */
const LONGEST_VALUE = 16 * KIBIBYTE;

/** A longer answer lies in a ring of its own, in characters: it goes before its request does. */
const LONGEST_ANSWER = 4 * KIBIBYTE;

/** How many bytes of requests one list shows, the newest: as JSON they are several times as long, and a text has its limits. */
const LONGEST_LIST = 64 * MEBIBYTE;

/** Somebody who waits until the requests are as expected. */
interface Wait {
  readonly expected: Expected;
  matched: number;
  readonly end: (isFulfilled: boolean) => void;
}

/**
 * The last requests of one Etherpad, as bytes: an object for each would cost its garbage collector more than the request
 * itself. They are read back when somebody looks, and only then are secrets taken out; but out of what is shortened before
 * that, for half a secret is not found again.
 */
export class Journal {
  readonly #limits: JournalLimits;
  readonly #showing: Showing;
  readonly #longestAnswer: number;
  /** The number of a request is its id. */
  readonly #requests: Ring;
  /** The envelopes that are too long for a request's record. They take what memory the requests leave. */
  readonly #answers: Ring;
  readonly #writer = new RecordWriter();
  readonly #waits = new Set<Wait>();
  #count = 0;

  /** @param secrets what no entry may show */
  constructor(limits: JournalLimits, secrets: Secrets) {
    this.#limits = limits;
    // shorter values where there is little memory: one request shall never take more than half of it
    const longestValue = Math.min(LONGEST_VALUE, Math.floor(limits.bytes / 64));
    this.#showing = { secrets, longestValue };
    this.#longestAnswer = Math.min(LONGEST_ANSWER, longestValue);
    const chunkBytes = Math.max(1, Math.min(CHUNK, Math.floor(limits.bytes / 32)));
    this.#requests = new Ring(limits.requests, chunkBytes);
    this.#answers = new Ring(limits.requests, chunkBytes);
  }

  /** How many requests there were, kept or not. */
  get count(): number {
    return this.#count;
  }

  /** How many requests are kept. */
  get size(): number {
    return this.#requests.next - this.#requests.first;
  }

  /** How much memory it takes. */
  get bytes(): number {
    return this.#requests.bytes + this.#answers.bytes;
  }

  record(record: JournalRecord): void {
    this.#count += 1;
    if (this.#limits.requests === 0 || this.#limits.bytes === 0) return;
    const short = this.#shortened(record);
    const { envelope } = short;
    if (envelope === null || envelope.length <= this.#longestAnswer) this.#keep(short, 0);
    else this.#keepLongAnswer(short, envelope);
    if (this.#waits.size > 0) this.#tellWaiting();
  }

  /** A record with no value that is too long; itself where there is none. */
  #shortened(record: JournalRecord): JournalRecord {
    const { secrets, longestValue } = this.#showing;
    const { parameters: sent, path, message, reason, access } = record;
    const length = path.length + (message?.length ?? 0) + (reason?.length ?? 0) + (access === null ? 0 : JSON.stringify(access).length);
    const areTextsShort = length <= longestValue;
    if (areTextsShort && (sent === null || (sent instanceof SentQuery ? sent.query.length <= longestValue : areShort(sent, longestValue))))
      return record;
    const short = (text: string): string => shortened(secrets.hide(text), longestValue);
    const parameters = sent instanceof SentQuery ? sent.read(sent.query) : sent;
    return {
      ...record,
      path: short(path),
      message: message === null ? null : short(message),
      reason: reason === null ? null : short(reason),
      access: access === null ? null : shortenedAccess(access, secrets, Math.floor(longestValue / TEXTS_OF_ACCESS)),
      parameters: parameters === null ? null : shortenedParameters(parameters, secrets, longestValue),
    };
  }

  #keep(record: JournalRecord, answer: number): void {
    this.#writer.take(record, answer);
    const growth = this.#requests.growth(this.#writer.mostBytes);
    if (growth > 0) this.#answers.keepWithin(this.#limits.bytes - this.#requests.bytes - growth);
    this.#requests.append(this.#writer, this.#limits.bytes - this.#answers.bytes);
  }

  #keepLongAnswer(record: JournalRecord, envelope: string): void {
    const length = Buffer.byteLength(envelope);
    const { secrets, longestValue } = this.#showing;
    if (length > this.#limits.bytes / 4) {
      const data = shortened(secrets.hide(dataTextOf(envelope)), longestValue);
      return this.#keep({ ...record, envelope: JSON.stringify({ data }) }, 0);
    }
    const number = this.#answers.next;
    this.#answers.append(
      { mostBytes: length, write: (buffer, offset) => buffer.write(envelope, offset) },
      this.#limits.bytes - this.#requests.bytes,
    );
    // what is shown when the answer itself is no longer there
    this.#keep({ ...record, envelope: JSON.stringify({ data: `… (${envelope.length} characters, no longer kept)` }) }, number);
  }

  clear(): void {
    this.#requests.clear();
    this.#answers.clear();
    this.#count = 0;
    for (const wait of this.#waits) {
      wait.matched = 0;
      if (wait.expected.holds(0)) wait.end(true);
    }
  }

  /** The kept requests, the newest first. Who looks in steps may miss those that go meanwhile. */
  *kept(): Generator<KeptRequest, void> {
    for (let id = this.#requests.next - 1; id >= this.#requests.first; id--) {
      const request = this.find(id);
      if (request === undefined) return;
      yield request;
    }
  }

  /** A request that is still kept. */
  find(id: number): KeptRequest | undefined {
    const bytes = this.#requests.read(id);
    return bytes && new KeptRequest(id, bytes, this.#showing.secrets);
  }

  /** The data that a kept request was answered with; a word about it, where it was too long to be kept. */
  dataOf(request: KeptRequest): unknown {
    const bytes = this.#answers.read(request.answer);
    return bytes === undefined ? request.data : this.#showing.secrets.hideInValue(dataOf(bytes.toString()));
  }

  /** @throws ControlError for a filter that is not right */
  list(filter: JournalFilter = {}): { total: number; requests: JournalEntry[] } {
    const problems = findProblems(filter, FILTER_SCHEMA);
    if (problems.length > 0) throw badInput(problems);
    const { limit = Number.POSITIVE_INFINITY } = filter;
    const requests: JournalEntry[] = [];
    let total = 0;
    let bytes = 0;
    for (const request of this.kept()) {
      if (filter.function !== undefined && request.function !== filter.function) continue;
      if (filter.code !== undefined && request.code !== filter.code) continue;
      total += 1;
      bytes += request.length;
      if (requests.length < limit && bytes <= LONGEST_LIST) requests.push(request.entry());
    }
    return { total, requests };
  }

  /**
   * Tells whether the requests so far are as expected, waiting for it if asked to.
   *
   * @throws ControlError for an expectation that is not right
   */
  async verify(expectation: Expectation): Promise<Verdict> {
    const expected = new Expected(expectation, this.#showing);
    const { withinMs } = expected;
    if (withinMs === 0) return expected.judge(this.kept());
    let matched = 0;
    for (const request of this.kept()) if (expected.matches(request)) matched += 1;
    if (expected.holds(matched)) return expected.fulfilled(matched);
    const wait = await this.#wait(expected, matched, withinMs);
    return wait.isFulfilled ? expected.fulfilled(wait.matched) : expected.judge(this.kept());
  }

  /** Resolves when the requests are as expected, or after so many milliseconds. */
  #wait(expected: Expected, matched: number, milliseconds: number): Promise<{ isFulfilled: boolean; matched: number }> {
    return new Promise((resolve) => {
      const wait: Wait = {
        expected,
        matched,
        end: (isFulfilled) => {
          clearTimeout(timer);
          this.#waits.delete(wait);
          resolve({ isFulfilled, matched: wait.matched });
        },
      };
      // who waits for a request does not keep a process alive that closes
      const timer = setTimeout(() => wait.end(false), milliseconds).unref();
      this.#waits.add(wait);
    });
  }

  /** Those who wait look at the newest request alone: they know how many matched before it. */
  #tellWaiting(): void {
    const newest = this.find(this.#requests.next - 1);
    if (newest === undefined) return;
    for (const wait of this.#waits) {
      if (!wait.expected.matches(newest)) continue;
      wait.matched += 1;
      if (wait.expected.holds(wait.matched)) wait.end(true);
    }
  }
}
