import { ApiError, wrongParameters } from './api-error.ts';
import { requireAuthor } from './authors.ts';
import { seconds } from './clock.ts';
import type { Parameters } from './etherpad-function.ts';
import { requireGroup } from './groups.ts';
import type { SessionList } from './session-list.ts';
import type { Session } from './state.ts';
import { unusedId } from './unused-id.ts';
import { readValidUntil } from './valid-until.ts';
import type { World } from './world.ts';

/** What every real server tells of a session. */
interface SessionInfo {
  groupID: unknown;
  authorID: unknown;
  validUntil: number;
}

/** Whether a session is still alive at a second. Real servers never ask, and go on telling of it. */
function isAlive(world: World, { validUntil }: Session, second: number): boolean {
  if (second < validUntil) return true;
  world.meetExpired?.();
  return world.behaviour.keepsExpiredSessions;
}

/** @throws ApiError code 1 `sessionID does not exist`: unknown, missing, empty, deleted and (as documented) expired ones */
function requireSession(world: World, sessionID: unknown): Session {
  const session = world.state.findSession(String(sessionID));
  if (session === undefined || !isAlive(world, session, seconds(world.clock))) throw wrongParameters('sessionID does not exist');
  return session;
}

function infoOf({ state }: World, session: Session): SessionInfo {
  const { groupID, authorID } = state.givenIds(session) ?? { groupID: session.group.groupID, authorID: session.author.authorID };
  return { groupID, authorID, validUntil: session.validUntil };
}

const documentedInfoOf = ({ sessionID, group, author, validUntil }: Session) => ({
  id: sessionID,
  authorID: author.authorID,
  groupID: group.groupID,
  validUntil,
});

/**
 * At the limit, sessions that nobody can see any more make room: those of deleted groups, and expired ones where they do
 * not count, also when the clock was moved.
 *
 * @throws ApiError code 2 `too many sessions`
 */
function requireRoom({ state, clock, behaviour, maxSessions }: World): void {
  if (state.sessionCount < maxSessions) return;
  state.makeRoom(behaviour.keepsExpiredSessions ? undefined : seconds(clock));
  if (state.sessionCount >= maxSessions) throw new ApiError(2, 'too many sessions');
}

/** Whether a missing group or author of that id is to be made. */
const isMade = ({ createsMissing }: World, id: unknown): id is string => createsMissing && typeof id === 'string' && id !== '';

/**
 * Checks the group, then the author, then validUntil, as all versions do. The same arguments give another session each
 * time.
 */
export function createSession(world: World, { groupID, authorID, validUntil }: Parameters): { sessionID: string } {
  const { state, ids, clock, behaviour } = world;
  const knownGroup = isMade(world, groupID) ? state.findGroup(groupID) : requireGroup(world, groupID);
  const knownAuthor = isMade(world, authorID) ? state.findAuthor(authorID) : requireAuthor(world, authorID);
  const until = readValidUntil(validUntil, seconds(clock));
  requireRoom(world);
  const group = knownGroup ?? state.addGroup(String(groupID));
  const author = knownAuthor ?? state.addAuthor(String(authorID), { timestamp: clock.milliseconds() });
  const sessionID = unusedId(ids.session, (id) => state.findSession(id) !== undefined);
  const isText = typeof groupID === 'string' && typeof authorID === 'string';
  state.addSession(sessionID, group, author, until, isText || !behaviour.keepsValuesAsGiven ? undefined : { groupID, authorID });
  return { sessionID };
}

export function deleteSession(world: World, { sessionID }: Parameters): null {
  const session = requireSession(world, sessionID);
  world.state.deleteSession(session, { leavesNull: world.behaviour.deletedSessionsStayAsNull });
  return null;
}

export function getSessionInfo(world: World, { sessionID }: Parameters): unknown {
  const session = requireSession(world, sessionID);
  const info = infoOf(world, session);
  return world.behaviour.sessionInfo === 'bare' ? info : { info: documentedInfoOf(session), ...info };
}

function listSessions(world: World, of: { sessions: SessionList<Session>; hadSession: boolean }): unknown {
  const { state, behaviour } = world;
  const second = seconds(world.clock);
  if (behaviour.sessionList === 'array') {
    const alive = [...of.sessions].filter((session) => state.exists(session) && isAlive(world, session, second));
    return { sessions: alive.map(documentedInfoOf) };
  }
  if (!of.hadSession) return null;
  const infos: Record<string, SessionInfo | null> = {};
  for (const session of of.sessions) {
    if (!state.exists(session)) {
      if (behaviour.deletedSessionsStayAsNull) infos[session.sessionID] = null;
    } else if (isAlive(world, session, second)) infos[session.sessionID] = infoOf(world, session);
  }
  return infos;
}

export const listSessionsOfGroup = (world: World, { groupID }: Parameters): unknown => listSessions(world, requireGroup(world, groupID));

export const listSessionsOfAuthor = (world: World, { authorID }: Parameters): unknown =>
  listSessions(world, requireAuthor(world, authorID));
