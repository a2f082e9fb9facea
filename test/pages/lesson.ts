import { type MockEtherpad, type MockEtherpadOptions, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { dataOf } from '../envelope.ts';

export const KEY = 'the-key-of-this-test';

/** When the clock of every lesson begins, in seconds. */
export const START = Date.parse('2030-01-01T09:00:00Z') / 1000;

type Answered = Record<string, string>;

/** A mock with a group, its pad, and a session of an author for it. */
export interface Lesson extends AsyncDisposable {
  readonly etherpad: MockEtherpad;
  /** Where it listens: scheme, host and port. */
  readonly origin: string;
  /** What stands before every path: base path and sandbox. */
  readonly base: string;
  readonly groupID: string;
  readonly authorID: string;
  readonly padID: string;
  readonly sessionID: string;
  /** Calls a function. @returns its data */
  call(name: string, parameters?: Record<string, string>): Promise<Answered>;
  /** Opens a path below the base with a cookie, which is that of the session by default. */
  open(path: string, headers?: Record<string, string>, method?: string): Promise<Reply>;
}

/** @param options.sandbox the name of a sandbox to work in */
export async function startLesson({ sandbox, ...options }: MockEtherpadOptions & { sandbox?: string } = {}): Promise<Lesson> {
  const etherpad = await startMockEtherpad({ apiKey: KEY, emulate: '3.3.1', ...options });
  const { origin, pathname } = new URL(etherpad.url);
  const base = `${pathname.replace(/\/$/, '')}${sandbox === undefined ? '' : `/sandbox/${sandbox}`}`;
  const control = sandbox === undefined ? etherpad : etherpad.sandbox(sandbox);
  await control.clock.set({ now: START, frozen: true });
  const call = async (name: string, parameters: Record<string, string> = {}): Promise<Answered> =>
    dataOf(
      await ask(origin, { path: `${base}/api/1.3.0/${name}?${new URLSearchParams({ apikey: KEY, ...parameters }).toString()}` }),
    ) as unknown as Answered;
  const { groupID } = (await call('createGroup')) as { groupID: string };
  const { authorID } = (await call('createAuthor', { name: 'Ada Lovelace' })) as { authorID: string };
  const { padID } = (await call('createGroupPad', { groupID, padName: 'notes', text: 'Dear class' })) as { padID: string };
  const { sessionID } = (await call('createSession', { groupID, authorID, validUntil: String(START + 3600) })) as { sessionID: string };
  return {
    etherpad,
    origin,
    base,
    groupID,
    authorID,
    padID,
    sessionID,
    call,
    open: (path, headers = { Cookie: `sessionID=${sessionID}` }, method = 'GET') =>
      ask(origin, { method, path: `${base}${path}`, headers }),
    [Symbol.asyncDispose]: () => etherpad.close(),
  };
}
