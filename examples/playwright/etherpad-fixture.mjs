import { randomUUID } from 'node:crypto';
import { test as base } from '@playwright/test';
import { startMockEtherpad } from 'mock-etherpad';

export { expect } from '@playwright/test';

/** Playwright's test with a mock for each worker, and a sandbox of it for each test. */
export const test = base.extend({
  etherpadServer: [
    // oxlint-disable-next-line no-empty-pattern -- how Playwright learns that it needs no other fixture
    async ({}, use) => {
      const server = await startMockEtherpad();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  etherpad: async ({ etherpadServer }, use) => {
    const name = randomUUID();
    await use(etherpadServer.sandbox(name));
    await etherpadServer.sandboxes.delete(name);
  },
});
