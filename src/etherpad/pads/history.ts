import { wrongParameters } from '../api-error.ts';
import { createAuthor } from '../authors.ts';
import type { Parameters } from '../etherpad-function.ts';
import type { World } from '../world.ts';
import type { Attribute } from './attribute-pool.ts';
import * as edits from './edit.ts';
import { requirePad } from './pad-id.ts';
import { requireRevision } from './revision-number.ts';
import { visitRoom } from './rooms.ts';

export const getRevisionsCount = (world: World, { padID }: Parameters): { revisions: number } => ({
  revisions: requirePad(world, padID).head,
});

/** In unix milliseconds. */
export function getLastEdited(world: World, { padID }: Parameters): { lastEdited: number } {
  const pad = requirePad(world, padID);
  return { lastEdited: pad.timeAt(pad.head) };
}

/** The newest changeset without a revision. */
export function getRevisionChangeset(world: World, parameters: Parameters): string {
  const { pad, revision = pad.head } = requireRevision(world, parameters);
  return pad.changesetAt(revision);
}

interface PoolOfPad {
  readonly numToAttrib: Readonly<Record<string, Attribute>>;
  readonly attribToNum: Readonly<Record<string, number>>;
  readonly nextNum: number;
}

export function getAttributePool(world: World, { padID }: Parameters): { pool: PoolOfPad } {
  const { pool } = requirePad(world, padID);
  const { numToAttrib, nextNum } = pool.toJSON();
  const attribToNum = Object.fromEntries(pool.attributes().map(([name, value], number) => [`${name},${value}`, number]));
  return { pool: { numToAttrib, attribToNum, nextNum } };
}

export const listAuthorsOfPad = (world: World, { padID }: Parameters): { authorIDs: string[] } => ({
  authorIDs: requirePad(world, padID).authors(),
});

export const getSavedRevisionsCount = (world: World, { padID }: Parameters): { savedRevisions: number } => ({
  savedRevisions: requirePad(world, padID).savedRevisions.length,
});

/** In ascending order. */
export const listSavedRevisions = (world: World, { padID }: Parameters): { savedRevisions: number[] } => ({
  savedRevisions: requirePad(world, padID)
    .savedRevisions.map(({ revNum }) => revNum)
    .toSorted((one, other) => one - other),
});

/** The newest revision without a number. A revision is saved once; each call makes an author called `API` (all versions). */
export function saveRevision(world: World, parameters: Parameters): null {
  const { pad, revision: revNum = pad.head } = requireRevision(world, parameters);
  const { authorID: savedById } = createAuthor(world, { name: 'API' });
  if (pad.savedRevisions.some((saved) => saved.revNum === revNum)) return null;
  pad.savedRevisions.push({
    revNum,
    savedById,
    label: 'Saved through API call',
    timestamp: world.clock.milliseconds(),
    id: world.ids.savedRevision(),
  });
  return null;
}

export function restoreRevision(world: World, parameters: Parameters): null {
  if (parameters['rev'] === undefined) throw wrongParameters('rev is not defined');
  const { pad, revision } = requireRevision(world, parameters);
  edits.restoreRevision(world, pad, revision!, edits.authorOf(world, parameters['authorId']));
  visitRoom(world, pad.padID);
  return null;
}
