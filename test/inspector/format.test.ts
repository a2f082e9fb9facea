import { expect, test } from 'vitest';
import { dateAndTime, duration, timeLeft } from '../../src/inspector/format.ts';

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min 00 s'],
  [272, '4 min 32 s'],
  [3_599, '59 min 59 s'],
  [3_600, '1 h 00 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 d 0 h'],
  [172_800 + 7_200, '2 d 2 h'],
  [8_640_000_000_000, '100,000,000 d'],
])('%i seconds are written as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [100, 99, { expired: false, text: '1 s' }],
  [100, 100, { expired: true, text: 'expired now' }],
  [100, 500, { expired: true, text: 'expired 6 min ago' }],
  [100, 101, { expired: true, text: 'expired 1 s ago' }],
  [100.5, 100, { expired: false, text: '1 s' }],
  [100.5, 101, { expired: true, text: 'expired now' }],
])('a session until %d has at second %d: %j', (validUntil, now, left) => {
  expect(timeLeft(validUntil, now)).toEqual(left);
});

test('a year of five digits keeps its time of day', () => {
  expect(dateAndTime(Date.parse('+012345-06-07T08:09:10.000Z'))).toEqual({ date: '+012345-06-07', time: '08:09:10' });
});
