import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import type { World } from '../world.ts';
import type { Pad } from './pad.ts';

const PAD_ID = /^(g.[a-zA-Z0-9]{16}\$)?[^$]{1,50}$/;
const PAD_NAME = /^[^$]{1,50}$/;

/** The id of the group that a pad's id names; undefined for a pad outside of any group. */
export const groupIdOf = (padID: string): string | undefined => {
  const dollar = padID.indexOf('$');
  return dollar === -1 ? undefined : padID.slice(0, dollar);
};

/**
 * Whether a pad may have this id: 1 to 50 characters without `$`, alone or after a group's id and `$`. A group that was
 * seeded may have an id that no Etherpad gives.
 */
export function isPadID({ state }: World, padID: string): boolean {
  if (PAD_ID.test(padID)) return true;
  const groupID = groupIdOf(padID);
  return groupID !== undefined && state.findGroup(groupID) !== undefined && PAD_NAME.test(padID.slice(groupID.length + 1));
}

/** White space becomes an underscore, then colons do, unless a pad has the name as it is (all versions). */
export function sanitizedPadID({ state }: World, padID: string): string {
  if (state.findPad(padID) !== undefined) return padID;
  const withoutSpaces = padID.replace(/\s+/g, '_');
  return state.findPad(withoutSpaces) === undefined ? withoutSpaces.replace(/:+/g, '_') : withoutSpaces;
}

function sanitized(world: World, name: unknown): unknown {
  if (!name || world.state.findPad(String(name)) !== undefined) return name;
  if (typeof name !== 'string') throw new TypeError(`a pad's name is text, not ${JSON.stringify(name)}`);
  return sanitizedPadID(world, name);
}

/** What a function reads: `padID` and `padName` in the form that Etherpad gives them before it calls any function. */
export function withPadNames(world: World, parameters: Parameters): Parameters {
  const { padID, padName } = parameters;
  const clean = { padID: sanitized(world, padID), padName: sanitized(world, padName) };
  if (clean.padID === padID && clean.padName === padName) return parameters;
  return Object.assign(Object.create(parameters) as Record<string, unknown>, clean);
}

/** @throws ApiError code 1 for what cannot be the id of a pad */
export function checkPadID(world: World, padID: unknown): asserts padID is string {
  if (typeof padID !== 'string') throw wrongParameters('padID is not a string');
  if (!isPadID(world, padID)) throw wrongParameters('padID did not match requirements');
}

/** @throws ApiError code 1 `padID does not exist`, or what Etherpad says of an id that cannot be one */
export function requirePad(world: World, padID: unknown): Pad {
  const pad = typeof padID === 'string' ? world.state.findPad(padID) : undefined;
  if (pad !== undefined) return pad;
  checkPadID(world, padID);
  throw wrongParameters('padID does not exist');
}
