import { describe, expect, test, vi } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { dataOf, expectEnvelope } from '../envelope.ts';

const START = 1_900_000_000;

const callOf =
  ({ url, apiKey }: MockEtherpad) =>
  (name: string, parameters: Record<string, string> = {}): Promise<Reply> =>
    ask(url, { path: `/api/1.2.15/${name}?${new URLSearchParams({ apikey: apiKey, ...parameters }).toString()}` });

describe('an expired session', () => {
  test('is gone as soon as now is validUntil: for getSessionInfo, deleteSession and the lists', async () => {
    await using etherpad = await startMockEtherpad();
    const call = callOf(etherpad);
    await etherpad.clock.freeze(START);
    const { groupID } = dataOf(await call('createGroup'));
    const { authorID } = dataOf(await call('createAuthor'));
    const { sessionID } = dataOf(await call('createSession', { groupID, authorID, validUntil: String(START + 60) }));
    const { sessionID: longer } = dataOf(await call('createSession', { groupID, authorID, validUntil: String(START + 61) }));
    const listed = { id: longer, authorID, groupID, validUntil: START + 61 };

    await etherpad.clock.advance({ seconds: 59 });
    expect(dataOf(await call('getSessionInfo', { sessionID })).validUntil).toBe(START + 60);
    expect(dataOf(await call('listSessionsOfGroup', { groupID })).sessions).toHaveLength(2);

    await etherpad.clock.advance({ seconds: 1 });
    expectEnvelope(await call('getSessionInfo', { sessionID }), 1, 'sessionID does not exist');
    expectEnvelope(await call('deleteSession', { sessionID }), 1, 'sessionID does not exist');
    expectEnvelope(await call('listSessionsOfGroup', { groupID }), 0, 'ok', { sessions: [listed] });
    expectEnvelope(await call('listSessionsOfAuthor', { authorID }), 0, 'ok', { sessions: [listed] });

    await etherpad.clock.advance({ seconds: 1 });
    expectEnvelope(await call('listSessionsOfGroup', { groupID }), 0, 'ok', { sessions: [] });
    expectEnvelope(await call('deleteGroup', { groupID }), 0, 'ok');
  });

  test('that is valid until now is made, and gone at once', async () => {
    await using etherpad = await startMockEtherpad();
    const call = callOf(etherpad);
    await etherpad.clock.freeze(START);
    const { groupID } = dataOf(await call('createGroup'));
    const { authorID } = dataOf(await call('createAuthor'));
    const { sessionID } = dataOf(await call('createSession', { groupID, authorID, validUntil: String(START) }));
    expectEnvelope(await call('getSessionInfo', { sessionID }), 1, 'sessionID does not exist');
    expectEnvelope(await call('createSession', { groupID, authorID, validUntil: String(START - 1) }), 1, 'validUntil is in the past');
  });

  test('is gone by real time too', async () => {
    await using etherpad = await startMockEtherpad();
    const call = callOf(etherpad);
    const { groupID } = dataOf(await call('createGroup'));
    const { authorID } = dataOf(await call('createAuthor'));
    const validUntil = Math.floor(Date.now() / 1000) + 1;
    const { sessionID } = dataOf(await call('createSession', { groupID, authorID, validUntil: String(validUntil) }));
    await new Promise((resolve) => setTimeout(resolve, validUntil * 1000 - Date.now() + 5));
    expectEnvelope(await call('getSessionInfo', { sessionID }), 1, 'sessionID does not exist');
  });

  test.each(['1.9.7', '2.5.3', '3.3.1'] as const)('stays as it was on %s', async (emulate) => {
    await using etherpad = await startMockEtherpad({ emulate });
    const call = callOf(etherpad);
    await etherpad.clock.freeze(START);
    const { groupID } = dataOf(await call('createGroup'));
    const { authorID } = dataOf(await call('createAuthor'));
    const { sessionID } = dataOf(await call('createSession', { groupID, authorID, validUntil: String(START + 60) }));
    await etherpad.clock.advance({ seconds: 1_000_000 });
    const info = { groupID, authorID, validUntil: START + 60 };
    expect(dataOf(await call('getSessionInfo', { sessionID }))).toEqual(info);
    expect(dataOf(await call('listSessionsOfGroup', { groupID }))).toEqual({ [sessionID]: info });
    expect(dataOf(await call('deleteSession', { sessionID }))).toBeNull();
  });

  test('is still known to have expired when its memory was given back', { timeout: 20_000 }, async () => {
    const now = Math.floor(Date.now() / 1000);
    const [groupID, authorID, sessionID] = [`g.${'x'.repeat(16)}`, 'a.ada', 's.old'];
    await using etherpad = await startMockEtherpad({
      seed: {
        groups: [{ groupID }],
        authors: [{ authorID }],
        sessions: [{ sessionID, groupID, authorID, validUntil: now - 1_000 }],
        pads: [{ padID: `${groupID}$notes` }],
      },
    });
    await vi.waitUntil(async () => (await etherpad.state.export()).sessions.length === 0, { timeout: 10_000 });
    const asked = await fetch(`${etherpad.url}/api/1/getSessionInfo?apikey=${etherpad.apiKey}&sessionID=${sessionID}`);
    expect(asked.headers.get('x-mock-etherpad-reason')).toMatch(/^session s\.old expired 1\d\d\d s ago$/);
    const opened = await fetch(`${etherpad.url}/p/${groupID}$notes/export/txt`, { headers: { cookie: `sessionID=${sessionID}` } });
    expect(opened.headers.get('x-mock-etherpad-reason')).toContain('the session of this cookie expired 16 min ago');
  });
});
