import {
  allowInsecureRequests,
  clientCredentialsGrant,
  ClientSecretBasic,
  ClientSecretPost,
  discovery,
  fetchProtectedResource,
} from 'openid-client';
import { describe, expect, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';

describe('openid-client', () => {
  test.each([
    ['in the form', ClientSecretPost('svc-secret')],
    ['as Basic', ClientSecretBasic('svc-secret')],
  ])('finds the server, gets a token with its secret %s, and uses it', async (_how, authentication) => {
    await using etherpad = await startMockEtherpad({ authentication: 'sso', emulate: '3.3.1', oauthClients: ['svc:svc-secret'] });
    const server = new URL(`${etherpad.url}/oidc/.well-known/openid-configuration`);
    const configuration = await discovery(server, 'svc', 'svc-secret', authentication, { execute: [allowInsecureRequests] });
    const { access_token: token, expires_in: lifetime } = await clientCredentialsGrant(configuration, { resource: etherpad.url });
    expect(lifetime).toBe(3600);
    const answer = await fetchProtectedResource(configuration, token, new URL(`${etherpad.url}/api/1.2.15/createGroup`), 'POST');
    expect(await answer.json()).toEqual({ code: 0, message: 'ok', data: { groupID: expect.stringMatching(/^g\./) } });
  });

  test('is refused without a resource, as by a real Etherpad', async () => {
    await using etherpad = await startMockEtherpad({ authentication: 'sso', emulate: '2.5.3', oauthClients: ['svc:svc-secret'] });
    const server = new URL(`${etherpad.url}/oidc/.well-known/openid-configuration`);
    const configuration = await discovery(server, 'svc', 'svc-secret', undefined, { execute: [allowInsecureRequests] });
    await expect(clientCredentialsGrant(configuration)).rejects.toMatchObject({
      error: 'invalid_target',
      error_description: 'resource indicator must be an absolute URI',
    });
    const { requests } = await etherpad.requests.list({ function: 'token' });
    expect(requests[0]?.reason).toBe('send resource=…, any absolute URI such as http://etherpad:9001: Etherpad refuses without');
  });
});
