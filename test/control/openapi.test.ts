import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../src/control/answers.ts';
import { FAULT_KINDS } from '../../src/sandbox/faults.ts';
import { findProblems } from '../../src/sandbox/schema.ts';
import { VERBS, type VerbName } from '../../src/control/verbs.ts';
import { startMockEtherpad } from '../../src/index.ts';

const inProject = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
}

describe('the OpenAPI document of control', () => {
  const document = JSON.parse(inProject('openapi/control.json')) as { paths: Record<string, Record<string, Operation>> };

  test('is kept as it is served: npm run generate writes it', async () => {
    await using etherpad = await startMockEtherpad();
    const served: unknown = await (await fetch(`${etherpad.url}/_mock/openapi.json`)).json();
    expect(inProject('openapi/control.json')).toBe(`${JSON.stringify(served, null, 2)}\n`);
  });

  test('has each verb once, and health', () => {
    const ids = Object.values(document.paths).flatMap((operations) => Object.values(operations).map(({ operationId }) => operationId));
    expect(ids.toSorted()).toEqual(['health', ...Object.keys(VERBS)].toSorted());
  });

  test('has an example for each body, and control takes it', () => {
    for (const [name, { body, method, path }] of Object.entries(VERBS)) {
      const example = document.paths[path]![method.toLowerCase()]!.requestBody?.content['application/json']!.example;
      expect({ name, example }).toEqual({ name, example: EXAMPLES[name as VerbName] });
      if (body === undefined) continue;
      expect({ name, isThere: example !== undefined, problems: findProblems(example, body) }).toEqual({
        name,
        isThere: true,
        problems: [],
      });
    }
  });

  test('is served, and says where its server is', async () => {
    await using etherpad = await startMockEtherpad({ basePath: '/pad' });
    const served = async (url: string): Promise<unknown> => (await fetch(`${url}/_mock/openapi.json`)).json();
    expect(await served(etherpad.url)).toEqual({ ...document, servers: [{ url: '/pad/_mock' }] });
    expect(await served(`${etherpad.url}/sandbox/x`)).toEqual({ ...document, servers: [{ url: '/pad/sandbox/x/_mock' }] });
  });
});

describe('docs/control.md', () => {
  const text = inProject('docs/control.md');

  test.each(Object.values(VERBS))('tells of $method /_mock$path', ({ method, path }) => {
    expect(text).toContain(`\`${method} /_mock${path}`);
  });

  test.each(FAULT_KINDS)('tells of the fault %s', (kind) => {
    expect(text).toContain(`| \`${kind}\` |`);
  });

  test('tells of each field of the journal', async () => {
    await using etherpad = await startMockEtherpad();
    await fetch(`${etherpad.url}/checkToken`);
    const { requests } = await etherpad.requests.list();
    for (const field of Object.keys(requests[0]!)) expect(text).toContain(`| \`${field}\` |`);
  });

  test('tells of each part of the object that a test holds', async () => {
    await using etherpad = await startMockEtherpad();
    for (const [part, value] of Object.entries(etherpad)) {
      const methods = typeof value === 'object' && value !== null ? Object.keys(value).map((method) => `${part}.${method}`) : [part];
      for (const method of methods) expect(text).toContain(`\`${method}`);
    }
  });
});

test('moments that are taken may lie after 9999, and bodies are refused as the document says', async () => {
  await using etherpad = await startMockEtherpad();
  const document = (await (await fetch(`${etherpad.url}/_mock/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { requestBody?: object; responses: Record<string, object> }>>;
  };
  expect(JSON.stringify(document)).not.toContain('date-time');
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    if (operation.requestBody !== undefined) expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['413', '415']));
  }
  const { pattern } = (document.paths['/clock']!['put'] as any).requestBody.content['application/json'].schema.properties.now.anyOf[1];
  for (const now of ['2030-01-01T00:00:00Z', '+012345-01-01T00:00:00Z']) {
    expect(now).toMatch(new RegExp(pattern as string, 'u'));
    const reply = await fetch(`${etherpad.url}/sandbox/late/_mock/clock`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ now }),
    });
    expect(reply.status).toBe(200);
  }
});
