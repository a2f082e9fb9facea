import { insertions } from '../../etherpad/pads/changeset.ts';
import type { Pad } from '../../etherpad/pads/pad.ts';
import { type Run, textOfRuns } from '../../etherpad/pads/run.ts';
import type { State } from '../../etherpad/state.ts';

/** Every so many revisions Etherpad keeps the whole text with the revision. */
const REVISIONS_PER_WHOLE = 100;

/** A text with its attributes, as Etherpad keeps it. */
const attributedText = (runs: readonly Run[], pad: Pad) => ({ text: textOfRuns(runs), attribs: insertions(runs, pad.pool) });

function revisionRecord(pad: Pad, number: number) {
  const whole = number % REVISIONS_PER_WHOLE === 0 ? { pool: pad.pool, atext: attributedText(pad.runsAt(number), pad) } : {};
  return { changeset: pad.changesetAt(number), meta: { author: pad.authorAt(number), timestamp: pad.timeAt(number), ...whole } };
}

/**
 * The records of a pad as an `.etherpad` file holds them, by their keys in Etherpad's database: the pad, its authors, its
 * revisions, its chat.
 *
 * @param id what the file calls the pad: its own id, or its read-only id
 * @param revision the last one of the file; all without it
 * @example etherpadDocument(pad, 'notes', state) // { 'pad:notes': { atext, pool, head, … }, 'pad:notes:revs:0': … }
 */
export function etherpadDocument(pad: Pad, id: string, state: State, revision: number = pad.head): Record<string, unknown> {
  const key = `pad:${id}`;
  const document: Record<string, unknown> = {
    [key]: {
      atext: attributedText(pad.runsAt(revision), pad),
      pool: pad.pool,
      head: revision,
      chatHead: pad.chat.length - 1,
      publicStatus: pad.publicStatus,
      savedRevisions: pad.savedRevisions,
    },
  };
  for (const authorID of pad.authors()) {
    const author = state.findAuthor(authorID);
    if (author === undefined) continue;
    const { colorId, name, timestamp } = author;
    document[`globalAuthor:${authorID}`] = { colorId, name: name ?? null, timestamp, padIDs: id };
  }
  for (let number = 0; number <= revision; number++) document[`${key}:revs:${number}`] = revisionRecord(pad, number);
  for (const [number, { text, time, authorId }] of pad.chat.entries()) {
    document[`${key}:chat:${number}`] = { text, time, userId: authorId };
  }
  return document;
}
