import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask } from '../ask.ts';
import { CHROMIUM } from './browser.ts';
import { useInspected } from './inspected.ts';
import {
  button,
  callerOf,
  fillForShow,
  hasSidewaysScroll,
  isShown,
  KEY,
  makeSession,
  reads,
  sessionRow,
  START,
  violations,
} from './page-driver.ts';

if (CHROMIUM === undefined) {
  console.warn(
    'There is no Chromium here: the tests of the inspector in a browser are skipped. Install chromium, or name one in CHROMIUM.',
  );
}

const HTML_NAME = '<img src=x onerror=alert(1)>';

describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
  const inspected = useInspected();
  let extra: MockEtherpad[] = [];

  afterEach(async () => {
    await Promise.all(extra.map((one) => one.close()));
    extra = [];
  });

  const start = async (options: Parameters<typeof startMockEtherpad>[0] = {}): Promise<MockEtherpad> => {
    const started = await startMockEtherpad({ apiKey: KEY, ...options });
    extra.push(started);
    return started;
  };

  /** Opens the page of a clock that stands at the start. */
  async function openAtStart(): Promise<Page> {
    await inspected.etherpad.clock.freeze(START);
    const page = await inspected.open();
    await reads(page, '.live', 'live');
    return page;
  }

  describe('state', () => {
    test('a session that is created appears, with its group, its author and its time left', async () => {
      const page = await openAtStart();
      await reads(page, '#state', 'No sessions yet');
      const { sessionID, groupID, authorID } = await makeSession(callerOf(inspected.etherpad.url), { seconds: 272 });
      await isShown(page, sessionID);
      const cells = await sessionRow(page, sessionID).locator('td').allInnerTexts();
      expect(cells.map((cell) => cell.split(/\s*\n\s*/))).toEqual([
        [sessionID],
        ['class-7b', groupID],
        ['Ada Lovelace', authorID],
        ['4 min 32 s'],
      ]);
      expect(inspected.opened.complaints).toEqual([]);
    });

    test('a session that is deleted disappears', async () => {
      const api = callerOf(inspected.etherpad.url);
      const { sessionID } = await makeSession(api);
      const page = await openAtStart();
      await isShown(page, sessionID);
      await api.call('deleteSession', { sessionID });
      await sessionRow(page, sessionID).waitFor({ state: 'detached' });
    });

    test('time left counts down by the clock of the mock', async () => {
      await inspected.etherpad.clock.set({ now: START });
      const { sessionID } = await makeSession(callerOf(inspected.etherpad.url), { seconds: 50 });
      const page = await inspected.open();
      const left = async (): Promise<number> => Number.parseInt(await sessionRow(page, sessionID).locator('.chip').innerText());
      const first = await left();
      expect(first).toBeGreaterThan(30);
      await expect.poll(left).toBeLessThan(first);
    });

    test('a session that expires is told apart', async () => {
      const { sessionID } = await makeSession(callerOf(inspected.etherpad.url), { seconds: 60 });
      const page = await openAtStart();
      await isShown(page, sessionID);
      expect(await sessionRow(page, sessionID).getAttribute('class')).toBeNull();
      await inspected.etherpad.clock.advance({ seconds: 75 });
      await reads(page, `[data-session="${sessionID}"] .is-expired`, 'expired 15 s ago');
      expect(await sessionRow(page, sessionID).getAttribute('class')).toBe('is-expired');
    });

    test('the filter finds a session by id, group and author, and tells when none matches', async () => {
      const api = callerOf(inspected.etherpad.url);
      const { sessionID: one } = await makeSession(api);
      const { sessionID: other } = await makeSession(api, { name: 'Grace Hopper', mapper: 'staff' });
      const page = await openAtStart();
      await isShown(page, one);
      const box = page.getByRole('searchbox', { name: /Filter sessions/ });
      for (const text of ['grace', 'STAFF', other.slice(0, 20)]) {
        await box.fill(text);
        await sessionRow(page, one).waitFor({ state: 'detached' });
        await isShown(page, other);
        await box.fill('');
        await isShown(page, one);
      }
      await box.fill('nobody');
      await reads(page, '#state', 'No sessions match “nobody”.');
    });

    test('a group opens to its pads and sessions', async () => {
      const api = callerOf(inspected.etherpad.url);
      const { sessionID, groupID } = await makeSession(api);
      const { padID } = await api.call('createGroupPad', { groupID, padName: 'homework' });
      const page = await openAtStart();
      await page.getByRole('tab', { name: 'Groups 1' }).click();
      await reads(page, '.line', '1 pad, 1 session');
      await button(page, 'Contents of group class-7b').click();
      await reads(page, '.contents', padID);
      await isShown(page, sessionID);
    });

    test('authors are listed with their names', async () => {
      const { authorID } = await makeSession(callerOf(inspected.etherpad.url));
      const page = await openAtStart();
      await page.getByRole('tab', { name: 'Authors 1' }).click();
      await reads(page, '.line', 'Ada Lovelace');
      await reads(page, '.line', authorID);
    });

    test('an id is copied with one click', async () => {
      const { sessionID } = await makeSession(callerOf(inspected.etherpad.url));
      const page = await openAtStart();
      await button(page, `Copy ${sessionID}`).click();
      await reads(page, '[role=status]', `Copied ${sessionID}`);
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(sessionID);
    });

    test('names and parameters that contain HTML are text', async () => {
      const { sessionID } = await makeSession(callerOf(inspected.etherpad.url), { name: HTML_NAME, mapper: HTML_NAME });
      const page = await openAtStart();
      await isShown(page, sessionID);
      expect(await sessionRow(page, sessionID).locator('.name').allInnerTexts()).toEqual([HTML_NAME, HTML_NAME]);
      await page.getByRole('tab', { name: /Authors/ }).click();
      await reads(page, '#state .line', HTML_NAME);
      await page
        .locator('#requests')
        .getByRole('button', { name: /createAuthor/ })
        .click();
      await reads(page, 'dialog dd', HTML_NAME);
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(inspected.opened.complaints).toEqual([]);
    });
  });

  describe('requests', () => {
    test('a request appears with its function, code, status and reason', async () => {
      const page = await openAtStart();
      await reads(page, '#requests', 'No requests yet.');
      await ask(inspected.etherpad.url, { path: `/getSessionInfo?apikey=${KEY}&sessionID=s.nobody` });
      await reads(page, '.request', 'getSessionInfo');
      const text = await page.locator('.request').first().innerText();
      expect(text.split(/\s*\n\s*/)).toEqual([
        '09:00:00.000',
        'getSessionInfo',
        'code 1',
        'HTTP 400',
        's.nobody',
        'sessionID s.nobody was never created, or was deleted',
      ]);
    });

    test('a request opens to its parameters, its answer and the curl line', async () => {
      const { sessionID, groupID, authorID } = await makeSession(callerOf(inspected.etherpad.url));
      const page = await openAtStart();
      await page.locator('.request').filter({ hasText: 'createSession' }).click();
      const dialog = page.getByRole('dialog', { name: '#3 createSession' });
      await dialog.waitFor();
      const facts = await dialog.locator('.facts > div').allInnerTexts();
      const told = Object.fromEntries(facts.map((fact) => fact.split(/\n+/, 2)));
      expect(told).toMatchObject({
        call: 'GET /createSession',
        mount: 'root',
        groupID,
        authorID,
        validUntil: String(START + 600),
        code: '0',
        message: 'ok',
        sessionID,
      });
      expect(await dialog.locator('pre').first().innerText()).toBe(JSON.stringify({ sessionID }, undefined, 2));
      const encoded = [`groupID=${groupID}`, `authorID=${authorID}`, `validUntil=${START + 600}`]
        .map((pair) => ` --data-urlencode ${pair}`)
        .join('');
      expect(await dialog.locator('.curl').innerText()).toBe(
        `curl -G ${inspected.etherpad.url}/createSession --data-urlencode "apikey=$API_KEY"${encoded}`,
      );
      expect(await page.content()).not.toContain(KEY);
      await button(page, 'Older request').click();
      await page.getByRole('dialog', { name: '#2 createAuthor' }).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    });

    test('rows stand still while they are not live', async () => {
      const api = callerOf(inspected.etherpad.url);
      await api.call('createGroup');
      const page = await openAtStart();
      await reads(page, '.request', 'createGroup');
      await page.getByLabel('Live').uncheck();
      await api.call('listAllGroups');
      await reads(page, '#requests h2', '2');
      expect(await page.locator('.request').count()).toBe(1);
      await page.getByLabel('Live').check();
      await reads(page, '.request', 'listAllGroups');
    });

    /** Opens the page with one request, and holds back what the list asks for from then on. */
    async function openAndHold(): Promise<{ page: Page; asked: () => number; release: () => void }> {
      await callerOf(inspected.etherpad.url).call('createGroup');
      const page = await openAtStart();
      await reads(page, '.request', 'createGroup');
      let asked = 0;
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      await page.route('**/inspector/requests?*', async (route) => {
        asked++;
        await released;
        // what the page gave up cannot be continued
        await route.continue().catch(() => undefined);
      });
      return { page, asked: () => asked, release: () => release() };
    }

    test('rows that are under way when Live is switched off are not shown', async () => {
      const { page, asked, release } = await openAndHold();
      await callerOf(inspected.etherpad.url).call('listAllGroups');
      await expect.poll(asked).toBe(1);
      await page.getByLabel('Live').uncheck();
      release();
      await page.waitForTimeout(500);
      expect(await page.locator('.request').count()).toBe(1);
    });

    test('rows that are to be loaded later when Live is switched off are not loaded', async () => {
      const { page, asked, release } = await openAndHold();
      await callerOf(inspected.etherpad.url).call('listAllGroups');
      await expect.poll(asked, { interval: 10 }).toBe(1);
      const began = performance.now();
      // while one update is under way, the next is planned: after a pause of twenty times as long as it took
      await callerOf(inspected.etherpad.url).call('createAuthor');
      await reads(page, '#requests h2', '3');
      release();
      const pause = 20 * (performance.now() - began);
      await reads(page, '.request', 'listAllGroups');
      await page.getByLabel('Live').uncheck();
      const before = asked();
      await page.waitForTimeout(Math.min(pause + 1_000, 10_000));
      expect(asked()).toBe(before);
    });

    test('rows that somebody asks for while Live is off are shown', async () => {
      const api = callerOf(inspected.etherpad.url);
      for (let count = 0; count < 60; count++) await api.call('listAllGroups');
      const page = await openAtStart();
      await reads(page, '#requests .pager', '1–50 of 60');
      await page.locator('#requests').getByRole('button', { name: 'Older' }).click();
      await reads(page, '#requests .pager', '51–60 of 60');
      await expect.poll(() => page.locator('.request').count()).toBe(10);
      expect(await page.getByLabel('Live').isChecked()).toBe(false);
      await page.getByRole('searchbox', { name: /Filter requests/ }).fill('createGroup');
      await reads(page, '#requests', 'No requests match “createGroup”.');
    });

    test('the filter finds a request by function, parameter and reason', async () => {
      await makeSession(callerOf(inspected.etherpad.url));
      await ask(inspected.etherpad.url, { path: `/deleteGroup?apikey=${KEY}&groupID=g.nobody` });
      const page = await openAtStart();
      for (const text of ['deletegroup', 'g.nobody', 'never created', 'code 1', 'http 400']) {
        await page.getByRole('searchbox', { name: /Filter requests/ }).fill(text);
        await expect.poll(() => page.locator('.request').count()).toBe(1);
        await reads(page, '.request', 'deleteGroup');
        await page.getByRole('searchbox', { name: /Filter requests/ }).fill('');
        await expect.poll(() => page.locator('.request').count()).toBe(4);
      }
    });
  });

  describe('clock', () => {
    test('it advances by a minute and by an hour, stands still, runs, and goes back to real time', async () => {
      const page = await openAtStart();
      await reads(page, '.of-day', '09:00:00');
      await reads(page, '#clock .chip', 'frozen');
      await button(page, '+1 minute').click();
      await reads(page, '.of-day', '09:01:00');
      await button(page, '+1 hour').click();
      await reads(page, '.of-day', '10:01:00');
      await button(page, 'Resume').click();
      await reads(page, '#clock .chip', 'running, offset');
      await reads(page, '.of-day', /10:01:0[1-9]/);
      await button(page, 'Freeze').click();
      await reads(page, '#clock .chip', 'frozen');
      await button(page, 'Back to real time').click();
      await reads(page, '#clock .chip', 'real time');
      expect(Math.abs((await inspected.etherpad.clock.now()) - Date.now() / 1000)).toBeLessThan(3);
    });

    test('it goes past the expiry of the session that is next', async () => {
      const api = callerOf(inspected.etherpad.url);
      const { sessionID: late } = await makeSession(api, { seconds: 7_200 });
      const { sessionID: soon } = await makeSession(api, { seconds: 300 });
      const page = await openAtStart();
      await isShown(page, soon);
      await button(page, 'Expire next session').click();
      await reads(page, `[data-session="${soon}"]`, 'expired now');
      await reads(page, `[data-session="${late}"]`, '1 h 55 min');
      await button(page, 'Expire next session').click();
      await reads(page, `[data-session="${late}"]`, 'expired now');
      await reads(page, '#state .pager', '2 in all, 2 expired');
      await expect.poll(() => button(page, 'Expire next session').isDisabled()).toBe(true);
      expect(await inspected.etherpad.clock.now()).toBe(START + 7_200);
    });
  });

  test('a fault is added, fires, and is cleared', async () => {
    const page = await openAtStart();
    await page.getByRole('combobox', { name: 'Function' }).selectOption('getSessionInfo');
    await page.getByLabel('Code', { exact: true }).fill('2');
    await page.getByLabel('Times').fill('3');
    await button(page, 'Add fault').click();
    await reads(page, '[data-fault] .chip', 'fired 0 of 3');
    expect(await inspected.etherpad.faults.list()).toEqual([
      { id: 'fault-1', kind: 'code', function: 'getSessionInfo', code: 2, times: 3, fired: 0 },
    ]);
    const reply = await ask(inspected.etherpad.url, { path: `/getSessionInfo?apikey=${KEY}` });
    expect(reply.status).toBe(500);
    await reads(page, '[data-fault] .chip', 'fired 1 of 3');
    await reads(page, '.request .is-fault', 'code');
    await button(page, 'Clear faults').click();
    await button(page, 'Remove all').click();
    await page.locator('[data-fault]').waitFor({ state: 'detached' });
    expect(await inspected.etherpad.faults.list()).toEqual([]);
  });

  test('every kind of fault can be added', async () => {
    const page = await openAtStart();
    const fill: Record<string, [label: string, value: string]> = { code: ['Code', '1'], latency: ['Milliseconds', '5'] };
    const kinds = ['code', 'latency', 'html', 'contentType', 'truncate', 'drop', 'lostAnswer'];
    for (const [index, kind] of kinds.entries()) {
      await page.getByLabel('Kind of fault').selectOption(kind);
      const needed = fill[kind];
      if (needed !== undefined) await page.getByLabel(needed[0], { exact: true }).fill(needed[1]);
      await button(page, 'Add fault').click();
      await page.locator('[data-fault]').nth(index).waitFor();
    }
    expect((await inspected.etherpad.faults.list()).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('coverage shows each function by outcome, and what was never met', async () => {
    const own = await startMockEtherpad({ apiKey: KEY });
    extra.push(own);
    await callerOf(own.url).call('createGroup');
    const page = await inspected.open(`${own.url}/_mock`);
    await reads(page, '#coverage .count', /^1 of \d+$/);
    await reads(page, '[data-function="createGroup"] .is-met', '1');
    await reads(page, '.is-never[data-function="deleteGroup"]', 'deleteGroup');
    await reads(page, '#coverage .never', /Emulations never seen\s*1\.9\.7, 2\.5\.3, 3\.3\.1/);
    // also when it comes from a sandbox that this page does not show
    await callerOf(`${own.url}/sandbox/other`).call('createAuthor', { name: 'Ada' });
    await reads(page, '[data-function="createAuthor"] .is-met', '1');
    await reads(page, '#coverage .count', /^2 of \d+$/);
  });

  test('a snapshot is saved, restored and deleted', async () => {
    const { sessionID } = await makeSession(callerOf(inspected.etherpad.url));
    const page = await openAtStart();
    await page.getByRole('textbox', { name: 'Name' }).fill('before login');
    await button(page, 'Save').click();
    await reads(page, '#snapshots .line', '1 session');
    await callerOf(inspected.etherpad.url).call('deleteSession', { sessionID });
    await sessionRow(page, sessionID).waitFor({ state: 'detached' });
    await button(page, 'Restore before login').click();
    await isShown(page, sessionID);
    await button(page, 'Delete before login').click();
    await page.locator('#snapshots .line').waitFor({ state: 'detached' });
    expect(await inspected.etherpad.snapshots.list()).toEqual([]);
  });

  test('a reset is asked twice', async () => {
    const { sessionID } = await makeSession(callerOf(inspected.etherpad.url));
    const page = await openAtStart();
    await button(page, 'Reset…').click();
    await page.keyboard.press('Escape');
    await button(page, 'Reset…').click();
    await button(page, 'Cancel').click();
    await isShown(page, sessionID);
    await button(page, 'Reset…').click();
    await button(page, 'Reset everything').click();
    await reads(page, '#state', 'No sessions yet');
    expect((await inspected.etherpad.state.export()).sessions).toEqual([]);
  });

  describe('where it is', () => {
    test('the sandboxes are listed with the Etherpad they answer as, and lead to their pages', async () => {
      await inspected.etherpad.sandbox('worker-1').emulate('3.3.1');
      const { sessionID } = await makeSession(callerOf(`${inspected.etherpad.url}/sandbox/worker-1/api/1.2.15`));
      const page = await inspected.open();
      const line = page.locator('#sandboxes .line').filter({ hasText: 'worker-1' });
      expect((await line.innerText()).split(/\s*\n\s*/)).toEqual(['worker-1', '1 session, 3 requests', '3.3.1', 'Delete']);
      await page.getByRole('link', { name: 'worker-1' }).click();
      await isShown(page, sessionID);
      await reads(page, '.page-head', 'sandbox worker-1');
      await reads(page, '.page-head', 'emulates 3.3.1');
      await page.getByRole('link', { name: 'default Etherpad' }).click();
      await reads(page, '#state', 'No sessions yet');
      expect(new URL(page.url()).pathname).toBe('/_mock/');
    });

    test.each([
      ['with a slash at the end', '/_mock/', ''],
      ['below a base path', '/_mock', '/pad/v2'],
      ['below a base path, with a slash at the end', '/_mock/', '/pad/v2'],
      ['below a sandbox', '/sandbox/one/_mock', ''],
      ['below a sandbox and a base path', '/sandbox/one/_mock', '/pad/v2'],
    ])('it works %s, and asks for nothing elsewhere', async (_where, path, basePath) => {
      const server = await start({ basePath });
      const url = `${server.url}${path.replace(/\/_mock\/?$/, '')}`;
      const { sessionID } = await makeSession(callerOf(url));
      const page = await inspected.open(`${server.url}${path}`);
      await isShown(page, sessionID);
      await page.locator('.request').first().click();
      await reads(page, '.curl', `curl -G ${url}/createSession`);
      expect(inspected.opened.asked.filter((asked) => !asked.startsWith(`${url}/_mock`))).toEqual([]);
      expect(inspected.opened.complaints).toEqual([]);
    });

    test('a sandbox that is not there is not made by looking at it', async () => {
      const page = await inspected.open(`${inspected.etherpad.url}/sandbox/later/_mock`);
      await reads(page, 'main', 'There is no sandbox called “later”');
      expect(await inspected.etherpad.sandboxes.list()).toEqual([]);
      const { sessionID } = await makeSession(callerOf(`${inspected.etherpad.url}/sandbox/later`));
      await isShown(page, sessionID);
      await inspected.etherpad.sandboxes.delete('later');
      await reads(page, 'main', 'There is no sandbox called “later”');
      expect(await inspected.etherpad.sandboxes.list()).toEqual([]);
    });
  });

  test('a server that stops and starts again is found again', async () => {
    const server = await start();
    const port = Number(new URL(server.url).port);
    const { sessionID } = await makeSession(callerOf(server.url));
    const page = await inspected.open(`${server.url}/_mock`);
    await isShown(page, sessionID);
    await server.close();
    await reads(page, '.banner', 'No connection to');
    await reads(page, '.live', 'offline');
    const again = await start({ port });
    const { sessionID: other } = await makeSession(callerOf(again.url));
    await isShown(page, other);
    await page.locator('.banner').waitFor({ state: 'detached' });
    expect(await sessionRow(page, sessionID).count()).toBe(0);
  });

  test('a control token is asked for, refused when it is wrong, and kept for the tab', async () => {
    const server = await start({ controlToken: 'open-sesame' });
    const { sessionID } = await makeSession(callerOf(server.url));
    const page = await inspected.open(`${server.url}/_mock`);
    await page.getByLabel('Token', { exact: true }).fill('wrong');
    await button(page, 'Open').click();
    await reads(page, '[role=alert]', 'The server does not accept that token.');
    expect(await page.locator('[data-session]').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Token', { exact: true }).fill('open-sesame');
    await page.keyboard.press('Enter');
    await isShown(page, sessionID);
    await page.reload();
    await isShown(page, sessionID);
    expect(page.url()).not.toContain('open-sesame');
  });

  test('100,000 sessions and many requests leave it usable', async () => {
    const sessions = Array.from({ length: 100_000 }, (_, index) => ({
      sessionID: `s.${String(index).padStart(32, '0')}`,
      groupID: 'g.0000000000000000',
      authorID: 'a.0000000000000000',
      validUntil: START + 3_600 + (index % 5_000),
    }));
    await inspected.etherpad.state.import({
      groups: [{ groupID: 'g.0000000000000000' }],
      authors: [{ authorID: 'a.0000000000000000', name: 'Ada' }],
      sessions,
    });
    const page = await openAtStart();
    await reads(page, '#state .pager', '1–50 of 100,000');
    expect(await page.locator('[data-session]').count()).toBe(50);
    await isShown(page, sessions.at(-1)!.sessionID);

    const busyness = { goesOn: true };
    const busy = (async () => {
      while (busyness.goesOn)
        await Promise.all(Array.from({ length: 20 }, () => ask(inspected.etherpad.url, { path: `/checkToken?apikey=${KEY}` })));
    })();
    try {
      await page.getByRole('searchbox', { name: /Filter sessions/ }).fill('s.00000000000000000000000000077777');
      await isShown(page, 's.00000000000000000000000000077777');
      await page.getByRole('searchbox', { name: /Filter sessions/ }).fill('');
      await page.locator('#state').getByRole('button', { name: 'Older' }).click();
      await reads(page, '#state .pager', '51–100 of 100,000');
      await page.getByRole('tab', { name: 'Authors 1' }).click();
      await reads(page, '#state .line', '1,000 sessions or more');
      await page.getByRole('tab', { name: /Sessions/ }).click();
      await button(page, 'Expire next session').click();
      await reads(page, '.of-day', '10:00:00');
    } finally {
      busyness.goesOn = false;
      await busy;
    }
    expect(inspected.opened.complaints).toEqual([]);
  });

  describe('for everybody', () => {
    async function openFull(server = inspected.etherpad): Promise<Page> {
      await fillForShow(server);
      const page = await inspected.open(`${server.url}/_mock`);
      await page.locator('[data-session]').first().waitFor();
      await page.locator('[data-request]').first().waitFor();
      return page;
    }

    test.each(['light', 'dark'] as const)('axe finds nothing in %s colours', async (colorScheme) => {
      const page = await openFull();
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
      await button(page, 'Reset…').click();
      await page.getByText('Skip and probability').click();
      await page.getByRole('tab', { name: /Groups/ }).click();
      await button(page, /Contents of group class-7b/).click();
      await page.locator('.contents').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('tab', { name: /Authors/ }).click();
      await page.locator('.request').filter({ hasText: 'was never created' }).click();
      await page.locator('dialog .curl').waitFor();
      expect(await violations(page)).toEqual([]);
    });

    test.each([320, 390, 768, 900, 1024, 1280, 1440, 1920, 2200])('nothing has to be scrolled sideways at a width of %i', async (width) => {
      const page = await openFull();
      await page.setViewportSize({ width, height: 800 });
      expect(await hasSidewaysScroll(page)).toBe(false);
      await page.getByRole('tab', { name: /Groups/ }).click();
      await button(page, /Contents of group class-7b/).click();
      await page.locator('.contents').waitFor();
      expect(await hasSidewaysScroll(page)).toBe(false);
      await page.locator('.request').first().click();
      await page.locator('dialog .curl').waitFor();
      expect(await page.locator('.drawer-body').evaluate((body) => body.scrollWidth > body.clientWidth)).toBe(false);
    });

    test('a phone shows the way to every part, and axe finds nothing there', async () => {
      const page = await openFull();
      await page.setViewportSize({ width: 390, height: 800 });
      await page.getByRole('link', { name: 'Clock', exact: true }).click();
      await expect.poll(() => page.locator('#clock').evaluate((card) => Math.abs(card.getBoundingClientRect().top) < 120)).toBe(true);
      expect(await violations(page)).toEqual([]);
    });

    test('the keyboard alone is enough', async () => {
      const page = await openFull();
      const focused = (): Promise<string> =>
        page.evaluate("(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()");
      const tabTo = async (name: RegExp): Promise<void> => {
        for (let steps = 0; steps < 120; steps++) {
          await page.keyboard.press('Tab');
          if (name.test(await focused())) return;
        }
        throw new Error(`Tab does not lead to ${name}`);
      };
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to sessions');
      await tabTo(/^Sessions/);
      await page.keyboard.press('ArrowRight');
      expect(await focused()).toMatch(/^Groups/);
      await page.keyboard.press('ArrowLeft');
      await tabTo(/^Copy s\./);
      await page.keyboard.press('Enter');
      await reads(page, '[role=status]', 'Copied s.');
      await tabTo(/createSession/);
      await page.keyboard.press('Enter');
      await page.locator('dialog .curl').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      expect(await focused()).toMatch(/createSession/);
      await tabTo(/^\+1 minute$/);
      await page.keyboard.press('Space');
      await reads(page, '[role=status]', 'Moved the clock forward by 1 min 00 s.');
      await tabTo(/^Reset…$/);
      await page.keyboard.press('Enter');
      await expect.poll(focused).toBe('Cancel');
    });

    test('it looks as in the README', async () => {
      // a server of its own, whose first fault is number 1
      const page = await openFull(await start());
      await page.setViewportSize({ width: 1440, height: 860 });
      await reads(page, '#faults .chip', 'fired 1 of 3');
      await page.mouse.move(0, 0);
      const picture = await page.screenshot();
      expect(picture.length).toBeGreaterThan(20_000);
      if (process.env['UPDATE_SCREENSHOT'] !== '1') return;
      const docs = new URL('../../docs/', import.meta.url);
      mkdirSync(docs, { recursive: true });
      writeFileSync(new URL('inspector.png', docs), picture);
    });
  });
});
