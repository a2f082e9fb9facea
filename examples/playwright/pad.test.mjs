// The same without Playwright's own runner: playwright-core, a Chromium that is installed, and node --test.
import { test } from 'node:test';
import { startMockEtherpad } from 'mock-etherpad';
import { chromium } from 'playwright-core';
import { readPadUntilTheEnd } from './pad-steps.mjs';

void test('a pupil sees the pad until the lesson is over', async () => {
  const etherpad = await startMockEtherpad();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    await readPadUntilTheEnd(await browser.newPage(), etherpad);
  } finally {
    await browser.close();
    await etherpad.close();
  }
});
