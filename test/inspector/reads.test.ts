import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask } from '../ask.ts';

const NOW = 1_900_000_000;
const NOTES = 'g.1$notes';

/** What the page reads of a state with something of everything. */
let etherpad: MockEtherpad;
const read = async (what: string): Promise<any> => JSON.parse((await ask(etherpad.url, { path: `/_mock/inspector/${what}` })).body);

beforeAll(async () => {
  etherpad = await startMockEtherpad({ apiKey: 'k', emulate: '1.9.7' });
  await etherpad.clock.freeze(NOW);
  await etherpad.state.import({
    groups: [{ groupID: 'g.1', mapper: 'class-7b' }, { groupID: 'g.2' }],
    authors: [
      { authorID: 'a.ada', name: 'Ada', mapper: 'user-1', padIDs: [NOTES] },
      { authorID: 'a.json', name: { first: 'Grace' } },
      { authorID: 'a.none' },
    ],
    sessions: [
      { sessionID: 's.1', groupID: 'g.1', authorID: 'a.ada', validUntil: NOW + 60 },
      { sessionID: 's.2', groupID: 'g.1', authorID: 'a.json', validUntil: NOW },
      { sessionID: 's.3', groupID: 'g.2', authorID: 'a.none', validUntil: NOW + 30 },
    ],
    pads: [
      {
        padID: NOTES,
        public: true,
        readOnlyID: 'r.notes',
        savedRevisions: [1, 0],
        pool: [
          ['author', 'a.ada'],
          ['author', 'a.stranger'],
        ],
        revisions: [
          { changeset: 'Z:1>5*0+5$Hello', time: 1_000, author: 'a.ada' },
          { changeset: 'Z:6>1=5*1+1$!', time: 2_000, author: 'a.stranger' },
          { changeset: 'Z:7>1=6+1$?', time: 3_000 },
        ],
        chat: [
          { text: 'Hi', time: 5_000, author: 'a.ada' },
          { text: 'Who?', time: 6_000 },
        ],
      },
      { padID: 'alone', text: 'x' },
    ],
  });
});
afterAll(() => etherpad.close());

test('sessions with who and what they are for', async () => {
  const { total, rows } = await read('sessions');
  expect(total).toBe(3);
  const shown = expect.stringMatching(/^#[0-9a-f]{6}$/);
  expect(rows).toEqual([
    {
      sessionID: 's.3', validUntil: NOW + 30, groupID: 'g.2', groupMapper: null,
      authorID: 'a.none', authorMapper: null, authorName: null, authorColor: shown,
    },
    {
      sessionID: 's.2', validUntil: NOW, groupID: 'g.1', groupMapper: 'class-7b',
      authorID: 'a.json', authorMapper: null, authorName: '{"first":"Grace"}', authorColor: shown,
    },
    {
      sessionID: 's.1', validUntil: NOW + 60, groupID: 'g.1', groupMapper: 'class-7b',
      authorID: 'a.ada', authorMapper: 'user-1', authorName: 'Ada', authorColor: shown,
    },
  ]); // oxfmt-ignore
});

test.each<[filter: string, sessionIDs: string[]]>([
  ['s.2', ['s.2']],
  ['CLASS-7', ['s.2', 's.1']],
  ['user-1', ['s.1']],
  ['grace', ['s.2']],
  ['g.2', ['s.3']],
  ['a.none', ['s.3']],
  [' ', ['s.3', 's.2', 's.1']],
  ['s.*', []],
  ['nobody', []],
])('sessions that contain %j', async (filter, sessionIDs) => {
  const { total, rows } = await read(`sessions?filter=${encodeURIComponent(filter)}`);
  expect(rows.map(({ sessionID }: any) => sessionID)).toEqual(sessionIDs);
  expect(total).toBe(sessionIDs.length);
});

test('groups and authors with how many sessions of theirs are alive', async () => {
  expect(await read('groups')).toEqual({
    total: 2,
    rows: [
      { groupID: 'g.2', mapper: null, pads: 0, sessions: { count: 1, orMore: false } },
      { groupID: 'g.1', mapper: 'class-7b', pads: 1, sessions: { count: 1, orMore: false } },
    ],
  });
  const { rows } = await read('authors');
  expect(rows).toMatchObject([
    { authorID: 'a.none', mapper: null, name: null, pads: 0, sessions: { count: 1, orMore: false } },
    { authorID: 'a.json', mapper: null, name: '{"first":"Grace"}', pads: 0, sessions: { count: 0, orMore: false } },
    { authorID: 'a.ada', mapper: 'user-1', name: 'Ada', pads: 1, sessions: { count: 1, orMore: false } },
  ]);
  expect((await read('groups?filter=7B')).rows).toMatchObject([{ groupID: 'g.1' }]);
  expect((await read('authors?filter=user')).rows).toMatchObject([{ authorID: 'a.ada' }]);
  expect((await read('authors?filter=GRACE')).rows).toMatchObject([{ authorID: 'a.json' }]);
});

test('a group, opened', async () => {
  expect(await read('groups/g.1')).toMatchObject({
    groupID: 'g.1',
    pads: { total: 1, rows: [NOTES] },
    sessions: { total: 2, rows: [{ sessionID: 's.2' }, { sessionID: 's.1' }] },
  });
});

test('the session that expires next', async () => {
  expect(await read('next-expiry')).toEqual({ sessionID: 's.3', validUntil: NOW + 30 });
});

test('pads with their groups and authors', async () => {
  const { total, rows } = await read('pads');
  expect(total).toBe(2);
  expect(rows).toMatchObject([
    { padID: 'alone', groupID: null, groupMapper: null, authors: { total: 0, rows: [] }, revisions: 0, isPublic: false },
    {
      padID: NOTES,
      groupID: 'g.1',
      groupMapper: 'class-7b',
      authors: {
        total: 2,
        rows: [
          { authorID: 'a.ada', name: 'Ada' },
          { authorID: 'a.stranger', name: null, color: null },
        ],
      },
      revisions: 2,
      isPublic: true,
    },
  ]);
  for (const filter of ['notes', 'class-7b', 'ada', 'stranger'])
    expect([filter, (await read(`pads?filter=${filter}`)).rows.map(({ padID }: any) => padID)]).toEqual([filter, [NOTES]]);
  expect(await read('pads?filter=nobody')).toEqual({ total: 0, rows: [] });
});

test('a pad, opened at its newest revision, or at another', async () => {
  const path = `pads/${encodeURIComponent(NOTES)}`;
  expect(await read(path)).toMatchObject({
    padID: NOTES,
    readOnlyID: 'r.notes',
    savedRevisions: [0, 1],
    revision: { number: 2, time: 3_000, author: null, changeset: 'Z:7>1=6+1$?', html: 'Hello!?<br>', isCut: false },
    chat: {
      total: 2,
      rows: [
        { text: 'Hi', time: 5_000, author: { authorID: 'a.ada', name: 'Ada' } },
        { text: 'Who?', time: 6_000, author: null },
      ],
    },
  });
  expect((await read(`${path}?rev=1`)).revision).toMatchObject({
    number: 1,
    author: { authorID: 'a.stranger', name: null },
    html: 'Hello!<br>',
  });
  expect((await read(`${path}?rev=9`)).revision).toMatchObject({ number: 2 });
  expect(await read('pads/nobody')).toEqual({ title: 'no pad has the id nobody', status: 404 });
});
