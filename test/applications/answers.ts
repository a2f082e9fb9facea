import type { Emulation } from '../../src/index.ts';

/** What an application reads of an answer. */
export interface Answer<Data> {
  readonly code: number;
  readonly message: string;
  readonly data: Data;
}

export interface SessionInfo {
  readonly groupID: string;
  readonly authorID: string;
  readonly validUntil: number;
}

/** A list of sessions as real servers give it; 1.9.7 keeps deleted ones as null. */
export type SessionMap = Readonly<Record<string, SessionInfo | null>> | null;

export const REAL_SERVERS: readonly Emulation[] = ['1.9.7', '2.5.3', '3.3.1'];

/** The moment at which the clocks of these tests stand still, in unix seconds: 2030-01-01, 10:00 UTC. */
export const START = 1_893_492_000;
