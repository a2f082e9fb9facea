import type { Code } from '../etherpad/api-error.ts';
import type { Parameters } from '../etherpad/etherpad-function.ts';
import { badInput } from './problem.ts';
import { findProblems, type Schema } from './schema.ts';
import { parametersWithoutKey, withoutKey } from './secrets.ts';

/** One request that was answered, or not. */
export interface JournalEntry {
  /** 1 for the first since the journal was empty. */
  readonly id: number;
  /** When it was answered, by the Etherpad's clock: `2030-01-01T00:00:00.000Z`. */
  readonly at: string;
  /** The function, if the path names one. */
  readonly function: string | null;
  readonly mount: 'root' | 'api' | 'rest' | 'api/2' | null;
  readonly method: string;
  /** The path inside the Etherpad, without the query. */
  readonly path: string;
  /** All that was sent, without the API key; null when it was not read. */
  readonly parameters: Parameters | null;
  /** The ids that the request named or made: `{ sessionID: 's.…' }`. */
  readonly ids: Readonly<Record<string, string>>;
  /** Etherpad's code; null where there was no envelope. */
  readonly code: Code | null;
  /** HTTP status; null when no answer was sent, as after the faults drop and lostAnswer. */
  readonly status: number | null;
  readonly message: string | null;
  /** The kinds of the faults that fired, `drop` or `latency + code`, or null. */
  readonly fault: string | null;
  /** More than Etherpad tells about a failure, or null. */
  readonly reason: string | null;
  /** Real milliseconds from the request's arrival to its answer. */
  readonly milliseconds: number;
}

/** What is known when a request ends. The entry is made of it when somebody looks, and only then is the key taken out. */
export type JournalRecord = Omit<JournalEntry, 'id' | 'at' | 'ids'> & {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly data: unknown;
};

/** A request in the journal, as it was recorded. */
export interface KeptRequest {
  readonly id: number;
  readonly record: JournalRecord;
}

/** Which requests to list. */
export interface JournalFilter {
  readonly function?: string;
  readonly code?: Code;
  /** At most so many, the newest; all by default. */
  readonly limit?: number;
}

/** What a test expects to have been called. Without a number: at least once. */
export interface Expectation {
  readonly function?: string;
  /** Some of the parameters, as text or as they came. */
  readonly parameters?: Parameters;
  readonly code?: Code;
  /** Exactly so often. */
  readonly times?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Waits up to so many real milliseconds for it to become true. */
  readonly withinMs?: number;
}

/** A call that was not quite what was expected, and how it differs. */
export interface NearCall {
  readonly request: JournalEntry;
  readonly differences: readonly string[];
}

export interface Verdict {
  readonly ok: boolean;
  /** How many requests matched. */
  readonly matched: number;
  readonly message: string;
  /** The calls that come nearest, the nearest first; only when the verdict is not ok. */
  readonly nearest: readonly NearCall[];
}

const COUNT: Schema = { type: 'integer', minimum: 0 };
const CODE: Schema = { type: 'integer', enum: [0, 1, 2, 3, 4] };

export const EXPECTATION_SCHEMA: Schema = {
  type: 'object',
  properties: {
    function: { type: 'string', minLength: 1, description: 'the function that was called' },
    parameters: { type: 'object', additionalProperties: {}, description: 'some of the parameters it was called with' },
    code: { ...CODE, description: 'the code that was answered' },
    times: { ...COUNT, description: 'exactly so often' },
    atLeast: { ...COUNT, description: 'so often or more; once by default' },
    atMost: { ...COUNT, description: 'so often or less' },
    withinMs: { type: 'number', minimum: 0, maximum: 600_000, description: 'real milliseconds to wait for it' },
  },
};

export const FILTER_SCHEMA: Schema = {
  type: 'object',
  properties: { function: { type: 'string' }, code: CODE, limit: { ...COUNT, description: 'the newest so many' } },
};

const NEAREST = 3;
const ID_NAMES = ['groupID', 'authorID', 'sessionID', 'padID'] as const;

function idsOf(parameters: Parameters | null, data: unknown): Record<string, string> {
  const ids: Record<string, string> = {};
  const made = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  for (const name of ID_NAMES) {
    const id = made[name] ?? parameters?.[name];
    if (typeof id === 'string' && id !== '') ids[name] = id;
  }
  return ids;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

/** How a request differs from what is expected; nothing for a match. */
function differencesOf(request: JournalRecord, { function: name, code, parameters = {} }: Expectation, apiKey: string): string[] {
  const differences: string[] = [];
  if (name !== undefined && request.function !== name) differences.push(`the function is ${request.function ?? 'none'}, not ${name}`);
  if (code !== undefined && request.code !== code) differences.push(`the code is ${request.code ?? 'none'}, not ${code}`);
  const asked = Object.entries(parameters);
  const shown = asked.length === 0 ? {} : parametersWithoutKey(request.parameters ?? {}, apiKey);
  for (const [parameter, value] of asked) {
    const sent = shown[parameter];
    if (asText(sent) !== asText(value)) differences.push(`${parameter} is ${asText(sent)}, not ${asText(value)}`);
  }
  return differences;
}

const times = (count: number): string => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);

function describeExpectation({ function: name, code, parameters, times: exactly, atLeast, atMost }: Expectation): string {
  const what = name ?? 'any function';
  const having = Object.entries(parameters ?? {}).map(([parameter, value]) => `${parameter} ${asText(value)}`);
  const how = [
    ...(exactly === undefined ? [] : [times(exactly)]),
    ...(atLeast === undefined ? [] : [`at least ${times(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${times(atMost)}`]),
  ].join(' and ');
  return [
    what,
    ...(having.length > 0 ? [`with ${having.join(', ')}`] : []),
    ...(code === undefined ? [] : [`answered with code ${code}`]),
    how || 'at least once',
  ].join(' ');
}

/** The last requests of one Etherpad. */
export class Journal {
  readonly #size: number;
  readonly #apiKey: string;
  /** A ring: the oldest record is overwritten. */
  #records: JournalRecord[] = [];
  #count = 0;
  #waiting: (() => void)[] = [];

  /**
   * @param size how many requests are kept; 0 turns the journal off
   * @param apiKey what no entry may show
   */
  constructor(size: number, apiKey: string) {
    this.#size = size;
    this.#apiKey = apiKey;
  }

  /** How many requests there were, kept or not. */
  get count(): number {
    return this.#count;
  }

  record(record: JournalRecord): void {
    if (this.#size > 0) this.#records[this.#count % this.#size] = record;
    this.#count += 1;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  clear(): void {
    this.#records = [];
    this.#count = 0;
  }

  /** The kept requests, the newest first, each with its id. */
  *kept(): Generator<KeptRequest, void> {
    for (let index = this.#count - 1; index >= Math.max(0, this.#count - this.#records.length); index--) {
      const record = this.#records[index % this.#size];
      // who looks in steps may find the journal cleared
      if (record === undefined) return;
      yield { id: index + 1, record };
    }
  }

  /** How many requests are kept. */
  get size(): number {
    return this.#records.length;
  }

  /** A request that is still kept. */
  find(id: number): KeptRequest | undefined {
    const record = id > this.#count - this.#records.length && id <= this.#count ? this.#records[(id - 1) % this.#size] : undefined;
    return record && { id, record };
  }

  /** What a kept request looks like from outside, without the API key. */
  entry({ id, record }: KeptRequest): JournalEntry {
    const { at, data, parameters: sent, path, message, reason, ...rest } = record;
    const hidden = (text: string | null): string | null => (text === null ? null : withoutKey(text, this.#apiKey));
    const parameters = sent === null ? null : parametersWithoutKey(sent, this.#apiKey);
    return {
      id,
      at: new Date(at).toISOString(),
      ...rest,
      path: withoutKey(path, this.#apiKey),
      parameters,
      ids: parametersWithoutKey(idsOf(parameters, data), this.#apiKey) as Record<string, string>,
      message: hidden(message),
      reason: hidden(reason),
    };
  }

  /** @throws ControlError for a filter that is not right */
  list(filter: JournalFilter = {}): { total: number; requests: JournalEntry[] } {
    const problems = findProblems(filter, FILTER_SCHEMA);
    if (problems.length > 0) throw badInput(problems);
    const { limit = Number.POSITIVE_INFINITY } = filter;
    const requests: JournalEntry[] = [];
    let total = 0;
    for (const kept of this.kept()) {
      if (filter.function !== undefined && kept.record.function !== filter.function) continue;
      if (filter.code !== undefined && kept.record.code !== filter.code) continue;
      total += 1;
      if (requests.length < limit) requests.push(this.entry(kept));
    }
    return { total, requests };
  }

  #judge(expectation: Expectation): Verdict {
    const {
      times: exactly,
      atLeast = exactly ?? (expectation.atMost === undefined ? 1 : 0),
      atMost = exactly ?? Number.POSITIVE_INFINITY,
    } = expectation;
    const compared = Array.from(this.kept(), (kept) => ({ kept, differences: differencesOf(kept.record, expectation, this.#apiKey) }));
    const matching = compared.filter(({ differences }) => differences.length === 0);
    const matched = matching.length;
    const expected = withoutKey(describeExpectation(expectation), this.#apiKey);
    if (matched >= atLeast && matched <= atMost)
      return { ok: true, matched, message: `${expected}: it was called ${times(matched)}`, nearest: [] };
    const candidates = matched > atMost ? matching : compared.filter(({ differences }) => differences.length > 0);
    const nearest = candidates
      .toSorted(
        (one, other) =>
          one.differences.length - other.differences.length ||
          Number(other.kept.record.function === expectation.function) - Number(one.kept.record.function === expectation.function),
      )
      .slice(0, NEAREST)
      .map(({ kept, differences }) => ({
        request: this.entry(kept),
        differences: differences.map((one) => withoutKey(one, this.#apiKey)),
      }));
    const lines = nearest.map(({ request, differences }) => {
      const what = `#${request.id} ${request.function ?? `${request.method} ${request.path}`} ${asText(request.parameters)} answered ${request.code ?? request.status ?? 'nothing'}`;
      return `\n  ${what}${differences.length > 0 ? `: ${differences.join('; ')}` : ''}`;
    });
    const told =
      lines.length === 0
        ? '\nNo other call is in the journal.'
        : `\n${matched > atMost ? 'The calls' : 'The nearest calls'}:${lines.join('')}`;
    return { ok: false, matched, message: `expected ${expected}, but it was called ${times(matched)}.${told}`, nearest };
  }

  /**
   * Tells whether the requests so far are as expected, waiting for it if asked to.
   *
   * @throws ControlError for an expectation that is not right
   */
  async verify(expectation: Expectation): Promise<Verdict> {
    const problems = findProblems(expectation, EXPECTATION_SCHEMA);
    const { times: exactly, atLeast, atMost, withinMs = 0 } = expectation ?? {};
    if (exactly !== undefined && (atLeast !== undefined || atMost !== undefined))
      problems.push({ path: '/times', message: 'cannot go with atLeast or atMost' });
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      problems.push({ path: '/atLeast', message: `is more than atMost: ${atLeast} and ${atMost}` });
    if (problems.length > 0) throw badInput(problems);
    const deadline = performance.now() + withinMs;
    for (;;) {
      const verdict = this.#judge(expectation);
      const remaining = deadline - performance.now();
      if (verdict.ok || remaining <= 0) return verdict;
      await this.#nextRequest(remaining);
    }
  }

  /** Resolves at the next request, or after so many milliseconds. */
  #nextRequest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      // who waits for a request does not keep a process alive that closes
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
