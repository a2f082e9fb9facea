import { describe, expect, test } from 'vitest';
import { type Behaviour, behaviourOf } from '../../src/etherpad/emulation.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { type Emulation, EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Question, send } from '../ask.ts';
import { comparing, foundIn } from './comparing.ts';

const KEY = 'a-key-for-tests';

/** What of a behaviour the calls below can show; what is left out, they cannot. */
const SHOWN: { readonly [B in keyof Behaviour]?: (behaviour: Behaviour) => unknown } = {
  currentVersion: ({ currentVersion }) => currentVersion,
  wrongParametersStatus: ({ wrongParametersStatus }) => wrongParametersStatus,
  sessionInfo: ({ sessionInfo }) => sessionInfo,
  sessionList: ({ sessionList }) => sessionList,
  authorName: ({ authorName }) => authorName,
  keepsExpiredSessions: ({ keepsExpiredSessions }) => keepsExpiredSessions,
  deletedSessionsStayAsNull: ({ deletedSessionsStayAsNull }) => deletedSessionsStayAsNull,
  deletedGroupsLinger: ({ deletedGroupsLinger }) => deletedGroupsLinger,
  givesDeletionToken: ({ givesDeletionToken }) => givesDeletionToken,
  internalErrorMessage: ({ internalErrorMessage }) => internalErrorMessage,
  apiKeyHeaders: ({ apiKeyHeaders, headersAreParameters }) =>
    ['apikey', 'authorization'].map((name) => headersAreParameters || apiKeyHeaders.includes(name)),
  bearerKeys: ({ bearerKeys }) => bearerKeys,
  apiKeyParameters: ({ apiKeyParameters }) => apiKeyParameters,
  query: ({ query }) => query,
  jsonBody: ({ jsonBody }) => jsonBody,
  explainsBadBodies: ({ explainsBadBodies }) => explainsBadBodies,
  rootMount: ({ rootMount }) => rootMount,
  unknownPath: ({ unknownPath }) => unknownPath,
  api2: ({ api2 }) => api2,
  restPaths: ({ restPaths }) => restPaths,
  etag: ({ etag }) => etag,
  optionsOfApi: ({ optionsOfApi }) => optionsOfApi,
  openapiMethods: ({ openapiMethods }) => openapiMethods,
  openapiVersion: ({ openapiVersion }) => openapiVersion,
};

/** The documented API leaves functions out of its OpenAPI document that the mock does not have; nobody else does. */
const isDocumentWhole = (...emulations: readonly Emulation[]): boolean =>
  FUNCTIONS.every(({ run }) => run !== undefined) || !emulations.includes('documented');

const differing = (one: Emulation, other: Emulation): string[] =>
  Object.entries(SHOWN)
    .filter(([behaviour]) => behaviour !== 'openapiMethods' || isDocumentWhole(one, other))
    .filter(([, of]) => JSON.stringify(of(behaviourOf(one))) !== JSON.stringify(of(behaviourOf(other))))
    .map(([behaviour]) => behaviour)
    .toSorted();

/** Long enough without an answer to count as silence, in milliseconds. */
const SILENCE = 1_200;

/** Asks, and gives up where no answer comes. */
async function ask(url: string, question: Question): Promise<string> {
  const { reply, abandon } = send(url, question);
  const timer = setTimeout(abandon, SILENCE);
  try {
    return (await reply).body;
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

/** Calls that show every behaviour of SHOWN, whatever the emulation. */
async function callAll(url: string, etherpad: MockEtherpad, asksForDocument: boolean): Promise<void> {
  const path = (name: string, parameters: Record<string, string> = {}): string =>
    `/api/1.2.15/${name}?${new URLSearchParams({ apikey: KEY, ...parameters }).toString()}`;
  const call = async (name: string, parameters: Record<string, string> = {}): Promise<Record<string, string>> => {
    const { data } = JSON.parse(await ask(url, { path: path(name, parameters) })) as { data: Record<string, string> | null };
    return data ?? {};
  };
  const [groupID, other] = [(await call('createGroup'))['groupID']!, (await call('createGroup'))['groupID']!];
  const authorID = (await call('createAuthor', { name: 'Ada' }))['authorID']!;
  const validUntil = String((await etherpad.clock.now()) + 60);
  const sessionID = (await call('createSession', { groupID, authorID, validUntil }))['sessionID']!;
  await call('getSessionInfo', { sessionID });
  await call('getSessionInfo', { sessionID: 's.unknown' });
  await call('listSessionsOfGroup', { groupID });
  await call('getAuthorName', { authorID });
  await call('createGroupPad', { groupID, padName: 'notes' });
  await ask(url, { path: `/api/1.2.15/getSessionInfo?apikey=${KEY}&sessionID[]=${sessionID}` });
  await etherpad.clock.advance({ seconds: 3_600 });
  await call('getSessionInfo', { sessionID });
  const later = (await call('createSession', { groupID, authorID, validUntil: '4000000000' }))['sessionID']!;
  await call('deleteSession', { sessionID: later });
  await call('listSessionsOfGroup', { groupID });
  await call('deleteGroup', { groupID: other });
  await call('listAllGroups');
  await call('deleteGroup', { groupID });
  await call('createGroupIfNotExistsFor', { groupMapper: '__proto__' });
  const checkToken = '/api/1.2.15/checkToken';
  for (const headers of [{ apikey: KEY }, { Authorization: KEY }, { Authorization: `Bearer ${KEY}` }])
    await ask(url, { path: checkToken, headers });
  await ask(url, { path: `${checkToken}?authorization=${KEY}` });
  const json = { 'Content-Type': 'application/json' };
  await ask(url, { method: 'POST', path: '/api/1.2.15/createAuthor', headers: json, body: JSON.stringify({ apikey: KEY, name: 'Bob' }) });
  await ask(url, { method: 'POST', path: path('checkToken'), headers: json, body: '{"apikey":' });
  await ask(url, { method: 'POST', path: path('checkToken'), headers: { 'Content-Type': 'text/plain' }, body: 'hello' });
  for (const rest of [
    `/createGroup?apikey=${KEY}`,
    `/api/9.9/createGroup?apikey=${KEY}`,
    `/api/2/nothing?apikey=${KEY}`,
    `/rest/1.3.0/getStats?apikey=${KEY}`,
    `/rest/1.3.0/server/getStats?apikey=${KEY}`,
    `/api/1.3.1/checkToken?apikey=${KEY}`,
    '/api',
    ...(asksForDocument ? ['/api/openapi.json'] : []),
  ])
    await ask(url, { path: rest });
  await ask(url, { method: 'OPTIONS', path: '/api' });
}

const pairs = EMULATIONS.flatMap((real) => EMULATIONS.map((as) => [real, as] as const));

describe.each(pairs)('a mock of %s, compared with %s', (real, as) => {
  test(`shows ${real === as ? 'no difference' : 'exactly the rows that differ'}`, { timeout: 30_000 }, async () => {
    await using etherpad = await startMockEtherpad({ emulate: real, apiKey: KEY });
    const comparison = await comparing(etherpad.url, as);
    await callAll(comparison.url, etherpad, isDocumentWhole(real, as));
    const report = await comparison.close();
    expect(foundIn(report)).toEqual(differing(real, as));
    expect(report.calls).toMatchObject({ unanswered: 0, failed: 0, ofBefore: 0, underWay: 0 });
    expect(report.calls.compared + report.calls.abandoned).toBeGreaterThan(30);
    expect(JSON.stringify(report)).not.toContain(KEY);
  });
});
