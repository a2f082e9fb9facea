import { describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { GraaspClient } from '../clients/graasp-client.ts';
import { REAL_SERVERS, START } from './answers.ts';

const DAY = 86_400;

/** At each view graasp creates a session, lists those of the author, and deletes the ones that are over or null. */
class Graasp {
  readonly #etherpad: MockEtherpad;
  readonly #client: GraaspClient;

  constructor(etherpad: MockEtherpad) {
    this.#etherpad = etherpad;
    this.#client = new GraaspClient({ url: etherpad.url, apiKey: etherpad.apiKey });
  }

  async createItem(itemID: string): Promise<string> {
    const { groupID } = await this.#client.createGroupIfNotExistsFor({ groupMapper: itemID });
    await this.#client.createGroupPad({ groupID, padName: itemID });
    return groupID;
  }

  /** @returns the sessions for the user's cookie, and those it deleted */
  async view(groupID: string, accountID: string): Promise<{ sessionID: string; cookie: string[]; deleted: string[] }> {
    const { authorID } = await this.#client.createAuthorIfNotExistsFor({ authorMapper: accountID, name: 'Ada' });
    const now = await this.#etherpad.clock.now();
    const { sessionID } = (await this.#client.createSession({ groupID, authorID, validUntil: now + DAY }))!;
    const sessions = Object.entries((await this.#client.listSessionsOfAuthor({ authorID })) ?? {});
    const isOver = ([, session]: (typeof sessions)[number]): boolean => session === null || session.validUntil < now;
    const deleted = sessions.filter(isOver).map(([id]) => id);
    // a null one cannot be deleted, and that is no error to graasp
    for (const id of deleted) await this.#client.deleteSession({ sessionID: id }, false);
    return { sessionID, cookie: sessions.filter((session) => !isOver(session)).map(([id]) => id), deleted };
  }

  deleteItem = (groupID: string): Promise<null> => this.#client.deleteGroup({ groupID });
}

describe.each(REAL_SERVERS)('graasp with %s', (emulate) => {
  test('collects the sessions of a day, and deletes them when they are over', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const graasp = new Graasp(etherpad);
    const [first, second] = [await graasp.createItem('item-1'), await graasp.createItem('item-2')];

    const one = await graasp.view(first, 'account-1');
    const two = await graasp.view(second, 'account-1');
    expect(one).toMatchObject({ cookie: [one.sessionID], deleted: [] });
    expect(two).toMatchObject({ cookie: [one.sessionID, two.sessionID], deleted: [] });

    await etherpad.clock.advance({ seconds: DAY + 1 });
    const three = await graasp.view(first, 'account-1');
    expect(three).toMatchObject({ cookie: [three.sessionID], deleted: [one.sessionID, two.sessionID] });

    // where deleted sessions stay in the list as null, they are tried again at each view
    const four = await graasp.view(first, 'account-1');
    expect(four.cookie).toEqual([three.sessionID, four.sessionID]);
    expect(four.deleted).toEqual(emulate === '1.9.7' ? [one.sessionID, two.sessionID] : []);
  });

  test('deletes an item with its group, which 1.9.7 refuses once a session of it was deleted', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const graasp = new Graasp(etherpad);
    const group = await graasp.createItem('item-1');
    await graasp.view(group, 'account-1');
    await etherpad.clock.advance({ seconds: DAY + 1 });
    expect((await graasp.view(group, 'account-1')).deleted).toHaveLength(1);
    if (emulate === '1.9.7') await expect(graasp.deleteItem(group)).rejects.toThrow('sessionID does not exist');
    else expect(await graasp.deleteItem(group)).toBeNull();
  });
});

test('graasp with documented: the list is an array, which it takes for one session called sessions', async () => {
  await using etherpad = await startMockEtherpad();
  const graasp = new Graasp(etherpad);
  const group = await graasp.createItem('item-1');
  expect(await graasp.view(group, 'account-1')).toMatchObject({ cookie: ['sessions'], deleted: [] });
  expect(await graasp.deleteItem(group)).toBeNull();
});
