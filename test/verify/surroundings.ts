import { Writable } from 'node:stream';
import type { VerifySurroundings } from '../../src/verify/verify.ts';

/** Surroundings that keep what is written, and can be interrupted. */
export interface KeptSurroundings extends VerifySurroundings {
  out(): string;
  error(): string;
  interrupt(): void;
}

export function keptSurroundings(options: { isTTY?: boolean; onOutput?: (text: string) => void } = {}): KeptSurroundings {
  let [out, error] = ['', ''];
  let interrupt = (): void => undefined;
  const ended = new Promise<void>((resolve) => (interrupt = resolve));
  const sink = (keep: (text: string) => void): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        keep(chunk.toString());
        done();
      },
    });
  const stdout = sink((text) => {
    out += text;
    options.onOutput?.(text);
  });
  return {
    stdout: Object.assign(stdout, { isTTY: options.isTTY ?? false }),
    stderr: sink((text) => (error += text)),
    ended,
    out: () => out,
    error: () => error,
    interrupt,
  };
}
