import type { Emulation } from '../../src/index.ts';

/** A recorded answer that the mock gives differently, on purpose. */
export interface KnownDifference {
  readonly emulate: Emulation;
  readonly sequence: string;
  readonly label: string;
  /** Why the mock keeps it. */
  readonly reason: string;
}

/** None: every recorded answer is the same. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];
