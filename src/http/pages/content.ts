import { htmlOf } from '../../etherpad/pads/html-out.ts';
import { textWithLists } from '../../etherpad/pads/lists.ts';
import type { Pad } from '../../etherpad/pads/pad.ts';
import type { Run } from '../../etherpad/pads/run.ts';
import type { World } from '../../etherpad/world.ts';

const runsOf = (pad: Pad, revision: number | undefined): readonly Run[] => (revision === undefined ? pad.runs : pad.runsAt(revision));

/** The text of a pad with its lists, of a revision too: exports are not as getText is. @param revision the newest without it */
export const exportedText = (pad: Pad, revision: number | undefined): string => textWithLists(runsOf(pad, revision), pad.pool);

/** The text of a pad as getHTML gives it, without the document around it. */
export const exportedHtml = (pad: Pad, revision: number | undefined, { behaviour }: World): string =>
  htmlOf(runsOf(pad, revision), pad.pool, behaviour);

/**
 * The same for a page whose policy lets in no style but its own. An item that holds a deeper list alone is marked, so that
 * it can be shown without a bullet, as in Etherpad's editor.
 */
export const shownHtml = (pad: Pad, { behaviour }: World): string =>
  htmlOf(pad.runs, pad.pool, { ...behaviour, indentStyle: '' }).replace(/<li>(?=<[uo]l\b)/g, '<li class="deeper">');
