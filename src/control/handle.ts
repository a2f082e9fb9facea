import type { Emulation, EmulationWord } from '../etherpad/emulation.ts';
import type { OAuthClientOptions } from '../etherpad/oauth/clients.ts';
import type { AuthenticationMethod } from '../sandbox/authentication.ts';
import type { Coverage } from '../sandbox/coverage.ts';
import type { Fault, FaultSpecification } from '../sandbox/faults.ts';
import type { Expectation, Verdict } from '../sandbox/expectation.ts';
import type { JournalFilter } from '../sandbox/journal.ts';
import type { JournalEntry } from '../sandbox/journal-record.ts';
import type { SeedDocument, StateDocument } from '../sandbox/state-document.ts';
import type { VerbName } from './verbs.ts';
import type { ClockReading } from '../sandbox/virtual-clock.ts';

/** What a mock is. */
export interface Information {
  readonly version: string;
  readonly emulate: Emulation;
  readonly apiKey: string;
  /** What lets calls in. */
  readonly authentication: AuthenticationMethod;
  /** The ids of the clients that may get a token. */
  readonly oauthClients: readonly string[];
  /** How long a token is good, in seconds. */
  readonly tokenLifetime: number;
  /** The sandbox's name; null for the server's own Etherpad. */
  readonly sandbox: string | null;
  /** Unix time in whole seconds by its clock. */
  readonly now: number;
}

/** How far to move a clock: so many seconds, or to where a session is just expired, or just alive. */
export type ClockAdvance = { readonly seconds: number } | { readonly pastExpiryOf: string } | { readonly beforeExpiryOf: string };

export interface ClockControl {
  /** Unix time in whole seconds. */
  now(): Promise<number>;
  /** Sets the time (unix seconds, ISO text, or `+1h` from what it shows) or whether it stands still, or both; it runs on from there unless frozen. */
  set(setting: { readonly now?: number | string; readonly frozen?: boolean }): Promise<ClockReading>;
  /** Stops the clock, at `now` if it is given. */
  freeze(now?: number | string): Promise<ClockReading>;
  advance(by: ClockAdvance): Promise<ClockReading>;
  /** Real time again. */
  release(): Promise<ClockReading>;
}

export interface FaultControl {
  add(specification: FaultSpecification): Promise<Fault>;
  list(): Promise<Fault[]>;
  /** Removes the fault of that id, or all. */
  clear(id?: string): Promise<void>;
}

export interface RequestControl {
  /** The newest first; `total` counts those that match, listed or not. */
  list(filter?: JournalFilter): Promise<{ total: number; requests: JournalEntry[] }>;
  clear(): Promise<void>;
  /** @throws ExpectationError that shows the nearest calls, when the requests are not as expected */
  verify(expectation: Expectation): Promise<Verdict>;
  /**
   * Waits until the requests are as expected, for 5 seconds unless `withinMs` says otherwise.
   *
   * @throws ExpectationError when they are not by then
   */
  waitFor(expectation: Expectation): Promise<Verdict>;
}

/** How calls authenticate. The names and meanings are those of the options that a mock is started with. */
export interface AuthenticationChange {
  readonly authentication?: AuthenticationMethod;
  readonly oauthClients?: readonly (OAuthClientOptions | string)[];
  /** Seconds. */
  readonly tokenLifetime?: number;
}

/** Controls one Etherpad: the same object in process and for a server in a container. */
export interface EtherpadControl {
  /** Base URL for clients, without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
  readonly clock: ClockControl;
  readonly faults: FaultControl;
  readonly requests: RequestControl;
  readonly state: { export(): Promise<StateDocument>; import(document: Partial<SeedDocument>): Promise<void> };
  readonly snapshots: {
    save(name: string): Promise<void>;
    restore(name: string): Promise<void>;
    list(): Promise<{ name: string; savedAt: string; sessions: number }[]>;
    delete(name: string): Promise<void>;
  };
  readonly ids: { seed(seed: string | number): Promise<void> };
  /**
   * A good token of a client; of the first one that may have it without an id.
   *
   * @throws ControlError 409 where the Etherpad asks for the API key, 404 for an unknown client
   * @example await fetch(`${etherpad.url}/createGroup`, { headers: { Authorization: `Bearer ${await etherpad.token()}` } })
   */
  token(client?: string): Promise<string>;
  /**
   * Lets calls in by API key or by token from now on; what is not given stays. As after a restart of Etherpad, every token
   * that was given out before is refused.
   */
  setAuthentication(change: AuthenticationChange): Promise<void>;
  /** An Etherpad of its own on the same server: state, clock, faults, journal, ids, emulation and authentication. Made at first use. */
  sandbox(name: string): EtherpadControl;
  readonly sandboxes: {
    list(): Promise<{ name: string; emulate: Emulation; sessions: number; requests: number }[]>;
    delete(name: string): Promise<void>;
    deleteAll(): Promise<void>;
  };
  /** What clients have met of the API since the server started, in all its sandboxes. */
  coverage(): Promise<Coverage>;
  info(): Promise<Information>;
  /** @param emulate a full name, or the beginning of a version */
  emulate(emulate: EmulationWord): Promise<void>;
  reset(): Promise<void>;
}

/** The requests were not as a test expected. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

/** Does a verb, wherever the server is. */
export type Perform = (verb: VerbName, input?: unknown, name?: string) => Promise<unknown>;

/** Where an Etherpad is, and how its verbs are done. */
export interface Connection {
  readonly url: string;
  readonly apiKey: string;
  readonly perform: Perform;
  /** The connection to another Etherpad of the same server. */
  sandbox(name: string): Connection;
}

const WAITING_TIME = 5_000;

/** The object that a test holds, made of a connection: in process or over HTTP makes no difference from here on. */
export function createControl(connection: Connection): EtherpadControl {
  const { url, apiKey } = connection;
  const perform = connection.perform as <T>(verb: VerbName, input?: unknown, name?: string) => Promise<T>;
  const done = async (verb: VerbName, input?: unknown, name?: string): Promise<void> => {
    await perform(verb, input, name);
  };
  const setClock = (setting: object): Promise<ClockReading> => perform('setClock', setting);
  const verify = async (expectation: Expectation): Promise<Verdict> => {
    const verdict = await perform<Verdict>('verifyRequests', expectation);
    if (!verdict.ok) throw new ExpectationError(verdict);
    return verdict;
  };
  return {
    url,
    apiKey,
    clock: {
      now: async () => (await perform<ClockReading>('readClock')).now,
      set: setClock,
      freeze: (now) => setClock({ frozen: true, ...(now === undefined ? {} : { now }) }),
      advance: (by) => perform('advanceClock', by),
      release: () => perform('releaseClock'),
    },
    faults: {
      add: (specification) => perform('addFault', specification),
      list: async () => (await perform<{ faults: Fault[] }>('listFaults')).faults,
      clear: (id) => (id === undefined ? done('clearFaults') : done('removeFault', undefined, id)),
    },
    requests: {
      list: (filter) => perform('listRequests', filter),
      clear: () => done('clearRequests'),
      verify,
      waitFor: (expectation) => verify({ withinMs: WAITING_TIME, ...expectation }),
    },
    state: {
      export: () => perform('exportState'),
      import: (document) => done('importState', document),
    },
    snapshots: {
      save: (name) => done('saveSnapshot', undefined, name),
      restore: (name) => done('restoreSnapshot', undefined, name),
      list: async () => (await perform<{ snapshots: { name: string; savedAt: string; sessions: number }[] }>('listSnapshots')).snapshots,
      delete: (name) => done('deleteSnapshot', undefined, name),
    },
    ids: { seed: (seed) => done('seedIds', { seed }) },
    sandbox: (name) => createControl(connection.sandbox(name)),
    sandboxes: {
      list: async () =>
        (await perform<{ sandboxes: { name: string; emulate: Emulation; sessions: number; requests: number }[] }>('listSandboxes'))
          .sandboxes,
      delete: (name) => done('deleteSandbox', undefined, name),
      deleteAll: () => done('deleteSandboxes'),
    },
    coverage: () => perform('coverage'),
    info: () => perform('info'),
    token: async (client) => (await perform<{ token: string }>('giveToken', client === undefined ? {} : { client })).token,
    setAuthentication: (change) => done('setAuthentication', change),
    emulate: (emulate) => done('emulate', { emulate }),
    reset: () => done('reset'),
  };
}
