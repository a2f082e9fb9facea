/** Recorded sequences that the mock does not answer yet. This list only becomes shorter, and then goes. */
const SEQUENCES: Readonly<Record<string, string>> = {
  'access by session': 'the pages and exports of pads',
  lesson: 'the pages and exports of pads',
  'openapi documents': 'the served documents of real servers',
};

/** Whether the mock does not answer a sequence yet. */
export const isNotYet = (sequence: string): boolean => sequence in SEQUENCES;
