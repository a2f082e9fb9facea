import type { Behaviour } from '../../etherpad/emulation.ts';
import { either, ok, refused } from '../expectation.ts';
import { chatHead, type KnownMessage, messages, noPad, revisions } from '../pad-expectations.ts';
import { get } from '../request.ts';
import { AUTHOR_NAME, type Subject } from '../scenario.ts';

const makesPad = ({ chatMakesPads }: Behaviour): boolean => chatMakesPads;

export const padChat: Subject = {
  name: "pads' chat",
  scenarios: [
    {
      title: 'a new pad has no chat',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(get('getChatHead', { padID }), chatHead(-1, null));
        await steps.expects(get('getChatHistory', { padID }), refused('start is higher than the current chatHead'));
      },
    },
    {
      title: 'messages are told with the name of their author, all or from one number to another',
      run: async (steps) => {
        const padID = await steps.ownPad();
        const userId = await steps.anyAuthor();
        const known = ['one', 'two ☃', '<b>&</b>'].map((text, index): KnownMessage => ({
          text,
          time: `123456789012${index}`,
          userId,
          userName: AUTHOR_NAME,
        }));
        for (const { text, time } of known) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get('appendChatMessage', { padID, text, authorID: userId, time }), ok(null));
        }
        await steps.expects(get('getChatHead', { padID }), chatHead(2, known[2]!));
        await steps.expects(get('getChatHistory', { padID }), messages(...known));
        await steps.expects(get('getChatHistory', { padID, start: '0', end: '0' }), messages(known[0]!));
        await steps.expects(get('getChatHistory', { padID, start: '1', end: '2' }), messages(known[1]!, known[2]!));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(0));
      },
    },
    {
      title: 'numbers of messages that are not there, or the wrong way round, are refused',
      run: async (steps) => {
        const padID = await steps.ownPad();
        const authorID = await steps.anyAuthor();
        await steps.expects(get('appendChatMessage', { padID, text: 'one', authorID, time: '1' }), ok(null));
        await steps.expects(get('getChatHistory', { padID, start: '2', end: '1' }), refused('start is higher than end'));
        await steps.expects(get('getChatHistory', { padID, start: '-1', end: '1' }), refused('start is below zero'));
        await steps.expects(get('getChatHistory', { padID, start: '1', end: '-1' }), refused('end is below zero'));
        await steps.expects(get('getChatHistory', { padID, start: '0', end: '9' }), refused('end is higher than the current chatHead'));
        await steps.expects(get('getChatHistory', { padID, start: '8', end: '9' }), refused('start is higher than the current chatHead'));
      },
    },
    {
      title: 'a message needs a text and, where pads are not made for it, a pad',
      run: async (steps) => {
        const padID = steps.unique('chat');
        await steps.expects(get('appendChatMessage', { padID }), refused('text is not a string'));
        await steps.expects(get('appendChatMessage', { padID, text: 'one' }), either(makesPad, ok(null), noPad));
        await steps.expects(get('getRevisionsCount', { padID }), either(makesPad, revisions(0), noPad));
        await steps.expects(get('getChatHead', { padID: steps.unique('unknown') }), noPad);
        await steps.expects(get('getChatHistory', { padID: steps.unique('unknown') }), noPad);
      },
    },
  ],
};
