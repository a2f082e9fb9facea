import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readClients } from '../../../src/etherpad/oauth/clients.ts';
import { isSignedBy, readToken } from '../../../src/etherpad/oauth/json-web-token.ts';
import { answerTokenRequest, type TokenAnswer, type TokenGiver } from '../../../src/etherpad/oauth/token-endpoint.ts';
import type { Recording } from '../../recordings/replay.ts';
import { newSigningKey } from './signing-key.ts';

const key = newSigningKey();
const giver: TokenGiver = {
  clients: readClients(['svc:svc-secret:admin=true', 'plain:plain-secret', 'admin_client:admin:authorization_code']),
  issuer: 'http://127.0.0.1:9001',
  now: 1_700_000_000,
  lifetime: 3600,
  key,
  randomText: () => '0123456789012345678901234567890123456789abc',
};

const FORM = 'application/x-www-form-urlencoded';

/** Asks with a form; `headers` are those of a request. */
const askFor = (body: string, headers: Record<string, string | undefined> = {}): TokenAnswer =>
  answerTokenRequest(
    {
      path: '/token',
      body,
      contentType: 'Content-Type' in headers ? headers['Content-Type'] : FORM,
      authorization: headers['Authorization'],
      origin: headers['Origin'],
    },
    giver,
  );

const SVC = 'grant_type=client_credentials&client_id=svc&client_secret=svc-secret';
const RESOURCE = 'resource=http%3A%2F%2Fresource.example%2Fx';
const basic = (text: string): { Authorization: string } => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe.each(['2.5.3', '3.3.1'])('the answers that Etherpad %s gave', (version) => {
  const file = new URL(`../../recordings/sso-${version}.json`, import.meta.url);
  const { sequences } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const steps = sequences.find(({ name }) => name === 'token endpoint')!.steps.filter(({ send }) => send.method === 'POST');
  test.each(steps.map((step) => [step.label, step] as const))('%s', (_label, { send, expect: recorded }) => {
    const { status, body } = askFor(send.body ?? '', send.headers as Record<string, string>);
    expect(status).toBe(recorded.status);
    const shown = 'access_token' in body ? { ...body, access_token: '' } : body;
    expect(JSON.stringify(shown)).toBe(recorded.body!.replace(/\$\{\w+\}|\$\{\*\}/, ''));
  });
  test('are as many as were recorded', () => {
    expect(steps).toHaveLength(20);
  });
});

describe('a good request', () => {
  test('gets a JWT that says whose it is and how long it is good, and is signed', () => {
    const { body, headers } = askFor(`${SVC}&${RESOURCE}&scope=openid+foo`);
    const token = readToken(String(body['access_token']))!;
    expect(token.header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: 'key-1' });
    expect(JSON.stringify(token.payload)).toBe(
      '{"admin":"true","jti":"0123456789012345678901234567890123456789abc","sub":"svc","iat":1700000000,"exp":1700003600,' +
        '"scope":"openid","client_id":"svc","iss":"http://127.0.0.1:9001","aud":"account"}',
    );
    expect(isSignedBy(token, key)).toBe(true);
    expect(isSignedBy(token, newSigningKey())).toBe(false);
    expect(headers).toEqual({ 'Cache-Control': 'no-store' });
    expect({ ...body, access_token: '' }).toEqual({ access_token: '', expires_in: 3600, token_type: 'Bearer', scope: 'openid' });
  });

  test('with a scope and no resource gets an opaque token', () => {
    expect(askFor(`${SVC}&scope=openid+email+openid+foo`).body).toEqual({
      access_token: 'opaque-012345678901234567890123456789012345',
      expires_in: 3600,
      token_type: 'Bearer',
      scope: 'openid email',
    });
    expect(askFor(`${SVC}&scope=foo`).body).not.toHaveProperty('scope', expect.anything());
  });

  test.each<[name: string, body: string, headers: Record<string, string>]>([
    ['Basic and the same client_id', `grant_type=client_credentials&client_id=svc&${RESOURCE}`, basic('svc:svc-secret')],
    [
      'Basic in lower case',
      `grant_type=client_credentials&${RESOURCE}`,
      { Authorization: basic('svc:svc-secret').Authorization.replace('B', 'b') },
    ],
    ['Basic, percent-encoded', `grant_type=client_credentials&${RESOURCE}`, basic('s%76c:svc%2Dsecret')],
    ['the same resource twice', `${SVC}&${RESOURCE}&${RESOURCE}`, {}],
    ['a parameter twice that is not read', `${SVC}&${RESOURCE}&code=a&code=b`, {}],
    ['a charset', `${SVC}&${RESOURCE}`, { 'Content-Type': `${FORM}; charset=utf-8` }],
  ])('%s', (_name, body, headers) => {
    expect(askFor(body, headers)).toMatchObject({ status: 200, message: 'ok' });
  });
});

describe('a refusal and its reason', () => {
  const ASSERTION = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdmMifQ.';
  const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const resourceAdvice = 'send resource=…, any absolute URI such as http://etherpad:9001: Etherpad refuses without';
  const basicAdvice = 'the header Authorization must be Basic and base64 of id:secret';
  test.each<[body: string, headers: Record<string, string | undefined>, status: number, message: string, reason: string]>([
    [SVC, {}, 400, 'invalid_target: resource indicator must be an absolute URI', resourceAdvice],
    [SVC, { Origin: 'null' }, 400, 'invalid_target: resource indicator must be an absolute URI', resourceAdvice],
    [`${SVC}&resource=`, {}, 400, 'invalid_target: resource indicator must be an absolute URI', resourceAdvice],
    [
      `${SVC}&resource=http://x%23f`,
      {},
      400,
      'invalid_target: resource indicator must not contain a fragment component',
      'leave # and what follows it out of resource',
    ],
    [
      `${SVC}&resource=http://x&resource=http://y`,
      {},
      400,
      'invalid_target: only a single resource indicator value is supported for this grant type',
      'send resource once',
    ],
    [`${SVC}&${RESOURCE}&scope=a&scope=b`, {}, 400, "invalid_request: 'scope' parameter must not be provided twice", 'send scope once'],
    [
      `${SVC}&${SVC}&${RESOURCE}`,
      {},
      400,
      "invalid_request: 'client_id' and 'client_secret' parameters must not be provided twice",
      'send client_id and client_secret once',
    ],
    [
      `${SVC}&grant_type=x&${RESOURCE}`,
      {},
      400,
      "invalid_request: 'grant_type' parameter must not be provided twice",
      'send grant_type once',
    ],
    [
      `grant_type=client_credentials&client_id=svc&client_secret=x`,
      {},
      401,
      'invalid_client: client authentication failed',
      'the secret of client svc is wrong',
    ],
    [
      `grant_type=client_credentials&client_id=svc`,
      {},
      401,
      'invalid_client: client authentication failed',
      'client svc must send its secret',
    ],
    [
      `grant_type=client_credentials&client_id=nobody&client_secret=x`,
      {},
      401,
      'invalid_client: client authentication failed',
      'there is no client "nobody"; there is svc, plain, admin_client',
    ],
    [
      `grant_type=client_credentials&client_secret=x`,
      {},
      400,
      'invalid_request: no client authentication mechanism provided',
      'send client_id and client_secret in the form, or both as Basic',
    ],
    [
      `client_id=plain`,
      basic('svc:svc-secret'),
      400,
      'invalid_request: client_id mismatch',
      'the client_id of the form is not the one that the client proves to be',
    ],
    [
      SVC,
      basic('svc:svc-secret'),
      400,
      'invalid_request: client authentication must only be provided using one mechanism',
      'send the secret in the form, or as Basic in the header Authorization, not both',
    ],
    [
      '',
      basic('svc:'),
      400,
      'invalid_request: client_secret must be provided in the Authorization header',
      'Basic has an id and no secret',
    ],
    [
      '',
      basic('svc:%zz'),
      400,
      'invalid_request: client_id and client_secret in the authorization header are not properly encoded',
      'percent-encode id and secret before you make base64 of them: RFC 6749 asks for it',
    ],
    ['', basic('svc'), 400, 'invalid_request: invalid authorization header value format', basicAdvice],
    ['', { Authorization: 'Bearer x' }, 400, 'invalid_request: invalid authorization header value format', basicAdvice],
    ['', { Authorization: 'Basic x y' }, 400, 'invalid_request: invalid authorization header value format', basicAdvice],
    ['client_assertion=x', {}, 400, 'invalid_request: invalid client_assertion format', 'client_assertion must be a JWT'],
    [
      `client_assertion=${ASSERTION}`,
      {},
      400,
      'invalid_request: client_assertion_type must be provided',
      `send client_assertion_type=${TYPE}`,
    ],
    [
      `client_assertion=${ASSERTION}&client_assertion_type=x`,
      {},
      400,
      `invalid_request: client_assertion_type must have value ${TYPE}`,
      `send client_assertion_type=${TYPE}`,
    ],
    [
      `client_assertion=${ASSERTION}&client_assertion_type=${TYPE}`,
      {},
      401,
      'invalid_client: client authentication failed',
      'client svc must send its secret',
    ],
    [
      'grant_type=authorization_code&client_id=admin_client&client_secret=admin',
      {},
      400,
      "invalid_request: missing required parameter 'code'",
      'send code in the form',
    ],
    [
      'grant_type=authorization_code&client_id=admin_client&client_secret=admin&code=x',
      {},
      400,
      'invalid_grant: grant request is invalid',
      'nobody logs in to a mock, so it gave out no code',
    ],
    [
      `grant_type=client_credentials&client_id=admin_client&client_secret=admin`,
      {},
      400,
      'invalid_request: requested grant type is not allowed for this client',
      'client admin_client may use authorization_code, not client_credentials',
    ],
    [
      `grant_type=implicit&client_id=svc&client_secret=svc-secret`,
      {},
      400,
      'unsupported_grant_type: unsupported grant_type requested',
      'send grant_type=client_credentials',
    ],
    [
      '{}',
      { 'Content-Type': 'application/json' },
      400,
      'invalid_request: only application/x-www-form-urlencoded content-type bodies are supported on POST /token',
      'Content-Type is application/json: send a form',
    ],
    [
      SVC,
      { 'Content-Type': undefined },
      400,
      'invalid_request: no client authentication mechanism provided',
      'send client_id and client_secret in the form, or both as Basic',
    ],
  ])('%s %j: %i', (body, headers, status, message, reason) => {
    expect(askFor(body, headers)).toMatchObject({ status, message, reason });
  });

  test('names the Etherpad where Basic was used', () => {
    expect(askFor('grant_type=client_credentials', basic('svc:x')).headers).toEqual({
      'Cache-Control': 'no-store',
      'WWW-Authenticate': 'Basic realm="http://127.0.0.1:9001", error="invalid_client", error_description="client authentication failed"',
    });
    expect(askFor('grant_type=client_credentials&client_id=svc&client_secret=x').headers).toEqual({ 'Cache-Control': 'no-store' });
  });
});
