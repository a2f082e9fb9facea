import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Browser, type OpenPage, startBrowser } from './browser.ts';
import { KEY } from './page-driver.ts';

/** A mock whose inspector is looked at in a browser. */
export interface Inspected {
  readonly etherpad: MockEtherpad;
  /** The page that was opened last. */
  readonly opened: OpenPage;
  /** Opens a page: the inspector, if no URL is given. */
  open(url?: string, size?: { readonly width?: number; readonly height?: number }): Promise<Page>;
}

/** One mock and one browser for all tests of a block. After each test its page is closed, and the mock is as it was started. */
export function useInspected(): Inspected {
  let browser: Browser | undefined;
  let etherpad: MockEtherpad | undefined;
  let opened: OpenPage | undefined;

  beforeAll(async () => {
    browser = await startBrowser();
    etherpad = await startMockEtherpad({ apiKey: KEY });
  });
  afterAll(async () => {
    await browser?.close();
    await etherpad?.close();
  });
  afterEach(async () => {
    await opened?.page.close();
    await etherpad?.reset();
    await etherpad?.sandboxes.deleteAll();
    for (const { name } of (await etherpad?.snapshots.list()) ?? []) await etherpad?.snapshots.delete(name);
  });

  return {
    get etherpad() {
      return etherpad!;
    },
    get opened() {
      return opened!;
    },
    async open(url = `${etherpad!.url}/_mock`, { width = 1440, height = 900 } = {}) {
      opened = await browser!.open();
      await opened.page.setViewportSize({ width, height });
      await opened.page.goto(url);
      return opened.page;
    },
  };
}
