import { describe, expect, test } from 'vitest';
import { type SeedDocument, startMockEtherpad } from '../../src/index.ts';
import { ok, YEAR_2030 } from './calls.ts';
import { WAYS } from './ways.ts';

const IDS = { sessionID: 's.1', groupID: 'g.1', authorID: 'a.1' };

const seedOf = (validUntil: number | string): SeedDocument => ({
  groups: [{ groupID: IDS.groupID }],
  authors: [{ authorID: IDS.authorID }],
  sessions: [{ ...IDS, validUntil }],
  pads: [],
});

describe.each(WAYS)('times as text, %s', (_way, start) => {
  test('of a seed: ISO text, and from now', { timeout: 30_000 }, async () => {
    const iso = await start({ seed: seedOf('2030-01-01T00:00:00Z') });
    expect((await iso.etherpad.state.export()).sessions).toEqual([{ ...IDS, validUntil: YEAR_2030 }]);
    await iso.etherpad.clock.freeze(YEAR_2030);
    for (const [text, seconds] of [
      ['+30m', 1_800],
      ['+1h', 3_600],
      ['+2d', 172_800],
      ['+5s', 5],
    ] as const) {
      await iso.etherpad.state.import(seedOf(text));
      expect((await iso.etherpad.state.export()).sessions[0]!.validUntil).toBe(YEAR_2030 + seconds);
    }
    await iso.stop();

    const fresh = await start({ seed: seedOf('+1h') });
    await fresh.etherpad.clock.advance({ pastExpiryOf: IDS.sessionID });
    await fresh.etherpad.reset();
    const { validUntil } = (await fresh.etherpad.state.export()).sessions[0]!;
    expect(Math.abs(validUntil - Date.now() / 1000 - 3_600)).toBeLessThan(20);
    await fresh.stop();
  });

  test('of the clock, and no milliseconds', async () => {
    const { etherpad, stop } = await start();
    await etherpad.clock.freeze('2030-01-01T00:00:00Z');
    expect(await etherpad.clock.freeze('+2d')).toMatchObject({ now: YEAR_2030 + 172_800 });
    await expect(etherpad.clock.set({ now: 'tomorrow' })).rejects.toThrow('or from now as +30m, +1h or +2d');
    await expect(etherpad.clock.set({ now: YEAR_2030 * 1000 })).rejects.toThrow(
      `/now is the year 61971, as these are seconds: milliseconds were probably meant, so write ${YEAR_2030}`,
    );
    expect(await etherpad.clock.now()).toBe(YEAR_2030 + 172_800);
    await stop();
  });

  test('of a state: milliseconds that a client sent go out and in again', async () => {
    const { etherpad, stop } = await start();
    await etherpad.state.import({ ...seedOf(0), sessions: [] });
    const { groupID, authorID } = IDS;
    const { sessionID } = await ok(etherpad, 'createSession', { groupID, authorID, validUntil: YEAR_2030 * 1000 });
    const state = await etherpad.state.export();
    await etherpad.state.import(state);
    expect((await etherpad.state.export()).sessions).toEqual([{ sessionID, groupID, authorID, validUntil: YEAR_2030 * 1000 }]);
    await stop();
  });
});

test('milliseconds in a seed are refused', async () => {
  await expect(startMockEtherpad({ seed: seedOf(YEAR_2030 * 1000) })).rejects.toThrow(
    `/sessions/0/validUntil is the year 61971, as these are seconds: milliseconds were probably meant, so write ${YEAR_2030}`,
  );
});
