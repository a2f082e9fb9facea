import { beforeEach, describe, expect, test } from 'vitest';
import { EMULATIONS } from '../../src/etherpad/emulation.ts';
import { type NewWorld, newWorld } from './new-world.ts';

/** What a call answers, or the words of its refusal. */
function outcome(world: NewWorld, name: string, parameters: Readonly<Record<string, unknown>>): unknown {
  try {
    return world.call(name, parameters);
  } catch (error) {
    return (error as Error).message;
  }
}

const REAL = EMULATIONS.filter((emulate) => emulate !== 'documented');

describe.each(REAL)('pads of %s', (emulate) => {
  let world: NewWorld;
  beforeEach(() => {
    world = newWorld(emulate);
    world.state.addGroup('g.aaaaaaaaaaaaaaaa');
    world.state.addAuthor('a.ann', { name: 'Ann', timestamp: 0 });
  });

  test('createGroupPad keeps the text as it came', () => {
    const text = 'a\r\nb\rc\td\u00a0e';
    world.call('createGroupPad', { groupID: 'g.aaaaaaaaaaaaaaaa', padName: 'x', text });
    expect(world.call('getText', { padID: 'g.aaaaaaaaaaaaaaaa$x', rev: 0 })).toEqual({ text: `${text}\n` });
  });

  test('setText replaces carriage returns and tabs, and on the old versions no-break spaces', () => {
    world.call('createPad', { padID: 'x' });
    world.call('setText', { padID: 'x', text: 'a\r\nb\rc\td\u00a0e' });
    const space = emulate === '3.3.1' ? '\u00a0' : ' ';
    expect(world.call('getText', { padID: 'x', rev: 1 })).toEqual({ text: `a\nb\nc        d${space}e\n` });
  });

  test('a pad that is made without a text has the default text, which no client wrote', () => {
    world.call('createPad', { padID: 'x', authorId: 'a.ann' });
    expect(world.call('getText', { padID: 'x', rev: 0 })).toEqual({ text: 'Welcome to Etherpad!\n\n' });
    const first = { '1.9.7': 'a.ann', '2.5.3': 'a.ann', '3.3.1': 'a.etherpad-system' }[emulate];
    expect(world.call('getAttributePool', { padID: 'x' })).toMatchObject({ pool: { numToAttrib: { 0: ['author', first] } } });
    expect(world.call('listAuthorsOfPad', { padID: 'x' })).toEqual({ authorIDs: ['a.ann'] });
  });

  test('a text of nothing is appended by nobody: no attribute joins the pool', () => {
    world.call('createPad', { padID: 'quiet', text: 'x' });
    const poolOf = () => world.call('getAttributePool', { padID: 'quiet' });
    const before = poolOf();
    world.call('appendText', { padID: 'quiet', text: '' });
    expect(poolOf()).toEqual(before);
  });

  test('a saved revision was saved by an author called API', () => {
    world.call('createPad', { padID: 'x', text: 'x' });
    world.call('saveRevision', { padID: 'x' });
    const [saved] = world.state.findPad('x')!.savedRevisions;
    expect(saved).toMatchObject({ revNum: 0, label: 'Saved through API call', timestamp: world.clock.milliseconds() });
    expect(world.call('getAuthorName', { authorID: saved!.savedById })).toEqual('API');
  });

  test('pads of an author stand in the order of contribution, those with a number for a name first', () => {
    for (const padID of ['b', '10', 'a', '9']) world.call('createPad', { padID, text: 'x', authorId: 'a.ann' });
    expect(world.call('listPadsOfAuthor', { authorID: 'a.ann' })).toEqual({ padIDs: ['9', '10', 'b', 'a'] });
  });

  test('a copy that is refused for its id is among the pads of authors and groups', () => {
    world.call('createPad', { padID: 'x', text: 'x', authorId: 'a.ann' });
    const destinationID = `g.aaaaaaaaaaaaaaaa$${'y'.repeat(51)}`;
    for (const name of ['copyPad', 'movePad', 'copyPadWithoutHistory'])
      expect(outcome(world, name, { sourceID: 'x', destinationID })).toBe(`${destinationID} is not a valid padId`);
    expect(world.call('listPadsOfAuthor', { authorID: 'a.ann' })).toEqual({ padIDs: ['x', destinationID] });
    expect(world.call('listPads', { groupID: 'g.aaaaaaaaaaaaaaaa' })).toEqual({ padIDs: [destinationID] });
    expect(world.call('getText', { padID: 'x' })).toEqual({ text: 'x\n' });
  });

  test('a pad that is forced onto itself begins anew when it is copied, and is gone when it is moved', () => {
    world.call('createPad', { padID: 'x', text: 'x' });
    world.call('copyPad', { sourceID: 'x', destinationID: 'x', force: true });
    expect(world.call('getText', { padID: 'x', rev: 0 })).toEqual({ text: 'Welcome to Etherpad!\n\n' });
    world.call('movePad', { sourceID: 'x', destinationID: 'x', force: true });
    expect(outcome(world, 'getText', { padID: 'x' })).toBe('padID does not exist');
  });

  test.each([['constructor'], ['toString'], ['hasOwnProperty'], ['__proto__']])(
    'a pad called %s is one like others, but on 1.9.7',
    (padID) => {
      world.call('createPad', { padID, text: 'x' });
      expect(world.call('getText', { padID })).toEqual({ text: 'x\n' });
      const message = emulate === '1.9.7' ? `the room of ${padID} is no room` : null;
      expect(outcome(world, 'setText', { padID, text: 'y' })).toBe(message);
      expect(world.call('getText', { padID })).toEqual({ text: 'y\n' });
      expect(outcome(world, 'deletePad', { padID })).toBe(message);
      expect(world.state.padCount).toBe(emulate === '1.9.7' ? 1 : 0);
    },
  );

  test.each([
    ['padID', 5, "a pad's name is text, not 5"],
    ['padID', ['a', 'b'], 'a pad\'s name is text, not ["a","b"]'],
    ['padID', null, 'padID is not a string'],
    ['padID', '', 'padID did not match requirements'],
  ])('%s %j is refused: %s', (name, value, message) => {
    for (const called of ['getText', 'getRevisionsCount', 'deletePad', 'getChatHead'])
      expect(outcome(world, called, { [name]: value })).toBe(message);
  });

  test('a pad is found by the name that was given, and by its clean name', () => {
    world.call('createPad', { padID: 'a  b::c', text: 'x' });
    for (const padID of ['a  b::c', 'a_b_c', 'a b:c']) expect(world.call('getText', { padID })).toEqual({ text: 'x\n' });
  });

  test('messages are counted from 0, and a range is compared as the texts it is', () => {
    world.call('createPad', { padID: 'x' });
    for (let number = 0; number < 12; number++) world.call('appendChatMessage', { padID: 'x', text: String(number), time: 1 });
    const textsOf = (start: unknown, end: unknown): unknown => {
      const told = outcome(world, 'getChatHistory', { padID: 'x', start, end });
      return typeof told === 'string' ? told : (told as { messages: { text: string }[] }).messages.map(({ text }) => Number(text));
    };
    expect(textsOf(1, 2)).toEqual([1, 2]);
    expect(textsOf('1', '1')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(textsOf('0', '0')).toEqual([0]);
    expect(textsOf('9', '10')).toBe('start is higher than end');
    expect(textsOf('10', '11')).toEqual([10, 11]);
    expect(textsOf(0, 5)).toHaveLength(12);
    expect(textsOf(11, 12)).toBe('end is higher than the current chatHead');
    expect(textsOf('01', '2')).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('read-only ids and tokens', () => {
  test('come from the ids of the Etherpad, so that a seed determines them', () => {
    const drawn = [newWorld('3.3.1'), newWorld('3.3.1')].map((world) => [
      world.call('createPad', { padID: 'x' }),
      world.call('getReadOnlyID', { padID: 'x' }),
    ]);
    expect(drawn[0]).toEqual(drawn[1]);
    expect(drawn[0]).toEqual([
      { deletionToken: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { readOnlyID: expect.stringMatching(/^r\.[0-9a-f]{32}$/) },
    ]);
  });

  test('a copy has no token, and so takes none', () => {
    const world = newWorld('3.3.1');
    world.call('createPad', { padID: 'x' });
    world.call('copyPad', { sourceID: 'x', destinationID: 'y' });
    expect(outcome(world, 'deletePad', { padID: 'y', deletionToken: 'any' })).toBe('invalid deletionToken');
    expect(world.call('deletePad', { padID: 'y', deletionToken: '' })).toBe(null);
  });
});
