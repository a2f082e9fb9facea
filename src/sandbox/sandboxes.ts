import { CoverageCounter } from './coverage.ts';
import { ControlError, notFound } from './problem.ts';
import { type Beginning, Sandbox } from './sandbox.ts';
import { checkSandboxName } from './sandbox-name.ts';

/** The server's own Etherpad, and those that tests ask for by name. */
export class Sandboxes {
  readonly main: Sandbox;
  /** What the clients of all of them have met since the server started. */
  readonly coverage = new CoverageCounter();
  readonly #beginning: Beginning;
  readonly #most: number;
  readonly #named = new Map<string, Sandbox>();

  /** @param most how many can be made beside the server's own */
  constructor(beginning: Beginning, most: number) {
    this.#beginning = beginning;
    this.#most = most;
    this.main = new Sandbox(beginning, undefined, this.coverage);
  }

  /**
   * The sandbox of that name, made at first use; the server's own without a name.
   *
   * @throws ControlError 400 for a name that none can have, 503 when there are too many
   */
  find(name: string | undefined): Sandbox {
    if (name === undefined) return this.main;
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    checkSandboxName(name);
    if (this.#named.size >= this.#most) {
      throw new ControlError(
        503,
        `there are ${this.#most} sandboxes already: delete some with DELETE /_mock/sandboxes, or start with a larger --max-sandboxes`,
      );
    }
    const made = new Sandbox(this.#beginning, name, this.coverage);
    this.#named.set(name, made);
    return made;
  }

  /** The sandbox of that name if it was made, for those who only look on. */
  known(name: string | undefined): Sandbox | undefined {
    return name === undefined ? this.main : this.#named.get(name);
  }

  get count(): number {
    return this.#named.size;
  }

  list(): readonly Sandbox[] {
    return [...this.#named.values()];
  }

  /** @throws ControlError 404 for an unknown name */
  delete(name: string): void {
    if (!this.#named.delete(name)) throw notFound(`there is no sandbox ${name}`);
  }

  deleteAll(): void {
    this.#named.clear();
  }

  /** Gives back memory in small steps, between other requests. @param guard what each step is wrapped in */
  giveBack(guard: (step: () => void) => () => void): void {
    const sandboxes = [this.main, ...this.#named.values()];
    const step = guard(() => {
      const sandbox = sandboxes.at(-1);
      if (sandbox === undefined) return;
      if (!sandbox.giveBack()) sandboxes.pop();
      setImmediate(step);
    });
    step();
  }
}
