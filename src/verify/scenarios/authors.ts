import { authorName, noSessionsYet, ok, padMade, refused } from '../expectation.ts';
import { form, get, KEY, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const noAuthor = refused('authorID does not exist');

export const authors: Subject = {
  name: 'authors',
  scenarios: [
    {
      title: 'createAuthor gives an id of "a." and 16 letters or digits, another each time, also for the same name',
      run: async (steps) => {
        const [first, second] = [await steps.author(), await steps.author()];
        if (first === second) await steps.expects(get('listSessionsOfAuthor', { authorID: second }), noAuthor);
        await steps.expects(get('listSessionsOfAuthor', { authorID: second }), noSessionsYet);
      },
    },
    {
      title: 'getAuthorName tells the name as it was given, whatever is in it',
      run: async (steps) => {
        const name = 'mock-etherpad verify: Zoë ☃ 日本 <b>&"\'</b> \\';
        const authorID = await steps.author(name);
        await steps.expects(get('getAuthorName', { authorID }), authorName(authorID, name));
      },
    },
    {
      title: 'an author made without a name, or with an empty one, has none',
      run: async (steps) => {
        const without = await steps.gives(get('createAuthor'), 'authorID');
        await steps.expects(get('getAuthorName', { authorID: without }), authorName(without, null));
        const empty = await steps.author('');
        await steps.expects(get('getAuthorName', { authorID: empty }), authorName(empty, null));
      },
    },
    {
      title: 'getAuthorName of an author who does not exist is no error',
      run: async (steps) => {
        await steps.expects(get('getAuthorName', { authorID: 'a.unknown' }), ok(null));
        await steps.expects(get('getAuthorName'), ok(null));
        await steps.expects(get('getAuthorName', { authorID: '' }), ok(null));
      },
    },
    {
      title: 'createAuthorIfNotExistsFor gives the same author for the same mapper, and renames',
      run: async (steps) => {
        const authorMapper = steps.unique('mapper');
        const authorID = await steps.gives(
          get('createAuthorIfNotExistsFor', { authorMapper, name: 'mock-etherpad verify, first' }),
          'authorID',
        );
        await steps.expects(get('createAuthorIfNotExistsFor', { authorMapper, name: 'mock-etherpad verify, second' }), ok({ authorID }));
        await steps.expects(get('getAuthorName', { authorID }), authorName(authorID, 'mock-etherpad verify, second'));
      },
    },
    {
      title: 'createAuthorIfNotExistsFor with no name, or an empty one, keeps the old name',
      run: async (steps) => {
        const [authorMapper, name] = [steps.unique('mapper'), 'mock-etherpad verify, kept'];
        const authorID = await steps.gives(post('createAuthorIfNotExistsFor', form({ apikey: KEY, authorMapper, name })), 'authorID');
        await steps.expects(get('createAuthorIfNotExistsFor', { authorMapper }), ok({ authorID }));
        await steps.expects(get('createAuthorIfNotExistsFor', { authorMapper, name: '' }), ok({ authorID }));
        await steps.expects(get('getAuthorName', { authorID }), authorName(authorID, name));
      },
    },
    {
      title: 'a repeated authorMapper is one mapper with a comma in it',
      run: async (steps) => {
        const [one, other] = [steps.unique('one'), steps.unique('other')];
        const authorID = await steps.gives(get('createAuthorIfNotExistsFor', { authorMapper: [one, other] }), 'authorID');
        await steps.expects(get('createAuthorIfNotExistsFor', { authorMapper: `${one},${other}` }), ok({ authorID }));
      },
    },
    {
      title: 'a repeated name is stored and told as an array',
      when: ({ keepsValuesAsGiven }) => keepsValuesAsGiven,
      run: async (steps) => {
        const name = ['mock-etherpad verify', 'twice'];
        const authorID = await steps.gives(get('createAuthor', { name }), 'authorID');
        await steps.expects(get('getAuthorName', { authorID }), ok(name));
      },
    },
    {
      title: 'listPadsOfAuthor lists nothing for an author who wrote in no pad, and refuses one who does not exist',
      run: async (steps) => {
        await steps.expects(get('listPadsOfAuthor', { authorID: await steps.author() }), ok({ padIDs: [] }));
        await steps.expects(get('listPadsOfAuthor', { authorID: 'a.unknown' }), noAuthor);
        await steps.expects(get('listPadsOfAuthor'), noAuthor);
      },
    },
    {
      title: 'a pad made with authorId is one of listPadsOfAuthor from API 1.3.0 on',
      run: async (steps) => {
        const [groupID, authorID] = [await steps.group(), await steps.author()];
        const padID = `${groupID}$by-author`;
        const made = get('/api/1.3.0/createGroupPad', { groupID, padName: 'by-author', text: 'x', authorId: authorID });
        await steps.expects(made, padMade(padID));
        await steps.expects(get('listPadsOfAuthor', { authorID }), ok({ padIDs: [padID] }));
      },
    },
  ],
};
