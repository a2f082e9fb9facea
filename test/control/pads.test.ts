import { describe, expect, test } from 'vitest';
import type { EtherpadControl, StateDocument } from '../../src/index.ts';
import { call, ok, YEAR_2030 } from './calls.ts';
import { useSandboxes } from './use-sandboxes.ts';
import { WAYS } from './ways.ts';

const SEED = {
  groups: [{ groupID: 'g.s8oes9dhwrvt0zif' }],
  authors: [{ authorID: 'a.ada', name: 'Ada' }],
  pads: [
    {
      padID: 'g.s8oes9dhwrvt0zif$notes',
      text: 'Hello\nclass',
      author: 'a.ada',
      public: true,
      chat: [{ text: 'Hi', author: 'a.ada', time: 5 }, { text: 'Ho' }],
      savedRevisions: [0],
      readOnlyID: 'r.0123',
      deletionToken: 'token',
    },
    { padID: 'page', html: '<ul><li><b>x</b></li></ul>', author: 'a.ada' },
    { padID: 'empty' },
  ],
} satisfies Partial<StateDocument>;

/** A pad with the history that is given, and a text if one is. */
const padWith = (history: object, text?: string): Partial<StateDocument> => ({
  pads: [{ padID: 'x', ...(text === undefined ? {} : { text }), ...history }],
});
const revision = (changeset: string, time = 0) => ({ changeset, time });

describe.each(WAYS)('pads in states, %s', (_way, start) => {
  let etherpad: EtherpadControl;
  useSandboxes(
    () => start({ seed: SEED }),
    (sandbox) => (etherpad = sandbox),
  );

  test('a seed says what they are in few words', async () => {
    const padID = 'g.s8oes9dhwrvt0zif$notes';
    expect(await ok(etherpad, 'getText', { padID })).toEqual({ text: 'Hello\nclass\n' });
    expect(await ok(etherpad, 'getRevisionChangeset', { padID })).toBe('Z:1>b*0|1+6*0+5$Hello\nclass');
    expect(await ok(etherpad, 'listAuthorsOfPad', { padID })).toEqual({ authorIDs: ['a.ada'] });
    expect(await ok(etherpad, 'listPadsOfAuthor', { authorID: 'a.ada' })).toEqual({ padIDs: [padID, 'page'] });
    expect(await ok(etherpad, 'listPads', { groupID: 'g.s8oes9dhwrvt0zif' })).toEqual({ padIDs: [padID] });
    expect(await ok(etherpad, 'getPublicStatus', { padID })).toEqual({ publicStatus: true });
    expect(await ok(etherpad, 'getReadOnlyID', { padID })).toEqual({ readOnlyID: 'r.0123' });
    expect(await ok(etherpad, 'listSavedRevisions', { padID })).toEqual({ savedRevisions: [0] });
    expect(await ok(etherpad, 'getChatHistory', { padID })).toEqual({
      messages: [
        { text: 'Hi', userId: 'a.ada', userName: 'Ada', time: 5 },
        { text: 'Ho', userId: '', userName: '', time: expect.any(Number) as number },
      ],
    });
    expect((await ok(etherpad, 'getHTML', { padID: 'page' })).html).toContain('<li><strong>x</strong>');
    expect(await ok(etherpad, 'getText', { padID: 'empty' })).toEqual({ text: '\n' });
    expect((await call(etherpad, 'deletePad', { padID, deletionToken: 'other' })).status).toBe(400);
    expect(await ok(etherpad, 'deletePad', { padID, deletionToken: 'token' })).toBe(null);
  });

  test('what is exported is imported as the same pads with the same history', async () => {
    await etherpad.clock.freeze(YEAR_2030);
    const padID = 'page';
    await ok(etherpad, 'setText', { padID, text: 'one\ntwo', authorId: 'a.nobody' });
    await etherpad.clock.advance({ seconds: 7 });
    await ok(etherpad, 'appendText', { padID, text: ' three' });
    await ok(etherpad, 'saveRevision', { padID, rev: '1' });
    await ok(etherpad, 'copyPadWithoutHistory', { sourceID: padID, destinationID: 'copy', authorId: 'a.ada' });
    const exported = await etherpad.state.export();
    const other = etherpad.sandbox('other');
    await other.state.import(exported);
    expect(await other.state.export()).toEqual(exported);
    for (const rev of ['0', '1', '2', '3', '4']) {
      for (const name of ['getText', 'getHTML', 'getRevisionChangeset'])
        expect([rev, name, (await call(other, name, { padID, rev })).body]).toEqual([
          rev,
          name,
          (await call(etherpad, name, { padID, rev })).body,
        ]);
    }
    expect(await ok(other, 'getLastEdited', { padID })).toEqual({ lastEdited: (YEAR_2030 + 7) * 1000 });
  });

  test('a state that is exported says which pads an author wrote in', async () => {
    const { authors } = await etherpad.state.export();
    expect(authors.find(({ authorID }) => authorID === 'a.ada')!.padIDs).toContain('page');
  });

  test('a saved revision is its number, in short', async () => {
    const revisions = [revision('Z:1>1+1$x'), revision('Z:2>1=1+1$y')];
    await etherpad.state.import(padWith({ revisions, savedRevisions: [1] }));
    expect(await ok(etherpad, 'listSavedRevisions', { padID: 'x' })).toEqual({ savedRevisions: [1] });
    const [saved] = (await etherpad.state.export()).pads[0]!.savedRevisions as object[];
    expect(saved).toMatchObject({ revNum: 1, label: 'Saved by a seed' });
  });

  test.each<[what: string, document: Partial<StateDocument>, path: string, message: string]>([
    ['no changeset', padWith({ revisions: [revision('hello')] }), '/pads/0/revisions/0/changeset', 'is no changeset'],
    [
      'one for another text',
      padWith({ revisions: [revision('Z:1>5+5$Hello'), revision('Z:9>1=8+1$x')] }),
      '/pads/0/revisions/1/changeset',
      'is for a text of 9 characters, and there are 6',
    ],
    [
      'more characters than it has',
      padWith({ revisions: [revision('Z:1>5+5$Hell')] }),
      '/pads/0/revisions/0/changeset',
      'inserts more characters than it has',
    ],
    [
      'other line feeds than it counts',
      padWith({ revisions: [revision('Z:1>2+2$x\n')] }),
      '/pads/0/revisions/0/changeset',
      'counts other line feeds than it inserts',
    ],
    [
      'no line feed at the end',
      padWith({ revisions: [revision('Z:1>0|1-1+1$x')] }),
      '/pads/0/revisions/0/changeset',
      'leaves no line feed at the end of the text',
    ],
    [
      'an editor at work in the middle of the text',
      padWith({ revisions: [revision('Z:1>5+5$Hello'), revision('Z:6>1=2+1$x')] }),
      '/pads/0/revisions/1/changeset',
      'changes a place of the text that no function of the HTTP API changes',
    ],
    [
      'an attribute that is in no pool',
      padWith({ revisions: [revision('Z:1>1*7+1$x')], pool: [['bold', 'true']] }),
      '/pads/0/revisions/0/changeset',
      'names attribute 7, which is not in the pool',
    ],
    [
      'an attribute whose number has two digits',
      padWith({ revisions: [revision('Z:1>1*1a+1$x')], pool: Array.from({ length: 40 }, (_, index) => [`a${index}`, 'true']) }),
      '/pads/0/revisions/0/changeset',
      'names attribute 46, which is not in the pool',
    ],
    ['no revision at all', padWith({ revisions: [] }), '/pads/0/revisions', 'must have at least one'],
    ['another text', padWith({ revisions: [revision('Z:1>1+1$x')] }, 'y'), '/pads/0/text', 'is not the text that the revisions make'],
    [
      'an attribute of three',
      padWith({ revisions: [revision('Z:1>1+1$x')], pool: [['a', 'b', 'c']] }),
      '/pads/0/pool/0',
      'must be a name and a value',
    ],
    [
      'an attribute twice',
      padWith({
        revisions: [revision('Z:1>1+1$x')],
        pool: [
          ['a', 'b'],
          ['a', 'b'],
        ],
      }),
      '/pads/0/pool',
      'has an attribute twice',
    ],
    [
      'a revision saved that is not there',
      padWith({ savedRevisions: [3] }, 'x'),
      '/pads/0/savedRevisions/0',
      'is no revision of the pad: its newest is 0',
    ],
    ['text and HTML', padWith({ html: '<b>x</b>' }, 'x'), '/pads/0/html', 'cannot go with text'],
    [
      'HTML that setHTML refuses',
      padWith({ html: '<p>'.repeat(2) + '<b>'.repeat(3_000) }),
      '/pads/0/html',
      'is malformed: elements are nested more than 2000 deep',
    ],
    [
      'a time that is none',
      padWith({ revisions: [{ changeset: 'Z:1>1+1$x', time: 'now' }] }),
      '/pads/0/revisions/0/time',
      'must be a number, not string',
    ],
  ])('a history with %s is refused, and nothing is changed', async (_what, document, path, message) => {
    const before = await etherpad.state.export();
    await expect(etherpad.state.import(document)).rejects.toMatchObject({ status: 400, problems: [{ path, message }] });
    expect(await etherpad.state.export()).toEqual(before);
  });
});
