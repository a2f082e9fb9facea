import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  findNextExpiry,
  listAuthors,
  listGroups,
  listRequests,
  listSessions,
  openGroup,
  openRequest,
  type WindowQuery,
} from './inspection.ts';
import { badInput, ControlError, notFound } from '../../sandbox/problem.ts';
import { findProblems, type Schema } from '../../sandbox/schema.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Address } from '../address.ts';
import { type Answer, answerJson } from '../etherpad/answer.ts';
import { answerProblem, checkAccess, type ControlSettings, decoded, readQuery } from '../control/routes.ts';
import { EventStreams } from './event-streams.ts';
import { answerFile, answerInspectorPage, isInspectorFile } from './files.ts';

const WINDOW_SCHEMA: Schema = {
  type: 'object',
  properties: {
    filter: { type: 'string', description: 'text that a row contains, in any case' },
    offset: { type: 'integer', minimum: 0 },
    limit: { type: 'integer', minimum: 0, maximum: 200 },
  },
};

const NOTHING: Schema = { type: 'object' };

interface Read {
  readonly pattern: RegExp;
  readonly query: Schema;
  readonly run: (sandbox: Sandbox, query: WindowQuery, name: string) => unknown;
}

/** What the page reads, below `/_mock/inspector`: for the page alone, and like it in every version. */
// oxfmt-ignore
const READS: readonly Read[] = [
  { pattern: /^sessions$/, query: WINDOW_SCHEMA, run: listSessions },
  { pattern: /^groups$/, query: WINDOW_SCHEMA, run: listGroups },
  { pattern: /^groups\/([^/]+)$/, query: NOTHING, run: (sandbox, _query, groupID) => openGroup(sandbox, groupID) },
  { pattern: /^authors$/, query: WINDOW_SCHEMA, run: listAuthors },
  { pattern: /^requests$/, query: WINDOW_SCHEMA, run: listRequests },
  { pattern: /^requests\/(\d+)$/, query: NOTHING, run: (sandbox, _query, id) => openRequest(sandbox, id) },
  { pattern: /^next-expiry$/, query: NOTHING, run: findNextExpiry },
];

/** The page, its files, its stream and what it reads. */
export interface Inspector {
  /** @returns undefined when the answer is a stream, which has begun */
  answer(request: IncomingMessage, response: ServerResponse, address: Address): Promise<Answer | undefined>;
  /** Ends the streams. */
  end(): void;
}

export function createInspector(settings: ControlSettings): Inspector {
  const { sandboxes, isControlToken } = settings;
  const streams = new EventStreams(sandboxes);

  async function answerRead(path: string, { sandbox: name, query }: Address): Promise<Answer> {
    for (const { pattern, query: schema, run } of READS) {
      const match = pattern.exec(path);
      if (match === null) continue;
      const input = readQuery(query, schema);
      const problems = findProblems(input, schema);
      if (problems.length > 0) throw badInput(problems);
      // who looks on makes no sandbox
      const sandbox = sandboxes.known(name);
      if (sandbox === undefined) throw notFound(`no sandbox is called ${name}: the first request to it makes it`);
      const read = await run(sandbox, input, decoded(match[1] ?? ''));
      return { ...answerJson(read), headers: { 'Cache-Control': 'no-store' } };
    }
    throw notFound(`nothing is at /_mock/inspector/${path}`);
  }

  async function answer(request: IncomingMessage, response: ServerResponse, address: Address): Promise<Answer | undefined> {
    const path = address.path!.slice('/_mock'.length);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { ...answerProblem(405, `/_mock${path} takes GET, HEAD`), headers: { Allow: 'GET, HEAD' } };
    }
    if (path === '' || path === '/') return answerInspectorPage(path === '/');
    const file = path.slice(1);
    if (isInspectorFile(file)) return answerFile(file);
    checkAccess(request, isControlToken);
    if (path !== '/events') return answerRead(path.slice('/inspector/'.length), address);
    if (request.method === 'HEAD') return { status: 200, type: 'text/event-stream; charset=utf-8', body: '' };
    streams.start(response, address.sandbox);
    return undefined;
  }

  return {
    answer: (request, response, address) =>
      answer(request, response, address).catch((error: unknown) => {
        if (error instanceof ControlError) return answerProblem(error.status, error.title, error.problems);
        throw error;
      }),
    end: () => streams.end(),
  };
}
