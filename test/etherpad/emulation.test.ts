import { describe, expect, test } from 'vitest';
import { type Behaviour, behaviourOf, type Emulation, EMULATIONS, findEmulation } from '../../src/etherpad/emulation.ts';

describe('a word finds the newest emulation that starts so', () => {
  test.each<[word: string, found: Emulation | undefined]>([
    ['documented', 'documented'],
    ['1.9.7', '1.9.7'],
    ['2.5.3', '2.5.3'],
    ['3.3.1', '3.3.1'],
    ['3', '3.3.1'],
    ['3.3', '3.3.1'],
    ['2', '2.5.3'],
    ['2.5', '2.5.3'],
    ['1', '1.9.7'],
    ['1.9', '1.9.7'],
    ['', undefined],
    ['4', undefined],
    ['3.', undefined],
    ['3.3.1.', undefined],
    ['1.8', undefined],
    ['2.5.30', undefined],
    ['.', undefined],
    ['doc', undefined],
    ['Documented', undefined],
    ['latest', undefined],
  ])('%j: %s', (word, found) => {
    expect(findEmulation(word)).toBe(found);
  });
});

describe('the table of differences', () => {
  test.each<[behaviour: keyof Behaviour, documented: unknown, v1_9_7: unknown, v2_5_3: unknown, v3_3_1: unknown]>([
    ['currentVersion', '1.3.1', '1.3.0', '1.3.0', '1.3.1'],
    ['wrongParametersStatus', 400, 200, 200, 200],
    ['sessionInfo', 'documented', 'bare', 'bare', 'bare'],
    ['sessionList', 'array', 'map', 'map', 'map'],
    ['authorName', 'documented', 'bare', 'bare', 'bare'],
    ['keepsExpiredSessions', false, true, true, true],
    ['deletedSessionsStayAsNull', false, true, false, false],
    ['deletedGroupsLinger', false, true, false, false],
    ['headersAreParameters', false, false, true, false],
    ['jsonBody', 'function', 'function', 'server, then nobody answers', 'server'],
    ['rootMount', true, false, false, false],
    ['api2', 'envelope', 'absent', 'not found', 'not found'],
    ['etag', false, true, true, true],
    ['openapiMethods', ['get', 'post'], ['get', 'post'], ['get', 'post'], ['post']],
  ])('%s', (behaviour, ...row) => {
    expect(EMULATIONS.map((emulation) => behaviourOf(emulation)[behaviour])).toEqual(row);
  });

  test('every emulation has a value for every behaviour', () => {
    const names = Object.keys(behaviourOf('documented'));
    for (const emulation of EMULATIONS) {
      expect(Object.keys(behaviourOf(emulation))).toEqual(names);
      expect(Object.values(behaviourOf(emulation))).not.toContain(undefined);
    }
  });
});
