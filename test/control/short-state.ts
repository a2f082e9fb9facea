import type { StateDocument } from '../../src/index.ts';

/** A state without what tells when and how its pads became what they are, so that it can be compared with a seed. */
export const withoutHistory = ({ authors, pads, ...rest }: StateDocument): StateDocument => ({
  ...rest,
  authors: authors.map(({ padIDs: _padIDs, ...author }) => author),
  pads: pads.map(({ pool: _pool, revisions: _revisions, deletionToken: _token, ...pad }) => pad),
});
