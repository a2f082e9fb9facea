import { authorName, either, type Expectation, info, type KnownSession, ok, refused, wrongKey } from '../expectation.ts';
import { form, get, json, KEY, multipart, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const noSession = refused('sessionID does not exist');

/** What is said of a session whose id is given as `sessionID[]`. */
const inBrackets = (session: KnownSession): Expectation => either(({ query }) => query === 'extended', info(session), noSession);

export const parameters: Subject = {
  name: 'parameters',
  scenarios: [
    {
      title: 'parameters of query and form are taken together',
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 3600];
        const sessionID = await steps.gives(
          post('createSession', form({ authorID, validUntil: String(validUntil) }), { groupID }),
          'sessionID',
        );
        await steps.expects(get('getSessionInfo', { sessionID }), info({ sessionID, groupID, authorID, validUntil }));
      },
    },
    {
      title: 'the body goes before the query, also where it is empty',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(post('getSessionInfo', form({ sessionID: 's.unknown' }), { sessionID }), noSession);
        await steps.expects(post('getSessionInfo', form({ sessionID }), { sessionID: 's.unknown' }), info(session));
        await steps.expects(post('getSessionInfo', form({ sessionID: '' }), { sessionID }), noSession);
        await steps.expects(post('getSessionInfo', form({ other: '1' }), { sessionID }), info(session));
      },
    },
    {
      title: 'a JSON body goes before the query, also where it is null',
      when: ({ jsonBody }) => jsonBody !== 'server, then nobody answers',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(post('getSessionInfo', json({ sessionID }), { sessionID: 's.unknown' }), info(session));
        await steps.expects(post('getSessionInfo', json({ sessionID: null }), { sessionID }), noSession);
        await steps.expects(post('getSessionInfo', json({ other: { deep: [1] } }), { sessionID }), info(session));
      },
    },
    {
      title: 'the body of a GET request is not looked at',
      run: async (steps) => {
        const [session, other] = [await steps.session(), await steps.session()];
        const withBody = (query: Record<string, string>) => ({
          ...post('getSessionInfo', form({ sessionID: other.sessionID }), query),
          method: 'GET',
        });
        await steps.expects(withBody({ sessionID: session.sessionID }), info(session));
        await steps.expects(withBody({}), noSession);
      },
    },
    {
      title: 'the names of parameters are case-sensitive',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(get('getSessionInfo', { sessionId: sessionID }), noSession);
        await steps.expects(get('getSessionInfo', { SESSIONID: sessionID }), noSession);
      },
    },
    {
      title: 'unknown parameters do not matter',
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(get('getSessionInfo', { sessionID: session.sessionID, other: 'x', groupID: 'g.unknown' }), info(session));
      },
    },
    {
      title: 'a repeated id in the query is not found',
      run: async (steps) => {
        const { sessionID, groupID, authorID } = await steps.session();
        await steps.expects(get('getSessionInfo', { sessionID: [sessionID, sessionID] }), noSession);
        await steps.expects(get('getSessionInfo', { sessionID: [sessionID, 's.unknown'] }), noSession);
        const twice = { groupID: [groupID, groupID], authorID, validUntil: String(steps.now() + 3600) };
        await steps.expects(get('createSession', twice), refused('groupID does not exist'));
      },
    },
    {
      title: 'of a repeated validUntil the first counts',
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 3600];
        const given = [String(validUntil), String(validUntil + 60)];
        const first = await steps.gives(get('createSession', { groupID, authorID, validUntil: given }), 'sessionID');
        await steps.expects(get('getSessionInfo', { sessionID: first }), info({ sessionID: first, groupID, authorID, validUntil }));
        await steps.expects(
          get('createSession', { groupID, authorID, validUntil: ['abc', ...given] }),
          refused('validUntil is not a number'),
        );
      },
    },
    {
      title: 'of a repeated field of a form the first counts',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(post('getSessionInfo', form({ apikey: KEY, sessionID: [sessionID, 's.unknown'] })), info(session));
        await steps.expects(post('getSessionInfo', form({ apikey: KEY, sessionID: ['s.unknown', sessionID] })), noSession);
      },
    },
    {
      title: 'names with brackets are names like any other',
      when: ({ query }) => query === 'simple',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(get('getSessionInfo', { 'sessionID[]': sessionID }), inBrackets(session));
        await steps.expects(get('getSessionInfo', { 'sessionID[a]': sessionID }), noSession);
        const authorID = await steps.gives(get('createAuthor', { 'name[a]': 'mock-etherpad verify' }), 'authorID');
        await steps.expects(get('getAuthorName', { authorID }), authorName(authorID, null));
      },
    },
    {
      title: 'names with brackets in the query make arrays and objects',
      when: ({ query }) => query === 'extended',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(get('getSessionInfo', { 'sessionID[]': sessionID }), inBrackets(session));
        await steps.expects(get('getSessionInfo', { 'sessionID[0]': sessionID }), info(session));
        await steps.expects(get('getSessionInfo', { 'sessionID[a]': sessionID }), noSession);
      },
    },
    {
      title: 'names with brackets in a form are names like any other',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(post('getSessionInfo', form({ apikey: KEY, 'sessionID[]': sessionID })), noSession);
      },
    },
    {
      title: 'bad percent-encoding is no error',
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(get('getSessionInfo', `apikey=${KEY}&sessionID=%zz`), noSession);
        await steps.expects(get('getSessionInfo', `apikey=${KEY}&sessionID=%`), noSession);
        await steps.expects(get('getSessionInfo', `apikey=${KEY}&sessionID=%ff`), noSession);
        await steps.expects(get('getSessionInfo', `apikey=${KEY}&sessionID=${session.sessionID}&x=%E0%A4%A`), info(session));
        await steps.expects(post('getSessionInfo', { ...form({}), text: `apikey=${KEY}&sessionID=%zz` }), noSession);
      },
    },
    {
      title: 'a plus sign is a space, in query and form',
      run: async (steps) => {
        const name = 'mock-etherpad+verify%20plus';
        const first = await steps.gives(get('createAuthor', `apikey=${KEY}&name=${name}`), 'authorID');
        await steps.expects(get('getAuthorName', { authorID: first }), authorName(first, 'mock-etherpad verify plus'));
        const second = await steps.gives(post('createAuthor', { ...form({}), text: `apikey=${KEY}&name=${name}` }), 'authorID');
        await steps.expects(get('getAuthorName', { authorID: second }), authorName(second, 'mock-etherpad verify plus'));
      },
    },
    {
      title: 'neither a semicolon nor a second question mark separates parameters',
      entry: 'API key',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(get('getSessionInfo', `apikey=${KEY};sessionID=${sessionID}`), wrongKey);
        await steps.expects(get('getSessionInfo', `apikey=${KEY}?sessionID=${sessionID}`), wrongKey);
      },
    },
    {
      title: 'request headers are parameters only where all of them are merged',
      run: async (steps) => {
        const name = 'mock-etherpad verify header';
        const authorID = await steps.gives(get('createAuthor', {}, { name }), 'authorID');
        const merged = either(({ headersAreParameters }) => headersAreParameters, authorName(authorID, name), authorName(authorID, null));
        await steps.expects(get('getAuthorName', { authorID }), merged);
      },
    },
    {
      title: 'a header goes behind a parameter of the same name',
      run: async (steps) => {
        const authorID = await steps.gives(
          get('createAuthor', { name: 'mock-etherpad verify' }, { name: 'mock-etherpad verify header' }),
          'authorID',
        );
        await steps.expects(get('getAuthorName', { authorID }), authorName(authorID, 'mock-etherpad verify'));
      },
    },
    {
      title: 'fields of a multipart body are parameters',
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 10_800];
        const body = multipart({ apikey: KEY, groupID, authorID, validUntil: String(validUntil) });
        const sessionID = await steps.gives(post('createSession', body), 'sessionID');
        await steps.expects(
          post('getSessionInfo', multipart({ apikey: KEY, sessionID })),
          info({ sessionID, groupID, authorID, validUntil }),
        );
        await steps.expects(post('deleteSession', multipart({ apikey: KEY, sessionID })), ok(null));
      },
    },
  ],
};
