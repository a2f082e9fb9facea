import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { State } from '../../src/etherpad/state.ts';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { dataOf, expectEnvelope } from '../envelope.ts';
import { makeRecords, type Records } from './examples.ts';

let etherpad: MockEtherpad;
let records: Records;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
  records = await makeRecords(etherpad);
});
afterAll(() => etherpad.close());

const UNKNOWN_SESSION = 's.00000000000000000000000000000000';

/** The six operations of the session API at both of its servers, as generated clients call them: all in the query. */
describe.each(['', '/api/1.2.15'])('at %j', (mount) => {
  describe.each(['GET', 'POST'])('by %s', (method) => {
    const call = (name: string, parameters: Record<string, string>, apikey = etherpad.apiKey): Promise<Reply> =>
      ask(etherpad.url, { method, path: `${mount}/${name}?${new URLSearchParams({ apikey, ...parameters }).toString()}` });

    test('createSession, getSessionInfo and deleteSession are code 0 with 200', async () => {
      const { groupID, authorID, validUntil } = records;
      const { sessionID } = dataOf(await call('createSession', { groupID, authorID, validUntil: String(validUntil) }));
      expect(sessionID).toMatch(/^s\.[0-9a-f]{32}$/);

      const info = { id: sessionID, authorID, groupID, validUntil };
      expectEnvelope(await call('getSessionInfo', { sessionID }), 0, 'ok', { info, groupID, authorID, validUntil });
      expectEnvelope(await call('deleteSession', { sessionID }), 0, 'ok');
      expectEnvelope(await call('getSessionInfo', { sessionID }), 1, 'sessionID does not exist');
      expectEnvelope(await call('deleteSession', { sessionID }), 1, 'sessionID does not exist');
    });

    test.each([
      ['createSession', { groupID: 'g.unknown' }, 'groupID does not exist'],
      ['createSession', {}, 'groupID does not exist'],
      ['deleteSession', { sessionID: UNKNOWN_SESSION }, 'sessionID does not exist'],
      ['deleteSession', {}, 'sessionID does not exist'],
      ['getSessionInfo', { sessionID: UNKNOWN_SESSION }, 'sessionID does not exist'],
      ['getSessionInfo', { sessionID: '' }, 'sessionID does not exist'],
    ])('%s with %j is code 1 with 400', async (name, parameters, message) => {
      expectEnvelope(await call(name, parameters), 1, message);
    });

    test.each(['createSession', 'deleteSession', 'getSessionInfo'])('%s with a wrong key is code 4 with 401', async (name) => {
      expectEnvelope(await call(name, { sessionID: records.sessionID }, 'wrong'), 4, 'no or wrong API Key');
      expectEnvelope(await call(name, { sessionID: records.sessionID }, ''), 4, 'no or wrong API Key');
    });

    test.each(['createSession', 'deleteSession', 'getSessionInfo'])('%s with a state that throws is code 2 with 500', async (name) => {
      for (const broken of ['addSession', 'findSession', 'deleteSession'] as const) {
        vi.spyOn(State.prototype, broken).mockImplementation(() => {
          throw new Error('the state is broken');
        });
      }
      const { groupID, authorID, validUntil, sessionID } = records;
      const reply = await call(name, { groupID, authorID, validUntil: String(validUntil), sessionID });
      vi.restoreAllMocks();
      expectEnvelope(reply, 2, 'internal error');
      expect(reply.headers['x-mock-etherpad-reason']).toBe('Error: the state is broken');
      expectEnvelope(await call('getSessionInfo', { sessionID: 'x' }), 1, 'sessionID does not exist');
    });

    test('createSession checks function, key, group, author and validUntil, in this order', async () => {
      const { groupID, authorID } = records;
      expectEnvelope(await call('createsession', {}, 'wrong'), 3, 'no such function');
      expectEnvelope(await call('createSession', {}, 'wrong'), 4, 'no or wrong API Key');
      expectEnvelope(await call('createSession', { groupID: 'x', authorID: 'x', validUntil: 'x' }), 1, 'groupID does not exist');
      expectEnvelope(await call('createSession', { groupID, authorID: 'x', validUntil: 'x' }), 1, 'authorID does not exist');
      expectEnvelope(await call('createSession', { groupID, authorID, validUntil: 'x' }), 1, 'validUntil is not a number');
      expectEnvelope(await call('createSession', { groupID, authorID }), 1, 'validUntil is not a number');
      expectEnvelope(await call('createSession', { groupID, authorID, validUntil: '-1.5' }), 1, 'validUntil is a negative number');
      expectEnvelope(await call('createSession', { groupID, authorID, validUntil: '9'.repeat(25) }), 1, 'validUntil is a float value');
      expectEnvelope(await call('createSession', { groupID, authorID, validUntil: '1' }), 1, 'validUntil is in the past');
    });
  });
});

test('the same arguments give another session each time', async () => {
  const { groupID, authorID, validUntil } = records;
  const query = new URLSearchParams({ apikey: etherpad.apiKey, groupID, authorID, validUntil: String(validUntil) });
  const ids = [];
  for (let call = 0; call < 3; call++) ids.push(dataOf(await ask(etherpad.url, { path: `/createSession?${query.toString()}` })).sessionID);
  expect(new Set(ids).size).toBe(3);
});
