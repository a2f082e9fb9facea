import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessRecords, checkAccess, type Denied, isAuthorToken, type PublishedPad } from '../../src/etherpad/access.ts';
import { explainDenial, explainPadName, roughly } from '../../src/etherpad/access-reasons.ts';
import type { GivenIds, Session } from '../../src/etherpad/state.ts';
import { newWorld } from './new-world.ts';

const NOW = 1_700_000_000;

/** What the recorded sequence `access by session` makes first, and one read-only id more. */
function recordedWorld() {
  const world = newWorld('3.3.1', NOW);
  const idOf = (answer: unknown): string => Object.values(answer as Record<string, string>)[0]!;
  const create = (name: string, parameters = {}): string => idOf(world.call(name, parameters));
  const group = create('createGroup');
  const other = create('createGroup');
  const ann = create('createAuthor', { name: 'Ann' });
  const bob = create('createAuthor', { name: 'Bob' });
  const session = (groupID: string, seconds: number, authorID = ann): string =>
    create('createSession', { groupID, authorID, validUntil: NOW + seconds });
  const ids = {
    group,
    other,
    ann,
    bob,
    s: session(group, 100_000),
    s2: session(other, 100_000),
    se: session(group, 2),
    sd: session(group, 100_000, bob),
    gp: create('createGroupPad', { groupID: group, padName: 'secret', text: 'Secret\ntext' }),
  };
  world.call('deleteSession', { sessionID: ids.sd });
  world.clock.seconds = NOW + 3;

  const pads = new Map<string, { padID: string; publicStatus: unknown }>();
  for (const padID of [ids.gp, 'open']) pads.set(padID, { padID, publicStatus: false });
  const readOnly = new Map([
    ['r.secret', ids.gp],
    ['r.open', 'open'],
  ]);
  const looked: string[] = [];
  const state: AccessRecords = {
    findExpiredLately: () => undefined,
    findSession: (sessionID: string): Session | undefined => {
      looked.push(sessionID);
      return world.state.findSession(sessionID);
    },
    givenIds: (given: Session): GivenIds | undefined => world.state.givenIds(given),
    findPad: (padID: string): PublishedPad | undefined => pads.get(padID),
    findPadByReadOnlyID: (readOnlyID: string): PublishedPad | undefined => pads.get(readOnly.get(readOnlyID) ?? ''),
  };
  return { world, ids, pads, looked, open: (id: string, cookies?: string) => checkAccess(id, cookies, { state, clock: world.clock }) };
}

type Recorded = ReturnType<typeof recordedWorld>;

describe('the cookie of a private pad, as recorded on 1.9.7, 2.5.3 and 3.3.1', () => {
  const cases: [name: string, cookies: (ids: Recorded['ids']) => string | undefined, granted: boolean][] = [
    ['no cookie', () => undefined, false],
    ['session', ({ s }) => `sessionID=${s}`, true],
    ['other group', ({ s2 }) => `sessionID=${s2}`, false],
    ['deleted', ({ sd }) => `sessionID=${sd}`, false],
    ['unknown', () => 'sessionID=s.unknown', false],
    ['empty', () => 'sessionID=', false],
    ['list, good first', ({ s, s2 }) => `sessionID=${s},${s2}`, true],
    ['list, good last', ({ s, s2 }) => `sessionID=${s2},${s}`, true],
    ['list encoded', ({ s, s2 }) => `sessionID=${s2}%2C${s}`, true],
    ['list with space', ({ s, s2 }) => `sessionID=${s2}, ${s}`, false],
    ['quoted', ({ s, s2 }) => `sessionID="${s2},${s}"`, true],
    ['list with space encoded', ({ s, s2 }) => `sessionID=${s2}%2C%20${s}`, false],
    ['other cookies', ({ s }) => `a=b; sessionID=${s}; c=d`, true],
    ['cookie name case', ({ s }) => `sessionid=${s}`, false],
    ['ep_ prefix', ({ s }) => `ep_sessionID=${s}`, false],
    ['two cookies', ({ s, s2 }) => `sessionID=${s2}; sessionID=${s}`, false],
    ['expired', ({ se }) => `sessionID=${se}`, false],
    ['expired and live', ({ se, s }) => `sessionID=${se},${s}`, true],
    // not recorded, and the same rules
    ['quotes encoded', ({ s }) => `sessionID=%22${s}%22`, true],
    ['quote at one end', ({ s }) => `sessionID=${s}"`, true],
    ['empty ids in the list', ({ s }) => `sessionID=,,${s},`, true],
    ['cannot be decoded', ({ s }) => `sessionID=%,${s}`, true],
    ['no space between cookies', ({ s }) => `a=b;sessionID=${s};c=d`, true],
    ['spaces around name and value', ({ s }) => ` sessionID = ${s} `, true],
    ['a cookie whose name ends so', ({ s }) => `xsessionID=${s}`, false],
    ['encoded twice', ({ s, s2 }) => `sessionID=${s2}%252C${s}`, false],
    ['capitals', ({ s }) => `sessionID=${s.toUpperCase()}`, false],
  ];
  test.each(cases)('%s', (_name, cookies, granted) => {
    const { ids, open } = recordedWorld();
    expect(open(ids.gp, cookies(ids)).granted).toBe(granted);
    expect(open('r.secret', cookies(ids)).granted).toBe(granted);
  });
});

test('the first session that counts says who reads', () => {
  const { ids, open } = recordedWorld();
  const access = open(ids.gp, `sessionID=${ids.s2},${ids.se},${ids.s}`);
  expect(access).toMatchObject({ granted: true, by: 'session', padID: ids.gp, readOnly: false, session: { sessionID: ids.s } });
});

test('a public pad is open, with the author of a session where there is one', () => {
  const { ids, pads, open } = recordedWorld();
  pads.get(ids.gp)!.publicStatus = true;
  expect(open(ids.gp)).toMatchObject({ granted: true, by: 'public', session: undefined });
  expect(open(ids.gp, 'sessionID=s.unknown')).toMatchObject({ granted: true, by: 'public' });
  expect(open(ids.gp, `sessionID=${ids.s}`)).toMatchObject({ granted: true, by: 'session', session: { sessionID: ids.s } });
  pads.get(ids.gp)!.publicStatus = false;
  expect(open(ids.gp)).toMatchObject({ granted: false, why: { kind: 'no cookie' } });
});

test('a pad of no group is open, and sessions say nothing about it', () => {
  const { ids, open } = recordedWorld();
  expect(open('open')).toMatchObject({ granted: true, by: 'open', pad: { padID: 'open' } });
  expect(open('open', `sessionID=${ids.s}`)).toMatchObject({ granted: true, by: 'open', session: undefined });
  expect(open('nosuch')).toMatchObject({ granted: true, by: 'open', pad: undefined });
  expect(open('r.open')).toMatchObject({ granted: true, by: 'open', padID: 'open', readOnly: true });
});

test('a pad that is not there is granted to a session of its group alone', () => {
  const { ids, open } = recordedWorld();
  expect(open(`${ids.group}$nosuch`, `sessionID=${ids.s}`)).toMatchObject({ granted: true, pad: undefined });
  expect(open(`${ids.group}$nosuch`).granted).toBe(false);
  expect(open('g.aaaaaaaaaaaaaaaa$x', `sessionID=${ids.s}`).granted).toBe(false);
  expect(open('r.nosuch', `sessionID=${ids.s}`)).toMatchObject({ granted: false, padID: undefined, why: { kind: 'unknown read-only id' } });
});

test('sessions of a deleted group open nothing', () => {
  const { world, ids, open } = recordedWorld();
  world.call('deleteGroup', { groupID: ids.group });
  expect(open(ids.gp, `sessionID=${ids.s}`)).toMatchObject({ granted: false, why: { refused: [{ because: 'unknown' }] } });
});

test('a session opens until its last second, by the clock of the Etherpad', () => {
  const { world, ids, open } = recordedWorld();
  world.clock.seconds = NOW + 99_999;
  expect(open(ids.gp, `sessionID=${ids.s}`).granted).toBe(true);
  world.clock.seconds = NOW + 100_000;
  expect(open(ids.gp, `sessionID=${ids.s}`)).toMatchObject({ granted: false, why: { refused: [{ because: 'expired' }] } });
  world.clock.seconds = NOW;
  expect(open(ids.gp, `sessionID=${ids.s}`).granted).toBe(true);
});

test('of a session whose memory was given back, it is known when it expired and of which group it was', () => {
  const clock = { milliseconds: () => NOW * 1000 };
  const refusalOf = (groupID: string, validUntil: number) => {
    const state: AccessRecords = {
      findSession: () => undefined,
      findExpiredLately: () => ({ groupID, validUntil }),
      givenIds: () => undefined,
      findPad: () => undefined,
      findPadByReadOnlyID: () => undefined,
    };
    const access = checkAccess('g.1234567890123456$x', 'sessionID=s.1', { state, clock });
    return access.granted || access.why.kind !== 'no session counts' ? undefined : access.why.refused[0]!.because;
  };
  expect(refusalOf('g.1234567890123456', NOW - 1)).toBe('expired');
  expect(refusalOf('g.1234567890123456', NOW)).toBe('expired');
  expect(refusalOf('g.other', NOW - 1)).toBe('unknown');
  // the clock was set back
  expect(refusalOf('g.1234567890123456', NOW + 1)).toBe('unknown');
});

test('a session whose group was given in an array is of no group', () => {
  const { world, ids, open } = recordedWorld();
  const { sessionID } = world.call('createSession', { groupID: [ids.group], authorID: ids.ann, validUntil: NOW + 100 }) as {
    sessionID: string;
  };
  expect(open(ids.gp, `sessionID=${sessionID}`).granted).toBe(false);
});

test('a cookie token that is none keeps guests out, and nobody who has a session', () => {
  const { ids, open } = recordedWorld();
  expect(open('open', 'token=t.abcdefghijklmnopqrst').granted).toBe(true);
  expect(open('open', 'token=nonsense')).toMatchObject({ granted: false, why: { kind: 'malformed token' } });
  expect(open(ids.gp, `token=nonsense; sessionID=${ids.s}`).granted).toBe(true);
});

test.each([
  ['t.abcdefghijklmnopqrst', true],
  ['t.abcd', true],
  ['t.abd=', false],
  ['t.abE=', true],
  ['t.aQ==', true],
  ['t.', false],
  ['t.abcde', false],
  ['a.abcdefghijklmnopqrst', false],
  ['t.abc$', false],
  [undefined, false],
])('is %s an author token? %s', (token, expected) => {
  expect(isAuthorToken(token)).toBe(expected);
});

test('each id of a cookie is looked up at most once', () => {
  const { ids, looked, open } = recordedWorld();
  const list = Array.from({ length: 1_000 }, (_, index) => `s.${index % 500}`);
  expect(open(ids.gp, `sessionID=${list.join(',')}`).granted).toBe(false);
  expect(looked).toHaveLength(500);
  expect(new Set(looked).size).toBe(500);
});

test('no cookie makes it throw, and none without a live id of the group opens the pad', () => {
  const { ids, open } = recordedWorld();
  const part = fc.oneof(fc.string(), fc.constantFrom('sessionID=', ';', ',', '"', '%2C', '%', '=', ids.s2, ids.se, ids.sd));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const access = open(ids.gp, parts.join(''));
      expect(access.granted).toBe(false);
      expect(explainDenial(access as Denied, { cookies: parts.join(''), queryNames: [], hide: (text) => text }, NOW)).not.toBe('');
    }),
  );
});

describe('the reason of a denial', () => {
  const cases: [what: string, cookies: (ids: Recorded['ids']) => string | undefined, reason: (ids: Recorded['ids']) => string][] = [
    ['no cookie', () => undefined, () => 'no cookie sessionID was sent: is it set for this host and path?'],
    ['another name', () => 'sessionid=s.1', () => 'no cookie sessionID was sent, but one called sessionid, which does not count'],
    ['empty', () => 'sessionID=', () => 'the cookie sessionID is empty'],
    ['what is no cookie', () => 'sessionIDs; a=b', () => 'no cookie sessionID was sent: is it set for this host and path?'],
    ['expired', ({ se }) => `sessionID=${se}`, () => 'the session of this cookie expired 1 s ago'],
    ['other group', ({ s2 }) => `sessionID=${s2}`, ({ s2, other }) => `the session ${s2} is of another group, ${other}`],
    ['unknown', () => 'sessionID=s.x', () => 'the session s.x does not exist: was it deleted, or made somewhere else?'],
    [
      'a list',
      ({ s2, se }) => `sessionID=s.1,${s2},${se},s.4,s.5`,
      ({ s2, se, other }) =>
        `the session s.1 does not exist: was it deleted, or made somewhere else?; the session ${s2} is of another group, ${other}; the session ${se} expired 1 s ago; and 2 more ids of the cookie`,
    ],
    [
      'one id more than are told',
      () => 'sessionID=s.1,s.2,s.3,s.4',
      () =>
        `${['s.1', 's.2', 's.3'].map((id) => `the session ${id} does not exist: was it deleted, or made somewhere else?`).join('; ')}; and 1 more id of the cookie`,
    ],
    [
      'as many ids as are told',
      () => 'sessionID=s.1,s.2,s.3',
      () => ['s.1', 's.2', 's.3'].map((id) => `the session ${id} does not exist: was it deleted, or made somewhere else?`).join('; '),
    ],
    [
      'empty ids',
      () => 'sessionID=,s.1',
      () => 'an id in the cookie is empty; the session s.1 does not exist: was it deleted, or made somewhere else?',
    ],
    ['quotes in the middle', () => 'sessionID=s."1', () => 'the session s."1 does not exist: was it deleted, or made somewhere else?'],
    [
      'a long id',
      () => `sessionID=${'s'.repeat(60)},${'t'.repeat(61)}`,
      () =>
        `the session ${'s'.repeat(60)} does not exist: was it deleted, or made somewhere else?; the session ${'t'.repeat(60)}… does not exist: was it deleted, or made somewhere else?`,
    ],
    [
      'a space',
      ({ s2, s }) => `sessionID=${s2}, ${s}`,
      ({ s2, s, other }) =>
        `the session ${s2} is of another group, ${other}; “ ${s}” in the cookie has white space around it, which Etherpad does not remove`,
    ],
    [
      'two cookies',
      ({ s }) => `sessionID=s.x; sessionID=${s}`,
      () =>
        'the session s.x does not exist: was it deleted, or made somewhere else?; 2 cookies sessionID were sent, and only the first counts',
    ],
    [
      'a token that is none',
      () => 'token=x',
      () => 'the cookie token is not an author token that Etherpad created (t.…): delete the cookie',
    ],
  ];
  test.each(cases)('%s', (_what, cookies, reason) => {
    const { world, ids, open } = recordedWorld();
    const access = open(ids.gp, cookies(ids)) as Denied;
    expect(explainDenial(access, { cookies: cookies(ids), queryNames: [], hide: (text) => text }, world.clock.seconds)).toBe(reason(ids));
  });

  test('a sessionID in the query', () => {
    const { ids, open } = recordedWorld();
    expect(explainDenial(open(ids.gp) as Denied, { cookies: undefined, queryNames: ['sessionID'], hide: (text) => text }, NOW)).toBe(
      'no cookie sessionID was sent: the sessionID in the query does not count, Etherpad reads the cookie',
    );
  });

  test('a read-only id of no pad', () => {
    const { open } = recordedWorld();
    expect(explainDenial(open('r.none') as Denied, { cookies: undefined, queryNames: [], hide: (text) => text }, NOW)).toBe(
      'no pad has the read-only id r.none',
    );
  });
});

test.each([
  ['a$b', "a$b has a $, which only follows a group's id: g.… and 16 letters or digits"],
  ['g.1234567890123456$a$b', "g.1234567890123456$a$b has a $, which only follows a group's id: g.… and 16 letters or digits"],
  ['xg.1234567890123456$a', "xg.1234567890123456$a has a $, which only follows a group's id: g.… and 16 letters or digits"],
  ['g.12345$a', "g.12345$a has a $, which only follows a group's id: g.… and 16 letters or digits"],
  ['g.1234567890123456$', 'nothing follows the id of the group'],
  [`g.1234567890123456$${'x'.repeat(51)}`, "a pad's name has at most 50 characters, and this one 51"],
  ['x'.repeat(51), "a pad's name has at most 50 characters, and this one 51"],
  ['x'.repeat(50), 'the URL ends in a slash'],
])('why the name %s is forbidden', (id, reason) => {
  expect(explainPadName(id, (text) => text)).toBe(reason);
});

test('the reason for a forbidden name hides what no reason may show', () => {
  expect(explainPadName('secret$x', (text) => text.replace('secret', '…'))).toMatch(/^…\$x has a \$/);
});

test.each([
  [0, '0 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7_199, '119 min'],
  [7_200, '2 h'],
  [172_799, '47 h'],
  [172_800, '2 d'],
])('%i seconds are roughly %s', (seconds, text) => {
  expect(roughly(seconds)).toBe(text);
});
