import type { Clock } from '../../src/etherpad/clock.ts';
import { behaviourOf, type Emulation } from '../../src/etherpad/emulation.ts';
import type { Parameters } from '../../src/etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { createIds, seededBytes } from '../../src/etherpad/ids.ts';
import { State } from '../../src/etherpad/state.ts';
import type { World } from '../../src/etherpad/world.ts';

/** A clock that only moves when it is told to. */
export class HandClock implements Clock {
  /** Unix time in whole seconds. */
  seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  milliseconds(): number {
    return this.seconds * 1000;
  }
}

/** One Etherpad without a server: functions are called by name, as a client names them. */
export interface NewWorld extends World {
  readonly clock: HandClock;
  /** @throws ApiError as the function does */
  call(name: string, parameters?: Parameters): unknown;
}

/** @param now unix time in seconds that its clock starts with */
export function newWorld(emulate: Emulation, now = 1_700_000_000): NewWorld {
  const world: NewWorld = {
    state: new State(),
    clock: new HandClock(now),
    ids: createIds(seededBytes('a world')),
    behaviour: behaviourOf(emulate),
    createsMissing: false,
    defaultPadText: 'Welcome to Etherpad!\n',
    maxSessions: Number.POSITIVE_INFINITY,
    call(name, parameters = {}) {
      const row = FUNCTIONS.find((candidate) => candidate.name === name);
      if (row === undefined) throw new Error(`the mock has no function ${name}`);
      return row.run(world, parameters);
    },
  };
  return world;
}
