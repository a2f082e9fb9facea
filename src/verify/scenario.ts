import type { Behaviour } from '../etherpad/emulation.ts';
import type { Expectation, KnownSession } from './expectation.ts';
import type { Request } from './request.ts';

/** The name of the authors that a run makes, for those who meet one later. */
export const AUTHOR_NAME = 'mock-etherpad verify';

/** What lets calls in. */
export type Entry = 'API key' | 'token';

/** A rule of Etherpad's API as one sentence, and the requests that show it. */
export interface Scenario {
  readonly title: string;
  /** Whether it is true of an Etherpad that behaves so; by default it is true of all. */
  readonly when?: (behaviour: Behaviour) => boolean;
  /** What lets calls in where it is true; either by default. */
  readonly entry?: Entry;
  readonly run: (steps: Steps) => Promise<void>;
}

/** Scenarios about one thing. */
export interface Subject {
  readonly name: string;
  /** What lets calls in where its scenarios are true; either by default. */
  readonly entry?: Entry;
  readonly scenarios: readonly Scenario[];
}

/**
 * What a scenario is made of: things it makes for itself, and requests with what has to come back. A difference is noted
 * and the scenario goes on; it ends early only when the server is silent, or something that it needs could not be made.
 */
export interface Steps {
  readonly behaviour: Behaviour;
  /** The id of the client that gets tokens; empty where an API key lets calls in. */
  readonly client: string;
  /** A mapper or name that no other run and no application uses. */
  unique(word: string): string;
  /** A new group; returns its id. */
  group(): Promise<string>;
  /** A new author. Authors cannot be deleted: ask for one only where `anyAuthor` does not do. */
  author(name?: string): Promise<string>;
  /** An author of this run, which other scenarios use too. */
  anyAuthor(): Promise<string>;
  /** A new session, in a new group where none is given. */
  session(of?: { groupID?: string; authorID?: string; validUntil?: number }): Promise<KnownSession>;
  /** A new pad of a group; returns its id. */
  pad(groupID: string, padName: string, text?: string): Promise<string>;
  /** A new pad outside of any group, with an id that no other run and no application uses; returns it. */
  ownPad(text?: string): Promise<string>;
  /** Sends a request and compares what comes back. */
  expects(request: Request, expectation: Expectation): Promise<void>;
  /** Sends a request that makes something, and returns the new id. */
  gives(request: Request, id: 'groupID' | 'authorID' | 'sessionID'): Promise<string>;
  /** Unix time in seconds by the server's clock, as far as its Date header tells: a second more or less. */
  now(): number;
  /** Waits, in milliseconds. */
  wait(milliseconds: number): Promise<void>;
  /** Whether the key can be sent in a header; where it cannot, the scenario is left out. */
  needsKeyInHeader(): void;
}
