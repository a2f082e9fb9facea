import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { GraaspClient } from './graasp-client.ts';

describe.each(EMULATIONS)('@graasp/etherpad-api against %s', (emulate) => {
  const isDocumented = emulate === 'documented';
  let etherpad: MockEtherpad;
  let client: GraaspClient;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate });
    client = new GraaspClient({ url: etherpad.url, apiKey: etherpad.apiKey });
  });
  afterAll(() => etherpad.close());

  const setUp = async (): Promise<{ groupID: string; authorID: string }> => ({
    ...(await client.createGroupIfNotExistsFor({ groupMapper: 'class-7b' })),
    ...(await client.createAuthorIfNotExistsFor({ authorMapper: 'user-42', name: 'Ada' })),
  });

  /** It throws what axios throws for a status that is not 2xx, and an error of its own for a code that is not 0. */
  const refusal = (message: string): object =>
    isDocumented ? { message: 'Request failed with status code 400' } : { status: 400, message };

  test('the default key has the shape that the client asks for', () => {
    expect(() => new GraaspClient({ url: etherpad.url, apiKey: 'short' })).toThrow('Etherpad api key is invalid');
    expect(() => new GraaspClient({ url: etherpad.url, apiKey: etherpad.apiKey })).not.toThrow();
  });

  test('creates, reads, lists and deletes a session', async () => {
    const { groupID, authorID } = await setUp();
    const validUntil = Math.floor(Date.now() / 1000) + 86_400;
    const { sessionID } = (await client.createSession({ groupID, authorID, validUntil }))!;

    const bare = { groupID, authorID, validUntil };
    const documented = { id: sessionID, ...bare };
    expect(await client.getSessionInfo({ sessionID })).toEqual(isDocumented ? { info: documented, ...bare } : bare);
    const list = isDocumented ? { sessions: [documented] } : { [sessionID]: bare };
    expect(await client.listSessionsOfGroup({ groupID })).toEqual(list);
    expect(await client.listSessionsOfAuthor({ authorID })).toEqual(list);
    expect(await client.deleteSession({ sessionID })).toBeNull();
    await expect(client.getSessionInfo({ sessionID })).rejects.toMatchObject(refusal('sessionID does not exist'));
  });

  test('a wrong group is an error', async () => {
    const { authorID } = await setUp();
    const wrong = client.createSession({ groupID: 'g.wrong', authorID, validUntil: 99_999_999_999 });
    await expect(wrong).rejects.toMatchObject(refusal('groupID does not exist'));
  });

  test('an error that is to be kept silent is data where HTTP says 200', async () => {
    const silent = client.getSessionInfo({ sessionID: 's.wrong' }, false);
    if (isDocumented) await expect(silent).rejects.toMatchObject(refusal('sessionID does not exist'));
    else expect(await silent).toBeNull();
  });

  test('a wrong key is an error', async () => {
    const wrong = new GraaspClient({ url: etherpad.url, apiKey: '0'.repeat(64) });
    await expect(wrong.createGroup()).rejects.toMatchObject({ message: 'Request failed with status code 401', response: { status: 401 } });
  });

  test('checkToken, pads and their lists', async () => {
    const { groupID } = await client.createGroup();
    expect(await client.checkToken()).toBeNull();
    const padID = `${groupID}$notes`;
    expect(await client.createGroupPad({ groupID, padName: 'notes', text: 'Hello' })).toMatchObject({ padID });
    expect(await client.getText({ padID })).toEqual({ text: 'Hello\n' });
    expect(await client.listPads({ groupID })).toEqual({ padIDs: [padID] });
    expect(await client.deletePad({ padID })).toBeNull();
    expect(await client.listPads({ groupID })).toEqual({ padIDs: [] });
    expect((await client.listAllGroups()).groupIDs).toContain(groupID);
    expect(await client.deleteGroup({ groupID })).toBeNull();
  });

  test('a function that the mock does not cover is an error', async () => {
    await expect(client.getHTML({ padID: 'notes' })).rejects.toMatchObject({ message: 'Request failed with status code 501' });
  });
});
