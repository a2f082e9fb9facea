import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where a Chromium is, or undefined: `CHROMIUM` names one, Debian has it in /usr/bin. */
export const CHROMIUM = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && path !== '' && existsSync(path),
);

// oxfmt-ignore
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** A page in a browser of its own, and everything it said and asked for. */
export interface OpenPage {
  readonly page: Page;
  /** What the browser complained about: errors, refused scripts, dialogs. */
  readonly complaints: string[];
  /** Every URL that was asked for. */
  readonly asked: string[];
}

export interface Browser {
  open(): Promise<OpenPage>;
  close(): Promise<void>;
}

/** A real Chromium, with nothing remembered from before. */
export async function startBrowser(): Promise<Browser> {
  const directory = mkdtempSync(join(tmpdir(), 'inspector-'));
  const context: BrowserContext = await chromium.launchPersistentContext(directory, {
    executablePath: CHROMIUM!,
    headless: true,
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(30_000);
  return {
    async open() {
      const page = await context.newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => asked.push(request.url()));
      return { page, complaints, asked };
    },
    async close() {
      await context.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
