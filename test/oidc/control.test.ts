import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EtherpadControl } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { type Started, WAYS } from '../control/ways.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const REFUSED = { code: 4, message: 'no or wrong OAuth token', data: null };
const OK = { code: 0, message: 'ok', data: null };

describe.each(WAYS)('a test controls OAuth, %s', (_way, start) => {
  let server: Started;
  let etherpad: EtherpadControl;
  let count = 0;
  beforeAll(async () => {
    server = await start({
      authentication: 'sso',
      oauthClients: ['svc:svc-secret:admin=true', 'plain:plain-secret', 'admin:admin-secret:authorization_code'],
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    etherpad = server.etherpad.sandbox(`oauth-${++count}`);
  });

  const call = (authorization?: string, query = ''): Promise<Reply> =>
    ask(etherpad.url, {
      path: `${new URL(etherpad.url).pathname}/checkToken${query}`,
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });
  const answer = async (authorization?: string): Promise<unknown> => JSON.parse((await call(authorization)).body);
  const askFor = (fields: Record<string, string> = {}): Promise<Reply> =>
    ask(etherpad.url, {
      method: 'POST',
      path: `${new URL(etherpad.url).pathname}/oidc/token`,
      headers: FORM,
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'svc',
        client_secret: 'svc-secret',
        resource: 'http://x',
        ...fields,
      }).toString(),
    });

  test('a token is given without asking for it, and lets a call in', async () => {
    expect(await answer(`Bearer ${await etherpad.token()}`)).toEqual(OK);
    const plain = await etherpad.token('plain');
    expect(JSON.parse(Buffer.from(plain.split('.')[1]!, 'base64url').toString())).toMatchObject({ sub: 'plain', iss: etherpad.url });
    expect(await answer(`Bearer ${plain}`)).toEqual(OK);
  });

  test('no token is given to a client that may not have one, or is none', async () => {
    await expect(etherpad.token('admin')).rejects.toMatchObject({
      status: 404,
      message: 'no client "admin" may use client_credentials; there is svc, plain',
    });
    await etherpad.setAuthentication({ oauthClients: ['admin:admin-secret:authorization_code'] });
    await expect(etherpad.token()).rejects.toMatchObject({ status: 404, message: 'no client may use client_credentials; there is none' });
    await etherpad.setAuthentication({ authentication: 'apikey' });
    await expect(etherpad.token()).rejects.toMatchObject({ status: 409 });
  });

  test('a token expires when time moves on, and is good again when time is moved back', async () => {
    await etherpad.setAuthentication({ tokenLifetime: 60 });
    await etherpad.clock.freeze('2030-01-01T00:00:00Z');
    const given = await askFor();
    expect(JSON.parse(given.body)).toMatchObject({ expires_in: 60 });
    const { access_token: token } = JSON.parse(given.body) as { access_token: string };
    await etherpad.clock.advance({ seconds: 59 });
    expect(await answer(`Bearer ${token}`)).toEqual(OK);
    await etherpad.clock.advance({ seconds: 4 });
    const refused = await call(`Bearer ${token}`);
    expect(JSON.parse(refused.body)).toEqual(REFUSED);
    expect(refused.headers).toMatchObject({ 'x-mock-etherpad-reason': 'the token expired 3 s ago' });
    expect(refused.headers).not.toHaveProperty('www-authenticate');
    await etherpad.clock.set({ now: '2030-01-01T00:00:00Z' });
    expect(await answer(`Bearer ${token}`)).toEqual(OK);
  });

  test('a change of authentication voids every token, as a restart does; a reset does not', async () => {
    const token = await etherpad.token();
    await etherpad.reset();
    expect(await answer(`Bearer ${token}`)).toEqual(OK);
    await etherpad.setAuthentication({});
    const refused = await call(`Bearer ${token}`);
    expect(JSON.parse(refused.body)).toEqual(REFUSED);
    expect(refused.headers['x-mock-etherpad-reason']).toBe('the token is from another Etherpad, or from before the last start of this one');
    expect(await answer(`Bearer ${await etherpad.token()}`)).toEqual(OK);
  });

  test('clients and way in can be changed, for one sandbox alone', async () => {
    await etherpad.setAuthentication({ oauthClients: [{ id: 'other', secret: 'with:colon' }] });
    expect((await askFor()).status).toBe(401);
    expect((await askFor({ client_id: 'other', client_secret: 'with:colon' })).status).toBe(200);
    await etherpad.setAuthentication({ authentication: 'apikey' });
    expect(JSON.parse((await call(undefined, `?apikey=${etherpad.apiKey}`)).body)).toEqual(OK);
    const refused = await call(
      `Bearer ${(JSON.parse((await askFor({ client_id: 'other', client_secret: 'with:colon' })).body) as { access_token: string }).access_token}`,
    );
    expect(JSON.parse(refused.body)).toEqual({ code: 4, message: 'no or wrong API Key', data: null });
    expect(refused.headers['x-mock-etherpad-reason']).toMatch(/^a token was sent, but this Etherpad asks for the API key/);
    expect(await etherpad.info()).toMatchObject({ authentication: 'apikey', oauthClients: ['other'], tokenLifetime: 3600 });
    expect(await server.etherpad.info()).toMatchObject({ authentication: 'sso', oauthClients: ['svc', 'plain', 'admin'] });
  });

  test.each<[change: object, problem: object]>([
    [{ authentication: 'none' }, { path: '/authentication', message: 'must be one of apikey, sso, not "none"' }],
    [{ oauthClients: ['hush'] }, { path: '/oauthClients', message: 'a client is given as id:secret, and no colon was found' }],
    [{ oauthClients: ['a:hush', 'a:hush'] }, { path: '/oauthClients', message: 'two clients have the id "a": leave one of them out' }],
    [{ tokenLifetime: 0 }, { path: '/tokenLifetime', message: 'must be at least 1, not 0' }],
    [{ apiKey: 'hush' }, { path: '/apiKey', message: 'is not known: there is authentication, oauthClients, tokenLifetime' }],
  ])('%j is refused, and changes nothing', async (change, problem) => {
    const token = await etherpad.token();
    const refusal = etherpad.setAuthentication(change);
    await expect(refusal).rejects.toMatchObject({ status: 400, problems: [problem], message: expect.not.stringContaining('hush') });
    expect(await answer(`Bearer ${token}`)).toEqual(OK);
  });

  test('OAuth and an Etherpad that has none do not go together', async () => {
    const no = 'Etherpad 1.9.7 has no OAuth: sso goes with documented, 2.5.3, 3.3.1, 1.9.7 with the API key alone';
    await expect(etherpad.emulate('1.9')).rejects.toMatchObject({
      problems: [{ path: '/emulate', message: `cannot be 1.9.7 here: ${no}` }],
    });
    await etherpad.setAuthentication({ authentication: 'apikey' });
    await etherpad.emulate('1.9');
    await expect(etherpad.setAuthentication({ authentication: 'sso' })).rejects.toMatchObject({
      problems: [{ message: `cannot be sso here: ${no}` }],
    });
  });

  test('the journal knows requests for a token, and shows no secret', async () => {
    await askFor();
    await askFor({ client_secret: 'guess' });
    await ask(etherpad.url, { path: `${new URL(etherpad.url).pathname}/oidc/jwks` });
    const { requests } = await etherpad.requests.list();
    expect(requests).toMatchObject([
      { function: null, mount: 'oidc', path: '/oidc/jwks', status: 200, message: null },
      {
        function: 'token',
        mount: 'oidc',
        method: 'POST',
        path: '/oidc/token',
        code: null,
        status: 401,
        message: 'invalid_client: client authentication failed',
        reason: 'the secret of client svc is wrong',
      },
      {
        function: 'token',
        parameters: { grant_type: 'client_credentials', client_id: 'svc', resource: 'http://x' },
        status: 200,
        message: 'ok',
        reason: null,
      },
    ]);
    expect(requests[1]!.parameters).not.toHaveProperty('client_secret');
    await etherpad.requests.verify({ function: 'token', parameters: { client_id: 'svc' }, times: 2 });
  });

  test.each<[fault: object, status: number, body: unknown]>([
    [{ code: 1 }, 400, { error: 'invalid_request', error_description: 'request is invalid' }],
    [{ code: 2 }, 500, { error: 'server_error', error_description: 'oops! something went wrong' }],
    [{ code: 3 }, 404, 'Not Found'],
    [{ code: 4 }, 401, { error: 'invalid_client', error_description: 'client authentication failed' }],
    [{ code: 4, message: 'not today' }, 401, { error: 'invalid_client', error_description: 'not today' }],
  ])('a fault of kind code: %j', async (fault, status, body) => {
    await etherpad.faults.add({ kind: 'code', function: 'token', times: 1, ...fault } as never);
    const reply = await askFor();
    expect(reply.status).toBe(status);
    expect(reply.body).toBe(typeof body === 'string' ? body : JSON.stringify(body));
    expect(reply.headers['x-mock-etherpad-reason']).toBe('fault fault-1 (code) fired');
    const message = typeof body === 'string' ? {} : { message: Object.values(body as object).join(': ') };
    expect((await etherpad.requests.list({ function: 'token' })).requests).toMatchObject([{ fault: 'code', status, ...message }]);
    expect((await askFor()).status).toBe(200);
  });

  test('other faults of a token', async () => {
    await etherpad.faults.add({ kind: 'html', function: 'token', times: 1, status: 503 });
    expect(await askFor()).toMatchObject({ status: 503, body: expect.stringContaining('Service') });
    await etherpad.faults.add({ kind: 'latency', milliseconds: 1, function: 'token', times: 1 });
    expect(await askFor()).toMatchObject({ status: 200, body: expect.stringContaining('access_token') });
    await etherpad.faults.add({ kind: 'truncate', function: 'token', times: 1 });
    const cut = await askFor();
    expect(cut.status).toBe(200);
    expect(() => JSON.parse(cut.body) as unknown).toThrow(SyntaxError);
    for (const kind of ['drop', 'lostAnswer'] as const) {
      await etherpad.faults.add({ kind, function: 'token', times: 1 });
      await expect(askFor()).rejects.toMatchObject({ code: 'ECONNRESET' });
    }
    await etherpad.faults.add({ kind: 'latency', function: 'token', milliseconds: 50 });
    const started = performance.now();
    expect((await askFor()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(45);
    // functions meet none of them
    expect(await answer(`Bearer ${await etherpad.token()}`)).toEqual(OK);
  });
});
