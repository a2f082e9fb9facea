import type { Emulation } from '../../src/etherpad/emulation.ts';

/** What a function answers: its data, or Etherpad's refusal. */
export type Outcome = { readonly data: unknown } | { readonly refusal: string };

interface ModelGroup {
  readonly id: string;
  readonly mapper: string | undefined;
  deleted: boolean;
}

interface ModelSession {
  readonly id: string;
  readonly groupID: string;
  readonly authorID: string;
  readonly validUntil: number;
  deleted: boolean;
}

interface ModelPad {
  readonly id: string;
  readonly groupID: string;
}

const refused = (refusal: string): Outcome => ({ refusal });
const answered = (data: unknown): Outcome => ({ data });

/**
 * Etherpad written down as simply as can be: lists that are searched from end to end, nothing ever given back. Ids are
 * taken from the real thing, as they are random.
 */
export class Model {
  readonly #emulate: Emulation;
  readonly groups: ModelGroup[] = [];
  readonly authors: string[] = [];
  readonly sessions: ModelSession[] = [];
  #pads: ModelPad[] = [];
  /** Unix time in seconds. */
  now: number;

  constructor(emulate: Emulation, now: number) {
    this.#emulate = emulate;
    this.now = now;
  }

  get #isDocumented(): boolean {
    return this.#emulate === 'documented';
  }

  get #leavesNull(): boolean {
    return this.#emulate === '1.9.7';
  }

  #group = (id: string): ModelGroup | undefined => this.groups.find((group) => group.id === id && !group.deleted);

  #isAlive = (session: ModelSession): boolean => !session.deleted && (!this.#isDocumented || this.now < session.validUntil);

  #session = (id: string): ModelSession | undefined => this.sessions.find((session) => session.id === id && this.#isAlive(session));

  /** The group that a mapper has already. */
  groupFor(mapper: string): string | undefined {
    return this.groups.find((group) => group.mapper === mapper && !group.deleted)?.id;
  }

  addGroup(id: string, mapper?: string): void {
    this.groups.push({ id, mapper, deleted: false });
  }

  addAuthor(id: string): void {
    this.authors.push(id);
  }

  /** The refusal of these arguments, or undefined: then a session is to be added. */
  refusalOfSession(groupID: string, authorID: string, validUntil: number): string | undefined {
    if (this.#group(groupID) === undefined) return 'groupID does not exist';
    if (!this.authors.includes(authorID)) return 'authorID does not exist';
    if (validUntil < 0) return 'validUntil is a negative number';
    if (validUntil < this.now) return 'validUntil is in the past';
    return undefined;
  }

  addSession(id: string, groupID: string, authorID: string, validUntil: number): void {
    this.sessions.push({ id, groupID, authorID, validUntil, deleted: false });
  }

  getSessionInfo(id: string): Outcome {
    const session = this.#session(id);
    if (session === undefined) return refused('sessionID does not exist');
    const { groupID, authorID, validUntil } = session;
    const bare = { groupID, authorID, validUntil };
    return answered(this.#isDocumented ? { info: { id, ...bare }, ...bare } : bare);
  }

  deleteSession(id: string): Outcome {
    const session = this.#session(id);
    if (session === undefined) return refused('sessionID does not exist');
    session.deleted = true;
    return answered(null);
  }

  #list(sessions: readonly ModelSession[]): Outcome {
    if (this.#isDocumented) {
      const alive = sessions.filter(this.#isAlive);
      return answered({ sessions: alive.map(({ id, groupID, authorID, validUntil }) => ({ id, groupID, authorID, validUntil })) });
    }
    if (sessions.length === 0) return answered(null);
    const listed = this.#leavesNull ? sessions : sessions.filter(({ deleted }) => !deleted);
    return answered(
      Object.fromEntries(
        listed.map(({ id, groupID, authorID, validUntil, deleted }) => [id, deleted ? null : { groupID, authorID, validUntil }]),
      ),
    );
  }

  listSessionsOfGroup(groupID: string): Outcome {
    if (this.#group(groupID) === undefined) return refused('groupID does not exist');
    return this.#list(this.sessions.filter((session) => session.groupID === groupID));
  }

  listSessionsOfAuthor(authorID: string): Outcome {
    if (!this.authors.includes(authorID)) return refused('authorID does not exist');
    return this.#list(this.sessions.filter((session) => session.authorID === authorID));
  }

  deleteGroup(groupID: string): Outcome {
    const group = this.#group(groupID);
    if (group === undefined) return refused('groupID does not exist');
    const sessions = this.sessions.filter((session) => session.groupID === groupID);
    const fails = this.#leavesNull && sessions.some(({ deleted }) => deleted);
    for (const session of sessions) session.deleted = true;
    this.#pads = this.#pads.filter((pad) => pad.groupID !== groupID);
    if (fails) return refused('sessionID does not exist');
    group.deleted = true;
    return answered(null);
  }

  listAllGroups(): Outcome {
    return answered({ groupIDs: this.groups.filter(({ deleted }) => this.#leavesNull || !deleted).map(({ id }) => id) });
  }

  refusalOfPad(groupID: string, padName: string): string | undefined {
    if (this.#group(groupID) === undefined) return 'groupID does not exist';
    return this.#pads.some(({ id }) => id === `${groupID}$${padName}`) ? 'padName does already exist' : undefined;
  }

  addPad(groupID: string, padName: string): void {
    this.#pads.push({ id: `${groupID}$${padName}`, groupID });
  }

  deletePad(id: string): Outcome {
    const before = this.#pads.length;
    this.#pads = this.#pads.filter((pad) => pad.id !== id);
    return this.#pads.length === before ? refused('padID does not exist') : answered(null);
  }

  listPads(groupID: string): Outcome {
    if (this.#group(groupID) === undefined) return refused('groupID does not exist');
    return answered({ padIDs: this.#pads.filter((pad) => pad.groupID === groupID).map(({ id }) => id) });
  }
}
