import { type IncomingMessage, METHODS } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { behaviourOf } from '../etherpad/emulation.ts';
import type { Sandboxes } from '../sandboxes.ts';
import { type Address, readAddress } from './address.ts';
import { type Answer, answerEnvelope, headerText, isFresh, weakEtag } from './answer.ts';
import { answerCall, type Call, type CallSettings } from './call.ts';

export interface ServerOptions extends CallSettings {
  /** The prefix that everything is below, `/pad`, or the empty text. */
  readonly basePath: string;
  readonly sandboxes: Sandboxes;
  readonly logger: Logger;
}

/** Requests carry their address from the moment they are routed. */
const addresses = new WeakMap<IncomingMessage, Address>();

/** The address of a request, which the sandbox it belongs to is part of. */
export const addressOf = (request: IncomingMessage): Address => addresses.get(request)!;

const CONTROL = /^\/_mock(?=\/|$)/;

/** The one route that all of Etherpad is behind: its own routers' rules are in `mounts.ts`. */
const ETHERPAD_ROUTE = '/etherpad';

/** Methods that Node's parser knows, apart from the one that asks for a tunnel. */
const ROUTED_METHODS = METHODS.filter((method) => method !== 'CONNECT');

/** What a browser, a proxy or a socket may do wrong before there is a request to answer. */
const CLIENT_ERRORS: Readonly<Record<string, { status: number; reason: string; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large', message: 'the request line and headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout', message: 'the request took too long to arrive' },
};
const MALFORMED = { status: 400, reason: 'Bad Request', message: 'the request is not valid HTTP' };

/** Answers on the bare socket: with an envelope as documented, with an empty body as real servers do. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket, sandboxes: Sandboxes): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, reason, message } = CLIENT_ERRORS[error.code ?? ''] ?? MALFORMED;
  const { behaviour } = sandboxes.main;
  const head = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n`;
  if (!behaviour.explainsBadBodies) return void socket.end(`${head}\r\n`);
  const { type, body } = answerEnvelope(1, message, behaviour);
  socket.end(`${head}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function send(answer: Answer, { method, headers }: IncomingMessage, reply: FastifyReply, etag: boolean): void {
  reply.code(answer.status);
  for (const name in answer.headers) reply.header(name, answer.headers[name]);
  if (answer.reason !== undefined) reply.header('X-Mock-Etherpad-Reason', headerText(answer.reason));
  if (etag && answer.type?.startsWith('application/json') === true) {
    const tag = weakEtag(answer.body);
    reply.header('ETag', tag);
    if ((method === 'GET' || method === 'HEAD') && answer.status === 200 && isFresh(tag, headers)) return void reply.code(304).send();
  }
  if (answer.type !== undefined) reply.header('Content-Type', answer.type);
  reply.send(answer.body);
}

/**
 * The HTTP server. A request goes from its mount through its parameters, the API key and the function to the state, and
 * back as an envelope; Fastify carries it, serves the control routes and ends everything when it closes.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { sandboxes, logger, basePath } = options;
  const silent = new Set<Socket>();

  const server = Fastify({
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false },
    rewriteUrl(request) {
      const address = readAddress(request.url ?? '/', basePath);
      addresses.set(request as IncomingMessage, address);
      return address.path !== undefined && CONTROL.test(address.path) ? `${address.path}?${address.query}` : ETHERPAD_ROUTE;
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket as Socket, sandboxes),
  });
  // Etherpad's rules, not Fastify's, say how a body is read: see body.ts
  for (const method of ROUTED_METHODS) server.addHttpMethod(method, { hasBody: false, overrideExisting: true });

  function answerRequest(request: FastifyRequest, reply: FastifyReply): void {
    const started = performance.now();
    const { raw } = request;
    const { path, base, query, sandbox: name } = addressOf(raw);
    const sandbox = sandboxes.find(name);
    const call: Omit<Call, 'destination'> = { sandbox, request: raw, method: request.method, path: path ?? raw.url!, base, query, settings: options };
    const finish = (outcome: Awaited<ReturnType<typeof answerCall>>): void => {
      if (outcome === 'silence') {
        reply.hijack();
        silent.add(raw.socket);
        raw.socket.once('close', () => silent.delete(raw.socket));
        return;
      }
      send(outcome, raw, reply, sandbox.behaviour.etag);
      logger.info(
        { function: outcome.functionName, code: outcome.code, status: outcome.status, milliseconds: Math.round((performance.now() - started) * 1000) / 1000 },
        outcome.message,
      );
    };
    const outcome = answerCall(call);
    if (outcome instanceof Promise) outcome.then(finish, (error: unknown) => reply.send(error));
    else finish(outcome);
  }

  server.route({ method: ROUTED_METHODS, url: ETHERPAD_ROUTE, handler: answerRequest });
  server.addHook('preClose', () => {
    for (const socket of silent) socket.destroy();
  });
  server.setErrorHandler((error, request, reply) => {
    logger.error(error);
    const behaviour = behaviourOf(sandboxes.main.emulate);
    send(answerEnvelope(2, behaviour.internalErrorMessage, behaviour), request.raw, reply, false);
  });
  return server;
}
