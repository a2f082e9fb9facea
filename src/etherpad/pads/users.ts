import type { Parameters } from '../etherpad-function.ts';
import type { World } from '../world.ts';
import { requirePad } from './pad-id.ts';
import { visitRoom } from './rooms.ts';

/** Nobody edits a pad of the mock, nor one that does not exist (all versions). */
export function padUsers(world: World, { padID }: Parameters): { padUsers: never[] } {
  visitRoom(world, padID);
  return { padUsers: [] };
}

export function padUsersCount(world: World, { padID }: Parameters): { padUsersCount: number } {
  visitRoom(world, padID);
  return { padUsersCount: 0 };
}

/** Nobody is there to get the message. */
export function sendClientsMessage(world: World, { padID }: Parameters): null {
  requirePad(world, padID);
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
