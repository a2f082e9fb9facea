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

  test("a pad's whole life", async () => {
    const padID = 'life';
    client = new GraaspClient({ url: etherpad.url, apiKey: etherpad.apiKey, apiVersion: '1.3.0' });
    await client.createPad({ padID, text: 'one' });
    await expect(client.createPad({ padID })).rejects.toMatchObject(refusal('padID does already exist'));
    if (emulate === '2.5.3') {
      // the client sends text as JSON, to which this Etherpad never answers
      await expect(client.setText({ padID, text: 'two' })).rejects.toThrow('timeout');
      expect(await client.getText({ padID })).toEqual({ text: 'one\n' });
      return;
    }
    expect(await client.setText({ padID, text: 'two' })).toBeNull();
    expect(await client.appendText({ padID, text: ' three' })).toBeNull();
    expect(await client.getText({ padID })).toEqual({ text: 'two three\n' });
    expect(await client.getText({ padID, rev: '0' })).toEqual({ text: 'one\n' });
    expect((await client.getHTML({ padID })).html).toContain('two three<br>');
    expect(await client.setHTML({ padID, html: '<html><body><b>four</b></body></html>' })).toBeNull();
    expect((await client.getHTML({ padID })).html).toContain('<strong>four</strong>');
    expect(await client.getRevisionsCount({ padID })).toEqual({ revisions: 4 });
    expect(await client.getRevisionChangeset({ padID, rev: '0' })).toMatch(/^Z:1>3(?:\*0)?\+3\$one$/);
    expect(await client.getAttributePool({ padID })).toMatchObject({ pool: { nextNum: expect.any(Number) } });

    expect(await client.saveRevision({ padID, rev: '1' })).toBeNull();
    expect(await client.listSavedRevisions({ padID })).toEqual({ savedRevisions: [1] });
    expect(await client.restoreRevision({ padID, rev: '1' })).toBeNull();
    expect(await client.getText({ padID })).toEqual({ text: 'two\n\n' });

    expect(await client.appendChatMessage({ padID, text: 'Hi', authorID: 'a.nobody' })).toBeNull();
    expect(await client.getChatHistory({ padID })).toMatchObject({ messages: [{ text: 'Hi', userId: 'a.nobody' }] });

    const { readOnlyID } = (await client.getReadOnlyID({ padID }))!;
    // the client sends the id by another name than Etherpad reads
    await expect(client.getPadID({ readOnlyID })).rejects.toMatchObject(refusal('padID does not exist'));
    expect(await client.copyPad({ sourceID: padID, destinationID: 'copy' })).toBeNull();
    expect(await client.getRevisionsCount({ padID: 'copy' })).toEqual({ revisions: 5 });
    expect(await client.movePad({ sourceID: 'copy', destinationID: 'moved' })).toBeNull();
    expect(await client.copyPadWithoutHistory({ sourceID: padID, destinationID: 'bare' })).toBeNull();
    expect(await client.getRevisionsCount({ padID: 'bare' })).toEqual({ revisions: 1 });
    expect((await client.listAllPads()).padIDs).toEqual(expect.arrayContaining(['bare', 'life', 'moved']));
    for (const name of [padID, 'moved', 'bare']) expect(await client.deletePad({ padID: name })).toBeNull();
    await expect(client.getText({ padID })).rejects.toMatchObject(refusal('padID does not exist'));
    expect(readOnlyID).toMatch(/^r\.[0-9a-f]{32}$/);
  });
});
