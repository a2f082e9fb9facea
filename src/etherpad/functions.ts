import * as authors from './authors.ts';
import type { ApiVersion, EtherpadFunction, Tag } from './etherpad-function.ts';
import * as groups from './groups.ts';
import * as pads from './pads.ts';
import * as sessions from './sessions.ts';

const row = (
  tag: Tag,
  name: string,
  since: ApiVersion,
  rest: string,
  parameters: readonly string[],
  summary: string,
  more: Pick<EtherpadFunction, 'api2' | 'data' | 'laterParameters' | 'restBefore2' | 'run'> = {},
): EtherpadFunction => ({ name, tag, since, rest, parameters, summary, ...more });

const GET = (path: string) => ({ method: 'GET', path }) as const;
const POST = (path: string) => ({ method: 'POST', path }) as const;
const DELETE = (path: string) => ({ method: 'DELETE', path }) as const;
const flat = (name: string) => ({ restBefore2: name });
const authorIdSince = (since: ApiVersion) => ({ laterParameters: { since, names: ['authorId'] } });

/**
 * Every function of Etherpad's HTTP API 1.3.1. Routes, the OpenAPI documents and the tests iterate this table; a row
 * without `run` answers "function not implemented".
 */
// oxfmt-ignore
export const FUNCTIONS: readonly EtherpadFunction[] = [
  row('group', 'createGroup', '1', 'group/create', [], 'creates a new group', { api2: POST('groups'), data: { groupID: 'string' }, run: groups.createGroup }),
  row('group', 'createGroupIfNotExistsFor', '1', 'group/createIfNotExistsFor', ['groupMapper'], "finds or creates the group for an application's own group id", { api2: POST('groups/createIfNotExistsFor'), data: { groupID: 'string' }, run: groups.createGroupIfNotExistsFor }),
  row('group', 'deleteGroup', '1', 'group/delete', ['groupID'], 'deletes a group with its pads and sessions', { api2: DELETE('groups'), data: null, run: groups.deleteGroup }),
  row('group', 'listPads', '1', 'group/listPads', ['groupID'], 'lists the pads of a group', { api2: GET('groups/pads'), data: { padIDs: 'strings' }, run: groups.listPads }),
  row('group', 'createGroupPad', '1', 'group/createPad', ['groupID', 'padName', 'text'], 'creates a pad in a group', { ...authorIdSince('1.3.0'), data: { padID: 'string', deletionToken: 'string' }, run: pads.createGroupPad }),
  row('group', 'listSessionsOfGroup', '1', 'group/listSessions', ['groupID'], 'lists the sessions of a group', { api2: GET('sessions/group'), data: { sessions: 'SessionInfos' }, run: sessions.listSessionsOfGroup }),
  row('group', 'listAllGroups', '1.1', 'group/list', [], 'lists all groups', { api2: GET('groups'), data: { groupIDs: 'strings' }, run: groups.listAllGroups }),

  row('author', 'createAuthor', '1', 'author/create', ['name'], 'creates a new author', { api2: POST('authors'), data: { authorID: 'string' }, run: authors.createAuthor }),
  row('author', 'createAuthorIfNotExistsFor', '1', 'author/createIfNotExistsFor', ['authorMapper', 'name'], "finds or creates the author for an application's own user id", { api2: POST('authors/createIfNotExistsFor'), data: { authorID: 'string' }, run: authors.createAuthorIfNotExistsFor }),
  row('author', 'listPadsOfAuthor', '1', 'author/listPads', ['authorID'], 'lists the pads that an author contributed to', { data: { padIDs: 'strings' }, run: authors.listPadsOfAuthor }),
  row('author', 'listSessionsOfAuthor', '1', 'author/listSessions', ['authorID'], 'lists the sessions of an author', { api2: GET('sessions/author'), data: { sessions: 'SessionInfos' }, run: sessions.listSessionsOfAuthor }),
  row('author', 'getAuthorName', '1.1', 'author/getName', ['authorID'], 'tells the name of an author', { api2: GET('authors/name'), data: { info: 'UserInfo' }, run: authors.getAuthorName }),
  row('author', 'anonymizeAuthor', '1.3.1', 'author/anonymize', ['authorID'], 'anonymizes an author across all edits'),

  row('session', 'createSession', '1', 'session/create', ['groupID', 'authorID', 'validUntil'], 'creates a new session; validUntil is a unix timestamp in seconds', { api2: POST('sessions'), data: { sessionID: 'string' }, run: sessions.createSession }),
  row('session', 'deleteSession', '1', 'session/delete', ['sessionID'], 'deletes a session', { api2: DELETE('sessions'), data: null, run: sessions.deleteSession }),
  row('session', 'getSessionInfo', '1', 'session/info', ['sessionID'], 'tells group, author and validUntil of a session', { api2: GET('sessions/info'), data: { info: 'SessionInfo', groupID: 'string', authorID: 'string', validUntil: 'integer' }, run: sessions.getSessionInfo }),

  row('pad', 'getText', '1', 'pad/getText', ['padID', 'rev'], 'tells the text of a pad', { data: { text: 'string' }, run: pads.getText }),
  row('pad', 'deletePad', '1', 'pad/delete', ['padID'], 'deletes a pad', { data: null, run: pads.deletePad }),
  row('pad', 'checkToken', '1.2', 'pad/checkToken', [], 'answers ok when the API key is right', { api2: GET('checkToken'), data: null, run: () => null }),
  row('pad', 'listAllPads', '1.2.1', 'pad/listAll', [], 'lists all pads', { data: { padIDs: 'strings' }, run: pads.listAllPads }),
  row('server', 'getStats', '1.2.14', 'server/getStats', [], 'counts pads and editing connections', { ...flat('getStats'), data: { totalPads: 'integer', totalSessions: 'integer', totalActivePads: 'integer' }, run: pads.getStats }),

  row('pad', 'createPad', '1', 'pad/create', ['padID', 'text'], 'creates a pad outside of any group', authorIdSince('1.3.0')),
  row('pad', 'setText', '1', 'pad/setText', ['padID', 'text'], 'sets the text of a pad', authorIdSince('1.3.0')),
  row('pad', 'getHTML', '1', 'pad/getHTML', ['padID', 'rev'], 'tells the text of a pad as HTML'),
  row('pad', 'setHTML', '1', 'pad/setHTML', ['padID', 'html'], 'sets the text of a pad from HTML', authorIdSince('1.3.0')),
  row('pad', 'getRevisionsCount', '1', 'pad/getRevisionsCount', ['padID'], 'counts the revisions of a pad'),
  row('pad', 'getLastEdited', '1', 'pad/getLastEdited', ['padID'], 'tells when a pad was last edited'),
  row('pad', 'getReadOnlyID', '1', 'pad/getReadOnlyID', ['padID'], 'tells the read-only id of a pad'),
  row('pad', 'setPublicStatus', '1', 'pad/setPublicStatus', ['padID', 'publicStatus'], 'opens a group pad to the public, or closes it'),
  row('pad', 'getPublicStatus', '1', 'pad/getPublicStatus', ['padID'], 'tells whether a group pad is public'),
  row('pad', 'listAuthorsOfPad', '1', 'pad/authors', ['padID'], 'lists the authors of a pad'),
  row('pad', 'padUsersCount', '1', 'pad/usersCount', ['padID'], 'counts who is editing a pad'),
  row('pad', 'padUsers', '1.1', 'pad/users', ['padID'], 'lists who is editing a pad'),
  row('pad', 'sendClientsMessage', '1.1', 'pad/sendClientsMessage', ['padID', 'msg'], 'sends a message to those editing a pad'),
  row('pad', 'createDiffHTML', '1.2.7', 'pad/createDiffHTML', ['padID', 'startRev', 'endRev'], 'tells the difference of two revisions as HTML'),
  row('chat', 'getChatHistory', '1.2.7', 'pad/getChatHistory', ['padID', 'start', 'end'], 'tells the chat of a pad'),
  row('chat', 'getChatHead', '1.2.7', 'pad/getChatHead', ['padID'], 'tells the number of the last chat message'),
  row('pad', 'getAttributePool', '1.2.8', 'pad/getAttributePool', ['padID'], 'tells the attribute pool of a pad', flat('getAttributePool')),
  row('pad', 'getRevisionChangeset', '1.2.8', 'pad/getRevisionChangeset', ['padID', 'rev'], 'tells the changeset of a revision', flat('getRevisionChangeset')),
  row('pad', 'copyPad', '1.2.9', 'pad/copyPad', ['sourceID', 'destinationID', 'force'], 'copies a pad with its history', flat('copyPad')),
  row('pad', 'movePad', '1.2.9', 'pad/movePad', ['sourceID', 'destinationID', 'force'], 'moves a pad', flat('movePad')),
  row('pad', 'getPadID', '1.2.10', 'pad/getPadID', ['roID'], 'tells the pad of a read-only id', flat('getPadID')),
  row('pad', 'getSavedRevisionsCount', '1.2.11', 'pad/getSavedRevisionsCount', ['padID'], 'counts the saved revisions of a pad', flat('getSavedRevisionsCount')),
  row('pad', 'listSavedRevisions', '1.2.11', 'pad/listSavedRevisions', ['padID'], 'lists the saved revisions of a pad', flat('listSavedRevisions')),
  row('pad', 'saveRevision', '1.2.11', 'pad/saveRevision', ['padID', 'rev'], 'saves a revision', flat('saveRevision')),
  row('pad', 'restoreRevision', '1.2.11', 'pad/restoreRevision', ['padID', 'rev'], 'restores a revision', { ...flat('restoreRevision'), ...authorIdSince('1.3.0') }),
  row('chat', 'appendChatMessage', '1.2.12', 'pad/appendChatMessage', ['padID', 'text', 'authorID', 'time'], 'adds a chat message'),
  row('pad', 'appendText', '1.2.13', 'pad/appendText', ['padID', 'text'], 'appends text to a pad', { ...flat('appendText'), ...authorIdSince('1.3.0') }),
  row('pad', 'copyPadWithoutHistory', '1.2.15', 'pad/copyPadWithoutHistory', ['sourceID', 'destinationID', 'force'], 'copies a pad without its history', { ...flat('copyPadWithoutHistory'), ...authorIdSince('1.3.0') }),
  row('pad', 'compactPad', '1.3.1', 'pad/compactPad', ['padID', 'keepRevisions'], 'compacts the history of a pad'),
];
