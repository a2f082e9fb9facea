import { expect, test } from 'vitest';
import { Secret, Secrets } from '../../src/sandbox/secrets.ts';
import { shortenedParameters } from '../../src/sandbox/shorten.ts';

test('a secret is replaced wherever it stands, in each of its forms', () => {
  expect(new Secret('key & pace').replacedIn('key & pace, key%20%26%20pace, key+%26+pace and key &amp; pace', '…')).toBe('…, …, … and …');
});

test('what means something in a pattern means only itself', () => {
  expect(new Secret('a.b*c[d').replacedIn('a%2Eb%2Ac%5Bd, axb*c[d, a.bbc%5Bd and abc%5Bd', '…')).toBe('…, axb*c[d, a.bbc%5Bd and abc%5Bd');
});

test('what stands under the name of a secret is left out where parameters are shortened, whatever it is', () => {
  const secrets = new Secrets('the-key-of-this-test');
  const parameters = { apikey: 'a wrong key', client_secret: 'anything', groupID: 'g.1', text: 'x'.repeat(30) };
  const kept = shortenedParameters(parameters, secrets, 10);
  expect(Object.keys(kept)).toEqual(['groupID', 'text']);
  expect(kept['text']).toMatch(/^x{10}… \(30 characters, SHA-256 [0-9a-f]{16}…\)$/);
});
