import type { Access } from './access.ts';

/** Who was let into a pad, or not: what a journal keeps of it. */
export interface AccessRecord {
  readonly granted: boolean;
  /** What opened it: a session, its public status, or that it is of no group. Null when it stayed closed. */
  readonly by: 'session' | 'public' | 'open' | null;
  /** Null for a read-only id that no pad has. */
  readonly padID: string | null;
  /** The read-only id, where it was asked for by one. */
  readonly readOnlyID: string | null;
  /** The session of the cookie that counts, and its author. */
  readonly sessionID: string | null;
  readonly authorID: string | null;
  /** Why it stayed closed. */
  readonly reason: string | null;
}

/** @param reason of a denial */
export function accessRecordOf(access: Access, reason: string | undefined): AccessRecord {
  const { id, padID = null, readOnly, granted } = access;
  const session = granted ? access.session : undefined;
  return {
    granted,
    by: granted ? access.by : null,
    padID,
    readOnlyID: readOnly ? id : null,
    sessionID: session?.sessionID ?? null,
    authorID: session?.author.authorID ?? null,
    reason: reason ?? null,
  };
}
