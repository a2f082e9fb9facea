import { EMULATIONS, type Emulation } from '../etherpad/emulation.ts';
import type { ApiVersion, EtherpadFunction, Parameters } from '../etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../etherpad/functions.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from './faults.ts';

/** How a call can end, in the order of Etherpad's codes: then with something else, as a fault's page, or with nothing. */
export const OUTCOMES = ['ok', 'wrong parameters', 'error', 'no such function', 'wrong key', 'other answer', 'no answer'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Where functions are called. */
export const MOUNTS = ['root', 'api', 'rest', 'api/2'] as const;

/** How parameters are sent. */
export const WAYS = ['query', 'POST with a query', 'form', 'multipart', 'JSON', 'DELETE'] as const;
export type Way = (typeof WAYS)[number];

/** Where the key, or a token, is sent. */
export const KEY_PLACES = [
  'apikey',
  'api_key',
  'authorization',
  'header apikey',
  'header api_key',
  'header authorization',
  'bearer',
  'none',
] as const;

/** Calls that can meet a session that has expired, or that would have at once. */
export const EXPIRIES = ['createSession', 'getSessionInfo', 'deleteSession', 'listSessionsOfGroup', 'listSessionsOfAuthor'] as const;

const IN_THE_PAST = 'validUntil is in the past';

type Counts<Name extends string> = Readonly<Record<Name, number>>;

/** How often a function was called, how it answered, and with which of its parameters. */
export interface FunctionCoverage {
  readonly function: string;
  /** The API version that introduced it. */
  readonly since: ApiVersion;
  readonly calls: number;
  readonly outcomes: Counts<Outcome>;
  /** How many calls had each parameter. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** What the clients of a server have met of the API since it started, in all its sandboxes: counts of calls. */
export interface Coverage {
  readonly calls: number;
  readonly functions: readonly FunctionCoverage[];
  readonly outcomes: Counts<Outcome>;
  readonly emulations: Counts<Emulation>;
  readonly mounts: Counts<(typeof MOUNTS)[number]>;
  readonly ways: Counts<Way>;
  readonly keys: Counts<(typeof KEY_PLACES)[number]>;
  readonly faults: Counts<FaultKind>;
  /** Calls that met an expired session; of createSession, those with a validUntil in the past. */
  readonly expiries: Counts<(typeof EXPIRIES)[number]>;
  /** Requests for functions and paths that there are not. */
  readonly notFound: number;
  /** What was never met, by name: `createSession.validUntil` for a parameter of a function that was called. */
  readonly neverMet: {
    readonly functions: readonly string[];
    readonly outcomes: readonly string[];
    readonly parameters: readonly string[];
    readonly emulations: readonly string[];
    readonly mounts: readonly string[];
    readonly ways: readonly string[];
    readonly keys: readonly string[];
    readonly faults: readonly string[];
    readonly expiries: readonly string[];
  };
}

/** The parts of a request that are counted, as the server has them at hand. */
export interface CountedRequest {
  readonly method: string;
  /** As they came. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Null where they were not read. */
  readonly parameters: Parameters | null;
}

/** The counters of one function. */
class FunctionCounters {
  readonly names: readonly string[];
  readonly outcomes = new Float64Array(OUTCOMES.length);
  readonly parameters: Float64Array;
  /** Calls that met an expired session. */
  expired = 0;

  constructor({ parameters, laterParameters }: EtherpadFunction) {
    this.names = [...parameters, ...(laterParameters?.names ?? [])];
    this.parameters = new Float64Array(this.names.length);
  }
}

const NO_ANSWER = OUTCOMES.indexOf('no answer');
const OTHER_ANSWER = OUTCOMES.indexOf('other answer');

/** The place of a request in WAYS. */
function wayOf({ method, headers }: CountedRequest): number {
  if (method === 'GET') return 0;
  if (method === 'DELETE') return 5;
  const type = headers['content-type'];
  if (typeof type !== 'string' || headers['content-length'] === '0') return 1;
  if (type.startsWith('multipart/')) return 3;
  return type.includes('json') ? 4 : 2;
}

/** The place of a request in KEY_PLACES. */
function keyPlaceOf({ headers, parameters }: CountedRequest): number {
  const { authorization } = headers;
  if (parameters !== null) {
    if (parameters['apikey'] !== undefined && headers['apikey'] === undefined) return 0;
    if (parameters['api_key'] !== undefined && headers['api_key'] === undefined) return 1;
    if (parameters['authorization'] !== undefined && authorization === undefined) return 2;
  }
  if (headers['apikey'] !== undefined) return 3;
  if (headers['api_key'] !== undefined) return 4;
  if (typeof authorization === 'string') return /^bearer /i.test(authorization) ? 6 : 5;
  return 7;
}

const named = <Name extends string>(names: readonly Name[], counts: ArrayLike<number>): Counts<Name> =>
  Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0])) as Counts<Name>;

const zeros = (counts: Readonly<Record<string, number>>): string[] => Object.keys(counts).filter((name) => counts[name] === 0);

/**
 * Counts what clients meet. A request costs a few additions: what they are counted under is known by the function's row,
 * and nothing is kept of the request.
 */
export class CoverageCounter {
  readonly #functions = new Map(FUNCTIONS.map((row) => [row, new FunctionCounters(row)]));
  readonly #emulations = new Float64Array(EMULATIONS.length);
  readonly #mounts = new Float64Array(MOUNTS.length);
  readonly #ways = new Float64Array(WAYS.length);
  readonly #keys = new Float64Array(KEY_PLACES.length);
  readonly #faults = new Float64Array(FAULT_KINDS.length);
  #pastExpiries = 0;
  #notFound = 0;

  /** A request for something that there is not. */
  countNotFound(): void {
    this.#notFound += 1;
  }

  /**
   * A call of a function.
   *
   * @param envelope what was answered; null where it was no envelope
   * @param answered whether anything was
   * @param metExpired whether it met a session that had expired
   */
  count(
    row: EtherpadFunction,
    mount: (typeof MOUNTS)[number],
    emulation: Emulation,
    request: CountedRequest,
    envelope: { readonly code: number; readonly message: string } | null,
    answered: boolean,
    metExpired: boolean,
  ): void {
    const counters = this.#functions.get(row);
    if (counters === undefined) return;
    counters.outcomes[answered ? (envelope?.code ?? OTHER_ANSWER) : NO_ANSWER]! += 1;
    const { parameters } = request;
    if (parameters !== null) {
      const { names, parameters: counts } = counters;
      for (let index = 0; index < names.length; index++) if (parameters[names[index]!] !== undefined) counts[index]! += 1;
    }
    if (metExpired) counters.expired += 1;
    if (envelope !== null && envelope.code === 1 && envelope.message === IN_THE_PAST) this.#pastExpiries += 1;
    this.#emulations[EMULATIONS.indexOf(emulation)]! += 1;
    this.#mounts[MOUNTS.indexOf(mount)]! += 1;
    this.#ways[wayOf(request)]! += 1;
    this.#keys[keyPlaceOf(request)]! += 1;
  }

  countFaults(faults: readonly Fault[]): void {
    for (const { kind } of faults) this.#faults[FAULT_KINDS.indexOf(kind)]! += 1;
  }

  /** What was met so far. */
  read(): Coverage {
    const functions = FUNCTIONS.map((row): FunctionCoverage => {
      const { names, outcomes, parameters } = this.#functions.get(row)!;
      return {
        function: row.name,
        since: row.since,
        calls: outcomes.reduce((sum, count) => sum + count, 0),
        outcomes: named(OUTCOMES, outcomes),
        parameters: named(names, parameters),
      };
    });
    const outcomes = named(
      OUTCOMES,
      OUTCOMES.map((outcome) => functions.reduce((sum, of) => sum + of.outcomes[outcome], 0)),
    );
    const expiries = named(
      EXPIRIES,
      EXPIRIES.map((name) =>
        name === 'createSession' ? this.#pastExpiries : this.#functions.get(FUNCTIONS.find((row) => row.name === name)!)!.expired,
      ),
    );
    const counts = {
      outcomes,
      emulations: named(EMULATIONS, this.#emulations),
      mounts: named(MOUNTS, this.#mounts),
      ways: named(WAYS, this.#ways),
      keys: named(KEY_PLACES, this.#keys),
      faults: named(FAULT_KINDS, this.#faults),
      expiries,
    };
    const neverMet = Object.fromEntries(Object.entries(counts).map(([what, of]) => [what, zeros(of)])) as unknown as Omit<
      Coverage['neverMet'],
      'functions' | 'parameters'
    >;
    const called = functions.filter(({ calls }) => calls > 0);
    return {
      calls: functions.reduce((sum, { calls }) => sum + calls, 0),
      functions,
      ...counts,
      notFound: this.#notFound,
      neverMet: {
        functions: functions.filter(({ calls }) => calls === 0).map((of) => of.function),
        parameters: called.flatMap((of) => zeros(of.parameters).map((parameter) => `${of.function}.${parameter}`)),
        ...neverMet,
      },
    };
  }
}
