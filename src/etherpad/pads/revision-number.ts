import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import type { World } from '../world.ts';
import type { Pad } from './pad.ts';
import { requirePad } from './pad-id.ts';

/**
 * The number that a client means by a revision: JSON numbers as they are, anything else as parseInt reads it.
 *
 * @throws ApiError code 1, `rev is not a negative number` for one that is (all versions write it so)
 * @example readRevisionNumber('2abc') // 2
 */
export function readRevisionNumber(rev: unknown): number {
  const number = typeof rev === 'number' ? rev : Number.parseInt(String(rev), 10);
  if (Number.isNaN(number)) throw wrongParameters('rev is not a number');
  if (number < 0) throw wrongParameters('rev is not a negative number');
  if (Number.parseFloat(String(number)) !== Number.parseInt(String(number), 10)) throw wrongParameters('rev is a float value');
  return number;
}

/**
 * A pad and one of its revisions. Checks come in Etherpad's order: the form of the number, the pad's id, the pad, the
 * height of the number.
 *
 * @returns undefined for a revision that was not asked for
 */
export function requireRevision(world: World, { padID, rev }: Parameters): { pad: Pad; revision: number | undefined } {
  const revision = rev === undefined ? undefined : readRevisionNumber(rev);
  const pad = requirePad(world, padID);
  if (revision !== undefined && revision > pad.head) throw wrongParameters('rev is higher than the head revision of the pad');
  return { pad, revision };
}
