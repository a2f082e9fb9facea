import type { JournalEntry } from '../sandbox/journal-record.ts';

/** Etherpad's code, or what came instead. */
export function Code({ entry: { code, status } }: { entry: Pick<JournalEntry, 'code' | 'status'> }) {
  const isGood = code === 0 || (code === null && status !== null && status < 400);
  return <span class={isGood ? 'chip is-good' : 'chip is-bad'}>{code === null ? 'no code' : `code ${code}`}</span>;
}

export const statusText = (status: number | null): string => (status === null ? 'no answer' : `HTTP ${status}`);
