import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accessRecordOf } from '../../etherpad/access-record.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import { meetFaults } from '../etherpad/faults.ts';
import type { World } from '../../etherpad/world.ts';
import { withoutKey } from '../../sandbox/secrets.ts';
import { begin, takeAlong } from '../etherpad/every-request.ts';
import type { EtherpadSettings } from '../etherpad/plugin.ts';
import { HTML_TYPE } from '../etherpad/envelope.ts';
import { notFound, type PadAnswer, serverError, text } from './answer.ts';
import { answerAuthSession } from './auth-session.ts';
import { PadStreams } from './pad-streams.ts';
import { type PadPath, readPadPath } from './paths.ts';
import { answerName, answerPad, type PadRequest, readerOf } from './routes.ts';
import { connectToPad } from './view.ts';

/** What a browser asks for at a pad's path, by the names that faults and the journal call it. */
const PAGES: { readonly [Kind in PadPath['kind']]?: 'page' | 'export' } = { page: 'page', timeslider: 'page', export: 'export' };

/** What was in the query: text, or several where a name was sent more than once. */
function queryParameters(query: string): Parameters {
  const parameters: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const sent = new URLSearchParams(query);
  for (const name of sent.keys()) {
    const values = sent.getAll(name);
    parameters[name] = values.length === 1 ? values[0] : values;
  }
  return parameters;
}

/** What a fault of kind `code` answers: what the server does where no envelope is. */
function answerCode(code: 1 | 2 | 3 | 4, message: string | undefined, { method, path }: PadRequest): PadAnswer {
  const answers = {
    1: text(403, "403 - Can't touch this"),
    2: serverError('a fault'),
    3: notFound(method, path),
    4: text(401, 'Authentication Required'),
  };
  const { status, type, body } = answers[code];
  return { status, type: message === undefined ? type : 'text/plain; charset=utf-8', body: message ?? body };
}

function send(reply: FastifyReply, { status, type, body, headers = {}, access, reason }: PadAnswer): FastifyReply {
  reply.access = access === undefined ? null : accessRecordOf(access, access.granted ? undefined : reason);
  reply.reason = reason;
  return reply.code(status).headers(headers).type(type).send(body);
}

/**
 * What browsers ask an Etherpad for: the page of a pad and its exports below `/p`, and where it is turned on, the route of
 * ep_auth_session. Who may open a pad is for `access.ts` to say.
 */
export function pages(server: FastifyInstance, settings: EtherpadSettings, done: () => void): void {
  const { sandboxes, logger, apiKey } = settings;
  const streams = new PadStreams((error) => logger.error(error));

  takeAlong(server, settings);
  // no page reads a body
  server.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
  server.addHook('preClose', (closed) => {
    streams.end();
    closed();
  });

  const padRequestOf = ({ method, address, raw }: FastifyRequest, world: World): PadRequest => {
    const { path, query, base } = address;
    return { method, path, query, base, headers: raw.headers, world, hide: (words) => withoutKey(words, apiKey) };
  };

  /** Begins the stream of an open page, which makes no sandbox, and is no request for the journal. */
  function follow(request: FastifyRequest, reply: FastifyReply, id: string): FastifyReply | undefined {
    const { address, raw } = request;
    const world = sandboxes.known(address.sandbox);
    if (world === undefined) return reply.code(404).type(HTML_TYPE).send('no such sandbox');
    const asked = padRequestOf(request, world);
    const named = answerName(id, asked);
    if (named !== undefined) return send(reply, named);
    const reader = readerOf(asked);
    if (raw.headers['last-event-id'] === undefined) connectToPad(id, reader, world);
    reply.hijack();
    streams.start(reply.raw, { id, reader, world: () => sandboxes.known(address.sandbox) });
    return undefined;
  }

  server.addHook('onRequest', (request, reply, next) => {
    const asked = readPadPath(request.address.path);
    if (asked.kind === 'events' && request.method === 'GET') {
      try {
        follow(request, reply, asked.id);
        return;
      } catch (error) {
        return next(error as Error);
      }
    }
    if (!begin(request, reply, sandboxes)) return;
    request.page = PAGES[asked.kind] ?? null;
    if (request.page !== null) request.parameters = queryParameters(request.address.query);
    next();
  });

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = padRequestOf(request, request.sandbox);
    if (/^\/auth_session\/?$/i.test(asked.path) && (asked.method === 'GET' || asked.method === 'HEAD'))
      return send(reply, answerAuthSession(asked.query, asked.base));
    return send(reply, await answerPad(readPadPath(asked.path), asked));
  };

  server.setNotFoundHandler(async (request, reply) => {
    const { page, sandbox } = request;
    const met = page === null ? undefined : sandbox.faults.meet(page);
    if (met === undefined || (met.fault === undefined && met.latency === undefined)) return answer(request, reply);
    return meetFaults(
      met,
      request,
      reply,
      () => answer(request, reply),
      (code, message) => send(reply, answerCode(code, message, padRequestOf(request, sandbox))),
    );
  });
  done();
}
