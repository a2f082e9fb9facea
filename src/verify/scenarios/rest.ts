import type { Behaviour } from '../../etherpad/emulation.ts';
import {
  A_COUNT,
  either,
  type Expectation,
  info,
  inVersion,
  listWith,
  noSuchFunction,
  noSuchVersion,
  ok,
  padMade,
  refused,
  sessionList,
  withHeaders,
  wrongKey,
} from '../expectation.ts';
import { form, get, KEY, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const REST = '/rest/1.2.15';

/** Whether later functions have no folder in their paths. */
const isFlat = ({ restPaths }: Behaviour): boolean => restPaths !== 'rest';

/** All of /rest may be called from any page, and says so. */
const open = (expectation: Expectation): Expectation => withHeaders(expectation, { 'access-control-allow-origin': '*' });

const noSession = refused('sessionID does not exist');

export const rest: Subject = {
  name: '/rest',
  scenarios: [
    {
      title: 'session/create, session/info and session/delete, by GET and by POST with a form',
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 3600];
        const parameters = { groupID, authorID, validUntil: String(validUntil) };
        const first = await steps.gives(get(`${REST}/session/create`, parameters), 'sessionID');
        const second = await steps.gives(post(`${REST}/session/create`, form({ apikey: KEY, ...parameters })), 'sessionID');
        const session = { groupID, authorID, validUntil };
        await steps.expects(get(`${REST}/session/info`, { sessionID: first }), open(info({ sessionID: first, ...session })));
        await steps.expects(
          post(`${REST}/session/info`, form({ apikey: KEY, sessionID: second })),
          open(info({ sessionID: second, ...session })),
        );
        await steps.expects(get(`${REST}/session/delete`, { sessionID: first }), open(ok(null)));
        await steps.expects(post(`${REST}/session/delete`, form({ apikey: KEY, sessionID: first })), open(noSession));
      },
    },
    {
      title: 'group/create, group/createIfNotExistsFor, group/list, group/listSessions and group/delete',
      run: async (steps) => {
        const made = await steps.gives(get(`${REST}/group/create`), 'groupID');
        const groupMapper = steps.unique('mapper');
        const groupID = await steps.gives(post(`${REST}/group/createIfNotExistsFor`, form({ apikey: KEY, groupMapper })), 'groupID');
        await steps.expects(get('createGroupIfNotExistsFor', { groupMapper }), ok({ groupID }));
        await steps.expects(get(`${REST}/group/list`), open(ok({ groupIDs: listWith(made, groupID) })));
        const session = await steps.session({ groupID });
        await steps.expects(get(`${REST}/group/listSessions`, { groupID }), open(sessionList(session)));
        await steps.expects(get(`${REST}/group/delete`, { groupID }), open(ok(null)));
        await steps.expects(get(`${REST}/group/delete`, { groupID }), open(refused('groupID does not exist')));
      },
    },
    {
      title: 'author/create, author/createIfNotExistsFor, author/getName, author/listSessions and author/listPads',
      run: async (steps) => {
        const authorID = await steps.gives(get(`${REST}/author/create`, { name: 'mock-etherpad verify' }), 'authorID');
        await steps.expects(get(`${REST}/author/getName`, { authorID: 'a.unknown' }), open(ok(null)));
        const session = await steps.session({ authorID });
        await steps.expects(get(`${REST}/author/listSessions`, { authorID }), open(sessionList(session)));
        await steps.expects(get(`${REST}/author/listPads`, { authorID }), open(ok({ padIDs: [] })));
        await steps.gives(get(`${REST}/author/createIfNotExistsFor`, { authorMapper: steps.unique('mapper') }), 'authorID');
      },
    },
    {
      title: 'group/createPad, group/listPads, pad/listAll and pad/checkToken',
      run: async (steps) => {
        const groupID = await steps.group();
        const padID = `${groupID}$rest`;
        await steps.expects(get(`${REST}/group/createPad`, { groupID, padName: 'rest', text: 'x' }), open(padMade(padID)));
        await steps.expects(get(`${REST}/group/listPads`, { groupID }), open(ok({ padIDs: [padID] })));
        await steps.expects(get(`${REST}/pad/listAll`), open(ok({ padIDs: listWith(padID) })));
        await steps.expects(get(`${REST}/pad/checkToken`), open(ok(null)));
      },
    },
    {
      title: 'getStats has the path that its version gives it',
      run: async (steps) => {
        const counts = ok({ totalPads: A_COUNT, totalSessions: A_COUNT, totalActivePads: A_COUNT });
        await steps.expects(get('/rest/1.3.0/getStats'), open(either(isFlat, counts, noSuchFunction)));
        await steps.expects(get('/rest/1.3.0/server/getStats'), open(either(isFlat, noSuchFunction, counts)));
      },
    },
    {
      title: 'flat names are no paths of /rest, and its paths are none of /api',
      run: async (steps) => {
        await steps.expects(get(`${REST}/getSessionInfo`, { sessionID: 's.unknown' }), open(noSuchFunction));
        await steps.expects(get(`${REST}/checkToken`), open(noSuchFunction));
        await steps.expects(get(`${REST}/session/getInfo`, { sessionID: 's.unknown' }), open(noSuchFunction));
        await steps.expects(get('/api/1.2.15/session/info', { sessionID: 's.unknown' }), noSuchFunction);
      },
    },
    {
      title: 'paths of /rest are case-sensitive, and a slash at the end does not matter',
      run: async (steps) => {
        await steps.expects(get(`${REST}/Session/info`, { sessionID: 's.unknown' }), open(noSuchFunction));
        await steps.expects(get(`${REST}/session/info/`, { sessionID: 's.unknown' }), open(noSession));
      },
    },
    {
      title: 'errors of /rest allow every origin too',
      run: async (steps) => {
        await steps.expects(get(`${REST}/session/info`, { apikey: 'wrong' }), open(wrongKey));
        await steps.expects(get(`${REST}/session/info`, { sessionID: 's.unknown' }), open(noSession));
        await steps.expects(get(`${REST}/session/nothing`), open(noSuchFunction));
        await steps.expects(get(REST, ''), open(noSuchFunction));
      },
    },
    {
      title: '/rest has the versions that /api has',
      run: async (steps) => {
        await steps.expects(get('/rest/1/session/info', { sessionID: 's.unknown' }), open(noSession));
        await steps.expects(get('/rest/1.3.0/session/info', { sessionID: 's.unknown' }), open(noSession));
        await steps.expects(get('/rest/1.3.1/session/info', { sessionID: 's.unknown' }), inVersion('1.3.1', open(noSession)));
        await steps.expects(get('/rest/1.3/session/info', { sessionID: 's.unknown' }), noSuchVersion);
        await steps.expects(get('/rest/9.9/session/info', { sessionID: 's.unknown' }), noSuchVersion);
      },
    },
  ],
};
