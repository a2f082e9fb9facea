import { expect, test } from 'vitest';
import { newWorld } from './new-world.ts';

/** Gives each id twice: ids from a seed come again too, once a state with some of them was imported. */
const repeating = (prefix: string) => {
  let count = 0;
  return () => `${prefix}.${Math.ceil((count += 1) / 2)}`;
};

test('an id that is taken is passed over', () => {
  const world = newWorld('3.3.1');
  const { ids, state, clock } = world;
  Object.assign(ids, { group: repeating('g'), author: repeating('a'), session: repeating('s'), readOnly: repeating('r') });
  state.addGroup('g.1');
  expect(world.call('createGroup')).toEqual({ groupID: 'g.2' });
  expect(world.call('createGroup')).toEqual({ groupID: 'g.3' });
  expect(world.call('createAuthor')).toEqual({ authorID: 'a.1' });
  expect(world.call('createAuthor')).toEqual({ authorID: 'a.2' });
  const session = { groupID: 'g.1', authorID: 'a.1', validUntil: clock.seconds + 60 };
  expect(world.call('createSession', session)).toEqual({ sessionID: 's.1' });
  expect(world.call('createSession', session)).toEqual({ sessionID: 's.2' });
  for (const padID of ['x', 'y', 'z']) world.call('createPad', { padID });
  expect(world.call('getReadOnlyID', { padID: 'x' })).toEqual({ readOnlyID: 'r.1' });
  expect(world.call('getReadOnlyID', { padID: 'y' })).toEqual({ readOnlyID: 'r.2' });
  expect(world.call('getReadOnlyID', { padID: 'z' })).toEqual({ readOnlyID: 'r.3' });
});
