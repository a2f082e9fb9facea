import type { Emulation } from './etherpad/emulation.ts';
import { Sandbox } from './sandbox.ts';

/** The server's own Etherpad, and those that tests ask for by name. */
export class Sandboxes {
  readonly main: Sandbox;

  constructor(options: { emulate: Emulation }) {
    this.main = new Sandbox(options);
  }

  find(_name: string | undefined): Sandbox {
    return this.main;
  }

  /** Gives back memory in small steps, between other requests. */
  giveBack(): void {
    if (this.main.giveBack()) setImmediate(() => this.giveBack());
  }
}
