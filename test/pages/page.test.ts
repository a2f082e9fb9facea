import http from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, CHROMIUM, type OpenPage, startBrowser } from '../inspector/browser.ts';
import { type Lesson, START, startLesson } from './lesson.ts';

if (CHROMIUM === undefined) {
  console.warn('There is no Chromium here: the tests of the pad page in a browser are skipped. Install chromium, or name one in CHROMIUM.');
}

const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

/** Waits until `<main>` says so. */
const says = (page: Page | FrameLocator, attributes: string) => page.locator(`main${attributes}`).waitFor();

const reads = (page: Page | FrameLocator, selector: string, text: string | RegExp) =>
  page.locator(selector).filter({ hasText: text }).first().waitFor();

async function violations(page: Page): Promise<unknown[]> {
  // through the debugger: the page's own policy lets no other script in
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
  return found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
}

const hasSidewaysScroll = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > window.innerWidth');

/** A server at another origin, whose page frames a URL. */
async function frameOf(url: string, host: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = http.createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>an application</title><iframe src="${url}" title="pad"></iframe>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe.skipIf(CHROMIUM === undefined)('the page of a pad in Chromium', () => {
  let browser: Browser;
  let lesson: Lesson;
  let opened: OpenPage;
  let page: Page;

  const urlOf = (path: string): string => `${lesson.origin}${lesson.base}${path}`;
  const padUrl = (query = ''): string => urlOf(`/p/${encodeURIComponent(lesson.padID)}${query}`);
  const setCookie = (value: string, more = {}) =>
    page.context().addCookies([{ name: 'sessionID', value, domain: '127.0.0.1', path: '/', sameSite: 'Lax' as const, ...more }]);

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    lesson = await startLesson();
    opened = await browser.open();
    ({ page } = opened);
    await page.context().clearCookies();
  });
  afterEach(async () => {
    await page.close();
    await lesson.etherpad.close();
    if (opened.complaints.length > 0) throw new Error(`the browser complained: ${opened.complaints.join('; ')}`);
  });

  test('shows the pad to the author of its session', async () => {
    await setCookie(lesson.sessionID);
    await page.goto(padUrl('?userName=Ada&showControls=false'));
    await says(
      page,
      `[data-access="granted"][data-pad-id="${lesson.padID}"][data-author-id="${lesson.authorID}"][data-session-id="${lesson.sessionID}"][data-read-only="false"][data-revision="0"]`,
    );
    await reads(page, 'h1', 'notes');
    await reads(page, '#access', 'Open to Ada Lovelace');
    await reads(page, '#text', 'Dear class');
    await reads(page, '#facts', 'until 2030-01-01 10:00:00 UTC');
    await reads(page, 'footer', 'is no editor');
    expect(await page.title()).toBe('notes | mock-etherpad');
    expect(await page.locator('#reason').isVisible()).toBe(false);
    const { origin } = lesson;
    await expect.poll(() => opened.asked.length).toBeGreaterThan(2);
    expect([...new Set(opened.asked)].map((url) => url.replace(origin, '').replace(encodeURIComponent(lesson.padID), 'PAD'))).toEqual([
      '/p/PAD?userName=Ada&showControls=false',
      '/p/PAD/view?userName=Ada&showControls=false',
    ]);
  });

  test('is denied without a cookie, and says what is missing', async () => {
    await page.goto(padUrl());
    await says(page, '[data-access="denied"][data-author-id=""][data-session-id=""]');
    await reads(page, '#access', 'You do not have permission to access this pad');
    await reads(page, '#reason', 'no cookie sessionID was sent: is it set for this host and path?');
    expect(await page.content()).not.toContain('Dear class');
  });

  test('follows the text and the name of the author while it is open', async () => {
    await setCookie(lesson.sessionID);
    await page.goto(padUrl());
    await reads(page, '#text', 'Dear class');
    await lesson.call('setText', { padID: lesson.padID, text: 'Something <b>else</b>' });
    await reads(page, '#text', 'Something <b>else</b>');
    await says(page, '[data-revision="1"]');
    await lesson.call('createAuthorIfNotExistsFor', { authorMapper: 'ada', name: 'Ada' });
    await lesson.call('deletePad', { padID: lesson.padID });
    await says(page, '[data-access="granted"][data-revision=""]');
    await reads(page, '#facts', 'none: the pad does not exist yet');
    expect(await page.locator('#text').isVisible()).toBe(false);
  });

  test('falls to denied when the session ends while it is open, and back when the clock does', async () => {
    await setCookie(lesson.sessionID);
    await page.goto(padUrl());
    await says(page, '[data-access="granted"]');
    await lesson.etherpad.clock.advance({ beforeExpiryOf: lesson.sessionID });
    await lesson.call('setText', { padID: lesson.padID, text: 'The last second' });
    await reads(page, '#text', 'The last second');
    await lesson.etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
    await says(page, '[data-access="denied"][data-author-id=""][data-session-id=""]');
    await reads(page, '#reason', 'the session of this cookie expired 0 s ago');
    expect(await page.content()).not.toContain('The last second');
    await lesson.etherpad.clock.advance({ seconds: 12 });
    await reads(page, '#reason', 'the session of this cookie expired 12 s ago');
    await lesson.etherpad.clock.set({ now: START });
    await says(page, `[data-access="granted"][data-session-id="${lesson.sessionID}"]`);
  });

  test.each([
    ['deleteSession', (): Record<string, string> => ({ sessionID: lesson.sessionID })],
    ['deleteGroup', (): Record<string, string> => ({ groupID: lesson.groupID })],
  ])('falls to denied after %s', async (name, parameters) => {
    await setCookie(lesson.sessionID);
    await page.goto(padUrl());
    await says(page, '[data-access="granted"]');
    await lesson.call(name, parameters());
    await says(page, '[data-access="denied"]');
    await reads(page, '#reason', 'does not exist');
  });

  test('opens to a guest when its pad becomes public', async () => {
    await page.goto(padUrl());
    await says(page, '[data-access="denied"]');
    await lesson.call('setPublicStatus', { padID: lesson.padID, publicStatus: 'true' });
    await says(page, '[data-access="granted"]');
    await reads(page, '#access', 'Open to a guest');
    await reads(page, '#facts', 'by its public status');
    await lesson.call('setPublicStatus', { padID: lesson.padID, publicStatus: 'false' });
    await says(page, '[data-access="denied"]');
  });

  test('opens when the cookie comes later, and follows the one that the browser has by then', async () => {
    await page.goto(padUrl());
    await says(page, '[data-access="denied"]');
    await setCookie(lesson.sessionID);
    await says(page, `[data-access="granted"][data-session-id="${lesson.sessionID}"]`);
    await page.context().clearCookies({ name: 'sessionID' });
    await says(page, '[data-access="denied"]');
    await reads(page, '#reason', 'no cookie sessionID was sent');
  });

  test('leaves the browser free for many pages of one server, and comes to rest', async () => {
    const others: Page[] = [];
    for (let count = 0; count < 9; count++) {
      const other = await page.context().newPage();
      others.push(other);
      await other.goto(urlOf('/p/open'), { waitUntil: count === 0 ? 'networkidle' : 'load' });
      await reads(other, '#text', 'Welcome to Etherpad!');
    }
    await lesson.call('setText', { padID: 'open', text: 'For all' });
    await Promise.all(others.map((other) => reads(other, '#text', 'For all')));
    await Promise.all(others.map((other) => other.close()));
  });

  test('tells when the server does not answer, and goes on when it does', async () => {
    await page.goto(urlOf('/p/open'));
    await reads(page, '#text', 'Welcome to Etherpad!');
    await page.route('**/view', (route) => route.abort());
    await reads(page, '#connection', 'The server does not answer: trying again.');
    await page.unroute('**/view');
    await lesson.call('setText', { padID: 'open', text: 'Back' });
    await reads(page, '#text', 'Back');
    expect(await page.locator('#connection').textContent()).toBe('');
    opened.complaints.length = 0;
  });

  test('a read-only id shows the pad read only, under the id that was asked for', async () => {
    const { readOnlyID } = (await lesson.call('getReadOnlyID', { padID: lesson.padID })) as { readOnlyID: string };
    await setCookie(lesson.sessionID);
    await page.goto(urlOf(`/p/${readOnlyID}`));
    await says(page, `[data-access="granted"][data-pad-id="${readOnlyID}"][data-read-only="true"]`);
    await reads(page, '#text', 'Dear class');
    await reads(page, '#facts', 'read only');
    expect(await page.content()).not.toContain(lesson.padID);
  });

  test('a pad that is not there is made when the page connects, as by Etherpad’s editor, and not before', async () => {
    await lesson.open('/p/fresh', {});
    expect(await lesson.call('listAllPads')).toEqual({ padIDs: [lesson.padID] });
    await page.goto(urlOf('/p/fresh'));
    await reads(page, '#text', 'Welcome to Etherpad!');
    expect(await lesson.call('listAllPads')).toEqual({ padIDs: ['fresh', lesson.padID] });
  });

  test('the server gives the cookie token once, and no script can read it', async () => {
    await page.goto(urlOf('/p/open'));
    const tokens = async () => (await page.context().cookies()).filter(({ name }) => name === 'token');
    const [token] = await tokens();
    expect(token).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', value: expect.stringMatching(/^t\.[\w-]{20}$/) });
    await page.reload();
    expect((await tokens())[0]!.value).toBe(token!.value);
  });

  describe('names and texts full of HTML', () => {
    test('are shown as they are', async () => {
      const { groupID } = lesson;
      const { authorID } = (await lesson.call('createAuthor', { name: HOSTILE })) as { authorID: string };
      const { padID } = (await lesson.call('createGroupPad', {
        groupID,
        padName: `${HOSTILE}</main>`,
        text: `${HOSTILE}</section><script>alert(2)</script>`,
      })) as { padID: string };
      const { sessionID } = (await lesson.call('createSession', { groupID, authorID, validUntil: String(START + 60) })) as {
        sessionID: string;
      };
      await setCookie(sessionID);
      await page.goto(urlOf(`/p/${encodeURIComponent(padID)}`));
      await reads(page, '#access', `Open to ${HOSTILE}`);
      expect(await page.locator('h1').textContent()).toBe(padID.slice(padID.indexOf('$') + 1));
      expect(await page.locator('main').getAttribute('data-pad-id')).toBe(padID);
      await lesson.call('appendText', { padID, text: HOSTILE });
      await reads(page, '#text', `</script>${HOSTILE}`);
      expect(await page.locator('img, main script').count()).toBe(0);
    });

    test('are shown as they are in a reason', async () => {
      await setCookie(encodeURIComponent(HOSTILE));
      await page.goto(padUrl());
      await reads(page, '#reason', `the session ${HOSTILE} does not exist`);
    });
  });

  describe('in a frame', () => {
    const inFrame = async (host: string, work: (frame: FrameLocator) => Promise<void>): Promise<void> => {
      const application = await frameOf(padUrl(), host);
      try {
        await page.goto(application.url);
        await work(page.frameLocator('iframe'));
      } finally {
        await application.close();
      }
    };

    test('of another origin of its site, it is as in a window of its own', async () => {
      await setCookie(lesson.sessionID);
      await inFrame('127.0.0.1', async (frame) => {
        await says(frame, '[data-access="granted"]');
        await lesson.call('setText', { padID: lesson.padID, text: 'Framed' });
        await reads(frame, '#text', 'Framed');
        await lesson.etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
        await says(frame, '[data-access="denied"]');
      });
    });

    test('of another site, it is granted by a cookie that may go there', async () => {
      await setCookie(lesson.sessionID, { sameSite: 'None', secure: true, partitionKey: 'http://localhost' });
      await inFrame('localhost', async (frame) => {
        await says(frame, '[data-access="granted"]');
        await lesson.call('setText', { padID: lesson.padID, text: 'Framed' });
        await reads(frame, '#text', 'Framed');
      });
    });

    test('of another site, it tells why a usual cookie does not come along', async () => {
      await setCookie(lesson.sessionID);
      await inFrame('localhost', async (frame) => {
        await says(frame, '[data-access="denied"]');
        await reads(frame, '#reason', 'no cookie sessionID was sent');
        await reads(frame, '#hint', 'SameSite=None and Secure');
      });
    });
  });

  test('without its script, it shows the pad as it is', async () => {
    const debug = await page.context().newCDPSession(page);
    await debug.send('Emulation.setScriptExecutionDisabled', { value: true });
    await setCookie(lesson.sessionID);
    await page.goto(padUrl());
    await reads(page, '#text', 'Dear class');
    expect(opened.asked).toHaveLength(1);
  });

  test('all that can be used can be reached by keyboard, and seen', async () => {
    await setCookie(lesson.sessionID);
    await page.goto(padUrl());
    await says(page, '[data-access="granted"]');
    const names: string[] = [];
    for (let count = 0; count < 3; count++) {
      await page.keyboard.press('Tab');
      names.push(await page.evaluate<string>('document.activeElement.textContent'));
      expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(names).toEqual(['Export as text', 'Export as HTML', 'Export as .etherpad']);
    // what is focused stays so when the pad changes
    await lesson.call('setText', { padID: lesson.padID, text: 'Changed' });
    await reads(page, '#text', 'Changed');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Export as .etherpad');
  });

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    test.each([
      ['granted', 1000],
      ['granted', 360],
      ['denied', 1000],
      ['denied', 360],
      ['timeslider', 360],
    ] as const)('axe finds nothing in what is %s and %i wide', async (state, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 720 });
      await lesson.call('appendText', { padID: lesson.padID, text: `\nhttps://example.org/${'long'.repeat(60)}` });
      await setCookie(state === 'denied' ? 's.unknown' : lesson.sessionID);
      await page.goto(state === 'timeslider' ? `${padUrl()}/timeslider?embed=1` : padUrl());
      await says(page, `[data-access="${state === 'denied' ? 'denied' : 'granted'}"]`);
      expect(await violations(page)).toEqual([]);
      expect(await hasSidewaysScroll(page)).toBe(false);
    });
  });
});

describe.skipIf(CHROMIUM === undefined)('below a base path and in a sandbox', () => {
  test('the cookie of one sandbox opens pads of that one alone', async () => {
    await using lesson = await startLesson({ basePath: '/etherpad', sandbox: 'w1' });
    const { origin, base, padID, sessionID, call } = lesson;
    expect(base).toBe('/etherpad/sandbox/w1');
    const browser = await startBrowser();
    try {
      const { page, complaints } = await browser.open();
      await page.context().addCookies([{ name: 'sessionID', value: sessionID, domain: '127.0.0.1', path: base }]);
      await page.goto(`${origin}${base}/p/${encodeURIComponent(padID)}`);
      await says(page, '[data-access="granted"]');
      await call('setText', { padID, text: 'In the sandbox' });
      await reads(page, '#text', 'In the sandbox');
      expect((await page.context().cookies()).find(({ name }) => name === 'token')).toMatchObject({ path: base });
      await page.goto(`${origin}${base}/p/${encodeURIComponent(padID)}/timeslider`);
      expect(page.url()).toBe(`${origin}${base}/p/${encodeURIComponent(padID)}`);
      await page.goto(`${origin}/etherpad/p/${encodeURIComponent(padID)}`);
      await reads(page, '#reason', 'no cookie sessionID was sent');
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
