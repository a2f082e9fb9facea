import { describe, expect, test } from 'vitest';
import { ApiError } from '../../src/etherpad/api-error.ts';
import { readValidUntil } from '../../src/etherpad/valid-until.ts';

const NOW = 1_700_000_000;

const refusalOf = (value: unknown): unknown => {
  try {
    return `accepted as ${readValidUntil(value, NOW)}`;
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toHaveProperty('code', 1);
    return (error as ApiError).message;
  }
};

describe('validUntil as text is read up to the first character that is no digit', () => {
  test.each<[given: unknown, read: number]>([
    ['99999999999', 99_999_999_999],
    [' 99999999999 ', 99_999_999_999],
    ['+99999999999', 99_999_999_999],
    ['99999999999abc', 99_999_999_999],
    ['99999999999.5', 99_999_999_999],
    ['00099999999999', 99_999_999_999],
    ['0xFFFFFFFFFF', 1_099_511_627_775],
    ['9007199254740993', 9_007_199_254_740_992],
    ['99999999999999999999', 100_000_000_000_000_000_000],
    ['1700000000000', 1_700_000_000_000],
    [String(NOW), NOW],
    [String(NOW + 1), NOW + 1],
  ])('%j is accepted as %d', (given, read) => {
    expect(readValidUntil(given, NOW)).toBe(read);
  });
});

describe('validUntil as a JSON value', () => {
  test.each<[given: unknown, read: number]>([
    [99_999_999_999, 99_999_999_999],
    [1e12, 1_000_000_000_000],
    [NOW, NOW],
    [['99999999999'], 99_999_999_999],
    [[99_999_999_999, 1], 99_999_999_999],
  ])('%j is accepted as %d', (given, read) => {
    expect(readValidUntil(given, NOW)).toBe(read);
  });
});

describe('validUntil is refused in the words of Etherpad', () => {
  const NOT_A_NUMBER = 'validUntil is not a number';
  const NEGATIVE = 'validUntil is a negative number';
  const FLOAT = 'validUntil is a float value';
  const PAST = 'validUntil is in the past';

  test.each<[given: unknown, message: string]>([
    [undefined, NOT_A_NUMBER],
    ['', NOT_A_NUMBER],
    ['abc', NOT_A_NUMBER],
    ['NaN', NOT_A_NUMBER],
    ['Infinity', NOT_A_NUMBER],
    ['null', NOT_A_NUMBER],
    ['９９９９９９９９９９９', NOT_A_NUMBER],
    ['-1', NEGATIVE],
    ['-99999999999', NEGATIVE],
    ['-0', PAST],
    ['0', PAST],
    ['12abc', PAST],
    ['1.5', PAST],
    ['1.0', PAST],
    ['1e3', PAST],
    ['1e12', PAST],
    ['0x10', PAST],
    ['2099-01-01', PAST],
    [String(NOW - 1), PAST],
    ['1234567890123456789012345', FLOAT],
    [NOW - 1, PAST],
    [-0, PAST],
    [-1.5, NEGATIVE],
    [1.5, FLOAT],
    [99_999_999_999.5, FLOAT],
    [1e21, FLOAT],
    [null, NOT_A_NUMBER],
    [true, NOT_A_NUMBER],
    [false, NOT_A_NUMBER],
    [[], NOT_A_NUMBER],
    [{}, NOT_A_NUMBER],
  ])('%j: %s', (given, message) => {
    expect(refusalOf(given)).toBe(message);
  });

  test('1e400, which JSON reads as infinity, is a float value', () => {
    expect(refusalOf(JSON.parse('1e400'))).toBe(FLOAT);
  });
});
