import { describe, expect, test } from 'vitest';
import { EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { type Answer, START } from './answers.ts';

/** Nextcloud's integration posts forms, takes HTTP 400 and above for an error, and tells the author's name at every open. */
class Nextcloud {
  readonly #etherpad: MockEtherpad;

  constructor(etherpad: MockEtherpad) {
    this.#etherpad = etherpad;
  }

  async #post<Data>(name: string, parameters: Readonly<Record<string, string>> = {}): Promise<Data> {
    const response = await fetch(`${this.#etherpad.url}/api/1.2.15/${name}`, {
      method: 'POST',
      body: new URLSearchParams({ apikey: this.#etherpad.apiKey, ...parameters }),
    });
    if (response.status >= 400) throw new Error(`HTTP ${response.status}`);
    const { code, message, data } = (await response.json()) as Answer<Data>;
    if (code !== 0) throw new Error(message);
    return data;
  }

  /** Three numbers, or it is no Etherpad. */
  async readVersion(): Promise<string> {
    const { currentVersion } = (await (await fetch(`${this.#etherpad.url}/api`)).json()) as { currentVersion: string };
    if (!/^\d+\.\d+\.\d+$/.test(currentVersion)) throw new Error(`no version: ${currentVersion}`);
    return currentVersion;
  }

  async createPad(fileID: string): Promise<{ groupID: string; padID: string }> {
    const { groupID } = await this.#post<{ groupID: string }>('createGroupIfNotExistsFor', { groupMapper: `file-${fileID}` });
    const { padID } = await this.#post<{ padID: string }>('createGroupPad', { groupID, padName: 'file' });
    return { groupID, padID };
  }

  async open(groupID: string, userID: string, displayName: string): Promise<{ authorID: string; sessionID: string }> {
    const { authorID } = await this.#post<{ authorID: string }>('createAuthorIfNotExistsFor', { authorMapper: userID, name: displayName });
    const validUntil = String((await this.#etherpad.clock.now()) + 3_600);
    const { sessionID } = await this.#post<{ sessionID: string }>('createSession', { groupID, authorID, validUntil });
    return { authorID, sessionID };
  }

  getAuthorName = (authorID: string): Promise<unknown> => this.#post('getAuthorName', { authorID });
  getSessionInfo = (sessionID: string): Promise<{ validUntil: number }> => this.#post('getSessionInfo', { sessionID });
  deleteSession = (sessionID: string): Promise<null> => this.#post('deleteSession', { sessionID });
}

describe.each(EMULATIONS)('Nextcloud with %s', (emulate) => {
  const isDocumented = emulate === 'documented';

  test('reads a version of three numbers', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    expect(await new Nextcloud(etherpad).readVersion()).toMatch(/^1\.3\.[01]$/);
  });

  test('opens a pad twice: the same author under the newest name, a session of an hour each time', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    await etherpad.clock.freeze(START);
    const nextcloud = new Nextcloud(etherpad);
    const { groupID } = await nextcloud.createPad('7');

    const first = await nextcloud.open(groupID, 'ada', 'Ada');
    await etherpad.clock.advance({ seconds: 60 });
    const second = await nextcloud.open(groupID, 'ada', 'Ada Lovelace');
    expect(second.authorID).toBe(first.authorID);
    expect(second.sessionID).not.toBe(first.sessionID);
    expect((await nextcloud.getSessionInfo(first.sessionID)).validUntil).toBe(START + 3_600);
    expect((await nextcloud.getSessionInfo(second.sessionID)).validUntil).toBe(START + 3_660);

    const name = await nextcloud.getAuthorName(first.authorID);
    expect(isDocumented ? (name as { info: { name: string } }).info.name : name).toBe('Ada Lovelace');
  });

  test('an error is HTTP 400 as documented, and a code with HTTP 200 on real servers', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    const nextcloud = new Nextcloud(etherpad);
    await expect(nextcloud.createPad('7').then(() => nextcloud.createPad('7'))).rejects.toThrow(
      isDocumented ? 'HTTP 400' : 'padName does already exist',
    );
    await expect(nextcloud.deleteSession('s.unknown')).rejects.toThrow(isDocumented ? 'HTTP 400' : 'sessionID does not exist');
    await expect(new Nextcloud({ ...etherpad, apiKey: 'wrong' }).createPad('8')).rejects.toThrow('HTTP 401');
  });
});
