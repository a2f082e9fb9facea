import { describe, expect, test } from 'vitest';
import { type Emulation, startMockEtherpad } from '../../src/index.ts';
import { ask } from '../ask.ts';

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, object>>;
}

async function documentOf(url: string, path: string): Promise<Document> {
  const { status, headers, body } = await ask(url, { path });
  expect([path, status, headers['content-type'], headers['access-control-allow-origin']]).toEqual([
    path,
    200,
    'application/json; charset=utf-8',
    '*',
  ]);
  return JSON.parse(body) as Document;
}

const EXPECTED: readonly { emulate: Emulation; current: string; methods: string[]; functions: number; statsPath: string }[] = [
  { emulate: '1.9.7', current: '1.3.0', methods: ['get', 'post'], functions: 48, statsPath: '/getStats' },
  { emulate: '2.5.3', current: '1.3.0', methods: ['get', 'post'], functions: 48, statsPath: '/getStats' },
  { emulate: '3.3.1', current: '1.3.1', methods: ['post'], functions: 50, statsPath: '/server/getStats' },
];

describe.each(EXPECTED)('the OpenAPI documents of $emulate', ({ emulate, current, methods, functions, statsPath }) => {
  test('are at their six kinds of places, for any origin and with no key', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    for (const path of ['/api/openapi.json', '/rest/openapi.json', `/api/${current}/openapi.json`, `/rest/${current}/openapi.json`]) {
      expect((await documentOf(etherpad.url, path)).info.version).toBe(current);
    }
    // whichever version is asked for, the document tells the server's own, and has the functions of the one asked for
    for (const path of ['/api/1.2.7/openapi.json', '/rest/1.2.7/openapi.json']) {
      const { info, paths } = await documentOf(etherpad.url, path);
      expect(info.version).toBe(current);
      expect(Object.keys(paths)).toHaveLength(35);
    }
  });

  test(`publish ${methods.join(' and ')}`, async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    for (const path of ['/api/openapi.json', '/rest/openapi.json']) {
      const { paths } = await documentOf(etherpad.url, path);
      expect(Object.keys(paths)).toHaveLength(functions);
      for (const operations of Object.values(paths)) expect(Object.keys(operations)).toEqual(methods);
    }
  });

  test('have flat names below /api and paths of their own below /rest', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    const api = Object.keys((await documentOf(etherpad.url, '/api/openapi.json')).paths);
    expect(api).toEqual(expect.arrayContaining(['/createSession', '/getStats', '/copyPad']));
    const rest = Object.keys((await documentOf(etherpad.url, '/rest/openapi.json')).paths);
    expect(rest).toEqual(expect.arrayContaining(['/session/create', '/group/listSessions', '/pad/appendChatMessage', statsPath]));
    expect(rest).toContain(emulate === '3.3.1' ? '/pad/copyPad' : '/copyPad');
    expect(rest).not.toContain('/createSession');
  });

  test('there is none at the root, nor for a version it does not know', async () => {
    await using etherpad = await startMockEtherpad({ emulate });
    for (const path of ['/openapi.json', '/api/9/openapi.json', ...(current === '1.3.0' ? ['/api/1.3.1/openapi.json'] : [])]) {
      const { status, headers } = await ask(etherpad.url, { path });
      expect([path, status, headers['content-type']]).toEqual([path, 404, 'text/html; charset=utf-8']);
    }
  });
});
