import { setImmediate } from 'node:timers/promises';

/** How long, in milliseconds, work goes on before others have their turn. */
const SLICE = 10;

/** How many steps of work there are between two looks at the time. */
const STEPS = 64;

/** Cuts long work into slices, so that other requests are answered in between. */
export class Slices {
  #end = performance.now() + SLICE;

  /** Whether it is time for `rest`. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets others have their turn. */
  async rest(): Promise<void> {
    await setImmediate();
    this.#end = performance.now() + SLICE;
  }

  /** Does work that yields after each of its small steps. @returns what the work returns */
  async run<T>(work: Generator<void, T>): Promise<T> {
    for (;;) {
      for (let step = 0; step < STEPS; step++) {
        const { done, value } = work.next();
        if (done === true) return value;
      }
      if (this.isOver) await this.rest();
    }
  }
}
