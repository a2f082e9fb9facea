import { fileURLToPath } from 'node:url';
import createClient, { type Client } from 'openapi-fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulation, EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../../src/index.ts';
import type { paths } from './etherpad-api.ts';
import { GENERATED, generateTypes } from './generate.ts';

test('the types are those of the OpenAPI document', async () => {
  await expect(await generateTypes()).toMatchFileSnapshot(fileURLToPath(GENERATED));
});

type TypedClient = Client<paths>;

/** The document's key is a query parameter that its paths do not repeat: it is added to every request. */
function clientOf(baseUrl: string, apiKey: string): TypedClient {
  const client = createClient<paths>({ baseUrl });
  client.use({
    onRequest({ request }) {
      const url = new URL(request.url);
      url.searchParams.set('apikey', apiKey);
      return new Request(url, request);
    },
  });
  return client;
}

const MOUNTS: readonly [emulate: Emulation, mount: string][] = [
  ['documented', ''],
  ...EMULATIONS.map((emulate): [Emulation, string] => [emulate, '/api/1.2.15']),
];

describe.each(MOUNTS)('a client typed by the document, against %s at %j', (emulate, mount) => {
  const isDocumented = emulate === 'documented';
  let etherpad: MockEtherpad;
  let client: TypedClient;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate });
    client = clientOf(`${etherpad.url}${mount}`, etherpad.apiKey);
  });
  afterAll(() => etherpad.close());

  async function setUp(): Promise<{ groupID: string; authorID: string }> {
    const group = await client.POST('/createGroupIfNotExistsFor', { params: { query: { groupMapper: 'class-7b' } } });
    const author = await client.GET('/createAuthorIfNotExistsFor', { params: { query: { authorMapper: 'user-42', name: 'Ada' } } });
    expect([group.response.status, author.response.status]).toEqual([200, 200]);
    return { groupID: group.data!.data!.groupID!, authorID: author.data!.data!.authorID! };
  }

  test('sets up a group and an author, creates, reads, lists and deletes a session', async () => {
    const { groupID, authorID } = await setUp();
    const validUntil = Math.floor(Date.now() / 1000) + 3_600;
    const created = await client.POST('/createSession', { params: { query: { groupID, authorID, validUntil: String(validUntil) } } });
    const sessionID = created.data!.data!.sessionID!;
    expect(created.data).toEqual({ code: 0, message: 'ok', data: { sessionID: expect.stringMatching(/^s\.[0-9a-f]{32}$/) } });

    const info = { id: sessionID, groupID, authorID, validUntil };
    const read = await client.GET('/getSessionInfo', { params: { query: { sessionID } } });
    // real servers do not answer in the documented shape: what the document calls info stays empty
    expect(read.data?.data?.info).toEqual(isDocumented ? info : undefined);
    expect(read.data?.data).toMatchObject({ groupID, authorID, validUntil });

    const listed = await client.GET('/listSessionsOfAuthor', { params: { query: { authorID } } });
    expect(listed.data?.data?.sessions).toEqual(isDocumented ? [info] : undefined);
    if (!isDocumented) expect(listed.data?.data).toEqual({ [sessionID]: { groupID, authorID, validUntil } });

    const deleted = await client.POST('/deleteSession', { params: { query: { sessionID } } });
    expect(deleted.data).toEqual({ code: 0, message: 'ok', data: null });
  });

  test('a wrong group is an error of the documented API, and ok to HTTP on real servers', async () => {
    const { authorID } = await setUp();
    const wrong = { code: 1, message: 'groupID does not exist', data: null };
    const { response, data, error } = await client.GET('/createSession', {
      params: { query: { groupID: 'g.wrong', authorID, validUntil: '99999999999' } },
    });
    expect({ status: response.status, data, error }).toEqual(
      isDocumented ? { status: 400, data: undefined, error: wrong } : { status: 200, data: wrong, error: undefined },
    );
  });

  test('a session that was deleted does not exist', async () => {
    const { groupID, authorID } = await setUp();
    const created = await client.GET('/createSession', { params: { query: { groupID, authorID, validUntil: '99999999999' } } });
    const sessionID = created.data!.data!.sessionID!;
    await client.GET('/deleteSession', { params: { query: { sessionID } } });
    const { data, error } = await client.POST('/getSessionInfo', { params: { query: { sessionID } } });
    expect(isDocumented ? error : data).toEqual({ code: 1, message: 'sessionID does not exist', data: null });
  });

  test("a pad's whole life", async () => {
    const { groupID, authorID } = await setUp();
    const padID = `${groupID}$life`;
    const of = { params: { query: { padID } } };
    const statusOf = async (call: Promise<{ response: Response }>): Promise<number> => (await call).response.status;

    const created = await client.POST('/createGroupPad', { params: { query: { groupID, padName: 'life', text: 'one' } } });
    expect(created.data?.data?.padID).toBe(padID);
    expect(await statusOf(client.POST('/setText', { params: { query: { padID, text: 'two' } } }))).toBe(200);
    expect(await statusOf(client.GET('/appendText', { params: { query: { padID, text: ' three' } } }))).toBe(200);
    expect((await client.GET('/getText', of)).data?.data?.text).toBe('two three\n');
    expect((await client.POST('/getText', { params: { query: { padID, rev: '0' } } })).data?.data?.text).toBe('one\n');
    expect(await statusOf(client.POST('/setHTML', { params: { query: { padID, html: '<i>four</i>' } } }))).toBe(200);
    expect((await client.GET('/getHTML', of)).data?.data?.html).toContain('<em>four</em>');
    expect((await client.GET('/getRevisionsCount', of)).data?.data?.revisions).toBe(4);
    expect((await client.GET('/getRevisionChangeset', { params: { query: { padID, rev: '0' } } })).data?.data).toMatch(/^Z:1>3/);
    expect((await client.GET('/getAttributePool', of)).data?.data?.pool?.nextNum).toBeGreaterThan(0);

    await client.POST('/saveRevision', { params: { query: { padID, rev: '2' } } });
    expect((await client.GET('/listSavedRevisions', of)).data?.data?.savedRevisions).toEqual([2]);
    await client.POST('/restoreRevision', { params: { query: { padID, rev: '2' } } });
    expect((await client.GET('/getText', of)).data?.data?.text).toBe('two three\n\n');

    await client.POST('/appendChatMessage', { params: { query: { padID, text: 'Hi', authorID, time: '1234567890123' } } });
    const { data: chat } = await client.GET('/getChatHistory', of);
    const message = { text: 'Hi', userId: authorID, userName: 'Ada', time: 1_234_567_890_123 };
    expect(chat?.data?.messages).toEqual([isDocumented ? message : { ...message, time: '1234567890123' }]);
    expect((await client.GET('/getChatHead', of)).data?.data?.chatHead).toEqual(isDocumented ? message : 0);

    await client.POST('/setPublicStatus', { params: { query: { padID, publicStatus: 'true' } } });
    expect((await client.GET('/getPublicStatus', of)).data?.data?.publicStatus).toBe(true);
    const roID = (await client.GET('/getReadOnlyID', of)).data!.data!.readOnlyID!;
    expect((await client.GET('/getPadID', { params: { query: { roID } } })).data?.data?.padID).toBe(padID);

    await client.POST('/copyPad', { params: { query: { sourceID: padID, destinationID: `${groupID}$copy` } } });
    await client.POST('/copyPadWithoutHistory', { params: { query: { sourceID: padID, destinationID: `${groupID}$bare` } } });
    await client.POST('/movePad', { params: { query: { sourceID: `${groupID}$copy`, destinationID: `${groupID}$moved` } } });
    const { data: listed } = await client.GET('/listPads', { params: { query: { groupID } } });
    expect(listed?.data?.padIDs?.toSorted()).toEqual(['bare', 'life', 'moved'].map((name) => `${groupID}$${name}`));
    for (const name of ['bare', 'life', 'moved']) {
      expect(await statusOf(client.POST('/deletePad', { params: { query: { padID: `${groupID}$${name}` } } }))).toBe(200);
    }
    const gone = await client.GET('/getText', of);
    expect(isDocumented ? gone.error : gone.data).toEqual({ code: 1, message: 'padID does not exist', data: null });
  });

  test('a wrong key is an error everywhere', async () => {
    const { response, error } = await clientOf(`${etherpad.url}${mount}`, 'wrong').GET('/createGroup');
    expect({ status: response.status, error }).toEqual({ status: 401, error: { code: 4, message: 'no or wrong API Key', data: null } });
  });
});

test('against a real server the root is no place to call', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
  const { response, error } = await clientOf(etherpad.url, etherpad.apiKey).GET('/createGroup', { parseAs: 'text' });
  expect(response.status).toBe(404);
  expect(error).toContain('Cannot GET /createGroup');
});
