import type { Clock } from './clock.ts';
import type { Behaviour } from './emulation.ts';
import type { Ids } from './ids.ts';
import type { State } from './state.ts';

/** All that a function may look at or change: one Etherpad's records, its time, its ids and its ways. */
export interface World {
  readonly state: State;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly behaviour: Behaviour;
  /** Whether createSession makes the group and the author it names, if they are not there. */
  readonly createsMissing: boolean;
  /** The text of a pad that is made without one. */
  readonly defaultPadText: string;
  /** The most sessions that are kept; infinity by default. */
  readonly maxSessions: number;
  /** Is told that a session was asked for which has expired by the clock, whatever this Etherpad makes of that. */
  meetExpired?(): void;
}
