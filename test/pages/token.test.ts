import { expect, test } from 'vitest';
import { tokenCookie } from '../../src/http/pages/token.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');

test('a guest is known again for 60 days', () => {
  expect(tokenCookie({}, '/pad', NOW)).toMatch(
    /^token=t\.[\w-]{20}; Max-Age=5184000; Path=\/pad; Expires=Sat, 02 Mar 2030 00:00:00 GMT; HttpOnly; SameSite=Lax$/,
  );
  expect(tokenCookie({ 'sec-fetch-site': 'cross-site' }, '', NOW)).toMatch(/Path=\/; .*SameSite=None$/);
});

test('who has a token keeps it', () => {
  expect(tokenCookie({ cookie: 'token=t.abcdefghijklmnopqrst' }, '', NOW)).toBeUndefined();
  expect(tokenCookie({ cookie: 'token=nonsense' }, '', NOW)).toMatch(/^token=t\./);
});
