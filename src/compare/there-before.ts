import type { Sandbox } from '../sandbox/sandbox.ts';
import { type ApiCall, type SentValues, textOf } from './api-call.ts';
import type { Side } from './behaviours.ts';
import type { Part } from './find-parts.ts';

/** Parameters that name a pad, and those of them that name one which is to be made. */
const PAD_NAMES = ['padID', 'sourceID', 'roID'] as const;
const MAKES_PAD = /^(createPad|appendChatMessage|padUsers|padUsersCount|sendClientsMessage)$/;

/** Functions that succeed only if the author is there; others take any text for one. */
const NEEDS_AUTHOR = /^(createSession|listSessionsOfAuthor|listPadsOfAuthor)$/;

const ID = /\b[gasr]\.[A-Za-z0-9]{16,}(?:\$[^"\\&\s]+)?/g;

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/**
 * What was on the real server before the comparison began, and so is unknown to the mock: nobody asks for it, it shows in
 * answers. Groups, authors and sessions are taken over as they appear; pads have a history that does not show, and stay
 * out of the comparison.
 */
export class ThereBefore {
  readonly #sandbox: Sandbox;
  /** Ids that came by already: what the mock does not know of them is its own fault. */
  readonly #seen = new Set<string>();
  /** How many pads were there before; unknown until the first getStats. */
  #pads: number | undefined;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * Takes over what a call names, or shows, and is there for the real server.
   *
   * @returns whether the call can be compared: false when it is about a pad, or the end of a session, of before
   */
  takeOver({ name }: ApiCall, values: SentValues, { code, data }: Side): boolean {
    if (code !== 0) return true;
    const groupID = textOf(values, 'groupID');
    if (groupID !== undefined) this.#takeGroup(groupID);
    const authorID = textOf(values, 'authorID');
    if (authorID !== undefined && NEEDS_AUTHOR.test(name)) this.#takeAuthor(authorID, undefined);
    if (authorID !== undefined && name === 'getAuthorName' && data !== null) this.#takeAuthor(authorID, data);
    const sessionID = textOf(values, 'sessionID');
    if (sessionID !== undefined && this.#isOfBefore(sessionID, this.#sandbox.state.findSession(sessionID))) {
      if (name !== 'getSessionInfo') return false;
      this.#takeSession(sessionID, data);
    }
    for (const parameter of PAD_NAMES) {
      const padID = textOf(values, parameter);
      if (padID === undefined || MAKES_PAD.test(name) || !this.#isOfBefore(padID, this.#sandbox.state.findPad(padID))) continue;
      this.#pads = undefined;
      return false;
    }
    return true;
  }

  /** A list of the real server without members of before; a map too. */
  without(data: unknown, mocks: unknown): unknown {
    for (const list of ['padIDs', 'groupIDs'] as const) {
      const members = field(data, list);
      if (!Array.isArray(members)) continue;
      const known = new Set<unknown>(field(mocks, list) as unknown[] | undefined);
      return { ...(data as object), [list]: members.filter((member) => known.has(member) || this.#seen.has(String(member))) };
    }
    const sessions = field(data, 'sessions');
    if (Array.isArray(sessions)) {
      const kept = sessions.filter((session) => this.#keepsSession(String(field(session, 'id')), mocks));
      return { ...(data as object), sessions: kept };
    }
    if (typeof data !== 'object' || data === null) return data;
    const entries = Object.entries(data);
    if (entries.length === 0 || !entries.every(([key]) => key.startsWith('s.'))) return data;
    const kept = entries.filter(([key]) => this.#keepsSession(key, mocks));
    return kept.length === 0 && mocks === null ? null : Object.fromEntries(kept);
  }

  /** Differences of getStats but for the pads of before. */
  withoutCounts(parts: readonly Part[]): readonly Part[] {
    return parts.filter(({ where, real, mock }) => {
      if (where !== 'data.totalPads' || typeof real !== 'number' || typeof mock !== 'number') return true;
      this.#pads ??= Math.max(0, real - mock);
      return real !== mock + this.#pads;
    });
  }

  /** Remembers all ids of a call and of its answer, once it is compared. */
  note(values: SentValues, data: unknown, mocks: unknown): void {
    for (const parameter of [...PAD_NAMES, 'destinationID', 'sessionID', 'groupID', 'authorID']) {
      const text = textOf(values, parameter);
      if (text !== undefined) this.#seen.add(text);
    }
    const kept = this.without(data, mocks);
    if (kept !== null && kept !== undefined) for (const [id] of JSON.stringify(kept).matchAll(ID)) this.#seen.add(id);
  }

  #isOfBefore(id: string, known: unknown): boolean {
    return known === undefined && !this.#seen.has(id);
  }

  #keepsSession(sessionID: string, mocks: unknown): boolean {
    return (
      this.#seen.has(sessionID) ||
      this.#sandbox.state.findSession(sessionID) !== undefined ||
      JSON.stringify(mocks ?? null).includes(sessionID)
    );
  }

  #takeGroup(groupID: string): void {
    const { state } = this.#sandbox;
    if (this.#isOfBefore(groupID, state.findGroup(groupID))) state.addGroup(groupID);
  }

  #takeAuthor(authorID: string, name?: unknown): void {
    const { state, clock } = this.#sandbox;
    const told = field(field(name, 'info'), 'name') ?? name;
    const author = state.findAuthor(authorID);
    if (this.#isOfBefore(authorID, author)) state.addAuthor(authorID, { name: told, timestamp: clock.milliseconds() });
    // an application's own author may have a name from before
    else if (author !== undefined && author.mapper !== undefined && author.name === undefined && told)
      state.renameAuthor(author, told, clock.milliseconds());
  }

  #takeSession(sessionID: string, data: unknown): void {
    const { state } = this.#sandbox;
    const [groupID, authorID, validUntil] = ['groupID', 'authorID', 'validUntil'].map(
      (name) => field(data, name) ?? field(field(data, 'info'), name),
    );
    if (typeof groupID !== 'string' || typeof authorID !== 'string' || typeof validUntil !== 'number') return;
    this.#takeGroup(groupID);
    this.#takeAuthor(authorID);
    const [group, author] = [state.findGroup(groupID), state.findAuthor(authorID)];
    if (group !== undefined && author !== undefined) state.addSession(sessionID, group, author, validUntil);
  }
}
