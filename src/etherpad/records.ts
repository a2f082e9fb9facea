import type { Links, SessionList } from './session-list.ts';

export interface Group {
  readonly groupID: string;
  /** The application's own name for the group, when createGroupIfNotExistsFor made it. */
  readonly mapper: string | undefined;
  readonly pads: Set<string>;
  readonly sessions: SessionList<Session>;
  /** Whether the group ever had a session: Etherpad lists null before the first, an empty map after the last. */
  hadSession: boolean;
  /** A deleted group is a mark that reads look at; its sessions are given back in steps. */
  deleted: boolean;
}

export interface Author {
  readonly authorID: string;
  readonly mapper: string | undefined;
  /** Text, or whatever JSON value the client gave where the emulation keeps it; undefined without a name. */
  name: unknown;
  /** A colour such as `#4caf50`. */
  readonly colorId: string;
  /** Unix time in milliseconds of the last change. */
  timestamp: number;
  readonly pads: Set<string>;
  readonly sessions: SessionList<Session>;
  hadSession: boolean;
}

export interface Session extends Links<Session> {
  readonly sessionID: string;
  readonly group: Group;
  readonly author: Author;
  /** Unix time in seconds; the session is alive before it. */
  readonly validUntil: number;
}

/** What a client gave as an id instead of text, on the versions that store and return it so. */
export interface GivenIds {
  readonly groupID: unknown;
  readonly authorID: unknown;
}
