import { ExpiryQueue } from './expiry-queue.ts';
import { ownCopy } from './own-copy.ts';
import type { Pad } from './pads/pad.ts';
import type { Author, GivenIds, Group, Session } from './records.ts';
import { SessionList } from './session-list.ts';

export type { Author, GivenIds, Group, Session } from './records.ts';

/** How many records are given back in one step, so that no other request waits for long. */
const RECORDS_PER_STEP = 2_000;

/** How many sessions are remembered that expired and whose memory was given back: enough to say what became of one. */
const MOST_REMEMBERED = 10_000;

const COLORS = ['#e57373', '#ffb74d', '#fff176', '#aed581', '#4db6ac', '#4fc3f7', '#7986cb', '#ba68c8'] as const;

/** What is left of a session that expired. */
export interface ExpiredSession {
  readonly groupID: string;
  /** Unix time in seconds. */
  readonly validUntil: number;
}

const unlinkedSession = (sessionID: string, group: Group, author: Author, validUntil: number): Session => ({
  sessionID,
  group,
  author,
  validUntil,
  previousOfGroup: undefined,
  nextOfGroup: undefined,
  previousOfAuthor: undefined,
  nextOfAuthor: undefined,
  previousToExpire: undefined,
  nextToExpire: undefined,
});

/**
 * One Etherpad's groups, authors, sessions and pads, in memory. Creating, reading and deleting a session take constant
 * time, a list the length of the list, deleting a group the number of its pads.
 */
export class State {
  readonly #groups = new Map<string, Group>();
  readonly #authors = new Map<string, Author>();
  readonly #sessions = new Map<string, Session>();
  readonly #pads = new Map<string, Pad>();
  readonly #padsByReadOnlyID = new Map<string, Pad>();
  readonly #groupsByMapper = new Map<string, Group>();
  readonly #authorsByMapper = new Map<string, Author>();
  readonly #expiry = new ExpiryQueue<Session>();
  readonly #givenIds = new WeakMap<Session, GivenIds>();
  /** When sessions expired whose memory was given back, and of which group they were: the last of them. */
  readonly #expiredLately = new Map<string, ExpiredSession>();
  /** How many deleted groups only linger. */
  #lingering = 0;
  /** Deleted groups whose sessions are still to be given back. */
  readonly #leftovers: Group[] = [];

  // groups

  addGroup(groupID: string, mapper?: string): Group {
    const group: Group = {
      groupID: ownCopy(groupID),
      mapper: mapper === undefined ? undefined : ownCopy(mapper),
      pads: new Set(),
      sessions: new SessionList<Session>('group'),
      hadSession: false,
      deleted: false,
    };
    this.#groups.set(group.groupID, group);
    if (group.mapper !== undefined) this.#groupsByMapper.set(group.mapper, group);
    return group;
  }

  findGroup(groupID: string): Group | undefined {
    const group = this.#groups.get(groupID);
    return group?.deleted ? undefined : group;
  }

  findGroupFor(mapper: string): Group | undefined {
    return this.#groupsByMapper.get(mapper);
  }

  /** In order of creation; with those deleted only where the emulation lets them linger. */
  *groups(options: { deletedToo: boolean } = { deletedToo: false }): Generator<Group, void> {
    for (const group of this.#groups.values()) {
      if (options.deletedToo || !group.deleted) yield group;
    }
  }

  /**
   * Deletes a group with its pads and sessions, and frees its mapper.
   *
   * @param options.lingers keeps the group's id for `groups({ deletedToo: true })`
   * @param options.leavesNull keeps its sessions, dead, in the lists of their authors
   */
  deleteGroup(group: Group, options: { lingers: boolean; leavesNull: boolean }): void {
    this.deletePadsOf(group);
    group.deleted = true;
    if (group.mapper !== undefined) this.#groupsByMapper.delete(group.mapper);
    if (options.lingers) this.#lingering += 1;
    else this.#groups.delete(group.groupID);
    if (options.leavesNull) for (const session of group.sessions) this.#forget(session);
    else if (group.sessions.first !== undefined) this.#leftovers.push(group);
  }

  /** How many groups there are, without those that only linger. */
  get groupCount(): number {
    return this.#groups.size - this.#lingering;
  }

  deletePadsOf(group: Group): void {
    for (const padID of group.pads) {
      const pad = this.#pads.get(padID);
      if (pad !== undefined) this.deletePad(pad);
    }
  }

  // authors

  addAuthor(authorID: string, author: { mapper?: string | undefined; name?: unknown; timestamp: number }): Author {
    const added: Author = {
      authorID: ownCopy(authorID),
      mapper: author.mapper === undefined ? undefined : ownCopy(author.mapper),
      name: typeof author.name === 'string' ? ownCopy(author.name) : author.name,
      colorId: COLORS[this.#authors.size % COLORS.length]!,
      timestamp: author.timestamp,
      pads: new Set(),
      sessions: new SessionList<Session>('author'),
      hadSession: false,
    };
    this.#authors.set(added.authorID, added);
    if (added.mapper !== undefined) this.#authorsByMapper.set(added.mapper, added);
    return added;
  }

  renameAuthor(author: Author, name: unknown, timestamp: number): void {
    author.name = typeof name === 'string' ? ownCopy(name) : name;
    author.timestamp = timestamp;
  }

  /** The pads that listPadsOfAuthor lists, there or not. */
  listPadsOf(author: Author, padIDs: readonly string[]): void {
    author.pads.clear();
    for (const padID of padIDs) author.pads.add(padID);
  }

  findAuthor(authorID: string): Author | undefined {
    return this.#authors.get(authorID);
  }

  findAuthorFor(mapper: string): Author | undefined {
    return this.#authorsByMapper.get(mapper);
  }

  authors(): IterableIterator<Author> {
    return this.#authors.values();
  }

  get authorCount(): number {
    return this.#authors.size;
  }

  // sessions

  /** @param given ids that the client gave in another shape than text, where they are to be returned so */
  addSession(sessionID: string, group: Group, author: Author, validUntil: number, given?: GivenIds): Session {
    const session = unlinkedSession(sessionID, group, author, validUntil);
    this.#sessions.set(sessionID, session);
    group.sessions.append(session);
    author.sessions.append(session);
    this.#expiry.add(session);
    group.hadSession = true;
    author.hadSession = true;
    if (given !== undefined) this.#givenIds.set(session, given);
    return session;
  }

  /** The session, expired or not, unless it was deleted or its group was. */
  findSession(sessionID: string): Session | undefined {
    const session = this.#sessions.get(sessionID);
    return session?.group.deleted ? undefined : session;
  }

  /** Whether a member of a list is still a session, and not the trace of a deleted one. */
  exists(session: Session): boolean {
    return !session.group.deleted && this.#sessions.get(session.sessionID) === session;
  }

  givenIds(session: Session): GivenIds | undefined {
    return this.#givenIds.get(session);
  }

  /** @param options.leavesNull keeps the dead session in the lists of its group and its author */
  deleteSession(session: Session, options: { leavesNull: boolean }): void {
    this.#forget(session);
    if (options.leavesNull) return;
    session.group.sessions.remove(session);
    session.author.sessions.remove(session);
  }

  #forget(session: Session): void {
    if (this.#sessions.delete(session.sessionID)) this.#expiry.remove(session);
  }

  /** All sessions in order of creation, expired ones included. */
  *sessions(): Generator<Session, void> {
    for (const session of this.#sessions.values()) {
      if (!session.group.deleted) yield session;
    }
  }

  /** Whether sessions of deleted groups are still in memory. */
  get hasLeftovers(): boolean {
    return this.#leftovers.length > 0;
  }

  /** All sessions in memory in order of creation, leftovers too: who wants the newest need not look at all the others. */
  storedSessions(): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** How many sessions are in memory; some of them may have expired, or await a step of `giveBack`. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /**
   * Gives back the memory of sessions that nobody can see any more, a small step at a time.
   *
   * @param expiredBefore unix time in seconds: sessions that expired well before it go too; undefined keeps them
   * @returns whether there is more to do
   */
  giveBack(expiredBefore: number | undefined): boolean {
    for (let step = 0; step < RECORDS_PER_STEP; step++) {
      const leftover = this.#nextLeftover();
      const expired = leftover === undefined && expiredBefore !== undefined ? this.#expiry.firstExpired(expiredBefore) : undefined;
      if (leftover !== undefined) this.deleteSession(leftover, { leavesNull: false });
      else if (expired !== undefined) this.#giveBackExpired(expired);
      else return false;
    }
    return true;
  }

  /**
   * Gives back every session that nobody can see any more, at once: for who must know how many are left.
   *
   * @param expiredBefore unix time in seconds: sessions that have expired by then go too; undefined keeps them
   */
  makeRoom(expiredBefore: number | undefined): void {
    while (this.giveBack(expiredBefore));
    if (expiredBefore === undefined) return;
    for (const session of this.#expiry.expiringNow(expiredBefore)) this.#giveBackExpired(session);
  }

  #giveBackExpired(session: Session): void {
    const { sessionID, group, validUntil } = session;
    this.deleteSession(session, { leavesNull: false });
    this.#expiredLately.set(sessionID, { groupID: group.groupID, validUntil });
    const [oldest] = this.#expiredLately.keys();
    if (this.#expiredLately.size > MOST_REMEMBERED) this.#expiredLately.delete(oldest!);
  }

  /** A session that expired, and whose memory was given back not long ago: for those who want to know why it is gone. */
  findExpiredLately(sessionID: string): ExpiredSession | undefined {
    return this.#expiredLately.get(sessionID);
  }

  #nextLeftover(): Session | undefined {
    for (let group = this.#leftovers.at(-1); group !== undefined; group = this.#leftovers.at(-1)) {
      if (group.sessions.first !== undefined) return group.sessions.first;
      this.#leftovers.pop();
    }
    return undefined;
  }

  // pads

  /** Adds a pad, which so is the last of all and of its group. */
  addPad(pad: Pad): void {
    this.#pads.set(pad.padID, pad);
    pad.group?.pads.add(pad.padID);
    if (pad.readOnlyID !== undefined) this.#padsByReadOnlyID.set(pad.readOnlyID, pad);
  }

  findPad(padID: string): Pad | undefined {
    return this.#pads.get(padID);
  }

  giveReadOnlyID(pad: Pad, readOnlyID: string): void {
    pad.readOnlyID = readOnlyID;
    this.#padsByReadOnlyID.set(readOnlyID, pad);
  }

  findPadByReadOnlyID(readOnlyID: string): Pad | undefined {
    return this.#padsByReadOnlyID.get(readOnlyID);
  }

  /** Deletes the pad with the id of this one; those who are this one's authors then have no such pad. */
  deletePad(pad: Pad): void {
    const readOnlyID = this.#pads.get(pad.padID)?.readOnlyID;
    if (readOnlyID !== undefined) this.#padsByReadOnlyID.delete(readOnlyID);
    this.#pads.delete(pad.padID);
    pad.group?.pads.delete(pad.padID);
    for (const author of pad.authors()) this.#authors.get(author)?.pads.delete(pad.padID);
  }

  pads(): IterableIterator<Pad> {
    return this.#pads.values();
  }

  get padCount(): number {
    return this.#pads.size;
  }

  /** A state of its own with the same records in the same order, traces of deleted sessions included. */
  copy(): State {
    const copy = new State();
    const groups = new Map<Group, Group>();
    const authors = new Map<Author, Author>();
    const sessions = new Map<Session, Session>();
    const groupOf = (group: Group): Group => {
      let made = groups.get(group);
      if (made === undefined) {
        made = { ...group, pads: new Set(group.pads), sessions: new SessionList<Session>('group') };
        groups.set(group, made);
      }
      return made;
    };
    const sessionOf = (session: Session): Session => {
      let made = sessions.get(session);
      if (made === undefined) {
        made = unlinkedSession(session.sessionID, groupOf(session.group), authors.get(session.author)!, session.validUntil);
        sessions.set(session, made);
        const given = this.#givenIds.get(session);
        if (given !== undefined) copy.#givenIds.set(made, given);
      }
      return made;
    };
    for (const group of this.#groups.values()) copy.#groups.set(group.groupID, groupOf(group));
    for (const [sessionID, expired] of this.#expiredLately) copy.#expiredLately.set(sessionID, expired);
    copy.#lingering = this.#lingering;
    for (const author of this.#authors.values()) {
      const made = { ...author, pads: new Set(author.pads), sessions: new SessionList<Session>('author') };
      authors.set(author, made);
      copy.#authors.set(author.authorID, made);
    }
    for (const session of this.sessions()) {
      const made = sessionOf(session);
      copy.#sessions.set(made.sessionID, made);
      copy.#expiry.add(made);
    }
    for (const group of this.#groups.values()) for (const session of group.sessions) groupOf(group).sessions.append(sessionOf(session));
    for (const author of this.#authors.values()) {
      for (const session of author.sessions) {
        // what only waits to be given back stays behind
        if (this.exists(session) || !this.#isLeftover(session)) authors.get(author)!.sessions.append(sessionOf(session));
      }
    }
    for (const [mapper, group] of this.#groupsByMapper) copy.#groupsByMapper.set(mapper, groupOf(group));
    for (const [mapper, author] of this.#authorsByMapper) copy.#authorsByMapper.set(mapper, authors.get(author)!);
    for (const pad of this.#pads.values()) {
      const made = pad.copy(pad.padID, pad.group && groupOf(pad.group));
      made.deletionToken = pad.deletionToken;
      made.readOnlyID = pad.readOnlyID;
      copy.addPad(made);
    }
    return copy;
  }

  /** Whether a session of a deleted group is still to be given back. */
  #isLeftover(session: Session): boolean {
    return session.group.deleted && this.#sessions.get(session.sessionID) === session;
  }
}
