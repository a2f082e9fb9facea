import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accessRecordOf } from '../../etherpad/access-record.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import { begin, takeAlong } from '../etherpad/every-request.ts';
import { type Answerer, meetFaults } from '../etherpad/faults.ts';
import type { EtherpadSettings } from '../etherpad/settings.ts';
import { notFound, type PadAnswer, serverError, text } from './answer.ts';
import { answerAuthSession } from './auth-session.ts';
import { type PadPath, readPadPath } from './paths.ts';
import { answerPad, type PadRequest } from './routes.ts';

/** What a browser asks for at a pad's path, by the names that faults and the journal call it. */
const PAGES: { readonly [Kind in PadPath['kind']]?: 'page' | 'export' } = { page: 'page', timeslider: 'page', export: 'export' };

const AUTH_SESSION = /^\/auth_session\/?$/i;

/** What was in the query: text, or several where a name was sent more than once. */
function queryParameters(query: string): Parameters {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const others = values.get(name);
    if (others === undefined) values.set(name, [value]);
    else others.push(value);
  }
  return Object.fromEntries(Array.from(values, ([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

function send(reply: FastifyReply, { status, type, body, headers = {}, access, reason }: PadAnswer): FastifyReply {
  reply.access = access === undefined ? null : accessRecordOf(access, access.granted ? undefined : reason);
  reply.reason = reason;
  return reply.code(status).headers(headers).type(type).send(body);
}

/** What a fault of kind `code` answers: what the server does where no envelope is. */
const answerCode: Answerer = ({ code = 1, message }, { method, address }, reply) => {
  const answers = {
    1: text(403, "403 - Can't touch this"),
    2: serverError('a fault'),
    3: notFound(method, address.path),
    4: text(401, 'Authentication Required'),
  };
  const { status, type, body } = answers[code];
  return send(reply, { status, type: message === undefined ? type : 'text/plain; charset=utf-8', body: message ?? body });
};

const padRequestOf = ({ method, address, raw, sandbox }: FastifyRequest): PadRequest => {
  const { path, query, base } = address;
  return { method, path, query, base, headers: raw.headers, world: sandbox, hide: (words) => sandbox.secrets.hide(words) };
};

/**
 * What browsers ask an Etherpad for: the page of a pad and its exports below `/p`, and where it is turned on, the route of
 * ep_auth_session. Who may open a pad is for `access.ts` to say.
 */
export function pages(server: FastifyInstance, settings: EtherpadSettings, done: () => void): void {
  const { sandboxes } = settings;

  takeAlong(server, settings);
  // no page reads a body
  server.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));

  const isThere = ({ address }: FastifyRequest): boolean => sandboxes.known(address.sandbox) !== undefined;

  server.addHook('onRequest', (request, reply, next) => {
    const asked = readPadPath(request.address.path);
    if (asked.kind === 'view') {
      // an open page makes no sandbox, and is in the journal already
      request.sandbox = sandboxes.known(request.address.sandbox) ?? sandboxes.main;
      return next();
    }
    if (!begin(request, reply, sandboxes)) return;
    request.service = PAGES[asked.kind] ?? null;
    if (request.service !== null) request.parameters = queryParameters(request.address.query);
    next();
  });

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const pad = padRequestOf(request);
    const asked = readPadPath(pad.path);
    if (asked.kind === 'view' && !isThere(request)) return send(reply, text(404, 'no such sandbox'));
    return send(reply, AUTH_SESSION.test(pad.path) ? answerAuthSession(pad) : await answerPad(asked, pad));
  }

  // each path is for one of Etherpad's routes, by rules of its own: see `paths.ts`
  server.setNotFoundHandler(async (request, reply) => {
    const { service, sandbox } = request;
    const met = service === null ? undefined : sandbox.faults.meet(service);
    if (met === undefined || (met.fault === undefined && met.latency === undefined)) return answer(request, reply);
    return meetFaults(met, request, reply, () => answer(request, reply), { code: answerCode });
  });
  done();
}
