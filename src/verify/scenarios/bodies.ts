import type { Behaviour } from '../../etherpad/emulation.ts';
import { ANY_TEXT, info, noSuchFunction, ok, refused, silence, somethingBad, unreadable, wrongKey } from '../expectation.ts';
import { chunked, form, get, json, KEY, post, raw } from '../request.ts';
import type { Subject } from '../scenario.ts';

const noSession = refused('sessionID does not exist');

const answersJson = ({ jsonBody }: Behaviour): boolean => jsonBody !== 'server, then nobody answers';
const readsJsonFirst = ({ jsonBody }: Behaviour): boolean => jsonBody !== 'function';

/** A POST with everything in the query, and this body beside it. */
const withBody = (sessionID: string, text: string, type?: string) => post('getSessionInfo', raw(text, type), { sessionID });

/** More than the server's own JSON reader takes. */
const LONG = 'x'.repeat(103_000);

const MANY_FIELDS = Object.fromEntries(Array.from({ length: 1_001 }, (_none, index) => [`f${index}`, '']));

export const bodies: Subject = {
  name: 'bodies',
  scenarios: [
    {
      title: 'a form is read, with a charset, in any letter case of its type, and in chunks',
      run: async (steps) => {
        const session = await steps.session();
        const fields = form({ apikey: KEY, sessionID: session.sessionID });
        await steps.expects(post('getSessionInfo', fields), info(session));
        await steps.expects(post('getSessionInfo', { ...fields, type: 'application/x-www-form-urlencoded; charset=UTF-8' }), info(session));
        await steps.expects(post('getSessionInfo', { ...fields, type: 'Application/X-WWW-Form-Urlencoded' }), info(session));
        await steps.expects(post('getSessionInfo', chunked(fields)), info(session));
      },
    },
    {
      title: 'a POST with an empty body and a form type takes everything from the query',
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(withBody(session.sessionID, '', 'application/x-www-form-urlencoded'), info(session));
      },
    },
    {
      title: 'a JSON body is read',
      when: answersJson,
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 3600];
        const sessionID = await steps.gives(post('createSession', json({ apikey: KEY, groupID, authorID, validUntil })), 'sessionID');
        const session = { sessionID, groupID, authorID, validUntil };
        await steps.expects(post('getSessionInfo', json({ apikey: KEY, sessionID })), info(session));
        await steps.expects(post('getSessionInfo', json({ apikey: KEY, sessionID }, 'application/json; charset=utf-8')), info(session));
        await steps.expects(post('getSessionInfo', json({ apikey: KEY, sessionID }, 'Application/JSON')), info(session));
        await steps.expects(post('getSessionInfo', chunked(json({ apikey: KEY, sessionID }))), info(session));
        await steps.expects(post('/rest/1.2.15/session/info', json({ apikey: KEY, sessionID })), info(session));
        await steps.expects(post('deleteSession', json({ apikey: KEY, sessionID })), ok(null));
      },
    },
    {
      title: 'a POST with an empty body and a JSON type takes everything from the query',
      when: answersJson,
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(withBody(session.sessionID, '', 'application/json'), info(session));
      },
    },
    {
      title: 'a JSON body is never answered, and nothing is done',
      when: (behaviour) => !answersJson(behaviour),
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(post('deleteSession', json({ apikey: KEY, sessionID })), silence);
        await steps.expects(post('/rest/1.2.15/session/delete', json({ apikey: KEY, sessionID })), silence);
        await steps.expects(post('deleteSession', json({}), { sessionID }), silence);
        await steps.expects(get('getSessionInfo', { sessionID }), info(session));
      },
    },
    {
      title: 'types that end in json, other than application/json, are read as JSON',
      run: async (steps) => {
        const session = await steps.session();
        const fields = { apikey: KEY, sessionID: session.sessionID };
        await steps.expects(post('getSessionInfo', json(fields, 'text/json')), info(session));
        await steps.expects(post('getSessionInfo', json(fields, 'application/vnd.api+json')), info(session));
      },
    },
    {
      title: 'malformed JSON fails before key and function are looked at, also by GET',
      when: readsJsonFirst,
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(withBody(sessionID, '{bad', 'application/json'), somethingBad);
        await steps.expects(withBody(sessionID, '{"sessionID":"s.x",}', 'application/json'), somethingBad);
        await steps.expects(post('getSessionInfo', raw('{bad', 'application/json'), { apikey: 'wrong' }), somethingBad);
        await steps.expects(post('noSuchFunction', raw('{bad', 'application/json'), {}), somethingBad);
        await steps.expects({ ...withBody(sessionID, '{bad', 'application/json'), method: 'GET' }, somethingBad);
      },
    },
    {
      title: 'malformed JSON fails when the function reads it: after the function is found, and not by GET',
      when: (behaviour) => !readsJsonFirst(behaviour),
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(withBody(sessionID, '{bad', 'application/json'), unreadable(ANY_TEXT));
        await steps.expects(post('getSessionInfo', raw('{bad', 'application/json'), { apikey: 'wrong' }), unreadable(ANY_TEXT));
        await steps.expects(post('noSuchFunction', raw('{bad', 'application/json'), {}), noSuchFunction);
        await steps.expects({ ...withBody(sessionID, '{bad', 'application/json'), method: 'GET' }, info(session));
      },
    },
    {
      title: 'a JSON body that is a string, a number or null is malformed',
      when: (behaviour) => readsJsonFirst(behaviour) || behaviour.explainsBadBodies,
      run: async (steps) => {
        const { sessionID } = await steps.session();
        for (const text of ['"x"', '5', 'null']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(withBody(sessionID, text, 'application/json'), (behaviour) =>
            (readsJsonFirst(behaviour) ? somethingBad : unreadable(ANY_TEXT))(behaviour),
          );
        }
      },
    },
    {
      title: 'a JSON body that is a string, a number or null has no parameters in it',
      when: (behaviour) => !readsJsonFirst(behaviour) && !behaviour.explainsBadBodies,
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(withBody(session.sessionID, '"x"', 'application/json'), info(session));
        await steps.expects(withBody(session.sessionID, '5', 'application/json'), info(session));
        await steps.expects(withBody(session.sessionID, 'null', 'application/json'), info(session));
      },
    },
    {
      title: 'a JSON body over 102,400 bytes is too large',
      when: readsJsonFirst,
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(post('getSessionInfo', json({ sessionID, long: LONG }), {}), somethingBad);
      },
    },
    {
      title: 'a JSON body over 102,400 bytes is read like any other',
      when: (behaviour) => !readsJsonFirst(behaviour),
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(post('getSessionInfo', json({ sessionID: session.sessionID, long: LONG }), {}), info(session));
      },
    },
    {
      title: 'a form of more than 102,400 bytes is read like any other',
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(post('getSessionInfo', form({ sessionID: session.sessionID, long: LONG }), {}), info(session));
      },
    },
    {
      title: 'a body of another type is refused, whatever is in the query',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(withBody(sessionID, 'hello', 'text/plain'), unreadable('no parser found'));
        await steps.expects(withBody(sessionID, '<a/>', 'application/xml'), unreadable('no parser found'));
        await steps.expects(withBody(sessionID, 'hello', 'nonsense'), unreadable('no parser found'));
        await steps.expects(get('getSessionInfo', { sessionID: 's.unknown' }), noSession);
      },
    },
    {
      title: 'a body without Content-Type is refused, whatever is in the query',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(withBody(sessionID, 'hello'), unreadable('bad content-type header, no content-type'));
        await steps.expects(post('getSessionInfo', raw(`apikey=${KEY}`)), unreadable('bad content-type header, no content-type'));
      },
    },
    {
      title: 'a body of type application/octet-stream is not looked at',
      entry: 'API key',
      when: ({ explainsBadBodies }) => !explainsBadBodies,
      run: async (steps) => {
        const session = await steps.session();
        await steps.expects(withBody(session.sessionID, 'sessionID=s.unknown', 'application/octet-stream'), info(session));
        await steps.expects(post('getSessionInfo', raw(`apikey=${KEY}`, 'application/octet-stream')), wrongKey);
      },
    },
    {
      title: 'a body of type application/octet-stream is refused like any other type',
      when: ({ explainsBadBodies }) => explainsBadBodies,
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(withBody(sessionID, 'sessionID=s.unknown', 'application/octet-stream'), unreadable(ANY_TEXT));
      },
    },
    {
      title: 'a multipart body without a boundary, or cut short, is refused',
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(
          withBody(sessionID, 'hello', 'multipart/form-data'),
          unreadable('bad content-type header, no multipart boundary'),
        );
        const cut = '--b\r\nContent-Disposition: form-data; name="sessionID"\r\n\r\ns.x';
        await steps.expects(
          withBody(sessionID, cut, 'multipart/form-data; boundary=b'),
          unreadable('MultipartParser.end(): stream ended unexpectedly: state = PART_DATA'),
        );
      },
    },
    {
      title: 'a form of more than 1,000 fields is refused',
      run: async (steps) => {
        await steps.expects(post('checkToken', form(MANY_FIELDS), {}), unreadable('options.maxFields (1000) exceeded'));
      },
    },
  ],
};
