import type { Behaviour } from '../../etherpad/emulation.ts';
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

interface Shown {
  readonly head: number;
  readonly behaviour: Behaviour;
  readonly html: string;
}

/** What was shown of pads: pages that are open ask again and again, and the text is mostly the same. */
const shown = new WeakMap<Pad, Shown>();

/**
 * The newest text for a page whose policy lets in no style but its own. An item that holds a deeper list alone is marked, so
 * that it can be shown without a bullet, as in Etherpad's editor.
 */
export function shownHtml(pad: Pad, { behaviour }: World): string {
  const { head } = pad;
  const last = shown.get(pad);
  if (last?.head === head && last.behaviour === behaviour) return last.html;
  const html = htmlOf(pad.runs, pad.pool, { ...behaviour, indentStyle: '' }).replace(/<li>(?=<[uo]l\b)/g, '<li class="deeper">');
  shown.set(pad, { head, behaviour, html });
  return html;
}
