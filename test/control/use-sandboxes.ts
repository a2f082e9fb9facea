import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { EtherpadControl } from '../../src/index.ts';
import type { Started } from './ways.ts';

/**
 * One server for all tests of a block, and a sandbox of its own for each of them.
 *
 * @param start starts the server
 * @param take gets the sandbox before each test, and the whole server beside it
 */
export function useSandboxes(start: () => Promise<Started>, take: (sandbox: EtherpadControl, whole: EtherpadControl) => void): void {
  let server: Started;
  let count = 0;
  beforeAll(async () => {
    server = await start();
  });
  beforeEach(() => {
    take(server.etherpad.sandbox(`test-${(count += 1)}`), server.etherpad);
  });
  afterAll(() => server.stop());
}
