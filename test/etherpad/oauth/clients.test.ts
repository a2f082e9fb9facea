import { describe, expect, test } from 'vitest';
import { OAuthClientError, readClient, readClients } from '../../../src/etherpad/oauth/clients.ts';

const grants = ['client_credentials'];

describe('a client is read', () => {
  test.each<[given: unknown, read: object]>([
    ['svc:svc-secret', { id: 'svc', secret: 'svc-secret', claims: {}, grants }],
    ['svc:svc-secret:admin=true', { id: 'svc', secret: 'svc-secret', claims: { admin: 'true' }, grants }],
    ['svc:s:admin=true,team=a=b,empty=', { id: 'svc', secret: 's', claims: { admin: 'true', team: 'a=b', empty: '' }, grants }],
    ['admin_client:admin:authorization_code', { id: 'admin_client', secret: 'admin', claims: {}, grants: ['authorization_code'] }],
    [
      'svc:s:admin=true:client_credentials,authorization_code',
      { id: 'svc', secret: 's', claims: { admin: 'true' }, grants: ['client_credentials', 'authorization_code'] },
    ],
    ['svc:s::authorization_code', { id: 'svc', secret: 's', claims: {}, grants: ['authorization_code'] }],
    ['svc:s:', { id: 'svc', secret: 's', claims: {}, grants }],
    [
      { id: 'a:b', secret: 'c:d' },
      { id: 'a:b', secret: 'c:d', claims: {}, grants },
    ],
    [
      { id: 'a', secret: 'b', claims: { admin: 'true' }, grants: ['authorization_code'] },
      { id: 'a', secret: 'b', claims: { admin: 'true' }, grants: ['authorization_code'] },
    ],
  ])('%j', (given, read) => {
    expect(readClient(given)).toEqual(read);
  });
});

describe('a client that cannot be used is refused, and no secret is shown', () => {
  const AFTER =
    'what follows the secret of client "svc" must be claim=value,… or a grant (client_credentials, authorization_code); a secret that has a colon in it can only be given in process or by control';
  test.each<[given: unknown, message: string]>([
    ['svc', 'a client is given as id:secret, and no colon was found'],
    [':hush', 'the id of a client must be printable ASCII, and not empty'],
    ['svc:', 'the secret of client "svc" must be printable ASCII, and not empty'],
    ['svc:hüsh', 'the secret of client "svc" must be printable ASCII, and not empty'],
    ['svc:hu:sh', AFTER],
    ['svc:hu:sh:authorization_code', AFTER],
    ['svc:hush:admin=true:hush=1', AFTER],
    ['svc:hush:admin=true,hush', AFTER],
    ['svc:hush:=x', AFTER],
    ['svc:hush:exp=1', 'client "svc" cannot have the claim exp: each token has its own'],
    [undefined, 'a client is id:secret, or an object with id and secret'],
    [['svc', 'hush'], 'a client is id:secret, or an object with id and secret'],
    [{ id: 'svc' }, 'the secret of client "svc" must be printable ASCII, and not empty'],
    [{ secret: 'hush' }, 'the id of a client must be printable ASCII, and not empty'],
    [{ id: 'svc', secret: 'hush', claim: {} }, 'a client has id, secret, claims and grants, but no "claim"'],
    [{ id: 'svc', secret: 'hush', claims: { admin: true } }, 'the claims of client "svc" must be an object of text: { admin: \'true\' }'],
    [{ id: 'svc', secret: 'hush', grants: [] }, 'the grants of client "svc" must be a list of client_credentials and authorization_code'],
    [
      { id: 'svc', secret: 'hush', grants: ['password'] },
      'the grants of client "svc" must be a list of client_credentials and authorization_code',
    ],
    [
      { id: 'svc', secret: 'hush', grants: ['client_credentials', 'password'] },
      'the grants of client "svc" must be a list of client_credentials and authorization_code',
    ],
    [
      { id: 'svc', secret: 'hush', grants: ['client_credentials', 1] },
      'the grants of client "svc" must be a list of client_credentials and authorization_code',
    ],
    [
      { id: 'svc', secret: 'hush', grants: 'client_credentials' },
      'the grants of client "svc" must be a list of client_credentials and authorization_code',
    ],
  ])('%j', (given, message) => {
    const read = (): unknown => readClient(given);
    expect(read).toThrow(new OAuthClientError(message));
    expect(message).not.toMatch(/hush(?!")/);
  });

  test('too many', () => {
    const clients = Array.from({ length: 101 }, (_, index) => `svc-${index}:hush`);
    expect(() => readClients(clients)).toThrow(new OAuthClientError('an Etherpad has at most 100 clients, not 101'));
    expect(readClients(clients.slice(1))).toHaveLength(100);
  });

  test('two clients with one id', () => {
    expect(() => readClients(['svc:a', 'svc:b'])).toThrow(new OAuthClientError('two clients have the id "svc": leave one of them out'));
  });
});
