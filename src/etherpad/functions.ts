import * as authors from './authors.ts';
import type { ApiVersion, EtherpadFunction, Parameters, Tag } from './etherpad-function.ts';
import * as groups from './groups.ts';
import * as html from './pads/html.ts';
import * as padAccess from './pads/access.ts';
import * as chat from './pads/chat.ts';
import * as padCopies from './pads/copies.ts';
import * as padCreation from './pads/creation.ts';
import * as padHistory from './pads/history.ts';
import { withPadNames } from './pads/pad-id.ts';
import * as switchedOff from './pads/switched-off.ts';
import * as padText from './pads/text.ts';
import * as padUsers from './pads/users.ts';
import * as sessions from './sessions.ts';
import type { World } from './world.ts';

type Run = (world: World, parameters: Parameters) => unknown;

/** Before any function is called, Etherpad looks at the names of pads that were sent (all versions). */
const withCleanNames =
  (run: Run): Run =>
  (world, parameters) =>
    run(world, withPadNames(world, parameters));

const namesPad = (parameters: readonly string[]): boolean => parameters.includes('padID') || parameters.includes('padName');

const row = <const Name extends string>(
  tag: Tag,
  name: Name,
  since: ApiVersion,
  rest: string,
  parameters: readonly string[],
  summary: string,
  more: Pick<EtherpadFunction, 'data' | 'run'> & Partial<Pick<EtherpadFunction, 'api2' | 'laterParameters' | 'restBefore3'>>,
): EtherpadFunction & { readonly name: Name } => ({
  name,
  tag,
  since,
  rest,
  parameters,
  summary,
  ...more,
  run: namesPad(parameters) ? withCleanNames(more.run) : more.run,
});

const GET = (path: string) => ({ method: 'GET', path }) as const;
const POST = (path: string) => ({ method: 'POST', path }) as const;
const PATCH = (path: string) => ({ method: 'PATCH', path }) as const;
const DELETE = (path: string) => ({ method: 'DELETE', path }) as const;
const flat = (name: string) => ({ restBefore3: name });
const authorIdSince = (since: ApiVersion) => ({ laterParameters: { since, names: ['authorId'] } });

// oxfmt-ignore
const ROWS = [
  row('group', 'createGroup', '1', 'group/create', [], 'creates a new group', { api2: POST('groups'), data: { groupID: 'string' }, run: groups.createGroup }),
  row('group', 'createGroupIfNotExistsFor', '1', 'group/createIfNotExistsFor', ['groupMapper'], "finds or creates the group for an application's own group id", { api2: POST('groups/createIfNotExistsFor'), data: { groupID: 'string' }, run: groups.createGroupIfNotExistsFor }),
  row('group', 'deleteGroup', '1', 'group/delete', ['groupID'], 'deletes a group with its pads and sessions', { api2: DELETE('groups'), data: null, run: groups.deleteGroup }),
  row('group', 'listPads', '1', 'group/listPads', ['groupID'], 'lists the pads of a group', { api2: GET('groups/pads'), data: { padIDs: 'strings' }, run: groups.listPads }),
  row('group', 'createGroupPad', '1', 'group/createPad', ['groupID', 'padName', 'text'], 'creates a pad in a group', { ...authorIdSince('1.3.0'), api2: POST('pads/group'), data: { padID: 'string', deletionToken: 'string' }, run: padCreation.createGroupPad }),
  row('group', 'listSessionsOfGroup', '1', 'group/listSessions', ['groupID'], 'lists the sessions of a group', { api2: GET('sessions/group'), data: { sessions: 'SessionInfos' }, run: sessions.listSessionsOfGroup }),
  row('group', 'listAllGroups', '1.1', 'group/list', [], 'lists all groups', { api2: GET('groups'), data: { groupIDs: 'strings' }, run: groups.listAllGroups }),

  row('author', 'createAuthor', '1', 'author/create', ['name'], 'creates a new author', { api2: POST('authors'), data: { authorID: 'string' }, run: authors.createAuthor }),
  row('author', 'createAuthorIfNotExistsFor', '1', 'author/createIfNotExistsFor', ['authorMapper', 'name'], "finds or creates the author for an application's own user id", { api2: POST('authors/createIfNotExistsFor'), data: { authorID: 'string' }, run: authors.createAuthorIfNotExistsFor }),
  row('author', 'listPadsOfAuthor', '1', 'author/listPads', ['authorID'], 'lists the pads that an author contributed to', { api2: GET('authors/pads'), data: { padIDs: 'strings' }, run: authors.listPadsOfAuthor }),
  row('author', 'listSessionsOfAuthor', '1', 'author/listSessions', ['authorID'], 'lists the sessions of an author', { api2: GET('sessions/author'), data: { sessions: 'SessionInfos' }, run: sessions.listSessionsOfAuthor }),
  row('author', 'getAuthorName', '1.1', 'author/getName', ['authorID'], 'returns the name of an author', { api2: GET('authors/name'), data: { info: 'UserInfo' }, run: authors.getAuthorName }),
  row('author', 'anonymizeAuthor', '1.3.1', 'author/anonymize', ['authorID'], 'anonymizes an author across all edits', { data: null, run: switchedOff.anonymizeAuthor }),

  row('session', 'createSession', '1', 'session/create', ['groupID', 'authorID', 'validUntil'], 'creates a new session; validUntil is a unix timestamp in seconds', { api2: POST('sessions'), data: { sessionID: 'string' }, run: sessions.createSession }),
  row('session', 'deleteSession', '1', 'session/delete', ['sessionID'], 'deletes a session', { api2: DELETE('sessions'), data: null, run: sessions.deleteSession }),
  row('session', 'getSessionInfo', '1', 'session/info', ['sessionID'], 'returns group, author and validUntil of a session', { api2: GET('sessions/info'), data: { info: 'SessionInfo', groupID: 'string', authorID: 'string', validUntil: 'integer' }, run: sessions.getSessionInfo }),

  row('pad', 'getText', '1', 'pad/getText', ['padID', 'rev'], 'returns the text of a pad', { api2: GET('pads/text'), data: { text: 'string' }, run: padText.getText }),
  row('pad', 'deletePad', '1', 'pad/delete', ['padID', 'deletionToken'], 'deletes a pad', { api2: DELETE('pads'), data: null, run: padCreation.deletePad }),
  row('pad', 'checkToken', '1.2', 'pad/checkToken', [], 'answers ok when the API key is right', { api2: GET('checkToken'), data: null, run: () => null }),
  row('pad', 'listAllPads', '1.2.1', 'pad/listAll', [], 'lists all pads', { api2: GET('pads'), data: { padIDs: 'strings' }, run: padUsers.listAllPads }),
  row('server', 'getStats', '1.2.14', 'server/getStats', [], 'counts pads and editing connections', { ...flat('getStats'), api2: GET('stats'), data: { totalPads: 'integer', totalSessions: 'integer', totalActivePads: 'integer' }, run: padUsers.getStats }),

  row('pad', 'createPad', '1', 'pad/create', ['padID', 'text'], 'creates a pad outside of any group', { ...authorIdSince('1.3.0'), api2: POST('pads'), data: { deletionToken: 'string' }, run: padCreation.createPad }),
  row('pad', 'setText', '1', 'pad/setText', ['padID', 'text'], 'sets the text of a pad', { ...authorIdSince('1.3.0'), api2: POST('pads/text'), data: null, run: padText.setText }),
  row('pad', 'getHTML', '1', 'pad/getHTML', ['padID', 'rev'], 'returns the text of a pad as HTML', { api2: GET('pads/html'), data: { html: 'string' }, run: html.getHTML }),
  row('pad', 'setHTML', '1', 'pad/setHTML', ['padID', 'html'], 'sets the text of a pad from HTML', { ...authorIdSince('1.3.0'), api2: POST('pads/html'), data: null, run: html.setHTML }),
  row('pad', 'getRevisionsCount', '1', 'pad/getRevisionsCount', ['padID'], 'counts the revisions of a pad', { api2: GET('pads/revisions'), data: { revisions: 'integer' }, run: padHistory.getRevisionsCount }),
  row('pad', 'getLastEdited', '1', 'pad/getLastEdited', ['padID'], 'returns when a pad was last edited', { api2: GET('pads/lastEdited'), data: { lastEdited: 'integer' }, run: padHistory.getLastEdited }),
  row('pad', 'getReadOnlyID', '1', 'pad/getReadOnlyID', ['padID'], 'returns the read-only id of a pad', { api2: GET('pads/readonly'), data: { readOnlyID: 'string' }, run: padAccess.getReadOnlyID }),
  row('pad', 'setPublicStatus', '1', 'pad/setPublicStatus', ['padID', 'publicStatus'], 'opens a group pad to the public, or closes it', { api2: POST('pads/publicStatus'), data: null, run: padAccess.setPublicStatus }),
  row('pad', 'getPublicStatus', '1', 'pad/getPublicStatus', ['padID'], 'returns whether a group pad is public', { api2: GET('pads/publicStatus'), data: { publicStatus: 'boolean' }, run: padAccess.getPublicStatus }),
  row('pad', 'listAuthorsOfPad', '1', 'pad/authors', ['padID'], 'lists the authors of a pad', { api2: GET('pads/authors'), data: { authorIDs: 'strings' }, run: padHistory.listAuthorsOfPad }),
  row('pad', 'padUsersCount', '1', 'pad/usersCount', ['padID'], 'counts who is editing a pad', { api2: GET('pads/usersCount'), data: { padUsersCount: 'integer' }, run: padUsers.padUsersCount }),
  row('pad', 'padUsers', '1.1', 'pad/users', ['padID'], 'lists who is editing a pad', { api2: GET('pads/users'), data: { padUsers: 'UserInfos' }, run: padUsers.padUsers }),
  row('pad', 'sendClientsMessage', '1.1', 'pad/sendClientsMessage', ['padID', 'msg'], 'sends a message to those editing a pad', { api2: POST('pads/clientsMessage'), data: null, run: padUsers.sendClientsMessage }),
  row('pad', 'createDiffHTML', '1.2.7', 'pad/createDiffHTML', ['padID', 'startRev', 'endRev'], 'returns the difference of two revisions as HTML', { api2: POST('pads/diff'), data: { html: 'string', authors: 'strings' }, run: html.createDiffHTML }),
  row('chat', 'getChatHistory', '1.2.7', 'pad/getChatHistory', ['padID', 'start', 'end'], 'returns the chat of a pad', { api2: GET('pads/chatHistory'), data: { messages: 'Messages' }, run: chat.getChatHistory }),
  row('chat', 'getChatHead', '1.2.7', 'pad/getChatHead', ['padID'], 'returns the number of the last chat message', { api2: GET('pads/chatHead'), data: { chatHead: 'Message' }, run: chat.getChatHead }),
  row('pad', 'getAttributePool', '1.2.8', 'pad/getAttributePool', ['padID'], 'returns the attribute pool of a pad', { ...flat('getAttributePool'), api2: GET('pads/attributePool'), data: { pool: 'Pool' }, run: padHistory.getAttributePool }),
  row('pad', 'getRevisionChangeset', '1.2.8', 'pad/getRevisionChangeset', ['padID', 'rev'], 'returns the changeset of a revision', { ...flat('getRevisionChangeset'), api2: GET('pads/revisionChangeset'), data: 'string', run: padHistory.getRevisionChangeset }),
  row('pad', 'copyPad', '1.2.9', 'pad/copyPad', ['sourceID', 'destinationID', 'force'], 'copies a pad with its history', { ...flat('copyPad'), api2: POST('pads/copypad'), data: null, run: padCopies.copyPad }),
  row('pad', 'movePad', '1.2.9', 'pad/movePad', ['sourceID', 'destinationID', 'force'], 'moves a pad', { ...flat('movePad'), api2: POST('pads/movePad'), data: null, run: padCopies.movePad }),
  row('pad', 'getPadID', '1.2.10', 'pad/getPadID', ['roID'], 'returns the pad of a read-only id', { ...flat('getPadID'), api2: POST('pads/padId'), data: { padID: 'string' }, run: padAccess.getPadID }),
  row('pad', 'getSavedRevisionsCount', '1.2.11', 'pad/getSavedRevisionsCount', ['padID'], 'counts the saved revisions of a pad', { ...flat('getSavedRevisionsCount'), api2: GET('savedRevisions/revisionsCount'), data: { savedRevisions: 'integer' }, run: padHistory.getSavedRevisionsCount }),
  row('pad', 'listSavedRevisions', '1.2.11', 'pad/listSavedRevisions', ['padID'], 'lists the saved revisions of a pad', { ...flat('listSavedRevisions'), api2: GET('savedRevisions'), data: { savedRevisions: 'integers' }, run: padHistory.listSavedRevisions }),
  row('pad', 'saveRevision', '1.2.11', 'pad/saveRevision', ['padID', 'rev'], 'saves a revision', { ...flat('saveRevision'), api2: POST('savedRevisions'), data: null, run: padHistory.saveRevision }),
  row('pad', 'restoreRevision', '1.2.11', 'pad/restoreRevision', ['padID', 'rev'], 'restores a revision', { ...flat('restoreRevision'), ...authorIdSince('1.3.0'), api2: PATCH('savedRevisions'), data: null, run: padHistory.restoreRevision }),
  row('chat', 'appendChatMessage', '1.2.12', 'pad/appendChatMessage', ['padID', 'text', 'authorID', 'time'], 'adds a chat message', { api2: PATCH('chats/messages'), data: null, run: chat.appendChatMessage }),
  row('pad', 'appendText', '1.2.13', 'pad/appendText', ['padID', 'text'], 'appends text to a pad', { ...flat('appendText'), ...authorIdSince('1.3.0'), api2: PATCH('pads/text'), data: null, run: padText.appendText }),
  row('pad', 'copyPadWithoutHistory', '1.2.15', 'pad/copyPadWithoutHistory', ['sourceID', 'destinationID', 'force'], 'copies a pad without its history', { ...flat('copyPadWithoutHistory'), ...authorIdSince('1.3.0'), api2: POST('pads/copyWithoutHistory'), data: null, run: padCopies.copyPadWithoutHistory }),
  row('pad', 'compactPad', '1.3.1', 'pad/compactPad', ['padID', 'keepRevisions'], 'compacts the history of a pad', { data: null, run: switchedOff.compactPad }),
];

/** The name of a function of Etherpad's HTTP API: `createSession`. */
export type FunctionName = (typeof ROWS)[number]['name'];

/**
 * Every function of Etherpad's HTTP API 1.3.1. Routes, the OpenAPI documents and the tests iterate this table.
 */
export const FUNCTIONS: readonly EtherpadFunction[] = ROWS;

export const FUNCTION_NAMES: readonly FunctionName[] = ROWS.map(({ name }) => name);
