import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ask } from '../ask.ts';
import { CHROMIUM } from './browser.ts';
import { useInspected } from './inspected.ts';
import { button, callerOf, hasSidewaysScroll, START, violations } from './page-driver.ts';

const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> http://example.org/"onmouseover="alert(1)';

describe.skipIf(CHROMIUM === undefined)('pads in a browser', () => {
  const inspected = useInspected();

  const call = (name: string, parameters: Record<string, string> = {}) => callerOf(inspected.etherpad.url).call(name, parameters);

  /** A public pad of a group, by two authors, with three revisions of which one is saved, and two messages. */
  async function makeLesson(): Promise<{ padID: string; groupID: string }> {
    await inspected.etherpad.clock.freeze(START);
    const { groupID } = await call('createGroupIfNotExistsFor', { groupMapper: 'class-7b' });
    const { authorID: ada } = await call('createAuthor', { name: 'Ada Lovelace' });
    const { authorID: grace } = await call('createAuthor', { name: 'Grace Hopper' });
    const { padID } = await call('createGroupPad', { groupID, padName: 'homework', text: 'First words', authorId: ada });
    await call('saveRevision', { padID });
    await call('setHTML', { padID, html: '<p>My <b>homework</b></p><ul><li>read</li><li>write</li></ul>', authorId: grace });
    await call('setPublicStatus', { padID, publicStatus: 'true' });
    await call('appendChatMessage', { padID, text: 'Who begins?', authorID: ada, time: String(START * 1000) });
    await call('appendChatMessage', { padID, text: '<b>I</b> do', authorID: grace, time: String(START * 1000 + 1_000) });
    return { padID, groupID };
  }

  async function openPads(): Promise<Page> {
    const page = await inspected.open(`${inspected.etherpad.url}/_mock/`);
    await page.getByRole('tab', { name: /^Pads/ }).click();
    return page;
  }

  const row = (page: Page, padID: string) => page.locator(`[data-pad="${padID}"]`);
  const openPad = (page: Page, padID: string) => button(page, `Open pad ${padID}`);
  const text = (page: Page) => page.frameLocator('iframe.paper').locator('body');

  test('are listed with group, authors, revisions and whether they are public, as they come and go', async () => {
    const page = await openPads();
    await page.getByText('No pads yet').waitFor();
    const { padID } = await makeLesson();
    await call('createPad', { padID: 'alone', text: 'x' });
    // the last that was made: once it is there, all before it is shown too
    await row(page, 'alone').getByText('1 revision').waitFor();
    expect((await row(page, padID).innerText()).split(/\s*\n\s*/)).toEqual([
      'homework',
      'class-7b',
      padID,
      'Ada Lovelace',
      'Grace Hopper',
      'public',
      '3 revisions',
    ]);
    expect((await row(page, 'alone').innerText()).split(/\s*\n\s*/)).toEqual(['alone', 'alone', '1 revision']);
    await page.getByRole('tab', { name: 'Pads 2' }).waitFor();
    await call('deletePad', { padID: 'alone' });
    await row(page, 'alone').waitFor({ state: 'detached' });
    expect(inspected.opened.complaints).toEqual([]);
  });

  test('are found by id, group and author', async () => {
    const { padID } = await makeLesson();
    await call('createPad', { padID: 'alone' });
    const page = await openPads();
    const box = page.getByRole('searchbox', { name: /Filter pads/ });
    for (const wanted of ['HOMEWORK', 'class-7b', 'hopper']) {
      await row(page, 'alone').waitFor();
      await box.fill(wanted);
      await row(page, 'alone').waitFor({ state: 'detached' });
      await row(page, padID).waitFor();
      await box.fill('');
    }
    await box.fill('nothing');
    await page.getByText('No pads match “nothing”.').waitFor();
  });

  test('open to their text as a reader sees it, their revisions and their chat', async () => {
    const { padID, groupID } = await makeLesson();
    const page = await openPads();
    await openPad(page, padID).click();
    const dialog = page.getByRole('dialog');
    await text(page).getByText('homework').waitFor();
    expect(await text(page).locator('strong').innerText()).toBe('homework');
    expect(await text(page).locator('ul > li').allInnerTexts()).toEqual(['read', 'write']);
    // the style of the page is let in
    expect(await text(page).evaluate('getComputedStyle(document.body).paddingLeft')).toBe('14px');
    const status = dialog.getByRole('status');
    await status.getByText('Revision 2 of 2').waitFor();
    await dialog.getByText(groupID, { exact: true }).waitFor();
    expect(await dialog.locator('.chat .message').allInnerTexts()).toEqual(['Who begins?', '<b>I</b> do']);
    expect(await dialog.locator('.chat .author').allInnerTexts()).toEqual(['Ada Lovelace', 'Grace Hopper']);

    await dialog.getByRole('button', { name: 'Older', exact: true }).click();
    await status.getByText('Revision 1 of 2').waitFor();
    await expect.poll(async () => (await text(page).innerText()).trim()).toBe('');
    await dialog.getByRole('button', { name: 'First', exact: true }).click();
    await status.getByText('Revision 0 of 2').waitFor();
    await text(page).getByText('First words').waitFor();
    await status.getByText('saved').waitFor();
    await dialog.locator('.facts').getByText('Ada Lovelace').waitFor();
    await dialog.locator('.facts').getByText('2030-01-01 09:00:00 UTC').waitFor();

    // what happens to the pad does not lead away from the revision that is looked at
    await call('appendText', { padID, text: ' more' });
    await status.getByText('Revision 0 of 3').waitFor();
    await dialog.getByRole('button', { name: 'Newest', exact: true }).click();
    await text(page).getByText('more').waitFor();
    // and who looks at the newest follows
    await call('appendText', { padID, text: ' and more' });
    await text(page).getByText('more and more').waitFor();
    await status.getByText('Revision 4 of 4').waitFor();
    await dialog.getByRole('button', { name: 'Saved revision 0' }).click();
    await text(page).getByText('First words').waitFor();
    await call('deletePad', { padID });
    await dialog.getByText(`no pad has the id ${padID}`).waitFor();
    expect(inspected.opened.complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  });

  test('show what clients put into them, and run none of it', async () => {
    await call('createPad', { padID: 'hostile', text: HOSTILE });
    await call('setText', { padID: 'hostile', text: `${HOSTILE}\n\tindented` });
    await call('appendChatMessage', { padID: 'hostile', text: HOSTILE });
    await call('createPad', { padID: 'listed' });
    await call('setHTML', { padID: 'listed', html: '<ul class="indent"><li>in</li></ul><img src=x onerror=alert(1)>' });
    const page = await openPads();
    await openPad(page, 'hostile').click();
    await text(page).getByText('<script>alert(1)</script>').waitFor();
    expect(await page.getByRole('dialog').locator('.message').innerText()).toBe(HOSTILE);
    await page.keyboard.press('Escape');
    await openPad(page, 'listed').click();
    await text(page).getByText('in').waitFor();
    // a page with its scripts on could reach its frame: the frame is a stranger to it
    expect(await page.evaluate(`document.querySelector('iframe.paper').contentDocument`)).toBeNull();
    expect(inspected.opened.complaints).toEqual([]);
    expect(inspected.opened.asked.filter((url) => !url.startsWith(`${inspected.etherpad.url}/_mock/`))).toEqual(
      inspected.opened.asked.filter((url) => url === 'about:srcdoc'),
    );
  });

  test('a long text is cut, and says so', async () => {
    await call('createPad', { padID: 'long' });
    const body = new URLSearchParams({ apikey: inspected.etherpad.apiKey, padID: 'long', text: `${'word '.repeat(40_000)}END` }).toString();
    await ask(inspected.etherpad.url, {
      method: 'POST',
      path: '/setText',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
    });
    const page = await openPads();
    await openPad(page, 'long').click();
    await page.getByText('Only the beginning is shown').waitFor();
    expect((await text(page).innerText()).replace(/\n$/, '')).toHaveLength(50_000);
  });

  test('can be read with the keyboard alone, and the focus comes back', async () => {
    const { padID } = await makeLesson();
    const page = await openPads();
    await row(page, padID).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(`Open pad ${padID}`);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Older', exact: true }).press('Enter');
    await dialog.getByRole('status').getByText('Revision 1 of 2').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(`Open pad ${padID}`);
    await page.getByRole('tab', { name: /^Pads/ }).focus();
    await page.keyboard.press('ArrowRight');
    // the page shows it a moment after the key
    await expect.poll(() => page.getByRole('tab', { name: /^Sessions/ }).getAttribute('aria-selected')).toBe('true');
  });

  test.each(['light', 'dark'] as const)('axe finds nothing wrong, on a desk and on a phone, in the %s', async (colorScheme) => {
    const { padID } = await makeLesson();
    const page = await openPads();
    await page.emulateMedia({ colorScheme });
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 375, height: 740 },
    ]) {
      await page.setViewportSize(viewport);
      await row(page, padID).waitFor();
      expect(await violations(page, { iframes: false })).toEqual([]);
      await openPad(page, padID).click();
      await text(page).getByText('homework').waitFor();
      expect(await violations(page, { iframes: false })).toEqual([]);
      expect(await hasSidewaysScroll(page)).toBe(false);
      await page.keyboard.press('Escape');
    }
  });
});
