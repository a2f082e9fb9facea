import type { JournalEntry } from '../sandbox/journal-record.ts';

/** Which id says most about a call, the first that there is; for a page or an export of a pad it is the pad's. */
const OF_CALLS = ['sessionID', 'padID', 'groupID', 'authorID', 'readOnlyID'];
const OF_PAGES = ['padID', 'readOnlyID', 'sessionID'];

const MOST_PARAMETERS = 3;

const LONGEST_VALUE = 60;

/** A value on one line, cut where it is long. */
function short(value: unknown): string {
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(/\s+/g, ' ');
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

export interface Summary {
  /** The id that matters most, such as that of the session that was created. */
  readonly id: string | undefined;
  /** The first of the other parameters: `groupMapper=class-7b`. */
  readonly parameters: readonly string[];
}

/** What tells a request from others of its function. */
export function summaryOf({ ids, parameters, access }: Pick<JournalEntry, 'ids' | 'parameters' | 'access'>): Summary {
  const id = (access === null ? OF_CALLS : OF_PAGES).map((name) => ids[name]).find((found) => found !== undefined);
  return {
    id,
    parameters: Object.entries(parameters ?? {})
      .filter(([, value]) => value !== id)
      .slice(0, MOST_PARAMETERS)
      .map(([name, value]) => `${name}=${short(value)}`),
  };
}
