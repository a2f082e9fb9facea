import type { Behaviour } from '../../etherpad/emulation.ts';
import { either, ok, Pattern, refused } from '../expectation.ts';
import { noPad, ownPadMade, READ_ONLY_ID, text } from '../pad-expectations.ts';
import { get } from '../request.ts';
import type { Subject } from '../scenario.ts';

const groupPadsOnly = refused('You can only get/set the publicStatus of pads that belong to a group');

const hasToken = ({ givesDeletionToken }: Behaviour): boolean => givesDeletionToken;

export const padAccess: Subject = {
  name: 'read-only ids, public pads and deletion',
  scenarios: [
    {
      title: 'getReadOnlyID gives the same id each time, and getPadID leads back from it',
      run: async (steps) => {
        const padID = await steps.ownPad();
        let given = '';
        const keep = new Pattern(READ_ONLY_ID.description, (value) => {
          if (READ_ONLY_ID.fits(value)) given = value as string;
          return READ_ONLY_ID.fits(value);
        });
        await steps.expects(get('getReadOnlyID', { padID }), ok({ readOnlyID: keep }));
        await steps.expects(get('getReadOnlyID', { padID }), ok({ readOnlyID: given }));
        await steps.expects(get('getPadID', { roID: given }), ok({ padID }));
        await steps.expects(get('getText', { padID: given }), noPad);
        await steps.expects(get('deletePad', { padID }), ok(null));
        await steps.expects(get('getPadID', { roID: given }), noPad);
      },
    },
    {
      title: 'getPadID and getReadOnlyID refuse what is not there',
      run: async (steps) => {
        await steps.expects(get('getPadID', { roID: 'r.unknown' }), noPad);
        await steps.expects(get('getPadID'), noPad);
        await steps.expects(get('getReadOnlyID', { padID: steps.unique('unknown') }), noPad);
      },
    },
    {
      title: 'a pad of a group is public once setPublicStatus says true, in any letters',
      run: async (steps) => {
        const padID = await steps.pad(await steps.group(), 'notes');
        await steps.expects(get('getPublicStatus', { padID }), ok({ publicStatus: false }));
        for (const [publicStatus, isPublic] of [
          ['true', true],
          ['false', false],
          ['TRUE', true],
          ['1', false],
        ] as const) {
          // oxlint-disable no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get('setPublicStatus', { padID, publicStatus }), ok(null));
          await steps.expects(get('getPublicStatus', { padID }), ok({ publicStatus: isPublic }));
          // oxlint-enable no-await-in-loop
        }
      },
    },
    {
      title: 'the public status of a pad outside of any group is refused, there or not',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(get('getPublicStatus', { padID }), groupPadsOnly);
        await steps.expects(get('setPublicStatus', { padID, publicStatus: 'true' }), groupPadsOnly);
        await steps.expects(get('getPublicStatus', { padID: steps.unique('unknown') }), groupPadsOnly);
      },
    },
    {
      title: 'deletePad deletes a pad with its history, and its id is free again',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        await steps.expects(get('deletePad', { padID }), ok(null));
        for (const name of ['getText', 'getHTML', 'getRevisionsCount', 'getLastEdited', 'getChatHead', 'listAuthorsOfPad', 'deletePad']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get(name, { padID }), noPad);
        }
        await steps.expects(get('createPad', { padID, text: 'again' }), ownPadMade);
        await steps.expects(get('getText', { padID, rev: '0' }), text('again\n'));
      },
    },
    {
      title: 'a wrong deletion token is refused where pads have one, and not looked at elsewhere',
      run: async (steps) => {
        const padID = await steps.ownPad();
        await steps.expects(
          get('deletePad', { padID, deletionToken: 'wrong' }),
          either(hasToken, refused('invalid deletionToken'), ok(null)),
        );
        await steps.expects(get('deletePad', { padID: await steps.ownPad(), deletionToken: '' }), ok(null));
      },
    },
  ],
};
