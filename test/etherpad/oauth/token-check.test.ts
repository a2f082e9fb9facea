import { assert, constantFrom, nat, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonWebToken, readToken, signToken, type SigningKey } from '../../../src/etherpad/oauth/json-web-token.ts';
import { findTokenRefusal, type SentCall } from '../../../src/etherpad/oauth/token-check.ts';
import { newSigningKey } from './signing-key.ts';

const NOW = 1_700_000_000;
const key = newSigningKey();
const signed = (claims: object, by: SigningKey = key): string => signToken({ sub: 'svc', iat: NOW - 10, exp: NOW + 3590, ...claims }, by);
const good = signed({});

const refusalOf = (call: Partial<SentCall>): unknown => {
  const refusal = findTokenRefusal({ headers: {}, parameters: {}, ...call }, { key, now: NOW, isApiKey: (text) => text === 'the-key' });
  return refusal === undefined ? 'accepted' : `${refusal.code} ${refusal.message}; ${refusal.reason}`;
};
const withAuthorization = (authorization: string): unknown => refusalOf({ headers: { authorization } });

const ADVICE = 'send the header Authorization: Bearer <token>, with a token from POST /oidc/token';
const NOTHING = '4 no or wrong API Key';
const WRONG = '4 no or wrong OAuth token';

describe('the token of a call', () => {
  test.each([
    ['as Bearer', `Bearer ${good}`],
    ['bare', good],
    ['from another issuer, for another audience', `Bearer ${signed({ iss: 'x', aud: 'y' })}`],
    ['in its last second', `Bearer ${signed({ exp: NOW + 1 })}`],
    ['from the future, when the clock was moved back', `Bearer ${signed({ iat: NOW + 5 })}`],
  ])('%s is accepted', (_name, authorization) => {
    expect(withAuthorization(authorization)).toBe('accepted');
  });

  const none = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdmMifQ.';
  const another = 'the token is from another Etherpad, or from before the last start of this one';
  test.each<[name: string, authorization: string, reason: string]>([
    ['expired', `Bearer ${signed({ exp: NOW - 3 })}`, 'the token expired 3 s ago'],
    ['expired this second', `Bearer ${signed({ exp: NOW })}`, 'the token expired 0 s ago'],
    ['bearer in lower case', `bearer ${good}`, 'Bearer must be written with a capital B'],
    ['two spaces', `Bearer  ${good}`, 'exactly one space must stand between Bearer and the token'],
    ['Basic', 'Basic c3ZjOnN2Yy1zZWNyZXQ=', `Basic was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['the API key', 'the-key', `an API key was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['the API key as Bearer', 'Bearer the-key', `an API key was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['the API key as bearer, with two spaces', 'bearer  the-key', `an API key was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['a word before the API key', 'x Bearer the-key', `x was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['a word before bearer', 'x bearer y', `x was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['a word before Bearer and two spaces', 'x Bearer  y', `x was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['garbage', 'Bearer abc.def.ghi', `what was sent is no JWT: ${ADVICE}`],
    [
      'opaque',
      `Bearer opaque-${'x'.repeat(36)}`,
      'this is no JWT: a token that was asked for with scope and without resource is opaque, and the API does not take it',
    ],
    ['longer', `Bearer ${good}x`, 'the token is not as it was given out: its signature does not fit'],
    ['not signed', `Bearer ${none}`, 'the token is not signed with RS256, the one way that Etherpad takes'],
    ['signed by another', `Bearer ${signed({}, newSigningKey('key-2'))}`, another],
    [
      'signed by another that claims to be this one',
      `Bearer ${signed({}, newSigningKey())}`,
      'the token is not as it was given out: its signature does not fit',
    ],
  ])('%s is refused', (_name, authorization, reason) => {
    expect(withAuthorization(authorization)).toBe(`${WRONG}; ${reason}`);
  });

  test('is good for its key alone, however often it was seen', () => {
    const other = newSigningKey('key-2');
    const rules = { now: NOW, isApiKey: () => false };
    const tokens = Array.from({ length: 150 }, (_, index) => signed({ jti: String(index) }));
    for (const token of [...tokens, ...tokens.toReversed()]) {
      const call = { headers: { authorization: `Bearer ${token}` }, parameters: {} };
      expect(findTokenRefusal(call, { ...rules, key })).toBeUndefined();
      expect(findTokenRefusal(call, { ...rules, key: other })?.message).toBe('no or wrong OAuth token');
      expect(findTokenRefusal(call, { ...rules, key, now: NOW + 3590 })?.reason).toBe('the token expired 0 s ago');
    }
  });

  test('is refused where none was given out yet', () => {
    const refusal = findTokenRefusal(
      { headers: { authorization: good }, parameters: {} },
      { key: undefined, now: NOW, isApiKey: () => false },
    );
    expect(refusal?.reason).toBe(another);
  });

  test.each<[name: string, call: Partial<SentCall>, reason: string]>([
    ['nothing', {}, `no token was sent: ${ADVICE}`],
    ['an empty header', { headers: { authorization: '' } }, `no token was sent: ${ADVICE}`],
    ['a key as parameter', { parameters: { apikey: 'the-key' } }, `an API key was sent, but this Etherpad asks for a token: ${ADVICE}`],
    ['a key as header', { headers: { 'x-api-key': 'the-key' } }, `an API key was sent, but this Etherpad asks for a token: ${ADVICE}`],
    [
      'a token as parameter',
      { parameters: { access_token: good } },
      `a token was sent as parameter access_token, where Etherpad does not look: ${ADVICE}`,
    ],
  ])('%s counts as nothing', (_name, call, reason) => {
    expect(refusalOf(call)).toBe(`${NOTHING}; ${reason}`);
  });

  test('is good no more when any of its letters was changed', () => {
    const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    const meaning = (token: JsonWebToken | undefined): unknown => token && [token.signed, token.signature.toString('hex')];
    assert(
      property(nat(good.length - 1), constantFrom(...Array.from(LETTERS)), (index, letter) => {
        const changed = good.slice(0, index) + letter + good.slice(index + 1);
        // the last letter has bits that mean nothing
        const isSame = JSON.stringify(meaning(readToken(changed))) === JSON.stringify(meaning(readToken(good)));
        expect(withAuthorization(`Bearer ${changed}`) === 'accepted').toBe(isSame);
      }),
    );
  });

  test('never makes the check fail, whatever is sent', () => {
    assert(
      property(string(), (authorization) => {
        expect(withAuthorization(authorization)).toMatch(/^4 /);
      }),
    );
  });
});

describe('a text with three parts is no token where one of the first two is no object in JSON', () => {
  const part = (text: string): string => Buffer.from(text).toString('base64url');

  test.each(['[]', 'null', '1', 'true', '"x"', '{', '{}x'])('%s', (text) => {
    expect(readToken(`${part('{}')}.${part('{}')}.AA`)).toMatchObject({ header: {}, payload: {} });
    expect(readToken(`${part(text)}.${part('{}')}.AA`)).toBeUndefined();
    expect(readToken(`${part('{}')}.${part(text)}.AA`)).toBeUndefined();
  });
});
