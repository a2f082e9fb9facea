import type { AccessRecord } from '../etherpad/access-record.ts';
import type { Code } from '../etherpad/api-error.ts';
import type { Parameters } from '../etherpad/etherpad-function.ts';
import { FUNCTION_NAMES, type FunctionName } from '../etherpad/functions.ts';
import { didYouMean } from './nearest-name.ts';
import { PAGES } from './faults.ts';
import type { JournalEntry, KeptRequest } from './journal-record.ts';
import { badInput } from './problem.ts';
import { findProblems, type Schema } from './schema.ts';
import type { Secrets } from './secrets.ts';
import { shortened } from './shorten.ts';

/** What a test expects to have been called. Without a number: at least once. */
export interface Expectation {
  readonly function?: FunctionName | 'page' | 'export' | 'token';
  /** Some of the parameters, as text or as they came. */
  readonly parameters?: Parameters;
  readonly code?: Code;
  /** Some of what is known of who was let into a pad: `{ granted: true, authorID: 'a.…' }`. */
  readonly access?: Partial<AccessRecord>;
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

export const CODE_SCHEMA: Schema = { type: 'integer', enum: [0, 1, 2, 3, 4] };

const TEXT_OR_NULL: Schema = { type: 'string', nullable: true };

export const ACCESS_SCHEMA = {
  type: 'object',
  properties: {
    granted: { type: 'boolean' },
    by: { ...TEXT_OR_NULL, description: 'what opened the pad: session, public or open' },
    padID: { ...TEXT_OR_NULL, description: 'null for a read-only id that no pad has' },
    readOnlyID: { ...TEXT_OR_NULL, description: 'where the pad was opened by one' },
    sessionID: { ...TEXT_OR_NULL, description: 'the session of the cookie that counts' },
    authorID: { ...TEXT_OR_NULL, description: 'its author' },
    reason: { ...TEXT_OR_NULL, description: 'why it was denied' },
  },
} as const satisfies Schema;

export const EXPECTATION_SCHEMA: Schema = {
  type: 'object',
  properties: {
    function: { type: 'string', description: 'the function that was called; page or export for those of a pad, token for OAuth' },
    parameters: { type: 'object', additionalProperties: {}, description: 'some of the parameters it was called with' },
    code: { ...CODE_SCHEMA, description: 'the code that was answered' },
    access: { ...ACCESS_SCHEMA, description: 'some of who was allowed into a pad, by its page or an export' },
    times: { ...COUNT, description: 'the exact number of calls' },
    atLeast: { ...COUNT, description: 'the minimum number of calls; 1 by default' },
    atMost: { ...COUNT, description: 'the maximum number of calls' },
    withinMs: { type: 'number', minimum: 0, maximum: 600_000, description: 'real milliseconds to wait for it' },
  },
};

/** What a request can be for. */
const JOURNALED: readonly string[] = [...FUNCTION_NAMES, ...PAGES, 'token'];

const NEAREST = 3;

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

const times = (count: number): string => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);

const wasCalled = (count: number): string => (count === 0 ? 'was never called' : `was called ${times(count)}`);

/** What the journal must know to show no secret, and to compare what it shortened. */
export interface Showing {
  readonly secrets: Secrets;
  /** The most characters that are kept of a value. */
  readonly longestValue: number;
}

/** A parameter that is expected. */
interface WantedParameter {
  readonly name: string;
  /** As the journal keeps it. */
  readonly text: string;
  /** As it is told, without secrets. */
  readonly told: string;
}

interface Compared {
  readonly request: KeptRequest;
  readonly differences: readonly string[];
}

/** The nearest of those that are offered; of equals, those that came first. */
class NearestCalls {
  readonly #ranked: (Compared & { readonly rank: number })[] = [];

  offer(compared: Compared, rank: number): void {
    const place = this.#ranked.findIndex((other) => rank < other.rank);
    if (place === -1 && this.#ranked.length === NEAREST) return;
    this.#ranked.splice(place === -1 ? this.#ranked.length : place, 0, { ...compared, rank });
    this.#ranked.length = Math.min(this.#ranked.length, NEAREST);
  }

  list(): readonly Compared[] {
    return this.#ranked;
  }
}

/** An expectation that was checked: tells what requests it matches, and judges how many do. */
export class Expected {
  readonly #expectation: Expectation;
  readonly #parameters: readonly WantedParameter[];
  readonly #atLeast: number;
  readonly #atMost: number;
  readonly #secrets: Secrets;

  /** @throws ControlError for an expectation that is not right */
  constructor(expectation: Expectation, { secrets, longestValue }: Showing) {
    const problems = findProblems(expectation, EXPECTATION_SCHEMA);
    const { times: exactly, atLeast, atMost, parameters = {}, function: called } = expectation ?? {};
    // a name that nobody can call would let "times: 0" hold for ever
    if (typeof called === 'string' && !JOURNALED.includes(called)) {
      const meant = didYouMean(called, JOURNALED) || ', and a pad has page and export';
      problems.push({ path: '/function', message: `there is no function ${JSON.stringify(called)}${meant}` });
    }
    if (exactly !== undefined && (atLeast !== undefined || atMost !== undefined))
      problems.push({ path: '/times', message: 'cannot go with atLeast or atMost' });
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      problems.push({ path: '/atLeast', message: `is more than atMost: ${atLeast} and ${atMost}` });
    if (problems.length > 0) throw badInput(problems);
    this.#expectation = expectation;
    this.#secrets = secrets;
    this.#atLeast = atLeast ?? exactly ?? (atMost === undefined ? 1 : 0);
    this.#atMost = atMost ?? exactly ?? Number.POSITIVE_INFINITY;
    this.#parameters = Object.entries(parameters).map(([name, value]) => {
      const text = asText(value);
      return { name, text: shortened(text, longestValue), told: shortened(secrets.hide(text), longestValue) };
    });
  }

  /** How long to wait for it, in real milliseconds. */
  get withinMs(): number {
    return this.#expectation.withinMs ?? 0;
  }

  /** Whether it holds when so many requests match. */
  holds(matched: number): boolean {
    return matched >= this.#atLeast && matched <= this.#atMost;
  }

  matches(request: KeptRequest): boolean {
    const { function: name, code } = this.#expectation;
    if (name !== undefined && request.function !== name) return false;
    if (code !== undefined && request.code !== code) return false;
    if (this.#accessDifferences(request).length > 0) return false;
    if (this.#parameters.length === 0) return true;
    const sent = request.parameters ?? {};
    return this.#parameters.every(({ name: parameter, text }) => asText(sent[parameter]) === text);
  }

  #accessDifferences({ access }: KeptRequest): string[] {
    const wanted = Object.entries(this.#expectation.access ?? {}) as [keyof AccessRecord, unknown][];
    if (wanted.length > 0 && access === null) return ['no pad or export was opened'];
    return wanted
      .filter(([name, value]) => access![name] !== value)
      .map(([name, value]) => `${name} of access is ${asText(access![name])}, not ${asText(value)}`);
  }

  /** How a request differs from what is expected; nothing for a match. */
  #differencesOf(request: KeptRequest): string[] {
    const { function: name, code } = this.#expectation;
    const differences: string[] = [];
    if (name !== undefined && request.function !== name) differences.push(`the function is ${request.function ?? 'none'}, not ${name}`);
    if (code !== undefined && request.code !== code) differences.push(`the code is ${request.code ?? 'none'}, not ${code}`);
    differences.push(...this.#accessDifferences(request));
    const sent = this.#parameters.length === 0 ? {} : (request.parameters ?? {});
    for (const { name: parameter, text, told } of this.#parameters) {
      const value = asText(sent[parameter]);
      if (value !== text) differences.push(`${parameter} is ${value}, not ${told}`);
    }
    return differences;
  }

  #describe(): string {
    const { function: name, code, access = {}, times: exactly, atLeast, atMost } = this.#expectation;
    const what = name ?? 'any function';
    const having = this.#parameters.map(({ name: parameter, told }) => `${parameter} ${told}`);
    const asked = Object.entries(access).map(([key, value]) => `${key} ${asText(value)}`);
    const how = [
      ...(exactly === undefined ? [] : [times(exactly)]),
      ...(atLeast === undefined ? [] : [`at least ${times(atLeast)}`]),
      ...(atMost === undefined ? [] : [`at most ${times(atMost)}`]),
    ].join(' and ');
    return [
      what,
      ...(having.length > 0 ? [`with ${having.join(', ')}`] : []),
      ...(asked.length > 0 ? [`with access ${asked.join(', ')}`] : []),
      ...(code === undefined ? [] : [`answered with code ${code}`]),
      how || 'at least once',
    ].join(' ');
  }

  /** The verdict on that many requests, which it holds for. */
  fulfilled(matched: number): Verdict {
    return { ok: true, matched, message: `${this.#secrets.hide(this.#describe())}: it ${wasCalled(matched)}`, nearest: [] };
  }

  /** The verdict on requests, the newest first. */
  judge(requests: Iterable<KeptRequest>): Verdict {
    const matching = new NearestCalls();
    const others = new NearestCalls();
    let matched = 0;
    for (const request of requests) {
      const differences = this.#differencesOf(request);
      if (differences.length === 0) {
        matched += 1;
        matching.offer({ request, differences }, 0);
      } else others.offer({ request, differences }, 2 * differences.length - Number(request.function === this.#expectation.function));
    }
    if (this.holds(matched)) return this.fulfilled(matched);
    const isTooMany = matched > this.#atMost;
    const nearest = (isTooMany ? matching : others).list().map(({ request, differences }) => ({
      request: request.entry(),
      differences: differences.map((one) => this.#secrets.hide(one)),
    }));
    const lines = nearest.map(({ request, differences }) => {
      const what = `#${request.id} ${request.function ?? `${request.method} ${request.path}`} ${asText(request.parameters)} answered ${request.code ?? request.status ?? 'nothing'}`;
      return `\n  ${what}${differences.length > 0 ? `: ${differences.join('; ')}` : ''}`;
    });
    const told =
      lines.length === 0 ? '\nNo other call is in the journal.' : `\n${isTooMany ? 'The calls' : 'The nearest calls'}:${lines.join('')}`;
    const expected = this.#secrets.hide(this.#describe());
    return { ok: false, matched, message: `expected ${expected}, but it ${wasCalled(matched)}.${told}`, nearest };
  }
}
