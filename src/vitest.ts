import { randomUUID } from 'node:crypto';
import { expect, test as base } from 'vitest';
import { type EtherpadControl, ExpectationError } from './control/handle.ts';
import type { Expectation } from './sandbox/expectation.ts';
import { connectMockEtherpad } from './control/remote.ts';
import { startMockEtherpad } from './mock-etherpad.ts';
import type { MockEtherpadOptions } from './options.ts';
import { coverageTable } from './sandbox/coverage-table.ts';

/** How the mock of a test file is started, or where one runs already. */
export interface EtherpadFixtureOptions extends MockEtherpadOptions {
  /** A mock that runs elsewhere, used instead of starting one; `MOCK_ETHERPAD_URL` of the environment by default. */
  url?: string;
  /** Prints what the tests of a file met of the API when they are through; false by default. */
  printCoverage?: boolean;
}

/** What `test` gives to a test. */
export interface EtherpadFixtures {
  /** Set it with `test.extend({ etherpadOptions: [{ emulate: '3.3.1' }, { scope: 'file' }] })`. */
  etherpadOptions: EtherpadFixtureOptions;
  /** The server that the tests of a file share. */
  etherpadServer: EtherpadControl;
  /** A sandbox of that server for this test alone, gone when the test ends. */
  etherpad: EtherpadControl;
}

/**
 * Vitest's `test` with an Etherpad for each test: one server a file, one sandbox a test, so that tests may also run
 * concurrently.
 *
 * @example
 * import { expect, test } from 'mock-etherpad/vitest';
 *
 * test('a lesson opens a session', async ({ etherpad }) => {
 *   await openLesson({ etherpadUrl: etherpad.url, apiKey: etherpad.apiKey });
 *   await expect(etherpad).toHaveReceived({ function: 'createSession', times: 1 });
 * });
 */
export const test = base.extend<EtherpadFixtures>({
  etherpadOptions: [
    // oxlint-disable-next-line no-empty-pattern -- how vitest learns that it needs no other fixture
    async ({}, use) => {
      const url = process.env['MOCK_ETHERPAD_URL'];
      await use(url ? { url } : {});
    },
    { scope: 'file' },
  ],
  etherpadServer: [
    async ({ etherpadOptions: { url, printCoverage = false, ...options } }, use) => {
      const { controlToken } = options;
      const server =
        url === undefined
          ? await startMockEtherpad(options)
          : await connectMockEtherpad(url, controlToken === undefined ? {} : { controlToken });
      await use(server);
      if (printCoverage) process.stdout.write(`${coverageTable(await server.coverage())}\n`);
      await server.close();
    },
    { scope: 'file' },
  ],
  etherpad: async ({ etherpadServer }, use) => {
    const name = `test-${randomUUID()}`;
    await use(etherpadServer.sandbox(name));
    // a test may have deleted all sandboxes itself
    await etherpadServer.sandboxes.delete(name).catch(() => undefined);
  },
});

/** What this adds to `expect`. */
interface EtherpadMatchers {
  /**
   * Asks the journal of a mock Etherpad: without a number, at least once; `.not` turns it round.
   *
   * @example await expect(etherpad).toHaveReceived({ function: 'createSession', parameters: { groupID }, withinMs: 1000 });
   */
  toHaveReceived(expectation: Expectation): Promise<void>;
}

declare module 'vitest' {
  // the name and the parameter are vitest's
  // oxlint-disable-next-line no-unused-vars, typescript/no-explicit-any, typescript/no-empty-interface
  interface Matchers<T = any> extends EtherpadMatchers {}
}

expect.extend({
  async toHaveReceived(etherpad: EtherpadControl, expectation: Expectation) {
    try {
      const { message } = await etherpad.requests.verify(expectation);
      return { pass: true, message: () => `expected the mock not to receive ${message}` };
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      return { pass: false, message: () => error.message };
    }
  },
});

export { expect };
