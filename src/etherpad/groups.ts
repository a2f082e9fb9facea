import { wrongParameters } from './api-error.ts';
import type { Parameters } from './etherpad-function.ts';
import type { Group } from './state.ts';
import { unusedId } from './unused-id.ts';
import type { World } from './world.ts';

/**
 * @param groupID text; other JSON values are compared as the text they turn into, so that `["g.x"]` finds `g.x`
 * @throws ApiError code 1 `groupID does not exist`, for missing and empty ids too
 */
export function requireGroup({ state }: World, groupID: unknown): Group {
  const group = state.findGroup(String(groupID));
  if (group === undefined) throw wrongParameters('groupID does not exist');
  return group;
}

const addGroup = ({ state, ids }: World, mapper?: string): Group =>
  state.addGroup(
    unusedId(ids.group, (id) => state.findGroup(id) !== undefined),
    mapper,
  );

export const createGroup = (world: World): { groupID: string } => ({ groupID: addGroup(world).groupID });

/** An empty mapper is a mapper like any other (1.9.7, 2.5.3, 3.3.1). */
export function createGroupIfNotExistsFor(world: World, { groupMapper }: Parameters): { groupID: string } {
  if (typeof groupMapper !== 'string') throw wrongParameters('groupMapper is not a string');
  // all real servers fail on it: their database refuses to write below such a key
  if (groupMapper === '__proto__') throw new Error('__proto__ cannot be a groupMapper');
  const group = world.state.findGroupFor(groupMapper) ?? addGroup(world, groupMapper);
  return { groupID: group.groupID };
}

/**
 * Deletes a group with its pads and sessions and frees its mapper. Where deleted sessions stay in the lists (1.9.7), one
 * such session makes it fail when pads and live sessions are gone already: the group stays, and still takes sessions.
 */
export function deleteGroup(world: World, { groupID }: Parameters): null {
  const { state, behaviour } = world;
  const group = requireGroup(world, groupID);
  const leavesNull = behaviour.deletedSessionsStayAsNull;
  if (leavesNull && [...group.sessions].some((session) => !state.exists(session))) {
    state.deletePadsOf(group);
    for (const session of group.sessions) state.deleteSession(session, { leavesNull });
    throw wrongParameters('sessionID does not exist');
  }
  state.deleteGroup(group, { lingers: behaviour.deletedGroupsLinger, leavesNull });
  return null;
}

export const listPads = (world: World, { groupID }: Parameters): { padIDs: string[] } => ({
  padIDs: [...requireGroup(world, groupID).pads],
});

export const listAllGroups = ({ state, behaviour }: World): { groupIDs: string[] } => ({
  groupIDs: Array.from(state.groups({ deletedToo: behaviour.deletedGroupsLinger }), ({ groupID }) => groupID),
});
