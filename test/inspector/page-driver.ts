import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import type { MockEtherpad } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { dataOf } from '../envelope.ts';

export const KEY = 'the-key-of-this-test';
export const START = Date.parse('2030-01-01T09:00:00Z') / 1000;

export interface Caller {
  call(name: string, parameters?: Record<string, string>): Promise<ReturnType<typeof dataOf>>;
}

export const callerOf = (url: string): Caller => ({
  async call(name, parameters = {}) {
    const { pathname } = new URL(url);
    return dataOf(
      await ask(url, { path: `${pathname.replace(/\/$/, '')}/${name}?${new URLSearchParams({ apikey: KEY, ...parameters }).toString()}` }),
    );
  },
});

/** A group, an author and a session that ends so many seconds after the start of the clock. */
export async function makeSession(
  { call }: Caller,
  { name = 'Ada Lovelace', mapper = 'class-7b', seconds = 600 } = {},
): Promise<{ sessionID: string; groupID: string; authorID: string }> {
  const { groupID } = await call('createGroupIfNotExistsFor', { groupMapper: mapper });
  const { authorID } = await call('createAuthor', { name });
  const { sessionID } = await call('createSession', { groupID, authorID, validUntil: String(START + seconds) });
  return { sessionID, groupID, authorID };
}

export const sessionRow = (page: Page, sessionID: string) => page.locator(`[data-session="${sessionID}"]`);

export async function isShown(page: Page, sessionID: string): Promise<void> {
  await sessionRow(page, sessionID).waitFor();
}

/** Waits until a locator's text is as expected. */
export const reads = (page: Page, selector: string, text: string | RegExp) =>
  page.locator(selector).filter({ hasText: text }).first().waitFor();

/** @param how leave out what stands in frames where no script can look into them: `{ iframes: false }` */
export async function violations(page: Page, how: { iframes?: boolean } = {}): Promise<unknown[]> {
  // through the debugger: the page's own policy lets no other script in
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(`axe.run(${JSON.stringify(how)})`);
  return found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
}

export const hasSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth');

/** A button by its name: by all of it where it is given as text. */
export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name, exact: typeof name === 'string' });

/** Something of everything: what the README shows. */
export async function fillForShow(etherpad: MockEtherpad): Promise<void> {
  const { call } = callerOf(etherpad.url);
  await etherpad.ids.seed('show');
  await etherpad.clock.freeze(START);
  const { groupID: lesson } = await call('createGroupIfNotExistsFor', { groupMapper: 'class-7b' });
  const { groupID: staff } = await call('createGroupIfNotExistsFor', { groupMapper: 'staff-room' });
  await call('createGroupPad', { groupID: lesson, padName: 'homework' });
  const authors: string[] = [];
  for (const [index, name] of ['Ada Lovelace', 'Grace Hopper', 'Mary Jackson', 'Alan Turing'].entries()) {
    authors.push((await call('createAuthorIfNotExistsFor', { authorMapper: `user-${index + 1}`, name })).authorID);
  }
  for (const [index, seconds] of [45, 400, 3_600, 7_200, 90, 10_800, 172_800, 600].entries()) {
    await call('createSession', {
      groupID: index % 3 === 2 ? staff : lesson,
      authorID: authors[index % 4]!,
      validUntil: String(START + seconds),
    });
  }
  await etherpad.snapshots.save('before login');
  await etherpad.sandbox('worker-1').emulate('3.3.1');
  await etherpad.faults.add({ kind: 'code', code: 2, function: 'getSessionInfo', times: 3 });
  await etherpad.clock.advance({ seconds: 128 });
  await call('listSessionsOfGroup', { groupID: lesson });
  await ask(etherpad.url, { path: `/createSession?apikey=${KEY}&groupID=${lesson}&authorID=a.nobody&validUntil=${START + 600}` });
  await ask(etherpad.url, { path: `/getSessionInfo?apikey=${KEY}&sessionID=s.nobody` });
  await call('listPads', { groupID: lesson });
}
