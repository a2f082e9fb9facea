import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EtherpadControl } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { YEAR_2030 } from './calls.ts';
import { type Started, WAYS } from './ways.ts';

const IDS = { group: 'g.s8oes9dhwrvt0zif', author: 'a.s8oes9dhwrvt0zif', session: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' };
const LATER = String(YEAR_2030 + 3600);

describe.each(WAYS)('what a failing answer tells beside Etherpad, %s', (_way, start) => {
  let server: Started;
  let etherpad: EtherpadControl;
  let count = 0;
  beforeAll(async () => {
    server = await start();
  });
  beforeEach(async () => {
    etherpad = server.etherpad.sandbox(`reasons-${(count += 1)}`);
    await etherpad.clock.freeze(YEAR_2030);
    await etherpad.state.import({
      groups: [{ groupID: IDS.group }],
      authors: [{ authorID: IDS.author }],
      sessions: [{ sessionID: IDS.session, groupID: IDS.group, authorID: IDS.author, validUntil: YEAR_2030 - 3 }],
      pads: [{ padID: `${IDS.group}$notes` }],
    });
  });
  afterAll(() => server.stop());

  const { group: groupID, author: authorID, session: sessionID } = IDS;

  test.each<[name: string, fields: Record<string, string>, message: string, reason: string]>([
    ['createSession', { groupID, authorID: 'a.x', validUntil: LATER }, 'authorID does not exist', 'authorID a.x was never created'],
    [
      'createSession',
      { groupID: 'g.x', authorID, validUntil: LATER },
      'groupID does not exist',
      'groupID g.x was never created, or was deleted',
    ],
    ['createSession', { groupID, authorID: groupID, validUntil: LATER }, 'authorID does not exist', 'that is a groupID'],
    ['getSessionInfo', { sessionID: authorID }, 'sessionID does not exist', 'that is an authorID'],
    [
      'createSession',
      { groupId: groupID, authorID, validUntil: LATER },
      'groupID does not exist',
      'groupId is not read: did you mean groupID?',
    ],
    ['createSession', { authorID, validUntil: LATER }, 'groupID does not exist', 'groupID is missing'],
    ['createSession', { groupID: '', authorID, validUntil: LATER }, 'groupID does not exist', 'groupID is empty'],
    [
      'createSession',
      { groupID: `${groupID} `, authorID, validUntil: LATER },
      'groupID does not exist',
      'groupID has white space around it, which Etherpad does not remove',
    ],
    ['getSessionInfo', { sessionID }, 'sessionID does not exist', `session ${sessionID} expired 3 s ago`],
    ['createSession', { groupID, authorID }, 'validUntil is not a number', 'validUntil is missing'],
    [
      'createSession',
      { groupID, authorID, validUntil: 'soon' },
      'validUntil is not a number',
      'validUntil is soon; it must be unix time in whole seconds',
    ],
    [
      'createSession',
      { groupID, authorID, validUntil: '2099-01-01' },
      'validUntil is in the past',
      '2099-01-01 is read as 2099, 1970-01-01T00:34:59.000Z; the clock shows 2030-01-01T00:00:00.000Z',
    ],
    [
      'createGroupIfNotExistsFor',
      { groupmapper: 'x' },
      'groupMapper is not a string',
      'groupmapper is not read: did you mean groupMapper?',
    ],
    ['createGroupPad', { groupID, padName: 'notes' }, 'padName does already exist', 'the group has a pad notes'],
    ['deleteGroup', { groupID: 'g.größe 100%' }, 'groupID does not exist', 'groupID g.größe 100% was never created, or was deleted'],
    ['createsession', {}, 'no such function', 'did you mean createSession, by GET or POST? (below /rest it is session/create)'],
    ['openSession', {}, 'no such function', "no function of Etherpad's HTTP API is called openSession"],
    [
      'createPad',
      { padID: 'x' },
      'function not implemented',
      'mock-etherpad does not cover this function: it has sessions, groups, authors and the names of group pads',
    ],
  ])('%s %j: %s', async (name, fields, message, reason) => {
    const { pathname } = new URL(etherpad.url);
    const query = new URLSearchParams({ apikey: etherpad.apiKey, ...fields });
    const { headers, body } = await ask(etherpad.url, { path: `${pathname}/api/1.2.15/${name}?${query.toString()}` });
    const code = message === 'no such function' ? 3 : 1;
    expect(body).toBe(JSON.stringify({ code, message, data: null }));
    const header = headers['x-mock-etherpad-reason'] as string;
    expect(header).toMatch(/^[ -~]+$/);
    expect(decodeURIComponent(header)).toBe(reason);
    const { requests } = await etherpad.requests.list({ limit: 1 });
    expect(requests[0]).toMatchObject({ message, reason });
  });

  test.each([
    ['no key', '', /^no API key was sent: it is looked for in the parameter apikey/],
    ['another key', '?apikey=other', /^the API key that was sent is another one$/],
    ['a key in another place', '?key=1&x-api-key=1', /^no API key was found, though there is a parameter x-api-key/],
  ])('%s', async (_what, query, reason) => {
    const { pathname } = new URL(etherpad.url);
    const { status, headers, body } = await ask(etherpad.url, { path: `${pathname}/api/1.2.15/checkToken${query}` });
    expect({ status, body }).toEqual({ status: 401, body: '{"code":4,"message":"no or wrong API Key","data":null}' });
    expect(headers['x-mock-etherpad-reason']).toMatch(reason);
  });

  test('a call that succeeds has no reason', async () => {
    const { pathname } = new URL(etherpad.url);
    const { headers } = await ask(etherpad.url, { path: `${pathname}/api/1.2.15/checkToken?apikey=${etherpad.apiKey}` });
    expect(headers).not.toHaveProperty('x-mock-etherpad-reason');
    expect((await etherpad.requests.list()).requests[0]).toMatchObject({ code: 0, reason: null });
  });
});
