import { API_VERSIONS, type ApiVersion } from '../../etherpad/etherpad-function.ts';
import {
  bare,
  either,
  type Expectation,
  info,
  inVersion,
  noSuchFunction,
  noSuchPath,
  noSuchVersion,
  ok,
  Pattern,
  refused,
  withHeaders,
  wrongKey,
} from '../expectation.ts';
import { by, form, get, post } from '../request.ts';
import type { Scenario, Subject } from '../scenario.ts';

const NO_QUERY = '';

const WEAK_ETAG = new Pattern('a weak ETag', (value) => /^W\/"[0-9a-f]+-[A-Za-z0-9+/]{27}"$/.test(String(value)));

/** Of the 37 bytes that checkToken answers: their number in hex digits, and the start of their SHA-1. */
const CHECK_TOKEN_ETAG = 'W/"25-MFpxQp+PZlCoDSPsK8nz8gNSTs0"';

/** What a request for an answer that the client knows gets. */
const knownAnswer = either(
  ({ etag }) => etag,
  () => ({ status: 304, body: '' }),
  withHeaders(ok(null), { etag: null }),
);

const noSession = refused('sessionID does not exist');

/** Harmless: a session that nobody has. */
const askedIn = (version: string) => get(`/api/${version}/getSessionInfo`, { sessionID: 's.unknown' });

const current: Expectation = (behaviour) => bare({ currentVersion: behaviour.currentVersion })(behaviour);

/** A function that came with a version is not in the one before. */
const since = (
  name: string,
  version: ApiVersion,
  before: ApiVersion,
  parameters: Record<string, string>,
  answer: Parameters<typeof either>[1],
): Scenario => ({
  title: `${name} is there since API ${version}`,
  run: async (steps) => {
    await steps.expects(get(`/api/${before}/${name}`, parameters), noSuchFunction);
    await steps.expects(get(`/api/${version}/${name}`, parameters), answer);
  },
});

export const versions: Subject = {
  name: 'versions and paths',
  scenarios: [
    {
      title: 'GET /api tells the current version without a key',
      run: async (steps) => {
        for (const path of ['/api', '/api/', '/API']) await steps.expects(get(path, NO_QUERY), current);
        await steps.expects(get('/api', { apikey: 'wrong' }), current);
      },
    },
    {
      title: 'no other method than GET and HEAD asks for the current version, and OPTIONS says so',
      run: async (steps) => {
        await steps.expects(by('OPTIONS', get('/api', NO_QUERY)), ({ optionsOfApi: { type, allow } }) => ({
          status: 200,
          type,
          body: allow,
          headers: { allow },
        }));
        await steps.expects(by('HEAD', get('/api', NO_QUERY)), () => ({ status: 200, type: 'application/json', body: '' }));
        await steps.expects(post('/api', undefined), noSuchPath);
        await steps.expects(by('PUT', get('/api', NO_QUERY)), noSuchPath);
        await steps.expects(by('DELETE', get('/api', NO_QUERY)), noSuchPath);
      },
    },
    {
      title: 'every API version up to the current one has the functions of the first, and none beyond it is there',
      run: async (steps) => {
        for (const version of API_VERSIONS) {
          await steps.expects(askedIn(version), inVersion(version, noSession));
        }
      },
    },
    {
      title: 'there are no versions between and beyond them',
      run: async (steps) => {
        for (const version of ['1.0', '1.2.0', '1.2.2', '1.3', '1.4', '01', 'v1', 'latest', '9.9', '__proto__', 'constructor']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(askedIn(version), noSuchVersion);
        }
      },
    },
    {
      title: 'a call without a version leads nowhere',
      run: async (steps) => {
        await steps.expects(get('/api/getSessionInfo', { sessionID: 's.unknown' }), noSuchVersion);
        await steps.expects(get('/rest', NO_QUERY), noSuchVersion);
        await steps.expects(get('/rest/session/info', { sessionID: 's.unknown' }), noSuchVersion);
      },
    },
    since('getAuthorName', '1.1', '1', { authorID: 'a.unknown' }, ok(null)),
    since('checkToken', '1.2', '1.1', {}, ok(null)),
    since('getChatHead', '1.2.7', '1.2.1', { apikey: 'wrong' }, wrongKey),
    since('copyPadWithoutHistory', '1.2.15', '1.2.14', { apikey: 'wrong' }, wrongKey),
    {
      title: 'an unknown function is code 3 with HTTP 404',
      run: async (steps) => {
        for (const name of ['noSuchFunction', 'toString', '__proto__', 'createGroup/extra', 'createGroup.json', 'session/info', '%zz']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get(`/api/1.2.15/${name}`), noSuchFunction);
        }
        await steps.expects(get('/api/1.2.15', NO_QUERY), noSuchFunction);
        await steps.expects(get('/api/1.2.15/', NO_QUERY), noSuchFunction);
      },
    },
    {
      title: 'the names of functions are case-sensitive, and are not decoded',
      run: async (steps) => {
        await steps.expects(get('getsessioninfo', { sessionID: 's.unknown' }), noSuchFunction);
        await steps.expects(get('GETSESSIONINFO', { sessionID: 's.unknown' }), noSuchFunction);
        await steps.expects(get('/api/1.2.15/get%53essionInfo', { sessionID: 's.unknown' }), noSuchFunction);
      },
    },
    {
      title: 'functions are called by GET and POST only',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(by('PUT', get('deleteSession', { sessionID })), noSuchFunction);
        await steps.expects(by('DELETE', get('deleteSession', { sessionID })), noSuchFunction);
        await steps.expects(by('PATCH', get('deleteSession', { sessionID })), noSuchFunction);
        await steps.expects(by('HEAD', get('deleteSession', { sessionID })), () => ({ status: 404, body: '' }));
        await steps.expects(by('OPTIONS', get('deleteSession', { sessionID })), noSuchFunction);
        await steps.expects(get('getSessionInfo', { sessionID }), info(session));
      },
    },
    {
      title: '/API/ in capitals, slashes at the end and two slashes before the function are accepted',
      run: async (steps) => {
        const session = await steps.session();
        const { sessionID } = session;
        await steps.expects(get('/API/1.2.15/getSessionInfo', { sessionID }), info(session));
        await steps.expects(get('/api/1.2.15/getSessionInfo/', { sessionID }), info(session));
        await steps.expects(get('/api/1.2.15/getSessionInfo//', { sessionID }), info(session));
        await steps.expects(get('/api/1.2.15//getSessionInfo', { sessionID }), info(session));
      },
    },
    {
      title: 'two slashes before the version, and an encoded version, lead nowhere',
      run: async (steps) => {
        await steps.expects(askedIn('/1.2.15'), noSuchVersion);
        await steps.expects(askedIn('1%2E2%2E15'), noSuchVersion);
        await steps.expects(askedIn('x/../1.2.15'), noSuchVersion);
      },
    },
    {
      title: 'functions are at the root only where the documents are followed',
      run: async (steps) => {
        await steps.expects(
          get('/getSessionInfo', { sessionID: 's.unknown' }),
          either(({ rootMount }) => rootMount, noSession, noSuchPath),
        );
        await steps.expects(
          post('/checkToken', form({}), {}),
          either(({ rootMount }) => rootMount, ok(null), noSuchPath),
        );
      },
    },
    {
      title: 'a path that is nothing is HTTP 404',
      run: async (steps) => {
        await steps.expects(get('/mock-etherpad-verify/nothing/here', NO_QUERY), noSuchPath);
      },
    },
    {
      title: 'answers to GET carry a weak ETag, and a request that knows it gets 304',
      when: ({ etag }) => etag,
      run: async (steps) => {
        const { sessionID } = await steps.session();
        await steps.expects(get('getSessionInfo', { sessionID }), () => ({ status: 200, headers: { etag: WEAK_ETAG } }));
        await steps.expects(get('getSessionInfo', { sessionID }, { 'If-None-Match': '*' }), () => ({ status: 304, body: '' }));
        await steps.expects(get('checkToken', {}, { 'If-None-Match': CHECK_TOKEN_ETAG }), knownAnswer);
        await steps.expects(get('checkToken', {}, { 'If-None-Match': 'W/"other"' }), ok(null));
        await steps.expects(post('checkToken', undefined, {}, { 'If-None-Match': CHECK_TOKEN_ETAG }), ok(null));
        await steps.expects(get('checkToken', { apikey: 'wrong' }, { 'If-None-Match': '*' }), () => ({ status: 401 }));
      },
    },
    {
      title: 'answers carry no ETag, and none is asked after',
      when: ({ etag }) => !etag,
      run: async (steps) => {
        await steps.expects(get('checkToken'), withHeaders(ok(null), { etag: null }));
        await steps.expects(get('checkToken', {}, { 'If-None-Match': CHECK_TOKEN_ETAG }), knownAnswer);
      },
    },
    {
      title: 'answers below /api allow no other origin',
      run: async (steps) => {
        await steps.expects(
          get('checkToken', {}, { Origin: 'http://a.example' }),
          withHeaders(ok(null), { 'access-control-allow-origin': null }),
        );
      },
    },
  ],
};
