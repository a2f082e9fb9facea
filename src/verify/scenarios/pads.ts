import { A_COUNT, listOf, listWith, listWithout, ok, padMade, refused } from '../expectation.ts';
import { form, get, KEY, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const noGroup = refused('groupID does not exist');
const noPad = refused('padID does not exist');

export const pads: Subject = {
  name: 'group pads',
  scenarios: [
    {
      title: 'createGroupPad gives the id of the pad: that of its group, a dollar sign and its name',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('createGroupPad', { groupID, padName: 'notes', text: 'hello' }), padMade(`${groupID}$notes`));
        await steps.expects(post('createGroupPad', form({ apikey: KEY, groupID, padName: 'more' })), padMade(`${groupID}$more`));
      },
    },
    {
      title: 'createGroupPad refuses a name that the group has already',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.pad(groupID, 'notes');
        await steps.expects(get('createGroupPad', { groupID, padName: 'notes' }), refused('padName does already exist'));
      },
    },
    {
      title: 'two groups may have pads of the same name',
      run: async (steps) => {
        await steps.pad(await steps.group(), 'notes');
        await steps.pad(await steps.group(), 'notes');
      },
    },
    {
      title: 'spaces and colons in a padName become underscores',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('createGroupPad', { groupID, padName: 'a b' }), padMade(`${groupID}$a_b`));
        await steps.expects(get('createGroupPad', { groupID, padName: 'a/b:c' }), padMade(`${groupID}$a/b_c`));
      },
    },
    {
      title: 'a missing padName makes a pad called undefined',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('createGroupPad', { groupID }), padMade(`${groupID}$undefined`));
      },
    },
    {
      title: 'an empty padName, or one with a dollar sign, is refused with the whole id',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('createGroupPad', { groupID, padName: '' }), refused(`${groupID}$ is not a valid padId`));
        await steps.expects(get('createGroupPad', { groupID, padName: 'a$b' }), refused(`${groupID}$a$b is not a valid padId`));
      },
    },
    {
      title: 'createGroupPad and listPads refuse a group that does not exist',
      run: async (steps) => {
        await steps.expects(get('createGroupPad', { groupID: 'g.unknown', padName: 'notes' }), noGroup);
        await steps.expects(get('createGroupPad', { padName: 'notes' }), noGroup);
        await steps.expects(get('listPads', { groupID: 'g.unknown' }), noGroup);
        await steps.expects(get('listPads'), noGroup);
      },
    },
    {
      title: 'listPads lists the pads of one group',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('listPads', { groupID }), ok({ padIDs: [] }));
        const [first, second] = [await steps.pad(groupID, 'first'), await steps.pad(groupID, 'second')];
        await steps.pad(await steps.group(), 'other');
        await steps.expects(get('listPads', { groupID }), ok({ padIDs: listOf(first, second) }));
      },
    },
    {
      title: 'listAllPads lists the pads of this run, among others',
      run: async (steps) => {
        const padID = await steps.pad(await steps.group(), 'notes');
        await steps.expects(get('listAllPads'), ok({ padIDs: listWith(padID) }));
      },
    },
    {
      title: 'getText tells the text with a line feed at its end',
      run: async (steps) => {
        const padID = await steps.pad(await steps.group(), 'notes', 'hello ☃');
        await steps.expects(get('getText', { padID }), ok({ text: 'hello ☃\n' }));
      },
    },
    {
      title: 'deletePad deletes the pad, and its name is free again',
      run: async (steps) => {
        const groupID = await steps.group();
        const [gone, kept] = [await steps.pad(groupID, 'gone'), await steps.pad(groupID, 'kept')];
        await steps.expects(get('deletePad', { padID: gone }), ok(null));
        await steps.expects(get('listPads', { groupID }), ok({ padIDs: [kept] }));
        await steps.expects(get('listAllPads'), ok({ padIDs: listWithout(gone) }));
        await steps.expects(get('deletePad', { padID: gone }), noPad);
        await steps.expects(get('getText', { padID: gone }), noPad);
        await steps.pad(groupID, 'gone', 'again');
      },
    },
    {
      title: 'getStats counts pads and editing connections',
      run: async (steps) => {
        await steps.expects(get('getStats'), ok({ totalPads: A_COUNT, totalSessions: A_COUNT, totalActivePads: A_COUNT }));
      },
    },
  ],
};
