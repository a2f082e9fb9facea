import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { dataOf, expectEnvelope } from '../envelope.ts';
import { makeRecords } from './examples.ts';

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
});
afterAll(() => etherpad.close());

const call = (name: string, parameters: Record<string, string> = {}): Promise<Reply> =>
  ask(etherpad.url, { path: `/${name}?${new URLSearchParams({ apikey: etherpad.apiKey, ...parameters }).toString()}` });
const post = (name: string, parameters: object): Promise<Reply> =>
  ask(etherpad.url, {
    method: 'POST',
    path: `/${name}`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ apikey: etherpad.apiKey, ...parameters }),
  });

describe('groups', () => {
  test('a mapper keeps its group until the group is deleted', async () => {
    const { groupID, groupMapper } = await makeRecords(etherpad);
    expectEnvelope(await call('createGroupIfNotExistsFor', { groupMapper }), 0, 'ok', { groupID });
    expectEnvelope(await call('deleteGroup', { groupID }), 0, 'ok');
    const again = dataOf(await call('createGroupIfNotExistsFor', { groupMapper })).groupID;
    expect(again).not.toBe(groupID);
  });

  test('an empty mapper is a mapper, a missing one is none', async () => {
    const { groupID } = dataOf(await call('createGroupIfNotExistsFor', { groupMapper: '' }));
    expectEnvelope(await call('createGroupIfNotExistsFor', { groupMapper: '' }), 0, 'ok', { groupID });
    expectEnvelope(await call('createGroupIfNotExistsFor'), 1, 'groupMapper is not a string');
  });

  test('the mapper __proto__ is an internal error, as on every real server', async () => {
    expectEnvelope(await call('createGroupIfNotExistsFor', { groupMapper: '__proto__' }), 2, 'internal error');
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', ' ', 'Ünïcode ☃'])(
    'the mapper %j is a mapper like any other',
    async (groupMapper) => {
      const { groupID } = dataOf(await call('createGroupIfNotExistsFor', { groupMapper }));
      expectEnvelope(await call('createGroupIfNotExistsFor', { groupMapper }), 0, 'ok', { groupID });
    },
  );

  test('deleteGroup takes sessions and pads along, and the group out of the list', async () => {
    const { groupID, authorID, sessionID, padID } = await makeRecords(etherpad);
    // a session that was deleted before does no harm
    const { sessionID: second } = dataOf(await call('createSession', { groupID, authorID, validUntil: '99999999999' }));
    expectEnvelope(await call('deleteSession', { sessionID: second }), 0, 'ok');
    expectEnvelope(await call('deleteGroup', { groupID }), 0, 'ok');

    expectEnvelope(await call('deleteGroup', { groupID }), 1, 'groupID does not exist');
    expectEnvelope(await call('listSessionsOfGroup', { groupID }), 1, 'groupID does not exist');
    expectEnvelope(await call('listPads', { groupID }), 1, 'groupID does not exist');
    expectEnvelope(await call('getSessionInfo', { sessionID }), 1, 'sessionID does not exist');
    expectEnvelope(await call('listSessionsOfAuthor', { authorID }), 0, 'ok', { sessions: [] });
    expectEnvelope(await call('getText', { padID }), 1, 'padID does not exist');
    expect(dataOf(await call('listAllGroups')).groupIDs).not.toContain(groupID);
  });

  test('a group and an author that never had a session list an empty array', async () => {
    const { groupID } = dataOf(await call('createGroup'));
    const { authorID } = dataOf(await call('createAuthor'));
    expectEnvelope(await call('listSessionsOfGroup', { groupID }), 0, 'ok', { sessions: [] });
    expectEnvelope(await call('listSessionsOfAuthor', { authorID }), 0, 'ok', { sessions: [] });
  });

  test('sessions are listed in order of creation', async () => {
    const { groupID, authorID, sessionID } = await makeRecords(etherpad);
    const ids = [sessionID];
    for (const validUntil of ['99999999999', '88888888888', '99999999999']) {
      ids.push(dataOf(await call('createSession', { groupID, authorID, validUntil })).sessionID);
    }
    expect(dataOf(await call('listSessionsOfGroup', { groupID })).sessions.map(({ id }) => id)).toEqual(ids);
    expect(dataOf(await call('listSessionsOfAuthor', { authorID })).sessions.map(({ id }) => id)).toEqual(ids);
  });
});

const nameOf = async (authorID: string): Promise<unknown> => dataOf(await call('getAuthorName', { authorID })).info.name;

describe('authors', () => {
  test('a missing mapper is the text undefined, an empty one is a mapper', async () => {
    const { authorID } = dataOf(await call('createAuthorIfNotExistsFor'));
    expectEnvelope(await call('createAuthorIfNotExistsFor', { authorMapper: 'undefined' }), 0, 'ok', { authorID });
    const empty = dataOf(await call('createAuthorIfNotExistsFor', { authorMapper: '' })).authorID;
    expect(empty).not.toBe(authorID);
    expectEnvelope(await call('createAuthorIfNotExistsFor', { authorMapper: '' }), 0, 'ok', { authorID: empty });
  });

  test('a new name replaces the old one, an absent or empty one keeps it', async () => {
    const { authorID, authorMapper } = await makeRecords(etherpad);
    await call('createAuthorIfNotExistsFor', { authorMapper });
    expect(await nameOf(authorID)).toBe('Ada');
    await call('createAuthorIfNotExistsFor', { authorMapper, name: '' });
    expect(await nameOf(authorID)).toBe('Ada');
    await call('createAuthorIfNotExistsFor', { authorMapper, name: 'Ada Lovelace ☃' });
    expect(await nameOf(authorID)).toBe('Ada Lovelace ☃');
  });

  test('an author without a name has an empty one', async () => {
    expect(await nameOf(dataOf(await call('createAuthor')).authorID)).toBe('');
  });

  test.each([
    [5, '5'],
    [{ first: 'Ada' }, '{"first":"Ada"}'],
    [['a', 'b'], 'a,b'],
  ])('the name %j in JSON is kept as text', async (name, text) => {
    const { authorID } = dataOf(await post('createAuthor', { name }));
    expect(await nameOf(authorID)).toBe(text);
  });

  test('an unknown author has no name, and that is ok', async () => {
    expectEnvelope(await call('getAuthorName', { authorID: 'a.unknown' }), 0, 'ok', null);
    expectEnvelope(await call('getAuthorName'), 0, 'ok', null);
  });

  test.each(['listSessionsOfAuthor', 'listPadsOfAuthor'])('%s of an unknown or missing author is code 1', async (name) => {
    expectEnvelope(await call(name, { authorID: 'a.unknown' }), 1, 'authorID does not exist');
    expectEnvelope(await call(name), 1, 'authorID does not exist');
  });
});

describe('pads', () => {
  test.each([
    ['notes of today', 'notes_of_today'],
    ['a:b::c', 'a_b_c'],
    ['Ünïcode', 'Ünïcode'],
  ])('a pad named %j is %j', async (padName, name) => {
    const { groupID } = await makeRecords(etherpad);
    expect(dataOf(await call('createGroupPad', { groupID, padName }))).toEqual({
      padID: `${groupID}$${name}`,
      deletionToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expectEnvelope(await call('createGroupPad', { groupID, padName }), 1, 'padName does already exist');
  });

  test('a missing name is undefined, an empty one and one with $ are refused', async () => {
    const { groupID } = await makeRecords(etherpad);
    expect(dataOf(await call('createGroupPad', { groupID })).padID).toBe(`${groupID}$undefined`);
    expectEnvelope(await call('createGroupPad', { groupID, padName: '' }), 1, `${groupID}$ is not a valid padId`);
    expectEnvelope(await call('createGroupPad', { groupID, padName: 'a$b' }), 1, `${groupID}$a$b is not a valid padId`);
  });

  test('getText answers the text with a line feed at its end', async () => {
    const { groupID, padID } = await makeRecords(etherpad);
    expectEnvelope(await call('getText', { padID }), 0, 'ok', { text: 'Hello\n' });
    const { padID: empty } = dataOf(await call('createGroupPad', { groupID, padName: 'empty', text: '' }));
    expectEnvelope(await call('getText', { padID: empty }), 0, 'ok', { text: '\n' });
  });

  test('an authorId makes the pad one of the author', async () => {
    const { groupID, authorID } = await makeRecords(etherpad);
    const { padID } = dataOf(await call('createGroupPad', { groupID, padName: 'mine', authorId: authorID }));
    expectEnvelope(await call('listPadsOfAuthor', { authorID }), 0, 'ok', { padIDs: [padID] });
  });

  test.each(['1', '1.2.15'])('version %s has no authorId yet, and leaves the pad without an author', async (version) => {
    const { groupID, authorID } = await makeRecords(etherpad);
    expect(dataOf(await call(`api/${version}/createGroupPad`, { groupID, padName: 'nobodys', authorId: authorID })).padID).toBe(
      `${groupID}$nobodys`,
    );
    expectEnvelope(await call('listPadsOfAuthor', { authorID }), 0, 'ok', { padIDs: [] });
  });

  test('deletePad of an unknown pad is code 1', async () => {
    const { padID } = await makeRecords(etherpad);
    expectEnvelope(await call('deletePad', { padID }), 0, 'ok');
    expectEnvelope(await call('deletePad', { padID }), 1, 'padID does not exist');
    expectEnvelope(await call('getText', { padID }), 1, 'padID does not exist');
  });

  test('getStats counts pads, and no API session', async () => {
    const { totalPads } = dataOf(await call('getStats'));
    await makeRecords(etherpad);
    expectEnvelope(await call('getStats'), 0, 'ok', { totalPads: totalPads + 1, totalSessions: 0, totalActivePads: 0 });
  });
});
