import { either, type Expectation, info, noSessionsYet, ok, refused, sessionList } from '../expectation.ts';
import { get, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const UNKNOWN = 's.00000000000000000000000000000000';

const noSession = refused('sessionID does not exist');
const noGroup = refused('groupID does not exist');
/** What is said of a session that has expired: as before, where it stays. */
const afterExpiry = (before: Expectation): Expectation => either(({ keepsExpiredSessions }) => keepsExpiredSessions, before, noSession);
const noAuthor = refused('authorID does not exist');

export const sessions: Subject = {
  name: 'sessions',
  scenarios: [
    {
      title: 'createSession gives an id of "s." and 32 hex digits',
      run: async (steps) => {
        await steps.session();
      },
    },
    {
      title: 'createSession works by POST with everything in the query',
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 3600];
        const sessionID = await steps.gives(
          post('createSession', undefined, { groupID, authorID, validUntil: String(validUntil) }),
          'sessionID',
        );
        await steps.expects(get('getSessionInfo', { sessionID }), info({ sessionID, groupID, authorID, validUntil }));
      },
    },
    {
      title: 'getSessionInfo tells group, author and validUntil',
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(get('getSessionInfo', { sessionID: session.sessionID }), info(session));
        await steps.expects(post('getSessionInfo', undefined, { sessionID: session.sessionID }), info(session));
      },
    },
    {
      title: 'the same arguments give another session each time',
      run: async (steps) => {
        const first = await steps.session();
        const second = await steps.session(first);
        await steps.expects(get('listSessionsOfGroup', { groupID: first.groupID }), sessionList(first, second));
      },
    },
    {
      title: 'deleteSession answers null, and the session is gone',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(get('deleteSession', { sessionID }), ok(null));
        await steps.expects(get('getSessionInfo', { sessionID }), noSession);
        await steps.expects(get('deleteSession', { sessionID }), noSession);
      },
    },
    {
      title: 'deleteSession deletes one session and leaves the others',
      run: async (steps) => {
        const first = await steps.session();
        const second = await steps.session(first);
        await steps.expects(post('deleteSession', undefined, { sessionID: first.sessionID }), ok(null));
        await steps.expects(get('getSessionInfo', { sessionID: second.sessionID }), info(second));
      },
    },
    {
      title: 'getSessionInfo refuses an unknown, missing or empty sessionID',
      run: async (steps) => {
        await steps.expects(get('getSessionInfo', { sessionID: UNKNOWN }), noSession);
        await steps.expects(get('getSessionInfo'), noSession);
        await steps.expects(get('getSessionInfo', { sessionID: '' }), noSession);
        await steps.expects(get('getSessionInfo', { sessionID: '__proto__' }), noSession);
      },
    },
    {
      title: 'deleteSession refuses an unknown, missing or empty sessionID',
      run: async (steps) => {
        await steps.expects(get('deleteSession', { sessionID: UNKNOWN }), noSession);
        await steps.expects(get('deleteSession'), noSession);
        await steps.expects(get('deleteSession', { sessionID: '' }), noSession);
      },
    },
    {
      title: 'createSession looks at the group, then the author, then validUntil',
      run: async (steps) => {
        const [groupID, authorID] = [await steps.group(), await steps.anyAuthor()];
        await steps.expects(get('createSession'), noGroup);
        await steps.expects(get('createSession', { groupID: 'g.unknown', authorID: 'a.unknown', validUntil: '-1' }), noGroup);
        await steps.expects(get('createSession', { groupID, authorID: 'a.unknown', validUntil: '-1' }), noAuthor);
        await steps.expects(get('createSession', { groupID, authorID, validUntil: '-1' }), refused('validUntil is a negative number'));
        await steps.expects(get('listSessionsOfGroup', { groupID }), noSessionsYet);
      },
    },
    {
      title: 'createSession refuses an unknown, missing or empty groupID',
      run: async (steps) => {
        const rest = { authorID: await steps.anyAuthor(), validUntil: String(steps.now() + 3600) };
        await steps.expects(get('createSession', { groupID: 'g.unknown', ...rest }), noGroup);
        await steps.expects(get('createSession', rest), noGroup);
        await steps.expects(get('createSession', { groupID: '', ...rest }), noGroup);
      },
    },
    {
      title: 'createSession refuses an unknown, missing or empty authorID',
      run: async (steps) => {
        const rest = { groupID: await steps.group(), validUntil: String(steps.now() + 3600) };
        await steps.expects(get('createSession', { authorID: 'a.unknown', ...rest }), noAuthor);
        await steps.expects(get('createSession', rest), noAuthor);
        await steps.expects(get('createSession', { authorID: '', ...rest }), noAuthor);
      },
    },
    {
      title: 'createSession refuses a group and an author in the place of each other',
      run: async (steps) => {
        const [groupID, authorID] = [await steps.group(), await steps.anyAuthor()];
        await steps.expects(
          get('createSession', { groupID: authorID, authorID: groupID, validUntil: String(steps.now() + 3600) }),
          noGroup,
        );
        await steps.expects(get('createSession', { groupID, authorID: groupID, validUntil: String(steps.now() + 3600) }), noAuthor);
      },
    },
    {
      title: 'ids are taken as they are: white space around one makes it another',
      run: async (steps) => {
        const { sessionID, groupID, authorID } = await steps.session();
        await steps.expects(get('getSessionInfo', { sessionID: `${sessionID} ` }), noSession);
        await steps.expects(get('getSessionInfo', { sessionID: ` ${sessionID}` }), noSession);
        await steps.expects(get('getSessionInfo', { sessionID: `${sessionID}\n` }), noSession);
        await steps.expects(get('createSession', { groupID: `${groupID} `, authorID, validUntil: String(steps.now() + 3600) }), noGroup);
        await steps.expects(get('listSessionsOfGroup', { groupID: `${groupID} ` }), noGroup);
      },
    },
    {
      title: 'listSessionsOfGroup lists the sessions of one group in order of creation',
      run: async (steps) => {
        const first = await steps.session();
        const second = await steps.session({ groupID: first.groupID, validUntil: first.validUntil - 60 });
        const third = await steps.session({ groupID: first.groupID, authorID: await steps.author() });
        await steps.session();
        await steps.expects(get('listSessionsOfGroup', { groupID: first.groupID }), sessionList(first, second, third));
      },
    },
    {
      title: 'listSessionsOfAuthor lists the sessions of one author, whatever their groups',
      run: async (steps) => {
        const authorID = await steps.author();
        const first = await steps.session({ authorID });
        const second = await steps.session({ authorID });
        await steps.session({ groupID: first.groupID });
        await steps.expects(get('listSessionsOfAuthor', { authorID }), sessionList(first, second));
      },
    },
    {
      title: 'the lists of a group and an author that never had a session have nothing in them',
      run: async (steps) => {
        await steps.expects(get('listSessionsOfGroup', { groupID: await steps.group() }), noSessionsYet);
        await steps.expects(get('listSessionsOfAuthor', { authorID: await steps.author() }), noSessionsYet);
      },
    },
    {
      title: 'a deleted session leaves both lists, and an empty list stays when it was the last one',
      when: ({ deletedSessionsStayAsNull }) => !deletedSessionsStayAsNull,
      run: async (steps) => {
        const authorID = await steps.author();
        const first = await steps.session({ authorID });
        const second = await steps.session(first);
        await steps.expects(get('deleteSession', { sessionID: first.sessionID }), ok(null));
        await steps.expects(get('listSessionsOfGroup', { groupID: first.groupID }), sessionList(first.sessionID, second));
        await steps.expects(get('listSessionsOfAuthor', { authorID }), sessionList(first.sessionID, second));
        await steps.expects(get('deleteSession', { sessionID: second.sessionID }), ok(null));
        const both = sessionList(first.sessionID, second.sessionID);
        await steps.expects(get('listSessionsOfGroup', { groupID: first.groupID }), both);
        await steps.expects(get('listSessionsOfAuthor', { authorID }), both);
      },
    },
    {
      title: 'a deleted session stays in both lists as null',
      when: ({ deletedSessionsStayAsNull }) => deletedSessionsStayAsNull,
      run: async (steps) => {
        const authorID = await steps.author();
        const first = await steps.session({ authorID });
        const second = await steps.session(first);
        await steps.expects(get('deleteSession', { sessionID: first.sessionID }), ok(null));
        await steps.expects(get('listSessionsOfGroup', { groupID: first.groupID }), sessionList(first.sessionID, second));
        await steps.expects(get('listSessionsOfAuthor', { authorID }), sessionList(first.sessionID, second));
      },
    },
    {
      title: 'listSessionsOfGroup refuses an unknown, missing or empty groupID',
      run: async (steps) => {
        await steps.expects(get('listSessionsOfGroup', { groupID: 'g.unknown' }), noGroup);
        await steps.expects(get('listSessionsOfGroup'), noGroup);
        await steps.expects(get('listSessionsOfGroup', { groupID: '' }), noGroup);
      },
    },
    {
      title: 'listSessionsOfAuthor refuses an unknown, missing or empty authorID',
      run: async (steps) => {
        await steps.expects(get('listSessionsOfAuthor', { authorID: 'a.unknown' }), noAuthor);
        await steps.expects(get('listSessionsOfAuthor'), noAuthor);
        await steps.expects(get('listSessionsOfAuthor', { authorID: '' }), noAuthor);
      },
    },
    {
      title: 'an expired session stays: it is told, listed, and can be deleted',
      when: ({ keepsExpiredSessions }) => keepsExpiredSessions,
      run: async (steps) => {
        const session = await steps.session({ authorID: await steps.author(), validUntil: steps.now() + 2 });
        // the server's second is known within one second, and validUntil may be its very second
        await steps.wait(4_200);
        await steps.expects(get('getSessionInfo', { sessionID: session.sessionID }), afterExpiry(info(session)));
        await steps.expects(get('listSessionsOfGroup', { groupID: session.groupID }), sessionList(session));
        await steps.expects(get('listSessionsOfAuthor', { authorID: session.authorID }), sessionList(session));
        await steps.expects(get('deleteSession', { sessionID: session.sessionID }), ok(null));
        await steps.expects(get('getSessionInfo', { sessionID: session.sessionID }), noSession);
      },
    },
    {
      title: 'an expired session is gone: it is not told, not listed, and cannot be deleted',
      when: ({ keepsExpiredSessions }) => !keepsExpiredSessions,
      run: async (steps) => {
        const living = await steps.session({ authorID: await steps.author() });
        const session = await steps.session({ ...living, validUntil: steps.now() + 2 });
        await steps.wait(4_200);
        await steps.expects(get('getSessionInfo', { sessionID: session.sessionID }), afterExpiry(info(session)));
        await steps.expects(get('listSessionsOfGroup', { groupID: session.groupID }), sessionList(living));
        await steps.expects(get('listSessionsOfAuthor', { authorID: session.authorID }), sessionList(living));
        await steps.expects(get('deleteSession', { sessionID: session.sessionID }), noSession);
      },
    },
  ],
};
