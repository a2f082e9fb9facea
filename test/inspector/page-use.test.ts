import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { CHROMIUM } from './browser.ts';
import { useInspected } from './inspected.ts';
import { button, callerOf, fillForShow, hasSidewaysScroll, isShown, KEY, makeSession, reads, START, violations } from './page-driver.ts';

describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
  const inspected = useInspected();

  async function open(url?: string, width = 1440): Promise<Page> {
    const page = await inspected.open(url, { width, height: 860 });
    await reads(page, '.live', 'live');
    return page;
  }

  async function openAtStart(): Promise<Page> {
    await inspected.etherpad.clock.freeze(START);
    return open();
  }

  const call = (path: string): Promise<unknown> => ask(inspected.etherpad.url, { path }).catch(() => undefined);

  const focused = (page: Page): Promise<string> =>
    page.evaluate("(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()");

  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }

  const boxOf = (page: Page, selector: string): Promise<Box> =>
    page.locator(selector).evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom };
    });

  describe('layout', () => {
    test.each([900, 1024, 1280, 1359, 1360, 1920])(
      'requests are beside sessions, and controls stay in view, at a width of %i',
      async (width) => {
        await fillForShow(inspected.etherpad);
        for (let count = 0; count < 50; count++) await call(`/checkToken?apikey=${KEY}`);
        const page = await open(undefined, width);
        await expect.poll(() => page.locator('.request').count()).toBe(50);
        const [state, requests, clock] = await Promise.all(['#state', '#requests', '#clock'].map((selector) => boxOf(page, selector)));
        expect(requests!.top).toBe(state!.top);
        expect(requests!.left).toBeGreaterThan(state!.right);
        expect(clock!.left).toBeGreaterThan(requests!.right);
        await page.mouse.move(requests!.left + 20, 400);
        await page.mouse.wheel(0, 1_500);
        await expect.poll(() => page.evaluate('window.scrollY')).toBeGreaterThan(500);
        // at the end of the page, too
        await page.keyboard.press('End');
        const scrolled = await boxOf(page, '#clock');
        expect(scrolled.top).toBeGreaterThanOrEqual(53);
        expect(scrolled.bottom).toBeLessThanOrEqual(860);
        expect((await boxOf(page, '#coverage')).right).toBeLessThan(scrolled.left);
        expect(await hasSidewaysScroll(page)).toBe(false);
      },
    );

    test.each([390, 1024, 1280])('axe finds nothing at a width of %i', async (width) => {
      await fillForShow(inspected.etherpad);
      const page = await open(undefined, width);
      await page.locator('[data-session]').first().waitFor();
      await page.locator('[data-request]').first().waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });

  describe('where something is missing', () => {
    test('an unknown sandbox is named, and how to create it', async () => {
      const page = await open(`${inspected.etherpad.url}/sandbox/worker-7/_mock`);
      await reads(page, 'h2', 'There is no sandbox called “worker-7”');
      await reads(page, '.page-head', 'sandbox worker-7');
      expect(await page.title()).toBe('worker-7 – mock-etherpad inspector');
      expect(await page.locator('.curl').innerText()).toBe(
        `curl '${inspected.etherpad.url}/sandbox/worker-7/api/1.2.15/createGroup?apikey='"$API_KEY"`,
      );
      expect(await page.getByText('Loading').count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      expect(inspected.opened.complaints).toEqual([]);
      await page.getByRole('link', { name: 'Inspect the default Etherpad' }).click();
      await reads(page, '#state', 'No sessions yet');
      expect(new URL(page.url()).pathname).toBe('/_mock/');
    });

    test('an empty page has the base URL, the key and a curl line that works', async () => {
      const page = await open();
      await reads(page, '.start', inspected.etherpad.url);
      await reads(page, '.start', KEY);
      const line = `curl '${inspected.etherpad.url}/api/1.2.15/createGroup?apikey=${KEY}'`;
      expect(await page.locator('.start .curl').innerText()).toBe(line);
      expect(await violations(page)).toEqual([]);
      await button(page, 'Copy curl line').click();
      await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(line);
      const { pathname, search } = new URL(/'(.*)'/.exec(line)![1]!);
      expect(JSON.parse((await ask(inspected.etherpad.url, { path: pathname + search })).body)).toMatchObject({ code: 0 });
      await page.locator('.start').waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(KEY);
    });
  });

  describe('when the server is gone', () => {
    async function openAndStop(prepare: (page: Page) => Promise<void>): Promise<Page> {
      const server = await startMockEtherpad({ apiKey: KEY });
      try {
        await fillForShow(server);
        const page = await open(`${server.url}/_mock`);
        await page.locator('[data-session]').first().waitFor();
        await page.locator('[data-request]').first().waitFor();
        await prepare(page);
        return page;
      } finally {
        await server.close();
        await reads(inspected.opened.page, '.banner', 'No connection to');
      }
    }

    const PLACES = ['.page-head', '#state', '#requests', '#clock', '#faults'];

    test('nothing moves and nothing is lost', async () => {
      let before: Box[] = [];
      const page = await openAndStop(async (shown) => {
        before = await Promise.all(PLACES.map((selector) => boxOf(shown, selector)));
      });
      expect(await Promise.all(PLACES.map((selector) => boxOf(page, selector)))).toEqual(before);
      expect(await page.locator('[data-session]').count()).toBe(8);
      await page.getByRole('tab', { name: /Groups/ }).click();
      await reads(page, '#state', 'Not loaded: the server does not answer.');
      await page.getByRole('tab', { name: /Sessions/ }).click();
      await expect.poll(() => page.locator('[data-session]').count()).toBe(8);
      expect(await violations(page)).toEqual([]);
    });

    test('clearing a filter shows the rows from before the filter, and does not claim that there are none', async () => {
      const page = await openAndStop(async (shown) => {
        await shown.getByRole('searchbox', { name: /Filter sessions/ }).fill('nobody');
        await reads(shown, '#state', 'No sessions match “nobody”.');
      });
      await page.getByRole('searchbox', { name: /Filter sessions/ }).fill('');
      await expect.poll(() => page.locator('[data-session]').count()).toBe(8);
      expect(await page.locator('#state').innerText()).not.toContain('No sessions yet');
    });

    test('a filter that cannot be applied says so', async () => {
      const page = await openAndStop(() => Promise.resolve());
      await page.getByRole('searchbox', { name: /Filter sessions/ }).fill('grace');
      await reads(page, '#state [role=status]', 'The filter has to wait: the server does not answer.');
      expect(await page.locator('[data-session]').count()).toBe(8);
    });
  });

  describe('requests', () => {
    test('a row shows the id that matters and the first parameters', async () => {
      const { sessionID, groupID, authorID } = await makeSession(callerOf(inspected.etherpad.url));
      await callerOf(inspected.etherpad.url).call('listSessionsOfAuthor', { authorID });
      await callerOf(inspected.etherpad.url).call('createGroupPad', { groupID, padName: 'homework', text: 'one\ntwo' });
      const page = await openAtStart();
      await expect.poll(() => page.locator('.request').count()).toBe(5);
      const shown = async (name: string): Promise<string[]> =>
        (await page.locator('.request').filter({ hasText: name }).locator('.sent > *').allInnerTexts()).map((text) => text.trim());
      expect(await shown('createSession')).toEqual([sessionID, `groupID=${groupID} authorID=${authorID} validUntil=${START + 600}`]);
      expect(await shown('createAuthor')).toEqual([authorID, 'name=Ada Lovelace']);
      expect(await shown('createGroupIfNotExistsFor')).toEqual([groupID, 'groupMapper=class-7b']);
      expect(await shown('listSessionsOfAuthor')).toEqual([authorID]);
      expect(await shown('createGroupPad')).toEqual([`${groupID}$homework`, `groupID=${groupID} padName=homework text=one two`]);
    });

    test('an answer that was lost or spoilt is not green', async () => {
      await inspected.etherpad.faults.add({ kind: 'lostAnswer', function: 'createGroup', times: 1 });
      await inspected.etherpad.faults.add({ kind: 'truncate', function: 'createAuthor', times: 1 });
      await inspected.etherpad.faults.add({ kind: 'latency', milliseconds: 1, function: 'listAllGroups', times: 1 });
      for (const name of ['createGroup', 'createAuthor', 'listAllGroups']) await call(`/${name}?apikey=${KEY}`);
      const page = await openAtStart();
      const chip = (name: string): Promise<string | null> =>
        page.locator('.request').filter({ hasText: name }).locator('.outcome .chip').getAttribute('class');
      expect(await chip('createGroup')).toBe('chip is-fault');
      await reads(page, '.request', 'no answer');
      expect(await chip('createAuthor')).toBe('chip is-fault');
      expect(await chip('listAllGroups')).toBe('chip is-good');
    });

    test('refused ones alone', async () => {
      const page = await openAtStart();
      await page.getByLabel('Refused only').check();
      await reads(page, '#requests', 'No request was refused.');
      await call(`/createGroup?apikey=${KEY}`);
      await call(`/deleteGroup?apikey=${KEY}&groupID=g.nobody`);
      await reads(page, '.request', 'deleteGroup');
      expect(await page.locator('.request').count()).toBe(1);
      await page.getByRole('searchbox', { name: /Filter requests/ }).fill('createGroup');
      await reads(page, '#requests', 'No refused requests match “createGroup”.');
      await page.getByLabel('Refused only').uncheck();
      await reads(page, '.request', 'createGroup');
    });

    test('arrow keys step through those that are listed', async () => {
      for (const name of ['createGroup', 'deleteGroup', 'listAllGroups', 'getText', 'checkToken']) await call(`/${name}?apikey=${KEY}`);
      const page = await openAtStart();
      const dialog = (name: string): Promise<void> => page.getByRole('dialog', { name, exact: true }).waitFor();
      await page.locator('.request').first().click();
      await dialog('#5 checkToken');
      expect(await button(page, 'Newer request').isDisabled()).toBe(true);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
      await dialog('#4 getText');
      await page.keyboard.press('ArrowRight');
      await dialog('#3 listAllGroups');
      await page.keyboard.press('ArrowLeft');
      await dialog('#4 getText');
      await page.keyboard.press('Escape');
      await page.getByLabel('Refused only').check();
      await expect.poll(() => page.locator('.request').count()).toBe(2);
      await page.locator('.request').first().click();
      await dialog('#4 getText');
      await page.keyboard.press('ArrowDown');
      await dialog('#2 deleteGroup');
      expect(await button(page, 'Older request').isDisabled()).toBe(true);
      // the button that had the focus is disabled now, and the keys still work
      await page.keyboard.press('ArrowUp');
      await dialog('#4 getText');
    });

    test('clearing them asks', async () => {
      await call(`/createGroup?apikey=${KEY}`);
      const page = await openAtStart();
      await reads(page, '.request', 'createGroup');
      await button(page, 'Clear requests').click();
      await expect.poll(() => focused(page)).toBe('Cancel');
      await page.keyboard.press('Escape');
      await expect.poll(() => focused(page)).toBe('Clear requests');
      expect((await inspected.etherpad.requests.list()).requests.length).toBe(1);
      await button(page, 'Clear requests').click();
      await button(page, 'Clear all').click();
      await reads(page, '#requests', 'No requests yet.');
      expect((await inspected.etherpad.requests.list()).requests).toEqual([]);
    });
  });

  test('sessions are sorted by expiry, and back', async () => {
    const api = callerOf(inspected.etherpad.url);
    const sessions = [];
    for (const seconds of [300, 60, 900, 120]) sessions.push((await makeSession(api, { seconds })).sessionID);
    const [a, b, c, d] = sessions;
    const page = await openAtStart();
    const order = (): Promise<(string | null)[]> =>
      page.locator('[data-session]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-session')));
    await isShown(page, a!);
    expect(await order()).toEqual([d, c, b, a]);
    await button(page, /^Time left/).click();
    await expect.poll(order).toEqual([b, d, a, c]);
    expect(await page.getByRole('columnheader', { name: /Time left/ }).getAttribute('aria-sort')).toBe('ascending');
    await inspected.etherpad.clock.advance({ seconds: 61 });
    await expect.poll(order).toEqual([d, a, c, b]);
    await reads(page, '#state .pager', '4 in all, 1 expired');
    await page.getByRole('tab', { name: 'Sessions 3', exact: true }).waitFor();
    await button(page, /^Time left/).click();
    await expect.poll(order).toEqual([d, c, b, a]);
  });

  test('the clock is set to a date', async () => {
    const { sessionID } = await makeSession(callerOf(inspected.etherpad.url));
    const page = await openAtStart();
    const input = page.getByLabel('Date and time (UTC)');
    await input.focus();
    expect(await input.inputValue()).toBe('2030-01-01T09:00');
    await input.fill('2031-05-06T07:08:09');
    await button(page, 'Set').click();
    await reads(page, '.date', '2031-05-06');
    await reads(page, '.of-day', '07:08:09');
    await reads(page, '#clock .chip', 'frozen');
    expect(await inspected.etherpad.clock.now()).toBe(Date.parse('2031-05-06T07:08:09Z') / 1000);
    await reads(page, `[data-session="${sessionID}"]`, /expired 4\d\d d ago/);
    await input.fill('2030-01-01T09:00');
    await button(page, 'Set').click();
    await reads(page, `[data-session="${sessionID}"]`, '10 min 00 s');
  });

  test('a sandbox is deleted, when asked twice', async () => {
    await callerOf(`${inspected.etherpad.url}/sandbox/worker-1`).call('createGroup');
    const page = await open();
    await button(page, 'Delete sandbox worker-1').click();
    await button(page, 'Cancel').click();
    expect((await inspected.etherpad.sandboxes.list()).map(({ name }) => name)).toEqual(['worker-1']);
    await button(page, 'Delete sandbox worker-1').click();
    await button(page, 'Delete it').click();
    await page.getByRole('link', { name: 'worker-1' }).waitFor({ state: 'detached' });
    expect(await inspected.etherpad.sandboxes.list()).toEqual([]);
  });

  test.each([
    ['sessions', 0, /^Sessions/],
    ['requests', 1, /^Refused only$|^on$|^$/],
    ['clock', 2, /^\+1 minute$/],
    ['faults', 3, /^Clear faults$/],
  ])('a skip link leads to %s in a few keys', async (what, before, next) => {
    await fillForShow(inspected.etherpad);
    await inspected.etherpad.faults.add({ kind: 'drop', function: 'getText' });
    const page = await open();
    await page.locator('[data-session]').first().waitFor();
    await reads(page, '#faults .chip', 'fired');
    for (let stops = 0; stops <= before; stops++) await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(`Skip to ${what}`);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatch(next);
    const section = await page.evaluate("document.activeElement.closest('section')?.id");
    expect(section).toBe({ sessions: 'state', requests: 'requests', clock: 'clock', faults: 'faults' }[what]);
  });
});
