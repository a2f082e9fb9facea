import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { State } from '../../src/etherpad/state.ts';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { readPage } from '../documentation/markdown.ts';
import { DocumentValidator, type Method } from './document-validator.ts';
import { EXAMPLES, makeRecords } from './examples.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  readonly components: { readonly securitySchemes: unknown };
}

let etherpad: MockEtherpad;
let document: Document;
let validator: DocumentValidator;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
  document = JSON.parse((await ask(etherpad.url, { path: '/openapi.json' })).body) as Document;
  validator = new DocumentValidator(document);
});
afterAll(() => etherpad.close());

const expectValid = (reply: Reply, path: string, method: Method): void => expect(validator.errorsOf(reply, path, method)).toEqual([]);

const pathsOf = async (path: string): Promise<string[]> =>
  Object.keys((JSON.parse((await ask(etherpad.url, { path })).body) as Document).paths);

test('the document is kept as it is served: npm run generate writes it', () => {
  expect(readPage('openapi/mock-etherpad.json')).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

describe('where the document is', () => {
  test.each([
    '/openapi.json',
    '/api/openapi.json',
    '/rest/openapi.json',
    '/api/1/openapi.json',
    '/api/1.2.15/openapi.json',
    '/api/1.3.1/openapi.json',
    '/rest/1.2.15/openapi.json',
  ])('%s, for any origin and with no key', async (path) => {
    const { status, headers, body } = await ask(etherpad.url, { path });
    expect([status, headers['content-type'], headers['access-control-allow-origin'], headers.etag]).toEqual([
      200,
      'application/json; charset=utf-8',
      '*',
      undefined,
    ]);
    expect(JSON.parse(body)).toMatchObject({ openapi: '3.0.3', info: { title: 'Etherpad API' } });
  });

  test('the one of a version has what came by then', async () => {
    const first = await pathsOf('/api/1/openapi.json');
    expect(first).toContain('/createSession');
    expect(first).not.toContain('/checkToken');
    expect(await pathsOf('/api/1.2/openapi.json')).toContain('/checkToken');
    expect(await pathsOf('/rest/1.2.15/openapi.json')).toContain('/session/create');
  });

  test('its servers are below the base path', async () => {
    await using based = await startMockEtherpad({ basePath: '/pad' });
    const { servers } = JSON.parse((await ask(based.url, { path: '/pad/openapi.json' })).body) as Document;
    expect(servers.map(({ url }) => url)).toEqual(['/pad/', '/pad/api/1.2.15']);
  });
});

describe('what the document says', () => {
  test('is OpenAPI 3.0 of API 1.3.1, for the root and for /api/1.2.15', () => {
    expect(document.openapi).toBe('3.0.3');
    expect(document.info.version).toBe('1.3.1');
    expect(document.servers.map(({ url }) => url)).toEqual(['/', '/api/1.2.15']);
    expect(document.components.securitySchemes).toEqual({ ApiKey: { type: 'apiKey', in: 'query', name: 'apikey' } });
  });

  test('has every function, and no other, by GET and by POST', () => {
    expect(Object.keys(document.paths).toSorted()).toEqual(FUNCTIONS.map(({ name }) => `/${name}`).toSorted());
    for (const { name, tag, parameters } of FUNCTIONS) {
      for (const method of ['get', 'post'] as const) {
        const operation = document.paths[`/${name}`]![method]!;
        expect(operation.operationId).toBe(`${name}Using${method.toUpperCase()}`);
        expect(operation.tags).toEqual([tag]);
        expect(Object.keys(operation.responses)).toEqual(['200', '400', '401', '500']);
        const names = (operation.parameters ?? []).map((parameter) => parameter.name);
        expect(names).toEqual(expect.arrayContaining([...parameters]));
        for (const parameter of operation.parameters ?? []) expect(parameter.in).toBe('query');
        expect(operation.requestBody).toBeUndefined();
      }
    }
  });
});

describe.each(['get', 'post'] as const)('answers by %s are as the document says', (method) => {
  const names = Object.keys(EXAMPLES);
  const call = (name: string, parameters: Record<string, string>): Promise<Reply> =>
    ask(etherpad.url, { method: method.toUpperCase(), path: `/${name}?${new URLSearchParams(parameters).toString()}` });

  test.each(names)('%s', async (name) => {
    const records = await makeRecords(etherpad);
    const parameters = { apikey: etherpad.apiKey, ...EXAMPLES[name]!.parameters(records) };
    const ok = await call(name, parameters);
    expect(ok.status).toBe(200);
    expectValid(ok, `/${name}`, method);

    const refused = await call(name, {});
    expect(refused.status).toBe(401);
    expectValid(refused, `/${name}`, method);
  });

  test.each([
    'createSession',
    'deleteSession',
    'getSessionInfo',
    'deleteGroup',
    'listPads',
    'createGroupPad',
    'listSessionsOfGroup',
    'listSessionsOfAuthor',
    'listPadsOfAuthor',
    'getText',
    'deletePad',
    'createGroupIfNotExistsFor',
    ...FUNCTIONS.filter(({ tag, name, parameters }) => {
      const asksForPad = ['pad', 'chat'].includes(tag) && parameters.length > 0 && !name.startsWith('padUsers');
      return asksForPad && !['getText', 'deletePad'].includes(name);
    }).map(({ name }) => name),
  ])('%s with nothing but the key', async (name) => {
    const reply = await call(name, { apikey: etherpad.apiKey });
    expect(reply.status).toBe(400);
    expectValid(reply, `/${name}`, method);
  });

  test('a pad without chat', async () => {
    const { padID } = await makeRecords(etherpad);
    const copied = `copy-of-${padID.replaceAll('$', '-')}`;
    await call('copyPadWithoutHistory', { apikey: etherpad.apiKey, sourceID: padID, destinationID: copied });
    const reply = await call('getChatHead', { apikey: etherpad.apiKey, padID: copied });
    expect(JSON.parse(reply.body)).toEqual({ code: 0, message: 'ok', data: { chatHead: null } });
    expectValid(reply, '/getChatHead', method);
  });

  test('an internal error', async () => {
    vi.spyOn(State.prototype, 'addGroup').mockImplementation(() => {
      throw new Error('the state is broken');
    });
    const reply = await call('createGroup', { apikey: etherpad.apiKey });
    expect(reply.status).toBe(500);
    expectValid(reply, '/createGroup', method);
  });
});

test('an answer that is not as the document says is found out', () => {
  const validate = validator.validatorOf('/getSessionInfo', 'get', 200);
  expect(validate({ code: 0, message: 'ok', data: { validUntil: 1.5 } })).toBe(false);
  expect(validate({ code: 0, message: 'ok' })).toBe(false);
  expect(validate({ code: 0, message: 'ok', data: { more: 1 } })).toBe(false);
  expect(validate({ code: 0, message: 'ok', data: null })).toBe(true);
});
