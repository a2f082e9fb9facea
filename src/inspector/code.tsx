import type { JournalEntry } from '../sandbox/journal-record.ts';

type Outcome = Pick<JournalEntry, 'code' | 'status' | 'fault'>;

/** A fault that leaves the answer as it was. */
const HARMLESS = 'latency';

/** Green only for what succeeded and reached the client as it should. */
function classOf({ code, status, fault }: Outcome): string {
  const isGood = code === null ? status !== null && status < 400 : code === 0;
  if (!isGood) return 'is-bad';
  return status === null || (fault !== null && fault !== HARMLESS) ? 'is-fault' : 'is-good';
}

/** Etherpad's code, or what came instead. */
export function Code({ entry }: { entry: Outcome }) {
  return <span class={`chip ${classOf(entry)}`}>{entry.code === null ? 'no code' : `code ${entry.code}`}</span>;
}

export const statusText = (status: number | null): string => (status === null ? 'no answer' : `HTTP ${status}`);
