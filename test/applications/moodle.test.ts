import { describe, expect, test } from 'vitest';
import { EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Answer, START } from './answers.ts';

/** Moodle's activity asks for the version and checks the key first, then posts everything as multipart. */
class Moodle {
  readonly #etherpad: MockEtherpad;
  #version = '';

  constructor(etherpad: MockEtherpad) {
    this.#etherpad = etherpad;
  }

  async #post<Data>(name: string, parameters: Readonly<Record<string, string>> = {}): Promise<Data> {
    const form = new FormData();
    for (const [field, value] of Object.entries({ apikey: this.#etherpad.apiKey, ...parameters })) form.set(field, value);
    const response = await fetch(`${this.#etherpad.url}/api/${this.#version}/${name}`, { method: 'POST', body: form });
    const { code, message, data } = (await response.json()) as Answer<Data>;
    if (code !== 0) throw new Error(message);
    return data;
  }

  async connect(): Promise<string> {
    const response = await fetch(`${this.#etherpad.url}/api`);
    this.#version = ((await response.json()) as { currentVersion: string }).currentVersion;
    await this.#post('checkToken');
    return this.#version;
  }

  async addActivity(): Promise<{ groupID: string; padID: string }> {
    const { groupID } = await this.#post<{ groupID: string }>('createGroup');
    const { padID } = await this.#post<{ padID: string }>('createGroupPad', { groupID, padName: 'notes of the course', text: 'Welcome' });
    return { groupID, padID };
  }

  async view(groupID: string, userID: string, name: string): Promise<string> {
    const { authorID } = await this.#post<{ authorID: string }>('createAuthorIfNotExistsFor', { authorMapper: userID, name });
    const validUntil = (await this.#etherpad.clock.now()) + 10_800;
    const { sessionID } = await this.#post<{ sessionID: string }>('createSession', { groupID, authorID, validUntil: String(validUntil) });
    return sessionID;
  }

  getSessionInfo = (sessionID: string): Promise<{ validUntil: number }> => this.#post('getSessionInfo', { sessionID });
  deleteActivity = (groupID: string): Promise<null> => this.#post('deleteGroup', { groupID });
}

describe.each(EMULATIONS)('Moodle with %s', (emulate) => {
  test('checks the server, adds an activity, lets a user view it for three hours, and deletes it', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const moodle = new Moodle(etherpad);
    expect(await moodle.connect()).toBe(emulate === '1.9.7' || emulate === '2.5.3' ? '1.3.0' : '1.3.1');

    const { groupID, padID } = await moodle.addActivity();
    expect(padID).toBe(`${groupID}$notes_of_the_course`);
    const sessionID = await moodle.view(groupID, 'user-42', 'Ada');
    expect((await moodle.getSessionInfo(sessionID)).validUntil).toBe(START + 10_800);

    expect(await moodle.deleteActivity(groupID)).toBeNull();
    await expect(moodle.getSessionInfo(sessionID)).rejects.toThrow('sessionID does not exist');
    await expect(moodle.view(groupID, 'user-42', 'Ada')).rejects.toThrow('groupID does not exist');
  });

  test('learns of a wrong key when it checks it', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await expect(new Moodle({ ...etherpad, apiKey: 'wrong' }).connect()).rejects.toThrow('no or wrong API Key');
  });
});
