import type { Behaviour } from '../../etherpad/emulation.ts';
import { either, noSuchFunction, ok, wrongKey } from '../expectation.ts';
import { form, get, json, KEY, multipart, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const NONE = { apikey: undefined };
const accepted = ok(null);

const readsHeader =
  (name: string) =>
  ({ apiKeyHeaders, headersAreParameters, apiKeyParameters }: Behaviour): boolean =>
    apiKeyHeaders.includes(name) || (headersAreParameters && apiKeyParameters.includes(name));

const readsAuthorizationParameter = ({ apiKeyParameters }: Behaviour): boolean => apiKeyParameters.includes('authorization');

export const apiKey: Subject = {
  name: 'API key',
  entry: 'API key',
  scenarios: [
    {
      title: 'the key is read from the query, as apikey or api_key',
      run: async (steps) => {
        await steps.expects(get('checkToken'), accepted);
        await steps.expects(get('checkToken', { ...NONE, api_key: KEY }), accepted);
        await steps.expects(post('checkToken', undefined, {}), accepted);
      },
    },
    {
      title: 'the key is read from a form, as apikey or api_key, and from a multipart body',
      run: async (steps) => {
        await steps.expects(post('checkToken', form({ apikey: KEY })), accepted);
        await steps.expects(post('checkToken', form({ api_key: KEY })), accepted);
        await steps.expects(post('checkToken', multipart({ apikey: KEY })), accepted);
      },
    },
    {
      title: 'the key is read from a JSON body',
      when: ({ jsonBody }) => jsonBody !== 'server, then nobody answers',
      run: async (steps) => {
        await steps.expects(post('checkToken', json({ apikey: KEY })), accepted);
        await steps.expects(post('checkToken', json({ api_key: KEY })), accepted);
        await steps.expects(post('checkToken', json({ apikey: 'wrong' })), wrongKey);
      },
    },
    {
      title: 'no key, an empty one and a wrong one are refused with HTTP 401 and code 4',
      run: async (steps) => {
        await steps.expects(get('checkToken', NONE), wrongKey);
        await steps.expects(get('checkToken', { apikey: '' }), wrongKey);
        await steps.expects(get('checkToken', 'apikey'), wrongKey);
        await steps.expects(get('checkToken', { apikey: 'wrong' }), wrongKey);
        await steps.expects(post('checkToken', form({ apikey: 'wrong' })), wrongKey);
        await steps.expects(get('createSession', { apikey: 'wrong', groupID: 'g.unknown' }), wrongKey);
      },
    },
    {
      title: 'white space around the key makes it wrong',
      run: async (steps) => {
        await steps.expects(get('checkToken', { apikey: `${KEY} ` }), wrongKey);
        await steps.expects(get('checkToken', { apikey: ` ${KEY}` }), wrongKey);
        await steps.expects(get('checkToken', { apikey: `${KEY}\n` }), wrongKey);
      },
    },
    {
      title: 'the names of key parameters are case-sensitive',
      run: async (steps) => {
        await steps.expects(get('checkToken', { ...NONE, APIKEY: KEY }), wrongKey);
        await steps.expects(get('checkToken', { ...NONE, apiKey: KEY }), wrongKey);
        await steps.expects(get('checkToken', { ...NONE, 'api-key': KEY }), wrongKey);
      },
    },
    {
      title: 'a wrong apikey beats a good api_key, and an empty one does not',
      run: async (steps) => {
        await steps.expects(get('checkToken', { apikey: 'wrong', api_key: KEY }), wrongKey);
        await steps.expects(get('checkToken', { apikey: KEY, api_key: 'wrong' }), accepted);
        await steps.expects(get('checkToken', { apikey: '', api_key: KEY }), accepted);
      },
    },
    {
      title: 'a repeated apikey is wrong in the query, and the first one counts in a form',
      run: async (steps) => {
        await steps.expects(get('checkToken', { apikey: [KEY, KEY] }), wrongKey);
        await steps.expects(get('checkToken', { apikey: [KEY, 'wrong'] }), wrongKey);
        await steps.expects(post('checkToken', form({ apikey: [KEY, 'wrong'] })), accepted);
        await steps.expects(post('checkToken', form({ apikey: ['wrong', KEY] })), wrongKey);
      },
    },
    {
      title: 'apikey[] is no apikey',
      run: async (steps) => {
        await steps.expects(get('checkToken', { ...NONE, 'apikey[]': KEY }), wrongKey);
        await steps.expects(get('checkToken', { ...NONE, 'apikey[a]': KEY }), wrongKey);
      },
    },
    {
      title: 'a key in the body goes before one in the query, also an empty one',
      run: async (steps) => {
        await steps.expects(post('checkToken', form({ apikey: 'wrong' }), {}), wrongKey);
        await steps.expects(post('checkToken', form({ apikey: KEY }), { apikey: 'wrong' }), accepted);
        await steps.expects(post('checkToken', form({ apikey: '' }), {}), wrongKey);
      },
    },
    {
      title: 'the header Authorization may hold the bare key, where it is read at all',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(get('checkToken', NONE, { Authorization: KEY }), either(readsHeader('authorization'), accepted, wrongKey));
        await steps.expects(get('checkToken', NONE, { Authorization: 'wrong' }), wrongKey);
      },
    },
    {
      title: 'the header Authorization with a scheme before the key: Bearer only where the documents are followed, others never',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(
          get('checkToken', NONE, { Authorization: `Bearer ${KEY}` }),
          either(({ bearerKeys }) => bearerKeys, accepted, wrongKey),
        );
        await steps.expects(get('checkToken', NONE, { Authorization: `ApiKey ${KEY}` }), wrongKey);
        await steps.expects(get('checkToken', NONE, { Authorization: 'Basic YTpi' }), wrongKey);
      },
    },
    {
      title: 'the headers apikey and api_key, where they are read at all',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(get('checkToken', NONE, { apikey: KEY }), either(readsHeader('apikey'), accepted, wrongKey));
        await steps.expects(get('checkToken', NONE, { APIKEY: KEY }), either(readsHeader('apikey'), accepted, wrongKey));
        await steps.expects(get('checkToken', NONE, { api_key: KEY }), either(readsHeader('api_key'), accepted, wrongKey));
      },
    },
    {
      title: 'no key is read from the header X-API-Key, nor from a cookie',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(get('checkToken', NONE, { 'X-API-Key': KEY }), wrongKey);
        await steps.expects(get('checkToken', NONE, { Cookie: `apikey=${encodeURIComponent(KEY)}` }), wrongKey);
      },
    },
    {
      title: 'the query parameter authorization, where it is read at all',
      run: async (steps) => {
        await steps.expects(get('checkToken', { ...NONE, authorization: KEY }), either(readsAuthorizationParameter, accepted, wrongKey));
        await steps.expects(get('checkToken', { ...NONE, authorization: `Bearer ${KEY}` }), wrongKey);
        await steps.expects(get('checkToken', { ...NONE, Authorization: KEY }), wrongKey);
      },
    },
    {
      title: 'a good key in the query goes before whatever is in headers, and a wrong one too',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(get('checkToken', {}, { Authorization: 'Bearer nonsense', apikey: 'wrong' }), accepted);
        await steps.expects(get('checkToken', { apikey: 'wrong' }, { Authorization: KEY, apikey: KEY }), wrongKey);
      },
    },
    {
      title: 'an empty apikey in the query falls through to the header Authorization, where it is read at all',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(
          get('checkToken', { apikey: '' }, { Authorization: KEY }),
          either(readsHeader('authorization'), accepted, wrongKey),
        );
      },
    },
    {
      title: 'an empty query parameter authorization hides the header where headers are parameters',
      run: async (steps) => {
        steps.needsKeyInHeader();
        await steps.expects(
          get('checkToken', { ...NONE, authorization: '' }, { Authorization: KEY }),
          either(({ apiKeyHeaders }) => apiKeyHeaders.includes('authorization'), accepted, wrongKey),
        );
      },
    },
    {
      title: 'that there is no such function is said before the key is looked at',
      run: async (steps) => {
        await steps.expects(get('noSuchFunction', { apikey: 'wrong' }), noSuchFunction);
        await steps.expects(post('noSuchFunction', form({ apikey: 'wrong' })), noSuchFunction);
      },
    },
  ],
};
