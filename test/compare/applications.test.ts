import { describe, expect, vi } from 'vitest';
import type { MockEtherpadOptions } from '../../src/options.ts';
import { comparing } from './comparing.ts';

/** Every mock that a flow starts is the real server here, behind a proxy, and compared with its own emulation. */
vi.mock(import('../../src/index.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    async startMockEtherpad(options: MockEtherpadOptions = {}) {
      const etherpad = await original.startMockEtherpad(options);
      const comparison = await comparing(
        etherpad.url,
        original.EMULATIONS.find((name) => name === (options.emulate ?? 'documented')),
      );
      const close = async (): Promise<void> => {
        const { calls, differences } = await comparison.close();
        await etherpad.close();
        expect(differences).toEqual([]);
        expect(calls).toEqual({ ...calls, same: calls.compared, differ: 0, unanswered: 0, abandoned: 0, ofBefore: 0, failed: 0 });
        expect(calls.compared).toBeGreaterThan(0);
      };
      return { ...etherpad, url: comparison.url, close, [Symbol.asyncDispose]: close };
    },
  };
});

const FLOWS = ['bigbluebutton', 'graasp', 'ilias', 'moodle', 'nextcloud', 'schulcloud'] as const;

describe.each(FLOWS)('the flow of %s, through a proxy', async (name) => {
  await import(`../applications/${name}.test.ts`);
});
