/** Where every reading of the time comes from, so that a test can move it. */
export interface Clock {
  /** Unix time in milliseconds. */
  milliseconds(): number;
}

/** The machine's own time. */
export const systemClock: Clock = { milliseconds: () => Date.now() };

/** Unix time in whole seconds, the unit of `validUntil`. */
export const seconds = (clock: Clock): number => Math.floor(clock.milliseconds() / 1000);
