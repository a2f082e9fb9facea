import { A_COUNT, DELETION_TOKEN, either, type Expectation, ok, Pattern, refused } from './expectation.ts';

/** The newest API version that all Etherpads have: there, functions that edit know an `authorId`. */
export const withAuthors = (name: string): string => `/api/1.3.0/${name}`;

export const noPad = refused('padID does not exist');
export const badPadID = refused('padID did not match requirements');

/** What createPad says. */
export const ownPadMade: Expectation = either(
  ({ givesDeletionToken }) => givesDeletionToken,
  ok({ deletionToken: DELETION_TOKEN }),
  ok(null),
);

export const text = (content: string): Expectation => ok({ text: content });

/** What getHTML says. */
export const html = (body: string): Expectation => ok({ html: `<!DOCTYPE HTML><html><body>${body}</body></html>` });

export const revisions = (count: number): Expectation => ok({ revisions: count });

/** An exception that nobody expected. */
export const internalError: Expectation = ({ internalErrorMessage }) => ({
  status: 500,
  type: 'application/json; charset=utf-8',
  json: { code: 2, message: internalErrorMessage, data: null },
});

/** The changeset where inserted text carries its author, and where it does not. */
export const changeset = (withAuthor: string, without: string): Expectation =>
  either(({ insertsCarryAuthor }) => insertsCarryAuthor, ok(withAuthor), ok(without));

export const READ_ONLY_ID = new Pattern('r. and 32 hex digits', (value) => typeof value === 'string' && /^r\.[0-9a-f]{32}$/.test(value));

/** @param from unix time in seconds, and no later than a minute from then */
export const timeSince = (from: number): Pattern =>
  new Pattern('the time in milliseconds', (value) => A_COUNT.fits(value) && Math.abs((value as number) / 1000 - from) < 60);

/** A message as a scenario sends it. Its time is a whole number of milliseconds. */
export interface KnownMessage {
  readonly text: string;
  readonly time: string;
  readonly userId: string;
  /** Null for an author without a name. */
  readonly userName: string | null;
}

/** A message where whole numbers and text are documented, and in the order of its keys there. */
const documentedMessage = ({ text: content, time, userId, userName }: KnownMessage) => ({
  text: content,
  userId,
  userName: userName ?? '',
  time: Number(time),
});

const bareMessage = ({ text: content, time, userId, userName }: KnownMessage) => ({ text: content, time, userId, userName });

/** What getChatHistory says. */
export const messages = (...known: readonly KnownMessage[]): Expectation =>
  either(({ chat }) => chat === 'bare', ok({ messages: known.map(bareMessage) }), ok({ messages: known.map(documentedMessage) }));

/** What getChatHead says: the number of the newest message, or the message itself. */
export const chatHead = (number: number, newest: KnownMessage | null): Expectation =>
  either(({ chat }) => chat === 'bare', ok({ chatHead: number }), ok({ chatHead: newest === null ? null : documentedMessage(newest) }));
