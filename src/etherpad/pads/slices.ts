import { setImmediate } from 'node:timers/promises';

/** How long, in milliseconds, work goes on before others have their turn. */
const SLICE = 10;

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

  /** Does work that stops every now and then, and others in between. @returns what the work returns */
  async run<T>(work: Generator<void, T>): Promise<T> {
    for (;;) {
      const { done, value } = work.next();
      if (done === true) return value;
      if (this.isOver) await this.rest();
    }
  }
}
