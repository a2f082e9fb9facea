import { wrongParameters } from './api-error.ts';
import type { Parameters } from './etherpad-function.ts';
import { requireGroup } from './groups.ts';
import type { Pad } from './state.ts';
import type { World } from './world.ts';

/** A pad made without a text gets the server's default text. */
const DEFAULT_TEXT = 'Welcome to Etherpad!\n';

/** The most characters Etherpad takes for the text of a new pad. */
const LONGEST_TEXT = 100_000;

const PAD_NAME = /^[^$]{1,50}$/;
const PAD_ID = /^(g\.[a-zA-Z0-9]{16}\$)?[^$]{1,50}$/;

/** White space and colons become underscores before a pad is looked for or made (all versions). */
const sanitized = (name: string): string => name.replace(/\s+/g, '_').replace(/:+/g, '_');

/** @throws ApiError code 1 `padID does not exist`, or what Etherpad says of an id that cannot be one */
function requirePad({ state }: World, padID: unknown): Pad {
  if (typeof padID !== 'string') throw wrongParameters('padID is not a string');
  const pad = state.findPad(padID) ?? state.findPad(sanitized(padID));
  if (pad !== undefined) return pad;
  throw wrongParameters(PAD_ID.test(sanitized(padID)) ? 'padID does not exist' : 'padID did not match requirements');
}

function readText(text: unknown): string {
  if (text === undefined || text === null) return DEFAULT_TEXT;
  if (typeof text !== 'string') throw wrongParameters('text is not a string');
  if (text.length > LONGEST_TEXT) throw wrongParameters('text must be less than 100k chars');
  return `${text.replace(/\r\n?/g, '\n').replaceAll('\t', '        ').replaceAll('\u00a0', ' ')}\n`;
}

/** A missing padName makes a pad called `undefined`; an empty one, or one with `$`, is refused with the whole id. */
export function createGroupPad(world: World, { groupID, padName, text, authorId }: Parameters): { padID: string; deletionToken?: string } {
  const { state, ids, behaviour } = world;
  const name = padName === undefined ? 'undefined' : sanitized(padName as string);
  const group = requireGroup(world, groupID);
  const padID = `${group.groupID}$${name}`;
  if (state.findPad(padID) !== undefined) throw wrongParameters('padName does already exist');
  if (!PAD_NAME.test(name)) throw wrongParameters(`${padID} is not a valid padId`);
  state.addPad(padID, { text: readText(text), group, author: state.findAuthor(String(authorId)) });
  return behaviour.givesDeletionToken ? { padID, deletionToken: ids.deletionToken() } : { padID };
}

/** Pads of the mock have one revision, number 0. */
export function getText(world: World, { padID, rev }: Parameters): { text: string } {
  if (rev !== undefined) {
    const revision = Number(rev);
    if (Number.isNaN(revision)) throw wrongParameters('rev is not a number');
    if (revision < 0) throw wrongParameters('rev is a negative number');
    if (!Number.isInteger(revision)) throw wrongParameters('rev is a float value');
    requirePad(world, padID);
    if (revision > 0) throw wrongParameters('rev is higher than the head revision of the pad');
  }
  return { text: requirePad(world, padID).text };
}

export function deletePad(world: World, { padID }: Parameters): null {
  world.state.deletePad(requirePad(world, padID));
  return null;
}

/** In alphabetical order, as Etherpad keeps them. */
export const listAllPads = ({ state }: World): { padIDs: string[] } => ({
  padIDs: Array.from(state.pads(), ({ padID }) => padID).toSorted(),
});

/** totalSessions counts editing connections, of which the mock has none; API sessions do not count (all versions). */
export const getStats = ({ state }: World): { totalPads: number; totalSessions: number; totalActivePads: number } => ({
  totalPads: state.padCount,
  totalSessions: 0,
  totalActivePads: 0,
});
