import { Authentication, type AuthenticationSettings, secretsOf } from './authentication.ts';
import { CoverageCounter } from './coverage.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { Secrets } from './secrets.ts';
import { importState, type SeedDocument } from './state-document.ts';
import { type ClockSetting, VirtualClock } from './virtual-clock.ts';
import { seconds } from '../etherpad/clock.ts';
import { type Behaviour, behaviourOf, type Emulation } from '../etherpad/emulation.ts';
import { FUNCTION_NAMES } from '../etherpad/functions.ts';
import { createIds, type Ids, seededBytes } from '../etherpad/ids.ts';
import { State } from '../etherpad/state.ts';
import type { World } from '../etherpad/world.ts';

/** How every Etherpad of a server begins. */
export interface Beginning extends AuthenticationSettings {
  readonly emulate: Emulation;
  /** What its state begins with; nothing by default. */
  readonly seed?: SeedDocument | undefined;
  /** Makes ids come in a certain order; secure ones by default. */
  readonly idSeed?: string | undefined;
  readonly createMissing: boolean;
  /** The text of a pad that is made without one. */
  readonly defaultPadText: string;
  /** What no journal may show. */
  readonly apiKey: string;
  /** The most sessions that it keeps; no limit by default. */
  readonly maxSessions?: number | undefined;
  /** How many requests its journal keeps. */
  readonly journalSize: number;
  /** How many bytes of memory its journal takes at most. */
  readonly journalBytes: number;
}

/** A state and the clock it was kept with. */
export interface Snapshot {
  readonly state: State;
  readonly clock: ClockSetting;
  /** When it was saved, in unix milliseconds by the sandbox's clock. */
  readonly savedAt: number;
}

/** What the journal calls a request for a token, and a fault of one. */
export const TOKEN_FUNCTION = 'token';

const NAMES_FOR_FAULTS = [...FUNCTION_NAMES, TOKEN_FUNCTION];

/** One Etherpad of its own: state, time, ids, faults, journal and ways, shared with no other. */
export class Sandbox implements World {
  /** Undefined for the server's own. */
  readonly name: string | undefined;
  readonly clock = new VirtualClock();
  readonly faults = new Faults(NAMES_FOR_FAULTS);
  /** What nothing may show of it. */
  readonly secrets: Secrets;
  readonly journal: Journal;
  readonly snapshots = new Map<string, Snapshot>();
  readonly coverage: CoverageCounter;
  readonly createsMissing: boolean;
  readonly maxSessions: number;
  readonly defaultPadText: string;
  state: State;
  ids: Ids;
  emulate: Emulation;
  authentication: Authentication;
  readonly #beginning: Beginning;
  #metExpired = false;

  /** @param coverage counts the calls of all sandboxes of a server */
  constructor(beginning: Beginning, name?: string, coverage = new CoverageCounter()) {
    this.name = name;
    this.coverage = coverage;
    this.#beginning = beginning;
    this.emulate = beginning.emulate;
    this.createsMissing = beginning.createMissing;
    this.defaultPadText = beginning.defaultPadText;
    this.maxSessions = beginning.maxSessions ?? Number.POSITIVE_INFINITY;
    const { authentication, oauthClients, tokenLifetime } = beginning;
    this.secrets = new Secrets(beginning.apiKey, ...secretsOf(oauthClients));
    this.authentication = new Authentication({ authentication, oauthClients, tokenLifetime });
    this.journal = new Journal({ requests: beginning.journalSize, bytes: beginning.journalBytes }, this.secrets);
    this.ids = this.#firstIds();
    this.state = this.#firstState();
  }

  meetExpired(): void {
    this.#metExpired = true;
  }

  /** Whether an expired session was met since this was last asked. */
  takeMetExpired(): boolean {
    const met = this.#metExpired;
    this.#metExpired = false;
    return met;
  }

  get behaviour(): Behaviour {
    return behaviourOf(this.emulate);
  }

  /** Everything as it began, but for snapshots, emulation and authentication. */
  reset(): void {
    this.clock.release();
    this.faults.clear();
    this.journal.clear();
    this.ids = this.#firstIds();
    this.state = this.#firstState();
  }

  /** From now on, ids come in the order that the seed determines. */
  seedIds(seed: string | number): void {
    this.ids = createIds(seededBytes(seed));
  }

  /** Lets calls in by these settings from now on; as after a restart, every token that was given out before is refused. */
  authenticateBy(settings: AuthenticationSettings): void {
    this.secrets.add(...secretsOf(settings.oauthClients));
    this.authentication = new Authentication(settings);
  }

  #firstState(): State {
    const { seed } = this.#beginning;
    return seed === undefined ? new State() : importState(seed, this);
  }

  #firstIds(): Ids {
    const { idSeed } = this.#beginning;
    return idSeed === undefined ? createIds() : createIds(seededBytes(idSeed));
  }

  /**
   * Gives back the memory of sessions that nobody can see any more, one small step. Expired ones go only while the clock
   * shows real time: a clock that was moved may be moved back, and they are alive again.
   *
   * @returns whether there is more to do
   */
  giveBack(): boolean {
    const forgetsExpired = this.clock.isReal && !this.behaviour.keepsExpiredSessions;
    return this.state.giveBack(forgetsExpired ? seconds(this.clock) : undefined);
  }
}
