/** Recorded sequences that the mock does not answer yet. This list only becomes shorter, and then goes. */
const SEQUENCES: Readonly<Record<string, string>> = {
  'openapi documents': 'the served documents of real servers',
};

/** Whether the mock does not answer a sequence yet. */
export const isNotYet = (sequence: string): boolean => sequence in SEQUENCES;
