import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import { ownCopy } from '../own-copy.ts';
import type { Group } from '../state.ts';
import type { World } from '../world.ts';
import { insertions, pack } from './changeset.ts';
import { addPad, authorOf, edit, removePad, withAuthor } from './edit.ts';
import type { Pad } from './pad.ts';
import { groupIdOf, isPadID, requirePad } from './pad-id.ts';
import { textOfRuns } from './run.ts';

interface Destination {
  readonly padID: string;
  readonly group: Group | undefined;
}

/** `true` in any case as text; of other JSON values, those that JavaScript takes for true. */
const isForced = (force: unknown): boolean => (typeof force === 'string' ? force.toLowerCase() === 'true' : Boolean(force));

/**
 * Makes room for a copy. Only the group is looked at and whether there is such a pad: an id that none can have is refused
 * when authors and group know it already (all versions).
 */
function makeRoom(world: World, source: Pad, { destinationID, force }: Parameters): Destination {
  const { state } = world;
  if (typeof destinationID !== 'string' && !Array.isArray(destinationID)) throw new TypeError('destinationID is not text');
  const padID = ownCopy(String(destinationID));
  const groupID = groupIdOf(padID);
  const group = groupID === undefined ? undefined : state.findGroup(groupID);
  if (groupID !== undefined && group === undefined) throw wrongParameters('groupID does not exist for destinationID');
  const there = state.findPad(padID);
  if (there !== undefined) {
    if (!isForced(force)) throw wrongParameters('destinationID already exists');
    removePad(world, there);
  }
  for (const author of source.authors()) state.findAuthor(author)?.pads.add(padID);
  group?.pads.add(padID);
  if (!isPadID(world, padID)) throw wrongParameters(`${padID} is not a valid padId`);
  return { padID, group };
}

/** A pad that is forced onto itself is deleted, and made anew with the default text (all versions). */
function copy(world: World, parameters: Parameters): Pad {
  const { state } = world;
  const source = requirePad(world, parameters['sourceID']);
  const { padID, group } = makeRoom(world, source, parameters);
  if (state.findPad(source.padID) === undefined) addPad(world, padID, group, undefined, '');
  else state.addPad(source.copy(padID, group));
  return source;
}

/** With history, chat, saved revisions and public flag. */
export function copyPad(world: World, parameters: Parameters): null {
  copy(world, parameters);
  return null;
}

/** Copies and deletes. A pad that is forced onto itself is gone afterwards (all versions). */
export function movePad(world: World, parameters: Parameters): null {
  removePad(world, copy(world, parameters));
  return null;
}

/**
 * Two revisions: a line feed, then the text in front of it, which so ends in one line feed more. The second changeset
 * tells two characters less than it adds, and carries the last line feed without inserting it (all versions).
 */
export function copyPadWithoutHistory(world: World, parameters: Parameters): null {
  const author = authorOf(world, parameters['authorId']);
  const source = requirePad(world, parameters['sourceID']);
  const { runs, pool } = source;
  const { padID, group } = makeRoom(world, source, parameters);
  const pad = addPad(world, padID, group, '\n', author);
  pad.pool = pool.copy();
  const last = runs.at(-1)!;
  const inserted = withAuthor(world, pad, [...runs.slice(0, -1), { ...last, text: last.text.slice(0, -1) }], author);
  const growth = textOfRuns(inserted).length - 2;
  const changeset = pack(2, growth, insertions(inserted, pad.pool), textOfRuns(runs));
  edit(world, pad, author, (...by) => pad.revise(changeset, ...by));
  return null;
}
