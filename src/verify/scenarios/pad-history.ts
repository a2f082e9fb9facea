import { either, ok, refused } from '../expectation.ts';
import { changeset, html, internalError, noPad, revisions, text } from '../pad-expectations.ts';
import { get } from '../request.ts';
import type { Subject } from '../scenario.ts';

const REMOVED =
  ".removed {text-decoration: line-through; -ms-filter:'progid:DXImageTransform.Microsoft.Alpha(Opacity=80)'; filter: alpha(opacity=80); opacity: 0.8; }";

/** The one whom Etherpad names where nobody wrote, and his style, in which he has no colour. */
const SYSTEM = 'a.etherpad-system';
const SYSTEM_STYLE = '.authora_etherpad-system {background-color: null}';

/** What createDiffHTML says of what nobody named has written. */
const diff = (withAuthors: { readonly html: string; readonly authors: readonly string[] }, without: string): ReturnType<typeof either> =>
  either(
    (behaviour) => behaviour.diff === 'breaks down',
    internalError,
    either(
      (behaviour) => behaviour.diff === 'with authors',
      ok({ html: `<style>\n${SYSTEM_STYLE}\n${REMOVED}\n</style>${withAuthors.html}`, authors: withAuthors.authors }),
      ok({ html: `<style>\n${REMOVED}\n</style>${without}` }),
    ),
  );

export const padHistory: Subject = {
  name: "pads' history",
  scenarios: [
    {
      title: 'getText and getHTML tell every revision',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        await steps.expects(get('appendText', { padID, text: '\nthree' }), ok(null));
        for (const [rev, lines] of [['one'], ['two'], ['two', 'three']].entries()) {
          // oxlint-disable no-await-in-loop -- one after the other: the server is somebody's
          await steps.expects(get('getText', { padID, rev: String(rev) }), text(`${lines.join('\n')}\n`));
          await steps.expects(get('getHTML', { padID, rev: String(rev) }), html(`${lines.join('<br>')}<br>`));
          // oxlint-enable no-await-in-loop
        }
        await steps.expects(get('getRevisionsCount', { padID }), revisions(2));
      },
    },
    {
      title: 'getRevisionChangeset tells what a revision changed, the newest without a number',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two lines\nnow' }), ok(null));
        await steps.expects(get('getRevisionChangeset', { padID, rev: '0' }), changeset('Z:1>3*0+3$one', 'Z:1>3+3$one'));
        const newest = changeset('Z:4>a|1-4*0|2+e$two lines\nnow\n', 'Z:4>a|1-4|2+e$two lines\nnow\n');
        await steps.expects(get('getRevisionChangeset', { padID }), newest);
      },
    },
    {
      title: 'a revision that is not one is refused, before the pad is looked for',
      run: async (steps) => {
        const padID = await steps.ownPad();
        for (const [rev, message] of [
          ['x', 'rev is not a number'],
          ['', 'rev is not a number'],
          ['-1', 'rev is not a negative number'],
          ['1', 'rev is higher than the head revision of the pad'],
        ] as const) {
          for (const name of ['getText', 'getHTML', 'getRevisionChangeset', 'saveRevision', 'restoreRevision']) {
            // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
            await steps.expects(get(name, { padID, rev }), refused(message));
          }
        }
        const unknown = steps.unique('unknown');
        await steps.expects(get('getText', { padID: unknown, rev: 'x' }), refused('rev is not a number'));
        await steps.expects(get('getText', { padID: unknown, rev: '7' }), noPad);
      },
    },
    {
      title: 'a number counts as far as it can be read',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        await steps.expects(get('getText', { padID, rev: '0x1' }), text('one\n'));
        await steps.expects(get('getText', { padID, rev: '0.9' }), text('one\n'));
        await steps.expects(get('getText', { padID, rev: ' 1st' }), text('two\n'));
      },
    },
    {
      title: 'saveRevision saves a revision once, and they are listed in order',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('getSavedRevisionsCount', { padID }), ok({ savedRevisions: 0 }));
        await steps.expects(get('listSavedRevisions', { padID }), ok({ savedRevisions: [] }));
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        await steps.expects(get('saveRevision', { padID }), ok(null));
        await steps.expects(get('saveRevision', { padID, rev: '0' }), ok(null));
        await steps.expects(get('saveRevision', { padID, rev: '0' }), ok(null));
        await steps.expects(get('getSavedRevisionsCount', { padID }), ok({ savedRevisions: 2 }));
        await steps.expects(get('listSavedRevisions', { padID }), ok({ savedRevisions: [0, 1] }));
      },
    },
    {
      title: 'restoreRevision makes a new revision with the old text, before a line feed that stays',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        await steps.expects(get('restoreRevision', { padID }), refused('rev is not defined'));
        await steps.expects(get('restoreRevision', { padID, rev: '0' }), ok(null));
        await steps.expects(get('getText', { padID }), text('one\n\n'));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(2));
        await steps.expects(get('getText', { padID, rev: '1' }), text('two\n'));
      },
    },
    {
      title: 'createDiffHTML shows what was written and what was removed',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(get('setText', { padID, text: 'two' }), ok(null));
        const span = '<span class="authora_etherpad-system">';
        const removed = '<span class="removed">one</span>';
        await steps.expects(
          get('createDiffHTML', { padID, startRev: '0', endRev: '1' }),
          diff({ html: `${span}${removed}</span><br>${span}two</span><br>`, authors: [SYSTEM] }, `${removed}<br>two<br>`),
        );
        await steps.expects(get('createDiffHTML', { padID, startRev: 'x', endRev: '1' }), refused('rev is not a number'));
        await steps.expects(get('createDiffHTML', { padID: steps.unique('unknown'), startRev: '0', endRev: '1' }), noPad);
      },
    },
  ],
};
