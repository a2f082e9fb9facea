import type { Emulation } from '../../src/index.ts';
import { type CompareOptions, type RunningComparison, startComparison } from '../../src/compare/compare.ts';
import { createUnheardMock } from '../../src/mock-etherpad.ts';

export interface Comparing extends RunningComparison, AsyncDisposable {
  /** What was told about the real server: why it could not be reached, or undefined when it could again. */
  readonly told: (string | undefined)[];
}

/** A proxy in front of a server, on a free port. */
export async function comparing(url: string, as?: Emulation, more: Partial<CompareOptions> = {}): Promise<Comparing> {
  const told: (string | undefined)[] = [];
  const comparison = await startComparison({ url, as, port: 0, host: '127.0.0.1', ...more }, createUnheardMock, (reason) =>
    told.push(reason),
  );
  return {
    ...comparison,
    told,
    async [Symbol.asyncDispose]() {
      await comparison.close();
    },
  };
}

/** The behaviours that were found, each once; a difference that shows none by its words. */
export const foundIn = ({ differences }: { differences: readonly { behaviour: string | null; what: string }[] }): string[] =>
  differences.map(({ behaviour, what }) => behaviour ?? what).toSorted();
