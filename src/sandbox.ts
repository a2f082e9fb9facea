import { type Clock, seconds, systemClock } from './etherpad/clock.ts';
import { type Behaviour, behaviourOf, type Emulation } from './etherpad/emulation.ts';
import { createIds, type Ids } from './etherpad/ids.ts';
import { State } from './etherpad/state.ts';
import type { World } from './etherpad/world.ts';

/** One Etherpad of its own: state, time, ids and ways, shared with no other. */
export class Sandbox implements World {
  readonly clock: Clock = systemClock;
  readonly createsMissing = false;
  state = new State();
  ids: Ids = createIds();
  emulate: Emulation;

  constructor(options: { emulate: Emulation }) {
    this.emulate = options.emulate;
  }

  get behaviour(): Behaviour {
    return behaviourOf(this.emulate);
  }

  /**
   * Gives back the memory of sessions that nobody can see any more, one small step.
   *
   * @returns whether there is more to do
   */
  giveBack(): boolean {
    return this.state.giveBack(this.behaviour.keepsExpiredSessions ? undefined : seconds(this.clock));
  }
}
