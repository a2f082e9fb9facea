import type { World } from '../world.ts';

/**
 * Asks who is in the room of a pad: nobody. Where rooms are kept in a plain JavaScript object, a pad with the name of
 * something that every object has, such as `constructor`, seems to have one of another kind.
 *
 * @throws TypeError for such a name, which becomes code 2
 */
export function visitRoom({ behaviour }: World, padID: unknown): void {
  if (behaviour.roomsAreObjects && String(padID) in Object.prototype) {
    throw new TypeError(`the room of ${String(padID)} is no room`);
  }
}
