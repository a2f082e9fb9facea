import {
  ANY_TEXT,
  bare,
  type ExpectedAnswer,
  type Expectation,
  noSuchFunction,
  noSuchPath,
  ok,
  Pattern,
  withHeaders,
  wrongKey,
  wrongToken,
} from '../expectation.ts';
import { type Body, form, get, json, KEY, post, type Request, SECRET, TOKEN, type Values } from '../request.ts';
import type { Subject } from '../scenario.ts';

const ENDPOINT = '/oidc/token';
const NO_KEY = { apikey: undefined };

/** A request for a token, as it should be but for what is given; the client is that of the run. */
const askFor = (client: string, fields: Values = {}, headers: Request['headers'] = {}): Request =>
  post(
    ENDPOINT,
    form({ grant_type: 'client_credentials', client_id: client, client_secret: SECRET, resource: 'http://resource.example/x', ...fields }),
    undefined,
    headers,
  );

const JSON_WEB_TOKEN = new Pattern('a JWT', (value) => typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value));
const LIFETIME = new Pattern('seconds', (value) => Number.isSafeInteger(value) && (value as number) > 0);
const NO_STORE = { 'cache-control': 'no-store', 'access-control-allow-origin': '*', vary: ANY_TEXT };

const givesToken = withHeaders(bare({ access_token: JSON_WEB_TOKEN, expires_in: LIFETIME, token_type: 'Bearer' }), NO_STORE);
const refuses = (status: number, error: string, error_description: string): Expectation =>
  withHeaders(bare({ error, error_description }, status), NO_STORE);
const invalidRequest = (description: string): Expectation => refuses(400, 'invalid_request', description);
const invalidClient = refuses(401, 'invalid_client', 'client authentication failed');
const invalidTarget = refuses(400, 'invalid_target', 'resource indicator must be an absolute URI');
const notFound: Expectation = (): ExpectedAnswer => ({ status: 404, type: 'text/plain; charset=utf-8', body: 'Not Found' });

const withToken = (authorization: string): Request => get('checkToken', NO_KEY, { Authorization: authorization });

export const oauth: Subject = {
  name: 'OAuth',
  entry: 'token',
  scenarios: [
    {
      title: 'a client gets a token by its secret in the form',
      run: async (steps) => {
        await steps.expects(askFor(steps.client), givesToken);
      },
    },
    {
      title: 'without a resource, or with one that is no absolute URI, there is no token; an Origin stands for it',
      run: async (steps) => {
        await steps.expects(askFor(steps.client, { resource: undefined }), invalidTarget);
        await steps.expects(askFor(steps.client, { resource: 'abc' }), invalidTarget);
        await steps.expects(
          askFor(steps.client, { resource: undefined }, { Origin: 'http://o.example' }),
          withHeaders(givesToken, { 'access-control-allow-origin': 'http://o.example' }),
        );
      },
    },
    {
      title: 'with a scope and no resource, the token is opaque',
      run: async (steps) => {
        const opaque = new Pattern('43 letters, digits, - and _', (value) => typeof value === 'string' && /^[\w-]{43}$/.test(value));
        await steps.expects(
          askFor(steps.client, { resource: undefined, scope: 'openid' }),
          bare({ access_token: opaque, expires_in: LIFETIME, token_type: 'Bearer', scope: 'openid' }),
        );
      },
    },
    {
      title: 'no client, an unknown one and a wrong secret are refused',
      run: async (steps) => {
        const nobody = { client_id: undefined, client_secret: undefined };
        await steps.expects(askFor(steps.client, nobody), invalidRequest('no client authentication mechanism provided'));
        await steps.expects(askFor(`${steps.client}-unknown`), invalidClient);
        await steps.expects(askFor(steps.client, { client_secret: 'wrong' }), invalidClient);
      },
    },
    {
      title: 'other grants are refused',
      run: async (steps) => {
        await steps.expects(askFor(steps.client, { grant_type: undefined }), invalidRequest("missing required parameter 'grant_type'"));
        for (const grant_type of ['password', 'refresh_token']) {
          const refusal = refuses(400, 'unsupported_grant_type', 'unsupported grant_type requested');
          await steps.expects(askFor(steps.client, { grant_type }), refusal);
        }
      },
    },
    {
      title: 'a repeated parameter, JSON, a query and GET are refused',
      run: async (steps) => {
        const twice = invalidRequest("'client_id' parameter must not be provided twice");
        await steps.expects(askFor(steps.client, { client_id: [steps.client, steps.client] }), twice);
        const asJson: Body = json({ grant_type: 'client_credentials', client_id: steps.client, client_secret: SECRET });
        await steps.expects(
          post(ENDPOINT, asJson),
          invalidRequest('only application/x-www-form-urlencoded content-type bodies are supported on POST /token'),
        );
        const inQuery = { apikey: undefined, grant_type: 'client_credentials', client_id: steps.client, client_secret: SECRET };
        await steps.expects(post(ENDPOINT, form({}), inQuery), invalidRequest('no client authentication mechanism provided'));
        await steps.expects(get(ENDPOINT, ''), notFound);
      },
    },
    {
      title: 'a call is let in by Bearer and a token, or by the bare token',
      run: async (steps) => {
        await steps.expects(withToken(`Bearer ${TOKEN}`), ok(null));
        await steps.expects(withToken(TOKEN), ok(null));
        await steps.expects(get('/rest/1.2.15/pad/checkToken', NO_KEY, { Authorization: `Bearer ${TOKEN}` }), ok(null));
        await steps.expects(get('/api/2/checkToken', NO_KEY, { Authorization: `Bearer ${TOKEN}` }), ok(null));
      },
    },
    {
      title: 'anything else in Authorization is a wrong token',
      run: async (steps) => {
        for (const authorization of [`bearer ${TOKEN}`, `Bearer  ${TOKEN}`, `Bearer ${TOKEN}x`, 'Bearer abc.def.ghi', 'Basic YTpi', 'x']) {
          await steps.expects(withToken(authorization), wrongToken);
        }
        // a header, a payload and no signature, as "alg": "none" has it
        await steps.expects(withToken('Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdmMifQ.'), wrongToken);
      },
    },
    {
      title: 'no Authorization counts as no API key, wherever a key or a token is otherwise',
      run: async (steps) => {
        await steps.expects(get('checkToken', NO_KEY), wrongKey);
        await steps.expects(get('checkToken', NO_KEY, { Authorization: '' }), wrongKey);
        await steps.expects(get('checkToken', { apikey: TOKEN }), wrongKey);
        await steps.expects(get('checkToken', { ...NO_KEY, access_token: TOKEN }), wrongKey);
        await steps.expects(get('checkToken', { apikey: 'any' }), wrongKey);
      },
    },
    {
      title: 'a wrong API key beside a good token does not count',
      run: async (steps) => {
        await steps.expects(get('checkToken', { apikey: 'wrong' }, { Authorization: `Bearer ${TOKEN}` }), ok(null));
      },
    },
    {
      title: 'that there is no such function is said before the token is looked at',
      run: async (steps) => {
        await steps.expects(get('noSuchFunction', NO_KEY), noSuchFunction);
        await steps.expects(get('noSuchFunction', { apikey: KEY }), noSuchFunction);
      },
    },
    {
      title: 'keys are below /oidc, and nothing is at /.well-known',
      run: async (steps) => {
        const open = { 'access-control-allow-origin': '*' };
        const keys = 'application/jwk-set+json; charset=utf-8';
        await steps.expects(get('/oidc/jwks', ''), () => ({ status: 200, type: keys, headers: open }));
        for (const name of ['openid-configuration', 'oauth-authorization-server']) {
          await steps.expects(get(`/oidc/.well-known/${name}`, ''), () => ({
            status: 200,
            type: 'application/json; charset=utf-8',
            headers: open,
          }));
        }
        await steps.expects(get('/.well-known/openid-configuration', ''), noSuchPath);
        await steps.expects(get('/oidc/token/introspection', ''), notFound);
      },
    },
  ],
};
