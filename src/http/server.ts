import { type IncomingMessage, METHODS } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ControlError } from '../control/problem.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Sandboxes } from '../sandboxes.ts';
import { type Address, readAddress } from './address.ts';
import { type Answer, answerEnvelope, headerText, isFresh, weakEtag } from './answer.ts';
import { answerCall, type Call, type CallSettings } from './call.ts';
import { answerClientError } from './client-error.ts';
import { answerControl, answerProblem } from './control-routes.ts';
import { findDestination } from './mounts.ts';
import { recordOf, withoutKey } from './record.ts';

export interface ServerOptions extends CallSettings {
  /** The prefix that everything is below, `/pad`, or the empty text. */
  readonly basePath: string;
  /** Whether there is anything below `/_mock`. */
  readonly control: boolean;
  /** The bearer token that control asks for; none by default. */
  readonly controlToken: string | undefined;
  readonly sandboxes: Sandboxes;
  readonly logger: Logger;
}

/** Requests carry their address from the moment they are routed. */
const addresses = new WeakMap<IncomingMessage, Address>();

const CONTROL = /^\/_mock(?=\/|$)/;

/** Two routes: what is below `/_mock`, and all of Etherpad, whose own routers' rules are in `mounts.ts`. */
const CONTROL_ROUTE = '/control';
const ETHERPAD_ROUTE = '/etherpad';

/** Methods that Node's parser knows, apart from the one that asks for a tunnel. */
const ROUTED_METHODS = METHODS.filter((method) => method !== 'CONNECT');

const BEFORE_ANY_SANDBOX: Readonly<Record<number, string>> = { 400: 'no such function', 503: 'too many sandboxes' };

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * The HTTP server. A request goes from its mount through its parameters, the API key and the function to the state, and
 * back as an envelope; Fastify carries it, and ends everything when it closes.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { sandboxes, logger, basePath, control, apiKey } = options;
  const silent = new Set<Socket>();

  const server = Fastify({
    exposeHeadRoutes: false,
    return503OnClosing: false,
    rewriteUrl(request) {
      const address = readAddress(request.url ?? '/', basePath);
      addresses.set(request as IncomingMessage, address);
      return control && address.path !== undefined && CONTROL.test(address.path) ? CONTROL_ROUTE : ETHERPAD_ROUTE;
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket as Socket, sandboxes.main.behaviour),
  });
  // Etherpad's rules, not Fastify's, say how a body is read: see body.ts
  for (const method of ROUTED_METHODS) server.addHttpMethod(method, { hasBody: false, overrideExisting: true });

  function send(answer: Answer, { raw }: FastifyRequest, reply: FastifyReply, etag: boolean): void {
    const { delivery } = answer;
    if (delivery !== undefined) {
      reply.hijack();
      if (delivery === 'reset') return void raw.socket.resetAndDestroy();
      silent.add(raw.socket);
      return void raw.socket.once('close', () => silent.delete(raw.socket));
    }
    reply.code(answer.status);
    for (const name in answer.headers) reply.header(name, answer.headers[name]);
    if (answer.reason !== undefined) reply.header('X-Mock-Etherpad-Reason', headerText(withoutKey(answer.reason, apiKey)));
    if (etag && answer.type?.startsWith('application/json') === true) {
      const tag = weakEtag(answer.body);
      reply.header('ETag', tag);
      if ((raw.method === 'GET' || raw.method === 'HEAD') && answer.status === 200 && isFresh(tag, raw.headers)) return void reply.code(304).send();
    }
    if (answer.type !== undefined) reply.header('Content-Type', answer.type);
    reply.send(answer.body);
  }

  /** The sandbox of an address, or the answer that there is none. */
  function findSandbox(name: string | undefined): Sandbox | Answer {
    try {
      return sandboxes.find(name);
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      const message = BEFORE_ANY_SANDBOX[error.status] ?? error.title;
      const answer = answerEnvelope(error.status === 503 ? 2 : 3, message, sandboxes.main.behaviour);
      return { ...answer, status: error.status === 503 ? 503 : answer.status, reason: error.title };
    }
  }

  function answerRequest(request: FastifyRequest, reply: FastifyReply): void {
    const started = performance.now();
    const { raw } = request;
    const address = addresses.get(raw)!;
    const sandbox = findSandbox(address.sandbox);
    if ('body' in sandbox) return send(sandbox, request, reply, false);
    const { behaviour } = sandbox;
    const path = address.path ?? request.originalUrl;
    const method = request.method;
    const call: Call = {
      sandbox,
      request: raw,
      method,
      path,
      base: address.base,
      query: address.query,
      destination: findDestination(method, path, behaviour),
      settings: options,
      parameters: undefined,
    };
    const finish = (answer: Answer): void => {
      const record = recordOf(call, answer, rounded(performance.now() - started));
      sandbox.journal.record(record);
      send(answer, request, reply, behaviour.etag);
      const { function: name, code, status, milliseconds, message, reason, fault } = record;
      logger.info({ function: name, code, status, milliseconds, ...(reason === null ? {} : { reason }), ...(fault === null ? {} : { fault }) }, message ?? '');
    };
    const answer = answerCall(call);
    if (answer instanceof Promise) answer.then(finish).catch((error: unknown) => reply.send(error));
    else finish(answer);
  }

  async function answerControlRequest(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { raw } = request;
    const answer = await answerControl(raw, addresses.get(raw)!, options).catch((error: unknown) => {
      logger.error(error);
      return answerProblem(500, 'an error of the mock itself: its log tells more');
    });
    send(answer, request, reply, false);
    return reply;
  }

  server.route({ method: ROUTED_METHODS, url: ETHERPAD_ROUTE, handler: answerRequest });
  if (control) server.route({ method: ROUTED_METHODS, url: CONTROL_ROUTE, handler: answerControlRequest });
  server.addHook('preClose', (done) => {
    for (const socket of silent) socket.destroy();
    done();
  });
  server.setErrorHandler((error: Error, request, reply) => {
    logger.error({ error: withoutKey(error.stack ?? error.message, apiKey) }, 'an error of the mock itself');
    const { behaviour } = sandboxes.main;
    send(answerEnvelope(2, behaviour.internalErrorMessage, behaviour), request, reply, false);
  });
  return server;
}
