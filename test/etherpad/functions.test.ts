import { describe, expect, test } from 'vitest';
import { API_VERSIONS, type ApiVersion, hasFunction, parametersOf } from '../../src/etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';

const named = (name: string) => {
  const found = FUNCTIONS.find((row) => row.name === name);
  if (found === undefined) throw new Error(`there is no function ${name}`);
  return found;
};

const SINCE: Readonly<Partial<Record<ApiVersion, readonly string[]>>> = {
  '1.1': ['getAuthorName', 'padUsers', 'sendClientsMessage', 'listAllGroups'],
  '1.2': ['checkToken'],
  '1.2.1': ['listAllPads'],
  '1.2.7': ['createDiffHTML', 'getChatHistory', 'getChatHead'],
  '1.2.8': ['getAttributePool', 'getRevisionChangeset'],
  '1.2.9': ['copyPad', 'movePad'],
  '1.2.10': ['getPadID'],
  '1.2.11': ['getSavedRevisionsCount', 'listSavedRevisions', 'saveRevision', 'restoreRevision'],
  '1.2.12': ['appendChatMessage'],
  '1.2.13': ['appendText'],
  '1.2.14': ['getStats'],
  '1.2.15': ['copyPadWithoutHistory'],
  '1.3.1': ['compactPad', 'anonymizeAuthor'],
};

/** Where a path below /rest is not `pad/` and the function's own name. */
const REST: Readonly<Record<string, string>> = {
  createGroup: 'group/create',
  createGroupIfNotExistsFor: 'group/createIfNotExistsFor',
  deleteGroup: 'group/delete',
  listPads: 'group/listPads',
  createGroupPad: 'group/createPad',
  listSessionsOfGroup: 'group/listSessions',
  listAllGroups: 'group/list',
  createAuthor: 'author/create',
  createAuthorIfNotExistsFor: 'author/createIfNotExistsFor',
  listPadsOfAuthor: 'author/listPads',
  listSessionsOfAuthor: 'author/listSessions',
  getAuthorName: 'author/getName',
  anonymizeAuthor: 'author/anonymize',
  createSession: 'session/create',
  deleteSession: 'session/delete',
  getSessionInfo: 'session/info',
  getStats: 'server/getStats',
  createPad: 'pad/create',
  deletePad: 'pad/delete',
  listAuthorsOfPad: 'pad/authors',
  padUsersCount: 'pad/usersCount',
  padUsers: 'pad/users',
  listAllPads: 'pad/listAll',
};

/** Flat at the root of a version in Etherpad 1.9.7 and 2.5.3. */
const FLAT_BEFORE_3 = new Set([
  'getStats',
  'getAttributePool',
  'getRevisionChangeset',
  'copyPad',
  'movePad',
  'getPadID',
  'getSavedRevisionsCount',
  'listSavedRevisions',
  'saveRevision',
  'restoreRevision',
  'appendText',
  'copyPadWithoutHistory',
]);

const API2: Readonly<Record<string, string>> = {
  createSession: 'POST sessions',
  deleteSession: 'DELETE sessions',
  getSessionInfo: 'GET sessions/info',
  listSessionsOfGroup: 'GET sessions/group',
  listSessionsOfAuthor: 'GET sessions/author',
  createGroup: 'POST groups',
  deleteGroup: 'DELETE groups',
  listAllGroups: 'GET groups',
  createGroupIfNotExistsFor: 'POST groups/createIfNotExistsFor',
  listPads: 'GET groups/pads',
  createAuthor: 'POST authors',
  createAuthorIfNotExistsFor: 'POST authors/createIfNotExistsFor',
  getAuthorName: 'GET authors/name',
  checkToken: 'GET checkToken',
  createGroupPad: 'POST pads/group',
  listPadsOfAuthor: 'GET authors/pads',
  getStats: 'GET stats',
  createPad: 'POST pads',
  deletePad: 'DELETE pads',
  listAllPads: 'GET pads',
  getText: 'GET pads/text',
  setText: 'POST pads/text',
  appendText: 'PATCH pads/text',
  getHTML: 'GET pads/html',
  setHTML: 'POST pads/html',
  getRevisionsCount: 'GET pads/revisions',
  getLastEdited: 'GET pads/lastEdited',
  getReadOnlyID: 'GET pads/readonly',
  getPadID: 'POST pads/padId',
  setPublicStatus: 'POST pads/publicStatus',
  getPublicStatus: 'GET pads/publicStatus',
  listAuthorsOfPad: 'GET pads/authors',
  padUsersCount: 'GET pads/usersCount',
  padUsers: 'GET pads/users',
  sendClientsMessage: 'POST pads/clientsMessage',
  createDiffHTML: 'POST pads/diff',
  getAttributePool: 'GET pads/attributePool',
  getRevisionChangeset: 'GET pads/revisionChangeset',
  copyPad: 'POST pads/copypad',
  copyPadWithoutHistory: 'POST pads/copyWithoutHistory',
  movePad: 'POST pads/movePad',
  getSavedRevisionsCount: 'GET savedRevisions/revisionsCount',
  listSavedRevisions: 'GET savedRevisions',
  saveRevision: 'POST savedRevisions',
  restoreRevision: 'PATCH savedRevisions',
  getChatHistory: 'GET pads/chatHistory',
  getChatHead: 'GET pads/chatHead',
  appendChatMessage: 'PATCH chats/messages',
};

describe.each(FUNCTIONS.map((row) => [row.name, row] as const))('%s', (name, row) => {
  test('came with its API version, and stayed', () => {
    const since = API_VERSIONS.find((version) => SINCE[version]?.includes(name)) ?? '1';
    expect(row.since).toBe(since);
    for (const version of API_VERSIONS) {
      expect(hasFunction(version, row)).toBe(API_VERSIONS.indexOf(version) >= API_VERSIONS.indexOf(since));
    }
  });

  test('has its path below /rest, and the one of 1.9.7 and 2.5.3', () => {
    expect(row.rest).toBe(REST[name] ?? `pad/${name}`);
    expect(row.restBefore3 ?? row.rest).toBe(FLAT_BEFORE_3.has(name) ? name : row.rest);
  });

  test('has its call below /api/2, or none', () => {
    expect(row.api2 && `${row.api2.method} ${row.api2.path}`).toBe(API2[name]);
  });
});

describe('the table of functions', () => {
  test('has every function of API 1.3.1 once', () => {
    expect(FUNCTIONS).toHaveLength(50);
    expect(new Set(FUNCTIONS.map(({ name }) => name)).size).toBe(50);
    expect(new Set(FUNCTIONS.map(({ rest }) => rest)).size).toBe(50);
  });

  test('has 48 calls below /api/2', () => {
    expect(FUNCTIONS.filter(({ api2 }) => api2 !== undefined)).toHaveLength(48);
  });

  test('createGroupPad takes an authorId from 1.3.0 on', () => {
    const parameters = ['groupID', 'padName', 'text'];
    expect(parametersOf('1', named('createGroupPad'))).toEqual(parameters);
    expect(parametersOf('1.2.15', named('createGroupPad'))).toEqual(parameters);
    expect(parametersOf('1.3.0', named('createGroupPad'))).toEqual([...parameters, 'authorId']);
    expect(parametersOf('1.3.1', named('createGroupPad'))).toEqual([...parameters, 'authorId']);
  });
});
