import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, askRaw, type Question, type Reply } from '../ask.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = 'application/json; charset=utf-8';
const SVC = 'grant_type=client_credentials&client_id=svc&client_secret=svc-secret&resource=http://resource.example';

let etherpad: MockEtherpad;
let host: string;
beforeAll(async () => {
  etherpad = await startMockEtherpad({
    authentication: 'sso',
    emulate: '3.3.1',
    oauthClients: ['svc:svc-secret:admin=true'],
    basePath: '/pad',
  });
  ({ host } = new URL(etherpad.url));
});
afterAll(() => etherpad.close());

const askFor = (body: string, headers: Question['headers'] = {}, base = '/pad'): Promise<Reply> =>
  ask(etherpad.url, { method: 'POST', path: `${base}/oidc/token`, headers: { ...FORM, ...headers }, body });

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

const tokenOf = ({ body }: Reply): string => (JSON.parse(body) as { access_token: string }).access_token;

/** Headers of an answer, without those that every answer has. */
function ownHeaders({ headers }: Reply): object {
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, 'content-length': _length, ...own } = headers;
  return own;
}

describe('POST /oidc/token', () => {
  test('gives a token, with the headers of Etherpad', async () => {
    const reply = await askFor(SVC);
    expect(reply.status).toBe(200);
    expect(ownHeaders(reply)).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'WWW-Authenticate',
      'cache-control': 'no-store',
      'content-type': JSON_TYPE,
    });
    expect(payloadOf(tokenOf(reply))).toEqual({
      admin: 'true',
      jti: expect.stringMatching(/^[\w-]{43}$/),
      sub: 'svc',
      iat: expect.any(Number),
      exp: expect.any(Number),
      client_id: 'svc',
      iss: `http://${host}/pad`,
      aud: 'account',
    });
  });

  test('refuses with a challenge where Basic was used, and says why in a header of the mock', async () => {
    const reply = await askFor('grant_type=client_credentials', {
      Authorization: `Basic ${Buffer.from('svc:x').toString('base64')}`,
      Origin: 'http://o.example',
    });
    expect(reply).toMatchObject({ status: 401, body: '{"error":"invalid_client","error_description":"client authentication failed"}' });
    expect(ownHeaders(reply)).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'http://o.example',
      'access-control-expose-headers': 'WWW-Authenticate',
      'cache-control': 'no-store',
      'content-type': JSON_TYPE,
      'www-authenticate': `Basic realm="http://${host}/pad", error="invalid_client", error_description="client authentication failed"`,
      'x-mock-etherpad-reason': 'the secret of client svc is wrong',
    });
  });

  test('reads a form in chunks, and one that names another charset', async () => {
    const chunked = await ask(etherpad.url, { method: 'POST', path: '/pad/oidc/token', headers: FORM, body: SVC, chunked: true });
    expect(chunked.status).toBe(200);
    expect((await askFor(SVC, { 'Content-Type': `${FORM['Content-Type']}; charset=iso-8859-1` })).status).toBe(200);
  });

  test('reads no more than 56 KiB where the length was not said before', async () => {
    const askInChunks = (body: string): Promise<Reply> =>
      ask(etherpad.url, { method: 'POST', path: '/pad/oidc/token', headers: FORM, body, chunked: true });
    expect((await askInChunks(`${SVC}&x=${'x'.repeat(56 * 1024 - SVC.length - 3)}`)).status).toBe(200);
    const refused = await askInChunks(`${SVC}&x=${'x'.repeat(56 * 1024)}`);
    expect([refused.status, refused.headers.connection]).toEqual([400, 'close']);
  });

  test('does not read more than 56 KiB', async () => {
    expect((await askFor(`${SVC}&x=${'x'.repeat(56 * 1024 - SVC.length - 3)}`)).status).toBe(200);
    expect(await askFor(`${SVC}&x=${'x'.repeat(56 * 1024)}`)).toMatchObject({
      status: 400,
      body: '{"error":"invalid_request","error_description":"failed to parse the request body"}',
    });
  });

  test('does not wait for more of a body that is too long, and answers the next request', async () => {
    const size = 10_000_000;
    const head = `POST /pad/oidc/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${size}\r\n\r\n`;
    expect(await askRaw(etherpad.url, `${head}${'x'.repeat(100_000)}`)).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect((await askFor(SVC)).status).toBe(200);
  });

  test('a malformed JSON body is refused as everywhere on this Etherpad', async () => {
    const reply = await askFor('{bad', { 'Content-Type': 'application/json' });
    expect(reply).toMatchObject({ status: 500, body: '{"error":"Sorry, something bad happened!"}' });
  });
});

describe('what else is below /oidc', () => {
  test('the keys verify a token, as any library does it', async () => {
    const token = tokenOf(await askFor(SVC));
    const { keys } = (await (await fetch(`${etherpad.url}/oidc/jwks`)).json()) as { keys: (JsonWebKey & { kid: string; use: string })[] };
    expect(keys).toEqual([{ kty: 'RSA', use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/), e: 'AQAB', n: expect.any(String) }]);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: keys[0]!.kid });
    const key = createPublicKey({ key: keys[0]!, format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test('both discovery documents say where all is', async () => {
    const documents = await Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map((name) => ask(etherpad.url, { path: `/pad/oidc/.well-known/${name}` })),
    );
    expect(documents[0]!.body).toBe(documents[1]!.body);
    expect(JSON.parse(documents[0]!.body)).toMatchObject({
      issuer: `http://${host}/pad`,
      token_endpoint: `http://${host}/pad/oidc/token`,
      jwks_uri: `http://${host}/pad/oidc/jwks`,
      userinfo_endpoint: `http://${host}/pad/oidc/me`,
    });
    expect(ownHeaders(documents[0]!)).toEqual({ vary: 'Origin', 'access-control-allow-origin': '*', 'content-type': JSON_TYPE });
  });

  test.each<[question: Question, status: number, headers: object, body: string]>([
    [
      { path: '/me' },
      401,
      { 'www-authenticate': 'Bearer realm="ISSUER", DPoP realm="ISSUER", algs="ES256 Ed25519 EdDSA"' },
      '{"error":"invalid_token","error_description":"no access token provided"}',
    ],
    [
      { path: '/me', headers: { Authorization: 'Bearer x' } },
      401,
      { 'www-authenticate': 'Bearer realm="ISSUER", error="invalid_token", error_description="invalid token provided"' },
      '{"error":"invalid_token","error_description":"invalid token provided"}',
    ],
    [
      { path: '/me', headers: { Authorization: 'Basic x' } },
      400,
      {
        'www-authenticate':
          'Bearer realm="ISSUER", error="invalid_request", error_description="authorization header scheme must be `Bearer`"',
      },
      '{"error":"invalid_request","error_description":"authorization header scheme must be `Bearer`"}',
    ],
    [
      { path: '/me', headers: { Authorization: 'x' } },
      400,
      {
        'www-authenticate': 'Bearer realm="ISSUER", error="invalid_request", error_description="invalid authorization header value format"',
      },
      '{"error":"invalid_request","error_description":"invalid authorization header value format"}',
    ],
    [
      {
        method: 'OPTIONS',
        path: '/token',
        headers: { Origin: 'http://o', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
      },
      204,
      {
        vary: 'Origin',
        'access-control-allow-origin': 'http://o',
        'access-control-max-age': '3600',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization',
      },
      '',
    ],
    [
      { method: 'OPTIONS', path: '/jwks', headers: { Origin: 'http://o', 'Access-Control-Request-Method': 'GET' } },
      204,
      { 'access-control-allow-methods': 'GET' },
      '',
    ],
    [{ method: 'OPTIONS', path: '/token' }, 404, { vary: 'Origin' }, 'Not Found'],
    [{ path: '/jwks', headers: { Origin: 'http://o' } }, 200, { vary: 'Origin', 'access-control-allow-origin': 'http://o' }, ''],
    [{ path: '/jwks/' }, 200, {}, ''],
    [{ path: '/JWKS' }, 200, {}, ''],
    [{ method: 'HEAD', path: '/jwks' }, 200, { 'content-type': 'application/jwk-set+json; charset=utf-8' }, ''],
    [{ path: '' }, 404, {}, 'Not Found'],
    [{ path: '/' }, 404, {}, 'Not Found'],
    [{ path: '/nothing' }, 404, { 'content-type': 'text/plain; charset=utf-8' }, 'Not Found'],
    [{ method: 'PUT', path: '/token' }, 404, {}, 'Not Found'],
    [{ method: 'PROPFIND', path: '/token' }, 404, {}, 'Not Found'],
    [{ method: 'POST', path: '/token/introspection', headers: FORM, body: 'token=x' }, 404, {}, 'Not Found'],
  ])('%j: %i', async (question, status, headers, body) => {
    const reply = await ask(etherpad.url, { ...question, path: `/pad/oidc${question.path}` });
    expect(reply.status).toBe(status);
    expect(JSON.parse(JSON.stringify(reply.headers).replaceAll(`http://${host}/pad`, 'ISSUER'))).toMatchObject(headers);
    if (body !== '') expect(reply.body).toBe(body);
  });

  test('its own letters may be of any case', async () => {
    const [given, refused] = await Promise.all([
      ask(etherpad.url, { method: 'POST', path: '/pad/OIDC/Token', headers: FORM, body: SVC }),
      ask(etherpad.url, { method: 'PUT', path: '/pad/OIDC/Token' }),
    ]);
    expect(given.status).toBe(200);
    expect(refused).toMatchObject({ status: 404, body: 'Not Found' });
  });

  test.each(['/auth', '/session/end', '/request'])(
    '%s is there on a real Etherpad, and the mock says that it has no log-in',
    async (path) => {
      const reply = await ask(etherpad.url, { path: `/pad/oidc${path}` });
      expect(reply.status).toBe(501);
      expect(reply.headers['x-mock-etherpad-reason']).toBe(
        'nobody can log in to a mock: get a token with grant_type=client_credentials at /oidc/token',
      );
    },
  );

  test('nothing is there outside of the base path, nor where Etherpad has no OAuth', async () => {
    expect((await askFor(SVC, {}, '')).status).toBe(404);
    await using old = await startMockEtherpad({ emulate: '1.9.7' });
    const reply = await ask(old.url, { method: 'POST', path: '/oidc/token', headers: FORM, body: SVC });
    expect(reply).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
  });
});

describe('a sandbox', () => {
  test('has tokens of its own, below its own path', async () => {
    const one = etherpad.sandbox('one');
    const reply = await askFor(SVC, {}, '/pad/sandbox/one');
    expect(payloadOf(tokenOf(reply))['iss']).toBe(`http://${host}/pad/sandbox/one`);
    const call = async (url: string): Promise<unknown> =>
      (await fetch(`${url}/api/1.2.15/checkToken`, { headers: { Authorization: `Bearer ${tokenOf(reply)}` } })).json();
    expect(await call(one.url)).toEqual({ code: 0, message: 'ok', data: null });
    const refused = { code: 4, message: 'no or wrong OAuth token', data: null };
    expect(await call(etherpad.url)).toEqual(refused);
    expect(await call(etherpad.sandbox('other').url)).toEqual(refused);
  });
});
