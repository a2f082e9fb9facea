import { describe, expect, test } from 'vitest';
import { EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Answer, START } from './answers.ts';

/** bbb-pads asks for everything by GET, and gives validUntil in milliseconds. */
class BigBlueButton {
  readonly #etherpad: MockEtherpad;

  constructor(etherpad: MockEtherpad) {
    this.#etherpad = etherpad;
  }

  async get<Data>(name: string, parameters: Readonly<Record<string, string>> = {}): Promise<Data> {
    const query = new URLSearchParams({ apikey: this.#etherpad.apiKey, ...parameters });
    const { code, message, data } = (await (
      await fetch(`${this.#etherpad.url}/api/1.2.15/${name}?${query.toString()}`)
    ).json()) as Answer<Data>;
    if (code !== 0) throw new Error(message);
    return data;
  }

  async start(): Promise<string> {
    const { currentVersion } = (await (await fetch(`${this.#etherpad.url}/api`)).json()) as { currentVersion: string };
    await this.get('checkToken');
    return currentVersion;
  }

  async openNotes(meetingID: string, userID: string): Promise<{ groupID: string; sessionID: string; validUntil: number }> {
    const { groupID } = await this.get<{ groupID: string }>('createGroupIfNotExistsFor', { groupMapper: meetingID });
    const { authorID } = await this.get<{ authorID: string }>('createAuthorIfNotExistsFor', { authorMapper: userID, name: 'Ada' });
    await this.get('createGroupPad', { groupID, padName: 'notes' });
    const validUntil = ((await this.#etherpad.clock.now()) + 86_400) * 1000;
    const { sessionID } = await this.get<{ sessionID: string }>('createSession', { groupID, authorID, validUntil: String(validUntil) });
    return { groupID, sessionID, validUntil };
  }
}

describe.each(EMULATIONS)('BigBlueButton with %s', (emulate) => {
  test('its sessions of milliseconds are taken for seconds, and outlive the meeting by far', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const pads = new BigBlueButton(etherpad);
    expect(await pads.start()).toMatch(/^1\.3\.[01]$/);

    const { groupID, sessionID, validUntil } = await pads.openNotes('meeting-1', 'user-1');
    expect(validUntil).toBe(1_893_578_400_000);
    await etherpad.clock.advance({ seconds: 10 * 365 * 86_400 });
    expect(await pads.get('getSessionInfo', { sessionID })).toMatchObject({ groupID, validUntil });

    expect(await pads.get('deleteGroup', { groupID })).toBeNull();
    await expect(pads.get('getSessionInfo', { sessionID })).rejects.toThrow('sessionID does not exist');
  });

  test('does not start with a wrong key', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await expect(new BigBlueButton({ ...etherpad, apiKey: 'wrong' }).start()).rejects.toThrow('no or wrong API Key');
  });
});
