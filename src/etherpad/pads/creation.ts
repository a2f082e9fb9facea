import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import { requireGroup } from '../groups.ts';
import type { World } from '../world.ts';
import { addPad, authorOf, removePad } from './edit.ts';
import type { Pad } from './pad.ts';
import { checkPadID, isPadID, requirePad } from './pad-id.ts';

/** The most characters that a new pad's text may have; setText has no limit (all versions). */
const LONGEST_TEXT = 100_000;

/** @returns undefined for the default text */
function readText(text: unknown): string | undefined {
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string') throw wrongParameters('text is not a string');
  if (text.length > LONGEST_TEXT) throw wrongParameters('text must be less than 100k chars');
  return text;
}

/** A token for who may delete a pad, where the emulation gives one: a pad has one from its birth, and no other. */
function deletionTokenOf({ ids, behaviour }: World, pad: Pad): { deletionToken?: string } {
  if (!behaviour.givesDeletionToken) return {};
  pad.deletionToken = ids.deletionToken();
  return { deletionToken: pad.deletionToken };
}

/** A pad outside of any group. */
export function createPad(world: World, { padID, text, authorId }: Parameters): { deletionToken?: string } | null {
  if (padID) {
    if (String(padID).includes('$')) throw wrongParameters("createPad can't create group pads");
    if (/[/?&#]/.test(String(padID))) throw wrongParameters('malformed padID: Remove special characters');
  }
  checkPadID(world, padID);
  if (world.state.findPad(padID) !== undefined) throw wrongParameters('padID does already exist');
  const pad = addPad(world, padID, undefined, readText(text), authorOf(world, authorId));
  return world.behaviour.givesDeletionToken ? deletionTokenOf(world, pad) : null;
}

/** A missing padName makes a pad called `undefined`; an empty one, or one with `$`, is refused with the whole id. */
export function createGroupPad(world: World, parameters: Parameters): { padID: string; deletionToken?: string } {
  const { groupID, padName, text, authorId } = parameters;
  const group = requireGroup(world, groupID);
  const padID = `${group.groupID}$${String(padName)}`;
  if (world.state.findPad(padID) !== undefined) throw wrongParameters('padName does already exist');
  if (!isPadID(world, padID)) throw wrongParameters(`${padID} is not a valid padId`);
  const pad = addPad(world, padID, group, readText(text), authorOf(world, authorId));
  return { padID, ...deletionTokenOf(world, pad) };
}

/** Who has the API key needs no token; a token that is given must be the pad's, where the emulation gives any. */
export function deletePad(world: World, { padID, deletionToken }: Parameters): null {
  const pad = requirePad(world, padID);
  const isGiven = deletionToken !== undefined && deletionToken !== '';
  if (isGiven && world.behaviour.givesDeletionToken && deletionToken !== pad.deletionToken) {
    throw wrongParameters('invalid deletionToken');
  }
  removePad(world, pad);
  return null;
}
