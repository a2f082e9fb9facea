import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { type MockEtherpadOptions, startMockEtherpad } from '../../src/index.ts';
import { scenariosFor } from '../../src/verify/run-scenarios.ts';
import { SUBJECTS } from '../../src/verify/scenarios/subjects.ts';
import { alteringProxy, answeringServer } from './altering-proxy.ts';
import { keptSurroundings } from './surroundings.ts';

const SSO: MockEtherpadOptions = { authentication: 'sso', oauthClients: ['svc:hush-hush-1', 'page:hush-hush-2:authorization_code'] };

async function outcomeOf(...words: string[]): Promise<{ status: number; out: string; error: string }> {
  const surroundings = keptSurroundings();
  const status = await main(['verify', ...words], { environment: { MOCK_ETHERPAD_OAUTH_CLIENTS: 'not a client' }, ...surroundings });
  return { status, out: surroundings.out(), error: surroundings.error() };
}

describe.concurrent('a server that asks for tokens', () => {
  test.each(['documented', '2.5.3', '3.3.1'] as const)('is compared with %s, which it is like', { timeout: 60_000 }, async (emulate) => {
    await using etherpad = await startMockEtherpad({ ...SSO, emulate });
    const { status, out, error } = await outcomeOf(etherpad.url, '--oauth-client', 'svc:hush-hush-1', '--json');
    const { as, results } = JSON.parse(out) as { as: string; results: { subject: string; outcome: string }[] };
    expect({ status, as, error, differing: results.filter(({ outcome }) => outcome !== 'same') }).toEqual({
      status: 0,
      as: emulate,
      error: '',
      differing: [],
    });
    expect(results).toHaveLength(scenariosFor(SUBJECTS, emulate, 'token').length);
    const subjects = new Set(results.map(({ subject }) => subject));
    expect([subjects.has('OAuth'), subjects.has('API key')]).toEqual([true, false]);
  });

  test('one that gives tokens otherwise is told from it, and no secret is shown', { timeout: 60_000 }, async () => {
    await using etherpad = await startMockEtherpad({ ...SSO, emulate: '3.3.1' });
    await using proxy = await alteringProxy(etherpad.url, (_request, answer) => {
      answer.body = answer.body.replace('client authentication failed', 'no');
    });
    const { status, out } = await outcomeOf(proxy.url, '--oauth-client', 'svc:hush-hush-1', '--as', '3.3.1');
    expect(status).toBe(1);
    expect(out).toContain('no client, an unknown one and a wrong secret are refused');
    expect(out).not.toMatch(/hush-hush-1|eyJhbGciOi/);
  });
});

describe.concurrent('exit status 2, with a line that says what to do', () => {
  async function complaint(...words: string[]): Promise<string> {
    const { status, out, error } = await outcomeOf(...words);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(/^[^\n]+\n$/);
    return error.trimEnd();
  }

  test('it asks for a token and got a key', async () => {
    await using etherpad = await startMockEtherpad({ ...SSO, emulate: '3.3.1' });
    expect(await complaint(etherpad.url)).toBe(
      `${etherpad.url} asks for an OAuth token, not for an API key. Pass --oauth-client id:secret, with a client of "sso" in its settings.json that may use client_credentials; or set "authenticationMethod": "apikey" there.`,
    );
  });

  test('it asks for a key and got a token', async () => {
    await using etherpad = await startMockEtherpad({ ...SSO, authentication: 'apikey', emulate: '3.3.1' });
    expect(await complaint(etherpad.url, '--oauth-client', 'svc:hush-hush-1')).toBe(
      `${etherpad.url} gives a token and does not take it: it asks for an API key. Pass it with --api-key instead of --oauth-client.`,
    );
  });

  test('it has no OAuth', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '1.9.7' });
    expect(await complaint(etherpad.url, '--oauth-client', 'svc:hush-hush-1')).toBe(
      `${etherpad.url} gives client svc no token: POST /oidc/token answers 404. It has no OAuth: leave --oauth-client out, and pass --api-key.`,
    );
  });

  test.each([
    ['svc:wrong', 'svc', '401, client authentication failed'],
    ['page:hush-hush-2', 'page', '400, requested grant type is not allowed for this client'],
  ])('it gives %s no token', async (client, id, answer) => {
    await using etherpad = await startMockEtherpad({ ...SSO, emulate: '2.5.3' });
    expect(await complaint(etherpad.url, '--oauth-client', client)).toBe(
      `${etherpad.url} gives client ${id} no token: POST /oidc/token answers ${answer}. Check id and secret, and that the client may use client_credentials ("sso" in settings.json).`,
    );
  });

  test('it answers something else for a token', async () => {
    await using server = await answeringServer((response) => {
      response.setHeader('Content-Type', 'application/json; charset=utf-8').end('{"currentVersion":"1.3.1"}');
    });
    expect(await complaint(server.url, '--oauth-client', 'svc:hush-hush-1')).toMatch(
      /gives client svc no token: POST \/oidc\/token answers 200\./,
    );
  });

  test('several clients are given, or one that is none', async () => {
    expect(await complaint('http://x', '--oauth-client', 'a:b', '--oauth-client', 'c:d')).toBe(
      'verify takes one --oauth-client: leave the others out.',
    );
    expect(await complaint('http://x', '--oauth-client', 'a')).toBe(
      '--oauth-client: a client is given as id:secret, and no colon was found',
    );
  });
});
