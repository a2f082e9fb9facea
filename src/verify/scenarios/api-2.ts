import type { Behaviour } from '../../etherpad/emulation.ts';
import {
  authorName,
  bare,
  either,
  info,
  listWith,
  noSuchFunction,
  noSuchVersion,
  ok,
  refused,
  sessionList,
  wrongKey,
} from '../expectation.ts';
import { by, form, get, json, KEY, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const isThere = ({ api2 }: Behaviour): boolean => api2 !== 'absent';

const notFound = either(({ api2 }) => api2 === 'envelope', noSuchFunction, bare({ code: 1, message: 'not found' }));
const noSession = refused('sessionID does not exist');

export const api2: Subject = {
  name: '/api/2',
  scenarios: [
    {
      title: 'there is no /api/2',
      when: (behaviour) => !isThere(behaviour),
      run: async (steps) => {
        await steps.expects(get('/api/2/checkToken'), noSuchVersion);
        await steps.expects(post('/api/2/sessions', form({ apikey: KEY })), noSuchVersion);
        await steps.expects(get('/api/2', ''), noSuchVersion);
      },
    },
    {
      title: 'POST, GET and DELETE of sessions, with a form and with the query',
      when: isThere,
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.author(), steps.now() + 3600];
        const parameters = { groupID, authorID, validUntil: String(validUntil) };
        const first = await steps.gives(post('/api/2/sessions', form({ apikey: KEY, ...parameters })), 'sessionID');
        const second = await steps.gives(post('/api/2/sessions', undefined, parameters), 'sessionID');
        const known = [first, second].map((sessionID) => ({ sessionID, groupID, authorID, validUntil }));
        await steps.expects(get('/api/2/sessions/info', { sessionID: first }), info(known[0]!));
        await steps.expects(get('/api/2/sessions/group', { groupID }), sessionList(...known));
        await steps.expects(get('/api/2/sessions/author', { authorID }), sessionList(...known));
        await steps.expects(by('DELETE', get('/api/2/sessions', { sessionID: first })), ok(null));
        await steps.expects(by('DELETE', post('/api/2/sessions', form({ apikey: KEY, sessionID: second }))), ok(null));
        await steps.expects(get('/api/2/sessions/info', { sessionID: first }), noSession);
        await steps.expects(get('/api/2/sessions/info', { sessionID: second }), noSession);
      },
    },
    {
      title: 'JSON bodies are read and answered',
      when: isThere,
      run: async (steps) => {
        const [groupID, authorID, validUntil] = [await steps.group(), await steps.anyAuthor(), steps.now() + 3600];
        const sessionID = await steps.gives(post('/api/2/sessions', json({ apikey: KEY, groupID, authorID, validUntil })), 'sessionID');
        await steps.expects(get('/api/2/sessions/info', { sessionID }), info({ sessionID, groupID, authorID, validUntil }));
        await steps.expects(post('/api/2/sessions', json({ apikey: KEY, groupID: 'g.unknown' })), refused('groupID does not exist'));
        await steps.expects(post('/api/2/sessions', json({ apikey: 'wrong' })), wrongKey);
        await steps.expects(by('DELETE', post('/api/2/sessions', json({ apikey: KEY, sessionID }))), ok(null));
        await steps.expects(by('DELETE', post('/api/2/sessions', json({ apikey: KEY, sessionID }))), noSession);
      },
    },
    {
      title: 'POST, GET and DELETE of groups',
      when: isThere,
      run: async (steps) => {
        const made = await steps.gives(post('/api/2/groups', undefined, {}), 'groupID');
        const groupMapper = steps.unique('mapper');
        const groupID = await steps.gives(post('/api/2/groups/createIfNotExistsFor', json({ apikey: KEY, groupMapper })), 'groupID');
        await steps.expects(get('createGroupIfNotExistsFor', { groupMapper }), ok({ groupID }));
        await steps.expects(get('/api/2/groups'), ok({ groupIDs: listWith(made, groupID) }));
        await steps.expects(get('/api/2/groups/pads', { groupID }), ok({ padIDs: [] }));
        await steps.expects(by('DELETE', get('/api/2/groups', { groupID })), ok(null));
        await steps.expects(get('/api/2/groups/pads', { groupID }), refused('groupID does not exist'));
      },
    },
    {
      title: 'POST of authors, and their names',
      when: isThere,
      run: async (steps) => {
        const name = 'mock-etherpad verify';
        const authorID = await steps.gives(post('/api/2/authors', json({ apikey: KEY, name })), 'authorID');
        await steps.expects(get('/api/2/authors/name', { authorID }), authorName(authorID, name));
        const authorMapper = steps.unique('mapper');
        const mapped = await steps.gives(
          post('/api/2/authors/createIfNotExistsFor', json({ apikey: KEY, authorMapper, name })),
          'authorID',
        );
        await steps.expects(get('createAuthorIfNotExistsFor', { authorMapper }), ok({ authorID: mapped }));
      },
    },
    {
      title: 'checkToken looks at the key',
      when: isThere,
      run: async (steps) => {
        await steps.expects(get('/api/2/checkToken'), ok(null));
        await steps.expects(get('/api/2/checkToken', { apikey: 'wrong' }), wrongKey);
      },
    },
    {
      title: 'other paths and other methods are not found',
      when: isThere,
      run: async (steps) => {
        await steps.expects(get('/api/2'), notFound);
        await steps.expects(get('/api/2/nothing'), notFound);
        await steps.expects(get('/api/2/createGroup'), notFound);
        await steps.expects(get('/api/2/sessions', { sessionID: 's.unknown' }), notFound);
        await steps.expects(by('PUT', get('/api/2/sessions')), notFound);
      },
    },
    {
      title: 'paths are taken to the letter: no slash at the end, no other letter case',
      when: isThere,
      run: async (steps) => {
        await steps.expects(get('/api/2/sessions/info/', { sessionID: 's.unknown' }), notFound);
        await steps.expects(get('/api/2/Sessions/info', { sessionID: 's.unknown' }), notFound);
      },
    },
  ],
};
