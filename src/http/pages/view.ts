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

/** Who asks, with what was sent. */
export interface Reader extends Sent {
  /** Takes out of a text what no answer may show: a reason quotes the cookie. */
  readonly hide: (text: string) => string;
}

export function openPad(id: string, reader: Reader, world: World): Opened {
  const access = checkAccess(id, reader.cookies, world);
  return { access, reason: access.granted ? undefined : reader.hide(explainDenial(access, reader, seconds(world.clock))) };
}

const nameOf = (name: unknown): string | undefined => (typeof name === 'string' && name !== '' ? name : undefined);

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
    events: place === 'pad' ? `${below}events` : undefined,
    ...(place === 'timeslider' && pad !== undefined ? { history: pad.revisions() } : {}),
  };
}

/** What changes when the page does: the same text says that nothing did. */
export function fingerprint({ access, reason }: Opened): unknown[] {
  if (!access.granted) return [reason];
  const { pad, by, session } = access;
  return [by, session, session?.author.name, pad, pad?.head, pad?.publicStatus];
}

/**
 * What Etherpad's editor does when it connects: a pad that is not there is made, with the default text, for who may open
 * it.
 */
export function connectToPad(id: string, reader: Reader, world: World): void {
  const { access } = openPad(id, reader, world);
  if (!access.granted || access.pad !== undefined) return;
  const group = world.state.findGroup(groupIdOf(id) ?? '');
  addPad(world, id, group, undefined, access.session?.author.authorID ?? '');
}
