import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Emulation, EMULATIONS, startMockEtherpad } from '../../src/index.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { type Recording, replay, type ReplayOptions } from './replay.ts';

/** The key of the recorded servers: some of their answers quote its beginning. */
const API_KEY = 'oracle-api-key-0123456789abcdef';

const recordingOf = (emulate: Emulation, about = ''): Recording =>
  JSON.parse(readFileSync(new URL(`${about}${emulate}.json`, import.meta.url), 'utf8')) as Recording;

// the time stands still, so that `now` is still now when it arrives, and passes at once where a recording waits
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const options: ReplayOptions = {
  apiKey: API_KEY,
  now: () => Math.floor(Date.now() / 1000),
  wait: async (milliseconds) => {
    vi.setSystemTime(Date.now() + milliseconds);
  },
  silence: 200,
};

describe('the answers that real servers gave', () => {
  test.each([
    { emulate: '1.9.7', requests: 755 },
    { emulate: '2.5.3', requests: 745 },
    { emulate: '3.3.1', requests: 752 },
  ] as const)('$emulate: all $requests answers are the same', async ({ emulate, requests }) => {
    await using etherpad = await startMockEtherpad({ emulate, apiKey: API_KEY });
    const replayed = await replay(etherpad.url, recordingOf(emulate), options);

    const known = KNOWN_DIFFERENCES.filter((difference) => difference.emulate === emulate).map(({ sequence, label }) => `${sequence} / ${label}`);
    const unknown = replayed.differences.filter(({ sequence, label }) => !known.includes(`${sequence} / ${label}`));
    expect(unknown).toEqual([]);
    expect(replayed.differences).toHaveLength(known.length);
    expect(replayed.requests).toBe(requests);
  });

  test.each([
    ['pads', '1.9.7', 1711],
    ['pads', '2.5.3', 1712],
    ['pads', '3.3.1', 1713],
    ['paths', '1.9.7', 608],
    ['paths', '2.5.3', 608],
    ['paths', '3.3.1', 608],
  ] as const)('%s of %s: all %i answers are the same', { timeout: 60_000 }, async (about, emulate, requests) => {
    const recording = recordingOf(emulate, `${about}-`);
    await using etherpad = await startMockEtherpad({ emulate, apiKey: API_KEY });
    const replayed = await replay(etherpad.url, recording, options);
    expect(replayed.differences).toEqual([]);
    expect(replayed.requests).toBe(requests);
  });

  // the clients that the recorded servers had
  const oauthClients = ['svc:svc-secret:admin=true', 'plain:plain-secret', 'admin_client:admin:authorization_code'];

  test.each(['2.5.3', '3.3.1'] as const)('$0 with OAuth: all 61 answers are the same', async (emulate) => {
    await using etherpad = await startMockEtherpad({ emulate, apiKey: API_KEY, authentication: 'sso', oauthClients });
    expect(await replay(etherpad.url, recordingOf(emulate, 'sso-'), options)).toEqual({ requests: 61, differences: [] });
  });

  test('there is a recording for every emulation of a real server', () => {
    const versions = EMULATIONS.filter((emulate) => emulate !== 'documented');
    expect(versions.map((emulate) => recordingOf(emulate).etherpad)).toEqual(versions);
  });

  test('the documented emulation is none of them: a replay shows it', async () => {
    await using etherpad = await startMockEtherpad({ emulate: 'documented', apiKey: API_KEY });
    const [first] = recordingOf('3.3.1').sequences;
    const { differences } = await replay(etherpad.url, { etherpad: '3.3.1', sequences: [first!] }, options);
    expect(differences.map(({ label }) => label)).toContain('getSessionInfo');
  });
});
