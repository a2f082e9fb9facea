import { beforeEach, describe, expect, test } from 'vitest';
import type { EtherpadControl } from '../../src/index.ts';
import { behaviourOf } from '../../src/etherpad/emulation.ts';
import { ask } from '../ask.ts';
import { YEAR_2030 } from './calls.ts';
import { useSandboxes } from './use-sandboxes.ts';
import { WAYS } from './ways.ts';

const IDS = { group: 'g.s8oes9dhwrvt0zif', author: 'a.s8oes9dhwrvt0zif', session: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' };
const READ_ONLY = `r.${'0'.repeat(32)}`;
const LATER = String(YEAR_2030 + 3600);

describe.each(WAYS)('what a failing answer tells beside Etherpad, %s', (_way, start) => {
  let etherpad: EtherpadControl;
  useSandboxes(start, (sandbox) => (etherpad = sandbox));
  beforeEach(async () => {
    await etherpad.clock.freeze(YEAR_2030);
    await etherpad.state.import({
      groups: [{ groupID: IDS.group }],
      authors: [{ authorID: IDS.author }],
      sessions: [{ sessionID: IDS.session, groupID: IDS.group, authorID: IDS.author, validUntil: YEAR_2030 - 3 }],
      pads: [
        { padID: `${IDS.group}$notes` },
        { padID: 'open', text: 'x', chat: [{ text: 'Hi' }, { text: 'Ho' }], deletionToken: 'right', readOnlyID: READ_ONLY },
      ],
    });
  });

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
    ['createPad', { padID: 'open' }, 'padID does already exist', 'there is a pad open'],
    ['createPad', { padID: 'a$b' }, "createPad can't create group pads", 'padID has a $: createGroupPad makes the pads of groups'],
    ['createPad', { padID: 'a/b' }, 'malformed padID: Remove special characters', 'padID has one of / ? & #'],
    [
      'createPad',
      { padID: 'p'.repeat(51) },
      'padID did not match requirements',
      'the name of a pad has 1 to 50 characters, and this one 51',
    ],
    ['getText', { padID: 'x$y' }, 'padID did not match requirements', 'before the $ stands no id of a group: x'],
    ['getText', { padID: 'nothing' }, 'padID does not exist', 'padID nothing was never created, or was deleted'],
    [
      'getText',
      { padID: 'no thing' },
      'padID does not exist',
      'padID no thing is looked for as it is and with underscores instead of white space and colons',
    ],
    ['getText', { padID: READ_ONLY }, 'padID does not exist', 'padID is a read-only id: getPadID returns the id of its pad'],
    ['getText', { padid: 'open' }, 'padID is not a string', 'padid is not read: did you mean padID?'],
    ['getPadID', { roID: 'open' }, 'padID does not exist', 'roID open was never created, or was deleted'],
    ['copyPad', { sourceID: 'nothing', destinationID: 'x' }, 'padID does not exist', 'sourceID nothing was never created, or was deleted'],
    ['copyPad', { sourceID: 'open', destinationID: 'open' }, 'destinationID already exists', 'there is a pad open: force=true replaces it'],
    ['copyPad', { sourceID: 'open', destinationID: 'g.x$y' }, 'groupID does not exist for destinationID', 'no group has the id g.x'],
    ['getText', { padID: 'open', rev: 'one' }, 'rev is not a number', 'rev is "one"; revisions are whole numbers from 0 on'],
    ['getText', { padID: 'open', rev: '5' }, 'rev is higher than the head revision of the pad', 'rev is "5", and the newest revision is 0'],
    ['restoreRevision', { padID: 'open' }, 'rev is not defined', 'rev is missing'],
    [
      'getChatHistory',
      { padID: 'open', start: '1', end: '5' },
      'end is higher than the current chatHead',
      'the newest message is number 1',
    ],
    [
      'getChatHistory',
      { padID: 'open', start: '9', end: '10' },
      'start is higher than end',
      'start is "9" and end "10", which are compared as texts',
    ],
    ['getChatHistory', { padID: `${groupID}$notes` }, 'start is higher than the current chatHead', 'the pad has no chat'],
    [
      'getPublicStatus',
      { padID: 'open' },
      'You can only get/set the publicStatus of pads that belong to a group',
      'open is the id of a pad of no group: it has no $',
    ],
    ['deletePad', { padID: 'open', deletionToken: 'wrong' }, 'invalid deletionToken', 'the pad was given another token when it was made'],
    ['deleteGroup', { groupID: 'g.größe 100%' }, 'groupID does not exist', 'groupID g.größe 100% was never created, or was deleted'],
    ['createsession', {}, 'no such function', 'did you mean createSession, by GET or POST? (below /rest it is session/create)'],
    ['openSession', {}, 'no such function', "Etherpad's HTTP API has no function called openSession"],
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
    ['a key with a space behind it', '?apikey=other%20', /^the API key that was sent has white space around it$/],
    [
      'keys in two other places',
      '?x-api-key=1&Authorization=2',
      /^no API key was found, though there is a parameter x-api-key and a parameter Authorization: it is looked for in /,
    ],
    ['another key', '?apikey=other', /^the API key that was sent does not match$/],
    ['a key in another place', '?key=1&x-api-key=1', /^no API key was found, though there is a parameter x-api-key/],
  ])('%s', async (_what, query, reason) => {
    const { pathname } = new URL(etherpad.url);
    const { status, headers, body } = await ask(etherpad.url, { path: `${pathname}/api/1.2.15/checkToken${query}` });
    expect({ status, body }).toEqual({ status: 401, body: '{"code":4,"message":"no or wrong API Key","data":null}' });
    expect(headers['x-mock-etherpad-reason']).toMatch(reason);
  });

  test('each place that a key is looked for in is named', async () => {
    await etherpad.emulate('documented');
    const { pathname } = new URL(etherpad.url);
    const reasonOf = async (): Promise<unknown> =>
      (await ask(etherpad.url, { path: `${pathname}/api/1.2.15/checkToken` })).headers['x-mock-etherpad-reason'];
    const { apiKeyParameters, apiKeyHeaders } = behaviourOf('documented');
    const places = [...apiKeyParameters.map((name) => `the parameter ${name}`), ...apiKeyHeaders.map((name) => `the header ${name}`)];
    expect(places.length).toBeGreaterThan(2);
    expect(await reasonOf()).toBe(`no API key was sent: it is looked for in ${places.join(', ')}`);
  });

  test('a call that succeeds has no reason', async () => {
    const { pathname } = new URL(etherpad.url);
    const { headers } = await ask(etherpad.url, { path: `${pathname}/api/1.2.15/checkToken?apikey=${etherpad.apiKey}` });
    expect(headers).not.toHaveProperty('x-mock-etherpad-reason');
    expect((await etherpad.requests.list()).requests[0]).toMatchObject({ code: 0, reason: null });
  });
});
