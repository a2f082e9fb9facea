import type { Behaviour } from '../../etherpad/emulation.ts';
import { either, listWith, ok, refused } from '../expectation.ts';
import { badPadID, changeset, html, noPad, ownPadMade, revisions, text, timeSince, withAuthors } from '../pad-expectations.ts';
import { form, get, KEY, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const stay = ({ keepsNoBreakSpaces }: Behaviour): boolean => keepsNoBreakSpaces;

export const padText: Subject = {
  name: "pads' text",
  scenarios: [
    {
      title: 'createPad makes a pad outside of any group, with its text and a line feed',
      run: async (steps) => {
        const padID = steps.unique('pad');
        await steps.expects(get('getText', { padID }), noPad);
        await steps.expects(get('createPad', { padID, text: 'hello ☃' }), ownPadMade);
        await steps.expects(get('getText', { padID }), text('hello ☃\n'));
        await steps.expects(get('listAllPads'), ok({ padIDs: listWith(padID) }));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(0));
        await steps.expects(get('getLastEdited', { padID }), ok({ lastEdited: timeSince(steps.now()) }));
      },
    },
    {
      title: 'createPad refuses an id that is taken, of a group, or with signs that a path cannot hold',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(get('createPad', { padID }), refused('padID does already exist'));
        await steps.expects(get('createPad', { padID: `${padID}$x` }), refused("createPad can't create group pads"));
        for (const sign of ['/', '?', '&', '#']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get('createPad', { padID: padID + sign }), refused('malformed padID: Remove special characters'));
        }
        await steps.expects(get('createPad', { padID: padID.padEnd(51, 'x') }), badPadID);
        await steps.expects(get('createPad'), refused('padID is not a string'));
      },
    },
    {
      title: 'createPad refuses a text of more than 100,000 characters, which setText takes',
      run: async (steps) => {
        const padID = steps.unique('pad');
        const long = 'x'.repeat(100_001);
        const refusal = refused('text must be less than 100k chars');
        await steps.expects(post('createPad', form({ apikey: KEY, padID, text: long })), refusal);
        await steps.expects(get('getText', { padID }), noPad);
        await steps.expects(post('createPad', form({ apikey: KEY, padID, text: 'short' })), ownPadMade);
        await steps.expects(post('setText', form({ apikey: KEY, padID, text: long })), ok(null));
        await steps.expects(get('getText', { padID, rev: '1' }), text(`${long}\n`));
      },
    },
    {
      title: 'setText replaces the text in a new revision, and the same text makes none',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        await steps.expects(get('getText', { padID }), text('two\n'));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(1));
        await steps.expects(get('setText', { padID, text: 'two\n' }), ok(null));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(1));
        await steps.expects(get('setText', { padID, text: '' }), ok(null));
        await steps.expects(get('getText', { padID }), text('\n'));
      },
    },
    {
      title: 'setText writes line feeds for every kind of them, and spaces for tabs',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(get('setText', { padID, text: 'a\r\nb\rc\td' }), ok(null));
        await steps.expects(get('getText', { padID }), text('a\nb\nc        d\n'));
      },
    },
    {
      title: 'no-break spaces stay as they are, or become spaces',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(get('setText', { padID, text: 'a\u00A0b' }), ok(null));
        await steps.expects(get('getText', { padID }), either(stay, text('a\u00A0b\n'), text('a b\n')));
        await steps.expects(get('getHTML', { padID }), either(stay, html('a&nbsp;b<br>'), html('a b<br>')));
      },
    },
    {
      title: 'appendText inserts before the last line feed, and an empty text makes no revision',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('appendText', { padID, text: ' two\nthree' }), ok(null));
        await steps.expects(get('getText', { padID }), text('one two\nthree\n'));
        await steps.expects(get('appendText', { padID, text: '' }), ok(null));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(1));
        await steps.expects(
          get('getRevisionChangeset', { padID }),
          changeset('Z:4>a=3*0|1+5*0+5$ two\nthree', 'Z:4>a=3|1+5+5$ two\nthree'),
        );
      },
    },
    {
      title: 'setText and appendText refuse a missing text, and a pad that is not there',
      run: async (steps) => {
        const padID = steps.unique('unknown');
        for (const name of ['setText', 'appendText']) {
          // oxlint-disable no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get(name, { padID }), refused('text is not a string'));
          await steps.expects(get(name, { padID, text: 'x' }), noPad);
          await steps.expects(get(name, { padID: 'a$b', text: 'x' }), badPadID);
          // oxlint-enable no-await-in-loop
        }
      },
    },
    {
      title: 'who writes is named by authorId: authors are listed for the pad, and the pad for them',
      run: async (steps) => {
        const [first, second] = [await steps.author(), await steps.author()];
        const padID = steps.unique('pad');
        await steps.expects(get(withAuthors('createPad'), { padID, text: 'one', authorId: first }), ownPadMade);
        await steps.expects(get(withAuthors('appendText'), { padID, text: ' two', authorId: second }), ok(null));
        await steps.expects(get('listAuthorsOfPad', { padID }), ok({ authorIDs: [first, second] }));
        await steps.expects(get('listPadsOfAuthor', { authorID: second }), ok({ padIDs: [padID] }));
        const numToAttrib = { 0: ['author', first], 1: ['author', second] };
        const attribToNum = { [`author,${first}`]: 0, [`author,${second}`]: 1 };
        await steps.expects(get('getAttributePool', { padID }), ok({ pool: { numToAttrib, attribToNum, nextNum: 2 } }));
        await steps.expects(get('deletePad', { padID }), ok(null));
        await steps.expects(get('listPadsOfAuthor', { authorID: second }), ok({ padIDs: [] }));
      },
    },
    {
      title: 'spaces and colons in a padID become underscores, and find the same pad',
      run: async (steps) => {
        const padID = steps.unique('a_b_c');
        const written = padID.replace('a_b_c', 'a b:c');
        await steps.expects(get('createPad', { padID: written, text: 'x' }), ownPadMade);
        await steps.expects(get('getText', { padID }), text('x\n'));
        await steps.expects(get('getText', { padID: written }), text('x\n'));
      },
    },
    {
      title: 'nobody edits a new pad',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(get('padUsersCount', { padID }), ok({ padUsersCount: 0 }));
        await steps.expects(get('padUsers', { padID }), ok({ padUsers: [] }));
        await steps.expects(get('sendClientsMessage', { padID, msg: 'hello' }), ok(null));
      },
    },
  ],
};
