import { describe, expectTypeOf } from 'vitest';
import type { EtherpadControl } from '../../src/index.ts';
import { startMockEtherpad } from '../../src/index.ts';
import { expect, test } from '../../src/vitest.ts';
import { createSession, ok, YEAR_2030 } from './calls.ts';

/** The message of a matcher that fails. */
const failureOf = (matched: Promise<void>): Promise<string> =>
  matched.then(
    () => 'it did not fail',
    (error: unknown) => (error as Error).message,
  );

const asBefore = test.extend({ etherpadOptions: [{ emulate: '2.5.3', createMissing: true }, { scope: 'file' }] });

const connected = test.extend({
  etherpadOptions: [
    // oxlint-disable-next-line no-empty-pattern -- how vitest learns that it needs no other fixture
    async ({}, use) => {
      const elsewhere = await startMockEtherpad({ apiKey: 'key-of-elsewhere', controlToken: 'let-me-in' });
      await use({ url: elsewhere.url, controlToken: 'let-me-in' });
      await elsewhere.close();
    },
    { scope: 'file' },
  ],
});

const seen: string[] = [];
const servers = new Set<string>();

describe('the fixture', () => {
  test.for(['first', 'second'])('gives each test a sandbox of its own: the %s', async (_which, { etherpad, etherpadServer }) => {
    expectTypeOf(etherpad).toEqualTypeOf<EtherpadControl>();
    expect(seen).not.toContain(etherpad.url);
    seen.push(etherpad.url);
    servers.add(etherpadServer.url);
    expect(etherpad.url.startsWith(`${etherpadServer.url}/sandbox/`)).toBe(true);
    expect(await etherpad.requests.list()).toEqual({ total: 0, requests: [] });
    expect((await etherpad.state.export()).groups).toEqual([]);
    await createSession(etherpad, YEAR_2030);
    await etherpad.clock.freeze(YEAR_2030);
  });

  test('has one server for the file, where the sandboxes of earlier tests are gone', async ({ etherpad, etherpadServer }) => {
    expect(servers).toEqual(new Set([etherpadServer.url]));
    expect(await etherpadServer.sandboxes.list()).toMatchObject([{ name: (await etherpad.info()).sandbox }]);
  });

  test('lets a test delete its own sandbox', async ({ etherpad }) => {
    await etherpad.sandboxes.deleteAll();
  });

  asBefore('starts a server as it is told to', async ({ etherpad }) => {
    expect((await etherpad.info()).emulate).toBe('2.5.3');
    await ok(etherpad, 'createSession', { groupID: 'g.any', authorID: 'a.any', validUntil: YEAR_2030 });
  });

  connected('uses a server that runs elsewhere', async ({ etherpad }) => {
    expect(etherpad.apiKey).toBe('key-of-elsewhere');
    await ok(etherpad, 'createGroup');
    await expect(etherpad).toHaveReceived({ function: 'createGroup', times: 1 });
  });
});

describe('toHaveReceived', () => {
  test('holds for what was called', async ({ etherpad }) => {
    const { groupID } = await createSession(etherpad, YEAR_2030);
    await expect(etherpad).toHaveReceived({ function: 'createSession' });
    await expect(etherpad).toHaveReceived({ function: 'createSession', times: 1, code: 0, parameters: { groupID, validUntil: YEAR_2030 } });
    await expect(etherpad).not.toHaveReceived({ function: 'deleteSession' });
    await expect(etherpad).not.toHaveReceived({ function: 'createSession', times: 2 });
  });

  test('waits, if it is told to', async ({ etherpad }) => {
    setTimeout(() => void ok(etherpad, 'createGroup'), 50);
    await expect(etherpad).toHaveReceived({ function: 'createGroup', withinMs: 10_000 });
  });

  test('fails with the nearest calls', async ({ etherpad }) => {
    await ok(etherpad, 'createAuthor', { name: 'Ada' });
    expect(await failureOf(expect(etherpad).toHaveReceived({ function: 'createAuthor', parameters: { name: 'Grace' } }))).toBe(
      'expected createAuthor with name Grace at least once, but it was never called.\n' +
        'The nearest calls:\n  #1 createAuthor {"name":"Ada"} answered 0: name is Ada, not Grace',
    );
    expect(await failureOf(expect(etherpad).not.toHaveReceived({ function: 'createAuthor' }))).toBe(
      'expected the mock not to receive createAuthor at least once: it was called once',
    );
  });

  test('refuses an expectation that is not right, also with not', async ({ etherpad }) => {
    const wrong = { function: 'createAuthor', often: 2 } as object;
    expect(await failureOf(expect(etherpad).toHaveReceived(wrong))).toContain('/often is not known');
    expect(await failureOf(expect(etherpad).not.toHaveReceived(wrong))).toContain('/often is not known');
  });
});
