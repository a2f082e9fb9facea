import etherpadLiteClient from 'etherpad-lite-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';

describe.each(EMULATIONS)('etherpad-lite-client against %s', (emulate) => {
  const isDocumented = emulate === 'documented';
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate });
  });
  afterAll(() => etherpad.close());

  /** The result of a call: the data that its callback gets, or the error. */
  function call<Data = unknown>(name: string, parameters: object = {}, apikey = etherpad.apiKey): Promise<Data> {
    const { hostname: host, port } = new URL(etherpad.url);
    const client = etherpadLiteClient.connect({ apikey, host, port: Number(port) });
    return new Promise((resolve, reject) => {
      // eslint-disable-next-line prefer-promise-reject-errors -- the client gives plain objects, and they are what is tested
      client[name]!(parameters, (error, data) => (error === null ? resolve(data as Data) : reject(error)));
    });
  }

  const setUp = async (): Promise<{ groupID: string; authorID: string }> => ({
    ...(await call<{ groupID: string }>('createGroupIfNotExistsFor', { groupMapper: 'class-7b' })),
    ...(await call<{ authorID: string }>('createAuthorIfNotExistsFor', { authorMapper: 'user-42', name: 'Ada' })),
  });

  test('creates, reads, lists and deletes a session', async () => {
    const { groupID, authorID } = await setUp();
    const validUntil = Math.floor(Date.now() / 1000) + 3_600;
    const { sessionID } = await call<{ sessionID: string }>('createSession', { groupID, authorID, validUntil });

    const bare = { groupID, authorID, validUntil };
    const documented = { id: sessionID, ...bare };
    expect(await call('getSessionInfo', { sessionID })).toEqual(isDocumented ? { info: documented, ...bare } : bare);
    const list = isDocumented ? { sessions: [documented] } : { [sessionID]: bare };
    expect(await call('listSessionsOfGroup', { groupID })).toEqual(list);
    expect(await call('listSessionsOfAuthor', { authorID })).toEqual(list);

    // where data is null the client gives the whole envelope
    expect(await call('deleteSession', { sessionID })).toEqual({ code: 0, message: 'ok', data: null });
    await expect(call('getSessionInfo', { sessionID })).rejects.toEqual({ code: 1, message: 'sessionID does not exist' });
    const afterwards = { documented: { sessions: [] }, '1.9.7': { [sessionID]: null }, '2.5.3': {}, '3.3.1': {} };
    expect(await call('listSessionsOfGroup', { groupID })).toEqual(afterwards[emulate]);
  });

  test('a group that never had a session: null is given as the whole envelope', async () => {
    const { groupID } = await call<{ groupID: string }>('createGroup');
    expect(await call('listSessionsOfGroup', { groupID })).toEqual(
      isDocumented ? { sessions: [] } : { code: 0, message: 'ok', data: null },
    );
  });

  test('a name comes back in the shape of the server', async () => {
    const { authorID } = await setUp();
    expect(await call('getAuthorName', { authorID })).toEqual(
      isDocumented ? { info: expect.objectContaining({ id: authorID, name: 'Ada' }) } : 'Ada',
    );
  });

  test.each<[what: string, name: string, parameters: object, message: string]>([
    ['a wrong group', 'createSession', { groupID: 'g.wrong', validUntil: 99_999_999_999 }, 'groupID does not exist'],
    ['a group that is not there', 'deleteGroup', { groupID: 'g.wrong' }, 'groupID does not exist'],
    ['no session', 'getSessionInfo', {}, 'sessionID does not exist'],
  ])('%s is an error of code 1, whatever the HTTP status', async (_what, name, parameters, message) => {
    await expect(call(name, parameters)).rejects.toEqual({ code: 1, message });
  });

  test('a wrong key is an error of code 4', async () => {
    await expect(call('createGroup', {}, 'wrong')).rejects.toEqual({ code: 4, message: 'no or wrong API Key' });
  });

  test('a function that Etherpad dropped long ago is an error of code 3', async () => {
    await expect(call('setPassword', {})).rejects.toEqual({ code: 3, message: 'no such function' });
  });

  test('a group pad on the way to a session', async () => {
    const { groupID } = await call<{ groupID: string }>('createGroup');
    const { padID } = await call<{ padID: string }>('createGroupPad', { groupID, padName: 'notes', text: 'Hello' });
    expect(padID).toBe(`${groupID}$notes`);
    expect(await call('getText', { padID })).toEqual({ text: 'Hello\n' });
    expect(await call('listPads', { groupID })).toEqual({ padIDs: [padID] });
    await expect(call('createGroupPad', { groupID, padName: 'notes' })).rejects.toEqual({ code: 1, message: 'padName does already exist' });
  });

  test("a pad's whole life", async () => {
    const { groupID, authorID } = await setUp();
    const { padID } = await call<{ padID: string }>('createGroupPad', { groupID, padName: 'life', text: 'one' });
    await call('setText', { padID, text: 'two\nlines' });
    expect(await call('getText', { padID })).toEqual({ text: 'two\nlines\n' });
    expect(await call('getText', { padID, rev: 0 })).toEqual({ text: 'one\n' });
    await call('setHTML', { padID, html: '<ul><li>a</li></ul>' });
    expect((await call<{ html: string }>('getHTML', { padID })).html).toContain('<ul class="bullet"><li>a');
    expect(await call('getRevisionsCount', { padID })).toEqual({ revisions: 3 });
    expect(await call('setPublicStatus', { padID, publicStatus: 'true' })).toMatchObject({ code: 0 });
    expect(await call('getPublicStatus', { padID })).toEqual({ publicStatus: true });
    expect(await call('padUsersCount', { padID })).toEqual({ padUsersCount: 0 });
    expect(await call('getReadOnlyID', { padID })).toEqual({ readOnlyID: expect.stringMatching(/^r\.[0-9a-f]{32}$/) as string });
    expect(await call('listAuthorsOfPad', { padID })).toEqual({ authorIDs: [] });
    expect(await call('listPadsOfAuthor', { authorID })).toEqual({ padIDs: [] });
    await call('deletePad', { padID });
    await expect(call('getText', { padID })).rejects.toEqual({ code: 1, message: 'padID does not exist' });
  });

  test("a pad's history, chat and copies", async () => {
    const { groupID, authorID } = await setUp();
    await call('createPad', { padID: 'history', text: 'one' });
    await call('setText', { padID: 'history', text: 'two' });
    expect(await call('getRevisionChangeset', { padID: 'history', rev: 0 })).toMatch(/^Z:1>3(?:\*0)?\+3\$one$/);
    expect(await call('getLastEdited', { padID: 'history' })).toEqual({ lastEdited: expect.any(Number) });
    await call('saveRevision', { padID: 'history', rev: 0 });
    expect(await call('getSavedRevisionsCount', { padID: 'history' })).toEqual({ savedRevisions: 1 });
    expect(await call('listSavedRevisions', { padID: 'history' })).toEqual({ savedRevisions: [0] });
    await call('restoreRevision', { padID: 'history', rev: 0 });
    expect(await call('getText', { padID: 'history' })).toEqual({ text: 'one\n\n' });
    const difference = call<{ html: string }>('createDiffHTML', { padID: 'history', startRev: 0, endRev: 1 });
    if (emulate === '2.5.3') await expect(difference).rejects.toMatchObject({ code: 2 });
    else expect((await difference).html).toContain('<span class="removed">one</span>');

    await call('appendChatMessage', { padID: 'history', text: 'Hi', authorID, time: 1_234_567_890_123 });
    const message = { text: 'Hi', userId: authorID, userName: 'Ada', time: isDocumented ? 1_234_567_890_123 : '1234567890123' };
    expect(await call('getChatHistory', { padID: 'history' })).toEqual({ messages: [message] });
    expect(await call('getChatHead', { padID: 'history' })).toEqual({ chatHead: isDocumented ? message : 0 });

    const { readOnlyID } = await call<{ readOnlyID: string }>('getReadOnlyID', { padID: 'history' });
    expect(await call('getPadID', { roID: readOnlyID })).toEqual({ padID: 'history' });
    await call('copyPad', { sourceID: 'history', destinationID: `${groupID}$copy` });
    await expect(call('copyPad', { sourceID: 'history', destinationID: `${groupID}$copy` })).rejects.toEqual({
      code: 1,
      message: 'destinationID already exists',
    });
    expect(await call('getRevisionsCount', { padID: `${groupID}$copy` })).toEqual({ revisions: 2 });
    await call('movePad', { sourceID: `${groupID}$copy`, destinationID: 'moved' });
    expect((await call<{ padIDs: string[] }>('listPads', { groupID })).padIDs).not.toContain(`${groupID}$copy`);
    for (const padID of ['history', 'moved']) await call('deletePad', { padID });
    await expect(call('getPadID', { roID: readOnlyID })).rejects.toEqual({ code: 1, message: 'padID does not exist' });
  });
});
