import { expect, test } from 'vitest';
import type { Parameters } from '../../src/etherpad/etherpad-function.ts';
import { explainRefusal } from '../../src/etherpad/reasons.ts';
import { newWorld } from './new-world.ts';

const world = newWorld('3.3.1');
const [group, author] = [world.state.addGroup('g.1'), world.state.addAuthor('a.1', { timestamp: 0 })];
for (const sessionID of ['s.1', 's.2']) world.state.addSession(sessionID, group, author, world.clock.seconds + 60);

test.each<[message: string, parameters: Parameters, reason: string | undefined]>([
  ['groupMapper is not a string', {}, 'groupMapper is missing'],
  ['groupMapper is not a string', { groupMapper: [1, 2] }, 'groupMapper is [1,2]'],
  ['text is not a string', { text: { a: 1 } }, 'text is {"a":1}'],
  ['html is not a string', { html: null }, 'html is null'],
  ['too many sessions', {}, 'there are 2 sessions: delete some, or start with a larger --max-sessions'],
  ['groupID does not exist', {}, 'groupID is missing'],
  ['groupID does not exist', { groupID: 'g.x' }, 'groupID g.x was never created, or was deleted'],
  ['something else', { something: 7 }, undefined],
])('%s with %j: %s', (message, parameters, reason) => {
  expect(explainRefusal(message, parameters, world)).toBe(reason);
});
