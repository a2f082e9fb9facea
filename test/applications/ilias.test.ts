import { describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Answer, REAL_SERVERS, type SessionMap, START } from './answers.ts';

const DAY = 86_400;

/** ILIAS lists the sessions of a group, deletes those that are over, and creates one until midnight. */
class Ilias {
  readonly #etherpad: MockEtherpad;

  constructor(etherpad: MockEtherpad) {
    this.#etherpad = etherpad;
  }

  /** As the PHP library calls: a form for what changes something, the query for what reads; the status does not count. */
  async #call<Data>(name: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const fields = new URLSearchParams({ apikey: this.#etherpad.apiKey, ...parameters });
    const url = `${this.#etherpad.url}/api/1.2.11/${name}`;
    const response = await (/^(create|delete)/.test(name)
      ? fetch(url, { method: 'POST', body: fields })
      : fetch(`${url}?${fields.toString()}`));
    const { code, message, data } = (await response.json()) as Answer<Data>;
    if (code !== 0) throw new Error(message);
    return data;
  }

  async createObject(objectID: string): Promise<string> {
    const { groupID } = await this.#call<{ groupID: string }>('createGroupIfNotExistsFor', { groupMapper: objectID });
    await this.#call('createGroupPad', { groupID, padName: objectID, text: '' });
    return groupID;
  }

  /** @returns the new session, its end in unix seconds, and those that were deleted */
  async open(groupID: string, userID: string): Promise<{ sessionID: string; validUntil: number; deleted: string[] }> {
    const { authorID } = await this.#call<{ authorID: string }>('createAuthorIfNotExistsFor', { authorMapper: userID, name: 'Ada' });
    const now = await this.#etherpad.clock.now();
    const sessions = Object.entries((await this.#call<SessionMap>('listSessionsOfGroup', { groupID })) ?? {});
    const deleted = sessions.filter(([, session]) => session !== null && session.validUntil < now).map(([id]) => id);
    for (const sessionID of deleted) await this.#call('deleteSession', { sessionID });
    const validUntil = (Math.floor(now / DAY) + 1) * DAY;
    const { sessionID } = await this.#call<{ sessionID: string }>('createSession', { groupID, authorID, validUntil: String(validUntil) });
    return { sessionID, validUntil, deleted };
  }

  listSessions = (groupID: string): Promise<unknown> => this.#call('listSessionsOfGroup', { groupID });
}

describe.each(REAL_SERVERS)('ILIAS with %s', (emulate) => {
  test('cleans up the sessions of the day before when a pad is opened', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const ilias = new Ilias(etherpad);
    const group = await ilias.createObject('object-1');
    expect(await ilias.listSessions(group)).toBeNull();

    const first = await ilias.open(group, 'user-1');
    const second = await ilias.open(group, 'user-2');
    expect([first.deleted, second.deleted]).toEqual([[], []]);
    expect(first.validUntil).toBe(START + 14 * 3_600);

    await etherpad.clock.advance({ seconds: DAY });
    const third = await ilias.open(group, 'user-1');
    expect(third.deleted).toEqual([first.sessionID, second.sessionID]);
    const left = { [third.sessionID]: expect.objectContaining({ groupID: group, validUntil: first.validUntil + DAY }) };
    const dead = { [first.sessionID]: null, [second.sessionID]: null };
    expect(await ilias.listSessions(group)).toEqual(emulate === '1.9.7' ? { ...dead, ...left } : left);
    expect((await ilias.open(group, 'user-2')).deleted).toEqual([]);
  });
});

test('ILIAS with documented: expired sessions are gone by themselves, there is nothing to clean up', async () => {
  await using etherpad = await startMockEtherpad();
  await etherpad.clock.freeze(START);
  const ilias = new Ilias(etherpad);
  const group = await ilias.createObject('object-1');
  await ilias.open(group, 'user-1');
  await etherpad.clock.advance({ seconds: DAY });
  const { sessionID, deleted } = await ilias.open(group, 'user-1');
  expect(deleted).toEqual([]);
  expect(await ilias.listSessions(group)).toEqual({ sessions: [expect.objectContaining({ id: sessionID })] });
});
