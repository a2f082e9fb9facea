import { type Access, checkAccess } from '../../etherpad/access.ts';
import { explainDenial, type Sent } from '../../etherpad/access-reasons.ts';
import { seconds } from '../../etherpad/clock.ts';
import { addPad } from '../../etherpad/pads/edit.ts';
import type { Pad } from '../../etherpad/pads/pad.ts';
import { groupIdOf } from '../../etherpad/pads/pad-id.ts';
import type { World } from '../../etherpad/world.ts';
import { shownHtml } from './content.ts';
import type { PageView } from './page.ts';

/** Who may open a pad now, and why not. */
export interface Opened {
  readonly access: Access<Pad>;
  readonly reason: string | undefined;
}

export function openPad(id: string, reader: Sent, world: World): Opened {
  const access = checkAccess(id, reader.cookies, world);
  return { access, reason: access.granted ? undefined : explainDenial(access, reader, seconds(world.clock)) };
}

const nameOf = (name: unknown): string | undefined => (typeof name === 'string' && name !== '' ? name : undefined);

/** How many revisions one page tells of, the newest. */
const LONGEST_HISTORY = 200;

function historyOf(pad: Pad): NonNullable<PageView['history']> {
  const first = Math.max(0, pad.head + 1 - LONGEST_HISTORY);
  return Array.from({ length: pad.head + 1 - first }, (_, index) => {
    const number = first + index;
    return { number, author: pad.authorAt(number), time: pad.timeAt(number) };
  });
}

/** What the reader sees. @param place where the page stands: the pad's own path, or below it */
export function viewOf({ access, reason }: Opened, world: World, place: 'pad' | 'timeslider'): PageView {
  const { pad } = access;
  const path = `./${encodeURIComponent(access.id)}/`;
  const below = place === 'pad' ? path : './';
  return {
    access,
    reason,
    authorName: access.granted ? nameOf(access.session?.author.name) : undefined,
    revision: pad?.head,
    html: access.granted && pad !== undefined ? shownHtml(pad, world) : undefined,
    below,
    view: place === 'pad' ? `${below}view` : undefined,
    ...(place === 'timeslider' && pad !== undefined ? { history: historyOf(pad) } : {}),
  };
}

/**
 * What Etherpad's editor does when it connects: a pad that is not there is made, with the default text, for who may open
 * it.
 */
export function connectToPad(id: string, reader: Sent, world: World): void {
  const { access } = openPad(id, reader, world);
  if (!access.granted || access.pad !== undefined) return;
  const group = world.state.findGroup(groupIdOf(id) ?? '');
  addPad(world, id, group, undefined, access.session?.author.authorID ?? '');
}
