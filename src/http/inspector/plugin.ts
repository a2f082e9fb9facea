import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createReport } from '../../sandbox/guarded.ts';
import { badInput, notFound } from '../../sandbox/problem.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { findProblems, type Schema } from '../../sandbox/schema.ts';
import { guard } from '../control/guard.ts';
import type { ControlSettings } from '../control/plugin.ts';
import { createErrorHandler, createNotFoundHandler } from '../control/problems.ts';
import { decoded, readQuery } from '../control/query.ts';
import { EventStreams } from './event-streams.ts';
import { INSPECTOR_FILES, type InspectorFile, sendFile, sendPage } from './files.ts';
import { findNextExpiry, listAuthors, listGroups, listRequests, listSessions, openGroup, openRequest } from './inspection.ts';
import { listPads, openPad, type PadQuery } from './pads.ts';

const WINDOW_SCHEMA: Schema = {
  type: 'object',
  properties: {
    filter: { type: 'string', description: 'text that a row contains, in any case' },
    offset: { type: 'integer', minimum: 0 },
    limit: { type: 'integer', minimum: 0, maximum: 200 },
  },
};

const SESSIONS_SCHEMA: Schema = { type: 'object', properties: { ...WINDOW_SCHEMA.properties, sort: { type: 'string', enum: ['expiry'] } } };

const REQUESTS_SCHEMA: Schema = {
  type: 'object',
  properties: { ...WINDOW_SCHEMA.properties, only: { type: 'string', enum: ['refused'] } },
};

const PAD_SCHEMA: Schema = { type: 'object', properties: { rev: { type: 'integer', minimum: 0 } } };

const NOTHING: Schema = { type: 'object' };

interface Read {
  readonly query: Schema;
  readonly run: (sandbox: Sandbox, query: PadQuery, id: string) => unknown;
}

/** What the page reads, below `/_mock/inspector`: for the page alone, and like it in every version. */
const READS: Readonly<Record<string, Read>> = {
  '/sessions': { query: SESSIONS_SCHEMA, run: listSessions },
  '/groups': { query: WINDOW_SCHEMA, run: listGroups },
  '/groups/:id': { query: NOTHING, run: (sandbox, _query, id) => openGroup(sandbox, id) },
  '/authors': { query: WINDOW_SCHEMA, run: listAuthors },
  '/pads': { query: WINDOW_SCHEMA, run: listPads },
  '/pads/:id': { query: PAD_SCHEMA, run: openPad },
  '/requests': { query: REQUESTS_SCHEMA, run: listRequests },
  '/requests/:id': { query: NOTHING, run: (sandbox, _query, id) => openRequest(sandbox, id) },
  '/next-expiry': { query: NOTHING, run: findNextExpiry },
  '/coverage': { query: NOTHING, run: ({ coverage }) => coverage.read() },
};

/** A route for each thing that the page reads. */
function reads(server: FastifyInstance, settings: ControlSettings, done: () => void): void {
  const { sandboxes } = settings;
  guard(server, settings);
  server.setNotFoundHandler(createNotFoundHandler(''));
  for (const [url, { query: schema, run }] of Object.entries(READS)) {
    server.get(url, async ({ query, params, address }: FastifyRequest, reply: FastifyReply) => {
      const input = readQuery(query as string, schema);
      const problems = findProblems(input, schema);
      if (problems.length > 0) throw badInput(problems);
      // looking does not create a sandbox
      const sandbox = sandboxes.known(address.sandbox);
      if (sandbox === undefined) throw notFound(`there is no sandbox called ${address.sandbox}: the first request to it creates it`);
      const { id = '' } = params as { id?: string };
      return reply.header('cache-control', 'no-store').send(await run(sandbox, input, decoded(id)));
    });
  }
  done();
}

/** What changes, as it changes. */
function events(server: FastifyInstance, settings: ControlSettings, done: () => void): void {
  const streams = new EventStreams(settings.sandboxes, createReport(settings.logger, settings.sandboxes.main.secrets));
  guard(server, settings);
  server.addHook('preClose', (closed) => {
    streams.end();
    closed();
  });
  server.get('/events', { exposeHeadRoute: false }, ({ address }, reply) => {
    reply.hijack();
    streams.start(reply.raw, address.sandbox);
  });
  server.head('/events', (_request, reply) => reply.type('text/event-stream; charset=utf-8').send());
  done();
}

/** The page, for everybody, and what it reads, for those who may. */
export function inspector(server: FastifyInstance, settings: ControlSettings, done: () => void): void {
  server.setErrorHandler(createErrorHandler(settings));
  // with and without a slash at the end
  server.get('/', ({ address }, reply) => sendPage(reply, address.path.endsWith('/')));
  for (const file of Object.keys(INSPECTOR_FILES) as InspectorFile[]) server.get(`/${file}`, (_request, reply) => sendFile(reply, file));
  server.register(events, { ...settings, prefix: '' });
  server.register(reads, { ...settings, prefix: '/inspector' });
  done();
}
