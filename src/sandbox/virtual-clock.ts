import { type Clock, systemClock } from '../etherpad/clock.ts';
import { badInput } from './problem.ts';

/** What a clock shows. */
export interface ClockReading {
  /** Unix time in whole seconds. */
  readonly now: number;
  /** The same moment with its milliseconds: `2030-01-01T00:00:00.000Z`. */
  readonly iso: string;
  readonly frozen: boolean;
}

/** How far a clock is from real time: by an offset while it runs, by a fixed moment while it is frozen. In milliseconds. */
export type ClockSetting = { readonly offset: number } | { readonly frozenAt: number };

const REAL: ClockSetting = { offset: 0 };

/** The last second that a date can tell, in the year 275760. A clock that gets there stands still. */
export const LAST_SECOND = 8_640_000_000_000;

const LAST_MILLISECOND = LAST_SECOND * 1000;

/** A clock that a test can set, stop and move; real time until then. */
export class VirtualClock implements Clock {
  readonly #real: Clock;
  #setting: ClockSetting = REAL;

  constructor(real: Clock = systemClock) {
    this.#real = real;
  }

  milliseconds(): number {
    if ('frozenAt' in this.#setting) return this.#setting.frozenAt;
    return Math.min(Math.max(0, this.#real.milliseconds() + this.#setting.offset), LAST_MILLISECOND);
  }

  /** Whether it shows real time. */
  get isReal(): boolean {
    return this.#setting === REAL;
  }

  get setting(): ClockSetting {
    return this.#setting;
  }

  read(): ClockReading {
    const milliseconds = this.milliseconds();
    return { now: Math.floor(milliseconds / 1000), iso: new Date(milliseconds).toISOString(), frozen: 'frozenAt' in this.#setting };
  }

  /**
   * Sets the time, or whether it runs, or both; what is not given stays.
   *
   * @param milliseconds unix time
   */
  set({ milliseconds, frozen = 'frozenAt' in this.#setting }: { milliseconds?: number; frozen?: boolean }): void {
    // a running clock that is told to run, and no time, stays as it is: the real one stays real
    if (milliseconds === undefined && !frozen && 'offset' in this.#setting) return;
    const time = milliseconds === undefined ? this.milliseconds() : Math.floor(milliseconds);
    if (time < 0 || time > LAST_MILLISECOND) {
      throw badInput([{ path: '', message: `the clock can show 1970-01-01 to +275760-09-13 (${LAST_SECOND} seconds), nothing outside` }]);
    }
    this.#setting = frozen ? { frozenAt: time } : { offset: time - this.#real.milliseconds() };
  }

  /** Takes over the setting of another clock, or of this one earlier. */
  adopt(setting: ClockSetting): void {
    this.#setting = setting;
  }

  /** Back to real time. */
  release(): void {
    this.#setting = REAL;
  }
}
