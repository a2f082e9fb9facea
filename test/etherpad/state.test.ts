import { describe, expect, test } from 'vitest';
import { Pad } from '../../src/etherpad/pads/pad.ts';
import { type Author, type Group, type Session, State } from '../../src/etherpad/state.ts';

const GONE = { leavesNull: false };
const DEAD = { leavesNull: true };
const DELETED = { lingers: false, leavesNull: false };

const idsOf = (sessions: Iterable<Session>): string[] => [...sessions].map(({ sessionID }) => sessionID);
const groupIdsOf = (groups: Iterable<Group>): string[] => [...groups].map(({ groupID }) => groupID);

/** A state with one group, one author, and sessions s.0, s.1 … between them. */
function stateWith(sessions: number, validUntil: (index: number) => number = () => 1_000): { state: State; group: Group; author: Author } {
  const state = new State();
  const group = state.addGroup('g.1');
  const author = state.addAuthor('a.1', { timestamp: 0 });
  for (let index = 0; index < sessions; index++) state.addSession(`s.${index}`, group, author, validUntil(index));
  return { state, group, author };
}

/** A pad with one revision, by an author or by nobody. */
function addPadOf(state: State, padID: string, group: Group, author?: Author): Pad {
  const pad = new Pad(padID, group);
  pad.append([{ text: 'Hello', attributes: [] }], author?.authorID ?? '', 0);
  state.addPad(pad);
  author?.pads.add(padID);
  return pad;
}

describe('groups', () => {
  test('are found by id and by mapper, the empty one too', () => {
    const state = new State();
    const plain = state.addGroup('g.1');
    const mapped = state.addGroup('g.2', 'class-7b');
    const empty = state.addGroup('g.3', '');
    expect(state.findGroup('g.1')).toBe(plain);
    expect(state.findGroupFor('class-7b')).toBe(mapped);
    expect(state.findGroupFor('')).toBe(empty);
    expect(state.findGroup('g.4')).toBeUndefined();
    expect(state.findGroupFor('class-7c')).toBeUndefined();
    expect(groupIdsOf(state.groups())).toEqual(['g.1', 'g.2', 'g.3']);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a name that every object has is no group: %s', (name) => {
    const state = new State();
    expect(state.findGroup(name)).toBeUndefined();
    expect(state.findGroupFor(name)).toBeUndefined();
    expect(state.findAuthor(name)).toBeUndefined();
    expect(state.findAuthorFor(name)).toBeUndefined();
    expect(state.findSession(name)).toBeUndefined();
    expect(state.findPad(name)).toBeUndefined();
  });

  test('once deleted, are gone with their sessions and pads, and free their mapper', () => {
    const state = new State();
    const group = state.addGroup('g.1', 'class-7b');
    const author = state.addAuthor('a.1', { timestamp: 0 });
    state.addSession('s.1', group, author, 1_000);
    addPadOf(state, 'g.1$notes', group, author);
    state.deleteGroup(group, DELETED);

    expect(state.findGroup('g.1')).toBeUndefined();
    expect(state.findGroupFor('class-7b')).toBeUndefined();
    expect(state.findSession('s.1')).toBeUndefined();
    expect(state.findPad('g.1$notes')).toBeUndefined();
    expect(groupIdsOf(state.groups())).toEqual([]);
    expect(idsOf(state.sessions())).toEqual([]);
    expect([...author.pads]).toEqual([]);
    expect(state.padCount).toBe(0);
  });

  test('that linger still show to who asks for deleted ones', () => {
    const { state, group } = stateWith(1);
    state.deleteGroup(group, { lingers: true, leavesNull: true });
    expect(groupIdsOf(state.groups())).toEqual([]);
    expect(groupIdsOf(state.groups({ deletedToo: true }))).toEqual(['g.1']);
    expect(state.findGroup('g.1')).toBeUndefined();
    expect(state.sessionCount).toBe(0);
  });
});

describe('authors', () => {
  test('are found by id and by mapper, and renamed', () => {
    const state = new State();
    const author = state.addAuthor('a.1', { mapper: 'user-42', name: 'Ada', timestamp: 5 });
    expect(state.findAuthor('a.1')).toBe(author);
    expect(state.findAuthorFor('user-42')).toBe(author);
    expect(author).toMatchObject({ name: 'Ada', timestamp: 5, hadSession: false });
    state.renameAuthor(author, 'Ada Lovelace', 6);
    expect(author).toMatchObject({ name: 'Ada Lovelace', timestamp: 6 });
    expect([...state.authors()]).toEqual([author]);
  });

  test('have colours', () => {
    const state = new State();
    const colors = Array.from({ length: 20 }, (_, index) => state.addAuthor(`a.${index}`, { timestamp: 0 }).colorId);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
    expect(new Set(colors).size).toBeGreaterThan(1);
  });
});

describe('sessions', () => {
  test('stand in the lists of their group and their author, in order of creation', () => {
    const state = new State();
    const [group, otherGroup] = [state.addGroup('g.1'), state.addGroup('g.2')];
    const [author, otherAuthor] = [state.addAuthor('a.1', { timestamp: 0 }), state.addAuthor('a.2', { timestamp: 0 })];
    state.addSession('s.1', group, author, 1_000);
    state.addSession('s.2', otherGroup, author, 1_000);
    state.addSession('s.3', group, otherAuthor, 1_000);
    state.addSession('s.4', group, author, 1_000);
    expect(idsOf(group.sessions)).toEqual(['s.1', 's.3', 's.4']);
    expect(idsOf(otherGroup.sessions)).toEqual(['s.2']);
    expect(idsOf(author.sessions)).toEqual(['s.1', 's.2', 's.4']);
    expect(idsOf(otherAuthor.sessions)).toEqual(['s.3']);
    expect(idsOf(state.sessions())).toEqual(['s.1', 's.2', 's.3', 's.4']);
  });

  test.each([
    { which: 'the first', index: 0, left: ['s.1', 's.2'] },
    { which: 'one in the middle', index: 1, left: ['s.0', 's.2'] },
    { which: 'the last', index: 2, left: ['s.0', 's.1'] },
  ])('deleting $which leaves the others in order, and more can be added', ({ index, left }) => {
    const { state, group, author } = stateWith(3);
    const session = state.findSession(`s.${index}`)!;
    state.deleteSession(session, GONE);
    expect(state.exists(session)).toBe(false);
    expect(idsOf(group.sessions)).toEqual(left);
    expect(idsOf(author.sessions)).toEqual(left);
    state.addSession('s.9', group, author, 1_000);
    expect(idsOf(group.sessions)).toEqual([...left, 's.9']);
    expect(idsOf(author.sessions)).toEqual([...left, 's.9']);
  });

  test('that leave null stay in the lists, but are no sessions any more', () => {
    const { state, group, author } = stateWith(2);
    const session = state.findSession('s.0')!;
    state.deleteSession(session, DEAD);
    expect(state.findSession('s.0')).toBeUndefined();
    expect(state.exists(session)).toBe(false);
    expect(idsOf(group.sessions)).toEqual(['s.0', 's.1']);
    expect(idsOf(author.sessions)).toEqual(['s.0', 's.1']);
    expect(state.sessionCount).toBe(1);
  });

  test('a group and an author remember that they had one', () => {
    const { state, group, author } = stateWith(1);
    state.deleteSession(state.findSession('s.0')!, GONE);
    expect([group.hadSession, author.hadSession]).toEqual([true, true]);
    expect(state.addGroup('g.2').hadSession).toBe(false);
  });

  test('ids that came in another shape are kept beside the session', () => {
    const { state, group, author } = stateWith(0);
    const given = { groupID: ['g.1'], authorID: 'a.1' };
    expect(state.givenIds(state.addSession('s.1', group, author, 1_000, given))).toBe(given);
    expect(state.givenIds(state.addSession('s.2', group, author, 1_000))).toBeUndefined();
  });
});

describe('giving memory back', () => {
  test('a deleted group gives its sessions back in steps, the last of which says so', () => {
    const { state, group, author } = stateWith(4_500);
    state.deleteGroup(group, DELETED);
    expect(idsOf(state.sessions())).toEqual([]);
    expect(state.sessionCount).toBe(4_500);

    expect(state.giveBack(undefined)).toBe(true);
    expect(state.sessionCount).toBe(2_500);
    expect(state.giveBack(undefined)).toBe(true);
    expect(state.sessionCount).toBe(500);
    expect(state.giveBack(undefined)).toBe(false);
    expect(state.sessionCount).toBe(0);
    expect(idsOf(author.sessions)).toEqual([]);
    expect(idsOf(group.sessions)).toEqual([]);
  });

  test('several deleted groups are given back one after another, and leave the others alone', () => {
    const { state, author } = stateWith(0);
    for (const groupID of ['g.2', 'g.3', 'g.4']) {
      const group = state.addGroup(groupID);
      for (const number of [1, 2]) state.addSession(`s.${groupID}.${number}`, group, author, 1_000);
    }
    state.deleteGroup(state.findGroup('g.2')!, DELETED);
    state.deleteGroup(state.findGroup('g.4')!, DELETED);
    expect(state.giveBack(undefined)).toBe(false);
    expect(idsOf(state.sessions())).toEqual(['s.g.3.1', 's.g.3.2']);
    expect(idsOf(author.sessions)).toEqual(['s.g.3.1', 's.g.3.2']);
    expect(state.sessionCount).toBe(2);
  });

  test('expired sessions are given back some time after they expired, live ones never', () => {
    const { state } = stateWith(300, (index) => 1_000 + index);
    while (state.giveBack(1_150));
    expect(state.findSession('s.150')).toBeDefined();
    expect(state.findSession('s.299')).toBeDefined();
    expect(state.sessionCount).toBeLessThan(300);
    for (let index = 150; index < 300; index++) expect(state.findSession(`s.${index}`)).toBeDefined();

    while (state.giveBack(10_000));
    expect(state.sessionCount).toBe(0);
  });

  test('of expired sessions that were given back, the last are remembered', () => {
    const { state } = stateWith(12_000, (index) => 1_000 + index);
    while (state.giveBack(100_000));
    expect(state.findExpiredLately('s.11999')).toEqual({ groupID: expect.any(String), validUntil: 12_999 });
    expect(state.findExpiredLately('s.2000')).toBeDefined();
    expect(state.findExpiredLately('s.1999')).toBeUndefined();
    expect(state.copy().findExpiredLately('s.11999')).toEqual(state.findExpiredLately('s.11999'));
  });

  test('expired sessions stay where nothing is said to expire', () => {
    const { state } = stateWith(100, () => 1);
    expect(state.giveBack(undefined)).toBe(false);
    expect(state.sessionCount).toBe(100);
  });

  test('many expired sessions go in steps', () => {
    const { state } = stateWith(5_000, () => 1_000);
    expect(state.giveBack(2_000)).toBe(true);
    expect(state.sessionCount).toBe(3_000);
    expect(state.giveBack(2_000)).toBe(true);
    expect(state.giveBack(2_000)).toBe(false);
    expect(state.sessionCount).toBe(0);
  });

  test('a session from 1970 does not keep the others from being found', () => {
    const now = 1_700_000_000;
    const { state } = stateWith(2, (index) => (index === 0 ? 1 : now - 1_000));
    while (state.giveBack(now));
    expect(state.sessionCount).toBe(0);
  });

  test('a session from 1970 and one at the end of time do not keep anybody waiting', () => {
    const { state } = stateWith(3, (index) => [1, 1_700_000_000, 8_639_999_999_900][index]!);
    expect(state.giveBack(8_640_000_000_000)).toBe(false);
    expect(state.sessionCount).toBe(0);
  });

  test('a session added after its time has passed is found too', () => {
    const { state, group, author } = stateWith(1, () => 100_000);
    expect(state.giveBack(90_000)).toBe(false);
    state.addSession('s.late', group, author, 500);
    while (state.giveBack(90_000));
    expect(idsOf(state.sessions())).toEqual(['s.0']);
  });

  test('lists that come and go leave no trace behind', () => {
    const { state, group, author } = stateWith(1, () => 1_000_000);
    for (let count = 0; count < 10_000; count++) {
      state.deleteSession(state.addSession('s.passing', group, author, (count % 100) * 64), GONE);
    }
    expect(state.giveBack(999_000)).toBe(false);
    expect(idsOf(state.sessions())).toEqual(['s.0']);
    expect(state.giveBack(2_000_000)).toBe(false);
    expect(state.sessionCount).toBe(0);
  });

  test('room is made by everything that has expired, to the second, and by what was deleted with its group', () => {
    const { state, group } = stateWith(200, (index) => 1_000 + index);
    state.makeRoom(1_150);
    expect(idsOf(state.sessions())[0]).toBe('s.151');
    expect(state.sessionCount).toBe(49);
    state.deleteGroup(group, DELETED);
    state.makeRoom(undefined);
    expect(state.sessionCount).toBe(0);
  });

  test('a deleted session is not given back twice', () => {
    const { state, group } = stateWith(3, () => 1_000);
    state.deleteSession(state.findSession('s.1')!, GONE);
    while (state.giveBack(5_000));
    expect(state.sessionCount).toBe(0);
    expect(idsOf(group.sessions)).toEqual([]);
  });
});

describe('pads', () => {
  test('stand in the lists of their group and their author until they are deleted', () => {
    const { state, group, author } = stateWith(0);
    const pad = addPadOf(state, 'g.1$notes', group, author);
    addPadOf(state, 'g.1$more', group);
    expect(state.findPad('g.1$notes')).toBe(pad);
    expect([...group.pads]).toEqual(['g.1$notes', 'g.1$more']);
    expect([...author.pads]).toEqual(['g.1$notes']);
    expect(state.padCount).toBe(2);

    state.deletePad(pad);
    expect(state.findPad('g.1$notes')).toBeUndefined();
    expect([...group.pads]).toEqual(['g.1$more']);
    expect([...author.pads]).toEqual([]);
    expect([...state.pads()].map(({ padID }) => padID)).toEqual(['g.1$more']);
  });
});
