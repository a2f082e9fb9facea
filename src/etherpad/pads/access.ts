import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import { unusedId } from '../unused-id.ts';
import type { World } from '../world.ts';
import { requirePad } from './pad-id.ts';

/** Made when it is first asked for, then always the same. */
export function getReadOnlyID(world: World, { padID }: Parameters): { readOnlyID: string } {
  const { state, ids } = world;
  const pad = requirePad(world, padID);
  const readOnlyID =
    pad.readOnlyID ??
    unusedId(
      () => ids.readOnly(),
      (id) => state.findPadByReadOnlyID(id) !== undefined,
    );
  state.giveReadOnlyID(pad, readOnlyID);
  return { readOnlyID };
}

export function getPadID({ state }: World, { roID }: Parameters): { padID: string } {
  const pad = state.findPadByReadOnlyID(String(roID));
  if (pad === undefined) throw wrongParameters('padID does not exist');
  return { padID: pad.padID };
}

/** Asked of the id, before anything asks whether there is such a pad. */
function checkGroupPad(padID: unknown): void {
  if (typeof padID === 'string' && padID !== '' && !padID.includes('$'))
    throw wrongParameters('You can only get/set the publicStatus of pads that belong to a group');
}

/** Text is true or false; other JSON values are kept as they came, where the emulation does so. */
export function setPublicStatus(world: World, { padID, publicStatus }: Parameters): null {
  checkGroupPad(padID);
  const pad = requirePad(world, padID);
  const status = typeof publicStatus === 'string' ? publicStatus.toLowerCase() === 'true' : publicStatus;
  pad.publicStatus = world.behaviour.keepsValuesAsGiven ? status : Boolean(status);
  return null;
}

export function getPublicStatus(world: World, { padID }: Parameters): { publicStatus: unknown } {
  checkGroupPad(padID);
  return { publicStatus: requirePad(world, padID).publicStatus };
}
