import { expect, test } from 'vitest';
import { ApiError } from '../../src/etherpad/api-error.ts';
import type { Parameters } from '../../src/etherpad/etherpad-function.ts';
import { explainPadRefusal } from '../../src/etherpad/pads/reasons.ts';
import { type NewWorld, newWorld } from './new-world.ts';

const GROUP = 'g.1234567890123456';

/** An Etherpad with a pad of one revision more than the first, one with chat, and one in a group. */
function withPads(): NewWorld & { readonly readOnlyID: string } {
  const world = newWorld('3.3.1');
  world.state.addGroup(GROUP);
  world.call('createPad', { padID: 'plain', text: 'x' });
  world.call('appendText', { padID: 'plain', text: 'y' });
  world.call('createPad', { padID: 'talk', text: 'x' });
  world.call('appendChatMessage', { padID: 'talk', text: 'Hello', authorID: 'a.x' });
  world.call('createGroupPad', { groupID: GROUP, padName: 'notes', text: 'x' });
  world.call('copyPad', { sourceID: 'plain', destinationID: 'copy' });
  const { readOnlyID } = world.call('getReadOnlyID', { padID: 'plain' }) as { readOnlyID: string };
  return Object.assign(world, { readOnlyID });
}

const world = withPads();

/** What Etherpad says to a call that it refuses, and what the mock adds. */
function refusalOf(name: string, parameters: Parameters): [message: string, reason: string | undefined] {
  try {
    world.call(name, parameters);
  } catch (error) {
    if (error instanceof ApiError) return [error.message, explainPadRefusal(error.message, parameters, world)];
    throw error;
  }
  throw new Error(`${name} is not refused`);
}

test.each<[name: string, parameters: Parameters, message: string, reason: string | undefined]>([
  ['createPad', { padID: 'plain' }, 'padID does already exist', 'there is a pad plain'],
  ['createPad', { padID: 'a$b' }, "createPad can't create group pads", 'padID has a $: createGroupPad makes the pads of groups'],
  ['createPad', { padID: 'a?b' }, 'malformed padID: Remove special characters', 'padID has one of / ? & #'],
  ['createPad', { padID: 'x'.repeat(51) }, 'padID did not match requirements', 'the name of a pad has 1 to 50 characters, and this one 51'],
  ['createGroupPad', { groupID: GROUP, padName: 'notes' }, 'padName does already exist', 'the group has a pad notes'],
  ['getText', { padID: 'nobody' }, 'padID does not exist', undefined],
  [
    'getText',
    { padID: 'a b' },
    'padID does not exist',
    'padID a b is looked for as it is and with underscores instead of white space and colons',
  ],
  ['getText', { padID: world.readOnlyID }, 'padID does not exist', 'padID is a read-only id: getPadID returns the id of its pad'],
  ['getText', { padID: `${world.readOnlyID}0` }, 'padID does not exist', undefined],
  ['getPadID', { roID: `r.${'0'.repeat(32)}` }, 'padID does not exist', undefined],
  [
    'copyPad',
    { sourceID: world.readOnlyID, destinationID: 'b' },
    'padID does not exist',
    'sourceID is a read-only id: getPadID returns the id of its pad',
  ],
  ['getText', { padID: 'x$y$z' }, 'padID did not match requirements', 'the name of a pad has no $'],
  ['getText', { padID: 'x$y' }, 'padID did not match requirements', 'before the $ stands no id of a group: x'],
  [
    'getText',
    { padID: `${GROUP}$${'n'.repeat(60)}` },
    'padID did not match requirements',
    'the name of a pad has 1 to 50 characters, and this one 60',
  ],
  ['getText', { padID: 'plain', rev: '9' }, 'rev is higher than the head revision of the pad', 'rev is "9", and the newest revision is 1'],
  ['getText', { padID: 'plain', rev: '-1' }, 'rev is not a negative number', 'rev is "-1"; revisions are whole numbers from 0 on'],
  ['getRevisionChangeset', { padID: 'plain', rev: 'x' }, 'rev is not a number', 'rev is "x"; revisions are whole numbers from 0 on'],
  ['restoreRevision', { padID: 'plain' }, 'rev is not defined', 'rev is missing'],
  ['getChatHistory', { padID: 'plain', start: '5', end: '6' }, 'start is higher than the current chatHead', 'the pad has no chat'],
  [
    'getChatHistory',
    { padID: 'talk', start: '5', end: '6' },
    'start is higher than the current chatHead',
    'the newest message is number 0',
  ],
  [
    'getChatHistory',
    { padID: 'talk', start: '5', end: '3' },
    'start is higher than end',
    'start is "5" and end "3", which are compared as texts',
  ],
  ['getChatHistory', { padID: 'talk', start: '-1', end: '3' }, 'start is below zero', 'start is "-1" and end "3"'],
  ['copyPad', { sourceID: 'plain', destinationID: 'talk' }, 'destinationID already exists', 'there is a pad talk: force=true replaces it'],
  [
    'copyPad',
    { sourceID: 'plain', destinationID: 'g.6543210987654321$x' },
    'groupID does not exist for destinationID',
    'no group has the id g.6543210987654321',
  ],
  [
    'setPublicStatus',
    { padID: 'plain', publicStatus: 'true' },
    'You can only get/set the publicStatus of pads that belong to a group',
    'plain is the id of a pad of no group: it has no $',
  ],
  ['deletePad', { padID: 'plain', deletionToken: 'x' }, 'invalid deletionToken', 'the pad was given another token when it was made'],
  [
    'deletePad',
    { padID: 'copy', deletionToken: 'x' },
    'invalid deletionToken',
    'the pad has no token: only one that createPad or createGroupPad made has',
  ],
])('%s %j is refused with “%s”, because %s', (name, parameters, message, reason) => {
  expect(refusalOf(name, parameters)).toEqual([message, reason]);
});
