import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { VERBS } from '../../src/control/verbs.ts';
import { createServer } from '../../src/http/server.ts';
import { readSettings } from '../../src/options.ts';
import { Sandboxes } from '../../src/sandbox/sandboxes.ts';

/** A server that does not listen. */
function serverOf(options: Parameters<typeof readSettings>[0]) {
  const settings = readSettings(options);
  const sandboxes = new Sandboxes({ ...settings, seed: undefined }, 0);
  const logger = pino({ level: 'silent' });
  const server = createServer({ ...settings, sandboxes, logger, isApiKey: () => false, isControlToken: undefined });
  onTestFinished(() => server.close());
  return server;
}

test('the functions have a few routes for each mount, and no more', async () => {
  const server = serverOf({});
  await server.ready();
  expect(server.printRoutes()).toBe(`└── /
    ├── api (GET)
    │   └── /
    │       ├── 2/
    │       │   └── * (GET, POST, PATCH, DELETE)
    │       ├── openapi.json (GET)
    │       └── :version
    │           └── /
    │               ├── openapi.json (GET)
    │               └── * (GET, POST)
    ├── rest/
    │   ├── openapi.json (GET)
    │   └── :version
    │       └── /
    │           ├── openapi.json (GET)
    │           └── * (GET, POST)
    ├── openapi.json (GET)
    └── * (GET, POST)
`);
});

test('every verb has a route of its own, with its schema, on an instance that is made when it is first asked for', async () => {
  const server = serverOf({ basePath: '/pad' });
  await server.ready();
  const control = await server.doors.get('_mock')!.open();
  expect(await server.doors.get('_mock')!.open()).toBe(control);
  for (const { method, path } of Object.values(VERBS)) {
    const url = `/_mock${path.replace(/\{\w+\}/, 'some-name')}`;
    expect({ method, url, isThere: control.findRoute({ method, url }) !== null }).toEqual({ method, url, isThere: true });
  }
  expect(control.findRoute({ method: 'GET', url: '/_mock/nothing' })).toBeNull();
});

test('without control there is no door to it', () => {
  expect([...serverOf({ control: false }).doors.keys()]).toEqual(['oidc', 'p']);
});
