import { ok, refused } from '../expectation.ts';
import { chatHead, noPad, revisions, text } from '../pad-expectations.ts';
import { get } from '../request.ts';
import { AUTHOR_NAME, type Subject } from '../scenario.ts';

export const padCopies: Subject = {
  name: 'copies of pads',
  scenarios: [
    {
      title: 'copyPad copies a pad with its history and chat, and both then go their own way',
      run: async (steps) => {
        const sourceID = await steps.ownPad('one');
        const destinationID = steps.unique('copy');
        await steps.expects(get('setText', { padID: sourceID, text: 'two' }), ok(null));
        const message = { text: 'hi', time: '1', userId: await steps.anyAuthor(), userName: AUTHOR_NAME };
        await steps.expects(get('appendChatMessage', { padID: sourceID, text: 'hi', authorID: message.userId, time: '1' }), ok(null));
        await steps.expects(get('copyPad', { sourceID, destinationID }), ok(null));
        await steps.expects(get('getRevisionsCount', { padID: destinationID }), revisions(1));
        await steps.expects(get('getText', { padID: destinationID, rev: '0' }), text('one\n'));
        await steps.expects(get('getChatHead', { padID: destinationID }), chatHead(0, message));
        await steps.expects(get('setText', { padID: destinationID, text: 'three' }), ok(null));
        await steps.expects(get('getText', { padID: sourceID }), text('two\n'));
        await steps.expects(get('getText', { padID: destinationID }), text('three\n'));
      },
    },
    {
      title: 'copyPadWithoutHistory makes two revisions, and adds a line feed',
      run: async (steps) => {
        const sourceID = await steps.ownPad('one');
        const destinationID = steps.unique('copy');
        await steps.expects(get('appendText', { padID: sourceID, text: '\ntwo' }), ok(null));
        await steps.expects(get('copyPadWithoutHistory', { sourceID, destinationID }), ok(null));
        await steps.expects(get('getText', { padID: destinationID }), text('one\ntwo\n\n'));
        await steps.expects(get('getRevisionsCount', { padID: destinationID }), revisions(1));
      },
    },
    {
      title: 'movePad leaves nothing where the pad was',
      run: async (steps) => {
        const sourceID = await steps.ownPad('one');
        const destinationID = steps.unique('moved');
        await steps.expects(get('movePad', { sourceID, destinationID }), ok(null));
        await steps.expects(get('getText', { padID: sourceID }), noPad);
        await steps.expects(get('getText', { padID: destinationID }), text('one\n'));
        await steps.expects(get('movePad', { sourceID, destinationID }), noPad);
      },
    },
    {
      title: 'a pad that is in the way is replaced with force=true only',
      run: async (steps) => {
        for (const name of ['copyPad', 'copyPadWithoutHistory', 'movePad']) {
          // oxlint-disable no-await-in-loop -- one after the other: the server is somebody's
          const [sourceID, destinationID] = [await steps.ownPad('new'), await steps.ownPad('old')];
          await steps.expects(get(name, { sourceID, destinationID }), refused('destinationID already exists'));
          await steps.expects(get(name, { sourceID, destinationID, force: 'false' }), refused('destinationID already exists'));
          await steps.expects(get('getText', { padID: destinationID }), text('old\n'));
          await steps.expects(get(name, { sourceID, destinationID, force: 'true' }), ok(null));
          const told = name === 'copyPadWithoutHistory' ? 'new\n\n' : 'new\n';
          await steps.expects(get('getText', { padID: destinationID }), text(told));
          // oxlint-enable no-await-in-loop
        }
      },
    },
    {
      title: 'a pad can be copied into a group, and moved from one to another',
      run: async (steps) => {
        const [first, second] = [await steps.group(), await steps.group()];
        const own = await steps.ownPad('one');
        await steps.expects(get('copyPad', { sourceID: own, destinationID: `${first}$a` }), ok(null));
        await steps.expects(get('copyPad', { sourceID: own, destinationID: `${first}$b` }), ok(null));
        await steps.expects(get('movePad', { sourceID: `${first}$b`, destinationID: `${second}$b` }), ok(null));
        await steps.expects(get('listPads', { groupID: first }), ok({ padIDs: [`${first}$a`] }));
        await steps.expects(get('listPads', { groupID: second }), ok({ padIDs: [`${second}$b`] }));
        await steps.expects(
          get('copyPad', { sourceID: own, destinationID: 'g.unknown$x' }),
          refused('groupID does not exist for destinationID'),
        );
      },
    },
  ],
};
