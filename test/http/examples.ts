import { expect } from 'vitest';
import type { MockEtherpad } from '../../src/index.ts';
import { ask, multipart, type Question } from '../ask.ts';
import { type Data, dataOf } from '../envelope.ts';

/** Records that a call can name. */
export interface Records {
  readonly groupID: string;
  readonly groupMapper: string;
  readonly authorID: string;
  readonly authorMapper: string;
  readonly sessionID: string;
  readonly validUntil: number;
  /** A pad of the group with one revision, which is saved, and one message. */
  readonly padID: string;
  readonly readOnlyID: string;
  /** The id of no pad yet. */
  readonly freePadID: string;
}

/** A call of a function that must be ok, and the data that it gives; matchers stand for what is random. */
interface Example {
  readonly parameters: (records: Records) => Readonly<Record<string, string>>;
  readonly data: (records: Records) => unknown;
}

let made = 0;

/** A group, an author, a session and a pad of their own, made by GET at the root or where functions are. */
export async function makeRecords({ url, apiKey }: Pick<MockEtherpad, 'url' | 'apiKey'>, mount = '/api/1.3.0'): Promise<Records> {
  made += 1;
  const path = new URL(url).pathname.replace(/\/$/, '');
  const call = async (name: string, parameters: Record<string, string>): Promise<Data> =>
    dataOf(await ask(url, { path: `${path}${mount}/${name}?${new URLSearchParams({ apikey: apiKey, ...parameters }).toString()}` }));
  const [groupMapper, authorMapper] = [`group-${made}`, `author-${made}`];
  const { groupID } = await call('createGroupIfNotExistsFor', { groupMapper });
  const { authorID } = await call('createAuthorIfNotExistsFor', { authorMapper, name: 'Ada' });
  const validUntil = Math.floor(Date.now() / 1000) + 3_600;
  const { sessionID } = await call('createSession', { groupID, authorID, validUntil: String(validUntil) });
  const { padID } = await call('createGroupPad', { groupID, padName: 'notes', text: 'Hello' });
  await call('saveRevision', { padID });
  await call('appendChatMessage', { padID, text: 'Hi', authorID, time: '1234567890123' });
  const { readOnlyID } = await call('getReadOnlyID', { padID });
  return { groupID, groupMapper, authorID, authorMapper, sessionID, validUntil, padID, readOnlyID, freePadID: `pad-of-${groupID}` };
}

const NONE = (): Record<string, string> => ({});
const NULL = (): null => null;

const groupID = expect.stringMatching(/^g\.[A-Za-z0-9]{16}$/);
const authorID = expect.stringMatching(/^a\.[A-Za-z0-9]{16}$/);
const sessionID = expect.stringMatching(/^s\.[0-9a-f]{32}$/);

const infoOf = ({ sessionID: id, ...records }: Records) => ({
  id,
  authorID: records.authorID,
  groupID: records.groupID,
  validUntil: records.validUntil,
});

const messageOf = (records: Records) => ({ text: 'Hi', userId: records.authorID, userName: 'Ada', time: 1_234_567_890_123 });

/** Every function that the mock has and that is not switched off, by name. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  createGroup: { parameters: NONE, data: () => ({ groupID }) },
  createGroupIfNotExistsFor: { parameters: ({ groupMapper }) => ({ groupMapper }), data: (records) => ({ groupID: records.groupID }) },
  deleteGroup: { parameters: (records) => ({ groupID: records.groupID }), data: NULL },
  listAllGroups: { parameters: NONE, data: (records) => ({ groupIDs: expect.arrayContaining([records.groupID]) }) },
  listPads: { parameters: (records) => ({ groupID: records.groupID }), data: ({ padID }) => ({ padIDs: [padID] }) },
  createGroupPad: {
    parameters: (records) => ({ groupID: records.groupID, padName: 'more', text: 'x' }),
    data: (records) => ({ padID: `${records.groupID}$more`, deletionToken: expect.stringMatching(/^[0-9a-f]{64}$/) }),
  },
  listSessionsOfGroup: { parameters: (records) => ({ groupID: records.groupID }), data: (records) => ({ sessions: [infoOf(records)] }) },
  createAuthor: { parameters: () => ({ name: 'Grace' }), data: () => ({ authorID }) },
  createAuthorIfNotExistsFor: {
    parameters: ({ authorMapper }) => ({ authorMapper, name: 'Ada' }),
    data: (records) => ({ authorID: records.authorID }),
  },
  getAuthorName: {
    parameters: (records) => ({ authorID: records.authorID }),
    data: (records) => ({
      info: { id: records.authorID, colorId: expect.stringMatching(/^#[0-9a-f]{6}$/), name: 'Ada', timestamp: expect.any(Number) },
    }),
  },
  listPadsOfAuthor: { parameters: (records) => ({ authorID: records.authorID }), data: () => ({ padIDs: [] }) },
  listSessionsOfAuthor: { parameters: (records) => ({ authorID: records.authorID }), data: (records) => ({ sessions: [infoOf(records)] }) },
  createSession: {
    parameters: (records) => ({ groupID: records.groupID, authorID: records.authorID, validUntil: String(records.validUntil) }),
    data: () => ({ sessionID }),
  },
  deleteSession: { parameters: (records) => ({ sessionID: records.sessionID }), data: NULL },
  getSessionInfo: {
    parameters: (records) => ({ sessionID: records.sessionID }),
    data: (records) => ({ info: infoOf(records), groupID: records.groupID, authorID: records.authorID, validUntil: records.validUntil }),
  },
  getText: { parameters: ({ padID }) => ({ padID }), data: () => ({ text: 'Hello\n' }) },
  deletePad: { parameters: ({ padID }) => ({ padID }), data: NULL },
  checkToken: { parameters: NONE, data: NULL },
  listAllPads: { parameters: NONE, data: ({ padID }) => ({ padIDs: expect.arrayContaining([padID]) }) },
  createPad: {
    parameters: ({ freePadID }) => ({ padID: freePadID, text: 'x' }),
    data: () => ({ deletionToken: expect.stringMatching(/^[0-9a-f]{64}$/) }),
  },
  setText: { parameters: ({ padID }) => ({ padID, text: 'x' }), data: NULL },
  appendText: { parameters: ({ padID }) => ({ padID, text: 'x' }), data: NULL },
  getRevisionsCount: { parameters: ({ padID }) => ({ padID }), data: () => ({ revisions: 0 }) },
  getRevisionChangeset: { parameters: ({ padID }) => ({ padID }), data: () => 'Z:1>5*0+5$Hello' },
  getAttributePool: {
    parameters: ({ padID }) => ({ padID }),
    data: () => ({
      pool: { numToAttrib: { 0: ['author', 'a.etherpad-system'] }, attribToNum: { 'author,a.etherpad-system': 0 }, nextNum: 1 },
    }),
  },
  getLastEdited: { parameters: ({ padID }) => ({ padID }), data: () => ({ lastEdited: expect.any(Number) }) },
  getReadOnlyID: { parameters: ({ padID }) => ({ padID }), data: ({ readOnlyID }) => ({ readOnlyID }) },
  getPadID: { parameters: ({ readOnlyID }) => ({ roID: readOnlyID }), data: ({ padID }) => ({ padID }) },
  setPublicStatus: { parameters: ({ padID }) => ({ padID, publicStatus: 'true' }), data: NULL },
  getPublicStatus: { parameters: ({ padID }) => ({ padID }), data: () => ({ publicStatus: false }) },
  listAuthorsOfPad: { parameters: ({ padID }) => ({ padID }), data: () => ({ authorIDs: [] }) },
  padUsers: { parameters: ({ padID }) => ({ padID }), data: () => ({ padUsers: [] }) },
  padUsersCount: { parameters: ({ padID }) => ({ padID }), data: () => ({ padUsersCount: 0 }) },
  sendClientsMessage: { parameters: ({ padID }) => ({ padID, msg: 'reload' }), data: NULL },
  getChatHead: { parameters: ({ padID }) => ({ padID }), data: (records) => ({ chatHead: messageOf(records) }) },
  getChatHistory: { parameters: ({ padID }) => ({ padID }), data: (records) => ({ messages: [messageOf(records)] }) },
  appendChatMessage: { parameters: ({ padID, authorID: by }) => ({ padID, text: 'x', authorID: by, time: '1' }), data: NULL },
  getSavedRevisionsCount: { parameters: ({ padID }) => ({ padID }), data: () => ({ savedRevisions: 1 }) },
  listSavedRevisions: { parameters: ({ padID }) => ({ padID }), data: () => ({ savedRevisions: [0] }) },
  saveRevision: { parameters: ({ padID }) => ({ padID, rev: '0' }), data: NULL },
  restoreRevision: { parameters: ({ padID }) => ({ padID, rev: '0' }), data: NULL },
  copyPad: { parameters: ({ padID, freePadID }) => ({ sourceID: padID, destinationID: freePadID }), data: NULL },
  copyPadWithoutHistory: { parameters: ({ padID, freePadID }) => ({ sourceID: padID, destinationID: freePadID }), data: NULL },
  movePad: { parameters: ({ padID, freePadID }) => ({ sourceID: padID, destinationID: freePadID }), data: NULL },
  getHTML: { parameters: ({ padID }) => ({ padID }), data: () => ({ html: '<!DOCTYPE HTML><html><body>Hello<br></body></html>' }) },
  setHTML: { parameters: ({ padID }) => ({ padID, html: '<b>Hello</b>' }), data: NULL },
  createDiffHTML: {
    parameters: ({ padID }) => ({ padID, startRev: '0', endRev: '0' }),
    data: () => ({ html: expect.stringContaining('Hello'), authors: expect.any(Array) }),
  },
  getStats: { parameters: NONE, data: () => ({ totalPads: expect.any(Number), totalSessions: 0, totalActivePads: 0 }) },
};

/** A way to pass parameters along with a request. */
export interface Way {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly question: (path: string, parameters: Readonly<Record<string, string>>) => Question;
}

const encoded = (parameters: Readonly<Record<string, string>>): string => new URLSearchParams(parameters).toString();

const inQuery = (method: 'GET' | 'POST', name: string, headers: Record<string, string> = {}): Way => ({
  name,
  method,
  question: (path, parameters) => ({ method, path: `${path}?${encoded(parameters)}`, headers }),
});

const inBody = (name: string, type: string, write: (parameters: Readonly<Record<string, string>>) => string, chunked = false): Way => ({
  name,
  method: 'POST',
  question: (path, parameters) => ({ method: 'POST', path, headers: { 'Content-Type': type }, body: write(parameters), chunked }),
});

/** Every way to pass parameters that clients use. */
export const WAYS: readonly Way[] = [
  inQuery('GET', 'the query'),
  inQuery('POST', 'the query, with no body and no Content-Type'),
  inQuery('POST', 'the query, with an empty body', { 'Content-Length': '0' }),
  inQuery('POST', 'the query, with no body but the Content-Type of a form', {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': '0',
  }),
  inQuery('POST', 'the query, with no body but the Content-Type of JSON', { 'Content-Type': 'application/json', 'Content-Length': '0' }),
  inBody('a form', 'application/x-www-form-urlencoded', encoded),
  inBody('a form in chunks', 'application/x-www-form-urlencoded; charset=UTF-8', encoded, true),
  {
    name: 'multipart',
    method: 'POST',
    question: (path, parameters) => ({ method: 'POST', path, ...multipart(Object.entries(parameters)) }),
  },
  inBody('JSON', 'application/json', JSON.stringify),
  inBody('JSON in chunks', 'application/json; charset=utf-8', JSON.stringify, true),
  inBody('JSON of another name', 'application/vnd.api+json', JSON.stringify),
];

/** What a default Etherpad has switched off, by name, and what it says of it. */
export const SWITCHED_OFF: Readonly<Record<string, string>> = {
  compactPad: 'compactPad requires cleanup.enabled = true in settings.json',
  anonymizeAuthor: 'anonymizeAuthor is disabled — set gdprAuthorErasure.enabled = true in settings.json to enable GDPR Art. 17 erasure',
};
