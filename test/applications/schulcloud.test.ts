import { describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Answer, REAL_SERVERS, type SessionMap, START } from './answers.ts';

/**
 * schulcloud's server calls through a generated client: everything in the query, POST without a body. It reads lists as
 * real servers give them, drops null entries, and uses a session again while it lasts.
 */
class Schulcloud {
  readonly #etherpad: MockEtherpad;

  constructor(etherpad: MockEtherpad) {
    this.#etherpad = etherpad;
  }

  async #call<Data>(method: 'GET' | 'POST', name: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const query = new URLSearchParams({ ...parameters, apikey: this.#etherpad.apiKey });
    const response = await fetch(`${this.#etherpad.url}/api/1.2.15/${name}?${query.toString()}`, { method });
    const { code, message, data } = (await response.json()) as Answer<Data>;
    if (!response.ok || code !== 0) throw new Error(message);
    return data;
  }

  async findGroupAndAuthor(parentID: string, userID: string): Promise<{ groupID: string; authorID: string }> {
    const { groupID } = await this.#call<{ groupID: string }>('GET', 'createGroupIfNotExistsFor', { groupMapper: parentID });
    const { authorID } = await this.#call<{ authorID: string }>('GET', 'createAuthorIfNotExistsFor', { authorMapper: userID, name: 'Ada' });
    return { groupID, authorID };
  }

  /** Every session that the list names, but for the dead ones. */
  async listSessions(authorID: string): Promise<{ id: string; groupID: string; validUntil: number }[]> {
    const map = await this.#call<SessionMap>('GET', 'listSessionsOfAuthor', { authorID });
    return Object.entries(map ?? {}).flatMap(([id, session]) => (session === null ? [] : [{ id, ...session }]));
  }

  async openSession(groupID: string, authorID: string): Promise<string> {
    const now = await this.#etherpad.clock.now();
    const usable = (await this.listSessions(authorID)).find((session) => session.groupID === groupID && session.validUntil > now + 600);
    if (usable !== undefined) return usable.id;
    const { sessionID } = await this.#call<{ sessionID: string }>('POST', 'createSession', {
      groupID,
      authorID,
      validUntil: String(now + 7_200),
    });
    return sessionID;
  }

  deleteSession = (sessionID: string): Promise<null> => this.#call('POST', 'deleteSession', { sessionID });
}

describe.each(REAL_SERVERS)('schulcloud with %s', (emulate) => {
  test('uses a session again until it is about to end, then creates another', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const schulcloud = new Schulcloud(etherpad);
    const { groupID, authorID } = await schulcloud.findGroupAndAuthor('course-1', 'user-1');
    expect(await schulcloud.listSessions(authorID)).toEqual([]);

    const first = await schulcloud.openSession(groupID, authorID);
    await etherpad.clock.advance({ seconds: 6_000 });
    expect(await schulcloud.openSession(groupID, authorID)).toBe(first);
    await etherpad.clock.advance({ seconds: 1_000 });
    const second = await schulcloud.openSession(groupID, authorID);
    expect(second).not.toBe(first);

    // the first one is over, and still listed
    await etherpad.clock.advance({ seconds: 1_000 });
    expect((await schulcloud.listSessions(authorID)).map(({ id }) => id)).toEqual([first, second]);
  });

  test('logs a user out: every session is deleted, and none of them comes up again', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const schulcloud = new Schulcloud(etherpad);
    const { groupID, authorID } = await schulcloud.findGroupAndAuthor('course-1', 'user-1');
    const other = await schulcloud.findGroupAndAuthor('course-2', 'user-1');
    const opened = [await schulcloud.openSession(groupID, authorID), await schulcloud.openSession(other.groupID, authorID)];
    for (const { id } of await schulcloud.listSessions(authorID)) expect(await schulcloud.deleteSession(id)).toBeNull();
    expect(await schulcloud.listSessions(authorID)).toEqual([]);
    expect(opened).not.toContain(await schulcloud.openSession(groupID, authorID));
    await expect(schulcloud.deleteSession(opened[0]!)).rejects.toThrow('sessionID does not exist');
  });
});

test('schulcloud with documented: the list is an array, in which it finds no session to use again', async () => {
  await using etherpad = await startMockEtherpad();
  const schulcloud = new Schulcloud(etherpad);
  const { groupID, authorID } = await schulcloud.findGroupAndAuthor('course-1', 'user-1');
  const first = await schulcloud.openSession(groupID, authorID);
  expect((await schulcloud.listSessions(authorID)).map(({ id }) => id)).toEqual(['sessions']);
  expect(await schulcloud.openSession(groupID, authorID)).not.toBe(first);
  expect(await schulcloud.deleteSession(first)).toBeNull();
});
