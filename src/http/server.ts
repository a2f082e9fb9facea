import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ControlError } from '../sandbox/problem.ts';
import { withoutKey } from '../sandbox/secrets.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Sandboxes } from '../sandbox/sandboxes.ts';
import { type Address, readAddress } from './address.ts';
import { type Answer, answerEnvelope, datedBy } from './etherpad/answer.ts';
import { answerCall, type Call, type CallSettings } from './etherpad/call.ts';
import { answerClientError, answerExpectation, answerMissingHost, refuseConnection } from './client-error.ts';
import { answerControl, answerProblem, type ControlSettings } from './control/routes.ts';
import type { Inspector } from './inspector/routes.ts';
import { findDestination } from './etherpad/mounts.ts';
import { NO_SCHEMAS } from './no-schemas.ts';
import { recordOf } from './etherpad/record.ts';
import { SilentConnections, writeAnswer } from './write.ts';

export interface ServerOptions extends CallSettings, ControlSettings {
  /** The prefix that everything is below, `/pad`, or the empty text. */
  readonly basePath: string;
  /** Whether there is anything below `/_mock`. */
  readonly control: boolean;
  readonly sandboxes: Sandboxes;
  readonly logger: Logger;
  /** Bytes of the request line and headers. */
  readonly headerLimit: number;
  /** Seconds that a request may take to arrive; 0 for ever. */
  readonly requestTimeout: number;
  /** Seconds that a connection may rest; 0 for ever. */
  readonly idleTimeout: number;
  readonly maxConnections: number | undefined;
}

/** Requests carry their address from the moment they are routed. */
const ADDRESS = Symbol('address');
type AddressedRequest = IncomingMessage & { [ADDRESS]: Address };

const CONTROL = /^\/_mock(?=\/|$)/;
const INSPECTOR = /^\/_mock(\/?$|\/events$|\/inspector[./])/;

/**
 * Where requests are sent: to what is below `/_mock`, or to Etherpad, whose own routers' rules are in `mounts.ts`. Only
 * Etherpad's usual methods have a route: each route costs time at the start, and what has none arrives as well.
 */
const CONTROL_ROUTE = '/control';
const ETHERPAD_ROUTE = '/etherpad';

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * The HTTP server. A request goes from its mount through its parameters, the API key and the function to the state, and
 * back as an envelope; Fastify carries it, and ends everything when it closes.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { sandboxes, logger, basePath, control, apiKey } = options;
  const silent = new SilentConnections();

  const server = Fastify({
    schemaController: NO_SCHEMAS,
    http: {
      maxHeaderSize: options.headerLimit,
      headersTimeout: options.requestTimeout * 1000,
      // how often Node looks for requests that take too long
      connectionsCheckingInterval: 1_000,
      // an envelope says so, not Node
      requireHostHeader: false,
    },
    requestTimeout: options.requestTimeout * 1000,
    keepAliveTimeout: options.idleTimeout * 1000,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    rewriteUrl(request) {
      const address = readAddress(request.url ?? '/', basePath);
      (request as unknown as AddressedRequest)[ADDRESS] = address;
      return control && address.path !== undefined && CONTROL.test(address.path) ? CONTROL_ROUTE : ETHERPAD_ROUTE;
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, sandboxes.main.behaviour),
  });
  // Etherpad's rules, not Fastify's, say how a body is read: see body.ts
  for (const method of server.supportedMethods) server.addHttpMethod(method, { hasBody: false, overrideExisting: true });

  /** Envelopes are written as they are: Fastify's own sending would only look at them again. */
  function send(answer: Answer, reply: FastifyReply, etag: boolean): void {
    reply.hijack();
    writeAnswer(answer, reply.raw, { etag, apiKey, silent });
  }

  function sendInternalError(error: unknown, reply: FastifyReply): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    logger.error({ error: withoutKey(stack, apiKey) }, 'an error of the mock itself');
    const { behaviour } = sandboxes.main;
    send(answerEnvelope(2, behaviour.internalErrorMessage, behaviour), reply, false);
  }

  /** The sandbox of an address, or the answer that there is none. */
  function findSandbox(name: string | undefined): Sandbox | Answer {
    try {
      return sandboxes.find(name);
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      const { behaviour } = sandboxes.main;
      if (error.status === 503) return { ...answerEnvelope(2, 'too many sandboxes', behaviour), status: 503, reason: error.title };
      return { ...answerEnvelope(3, 'no such function', behaviour), reason: error.title };
    }
  }

  function log(call: Call, { status, code, message, reason, fault }: Answer, milliseconds: number): void {
    const { destination } = call;
    const name = destination.kind === 'function' ? destination.function.name : null;
    const told = reason === undefined ? undefined : withoutKey(reason, apiKey);
    logger.info({ function: name, code, status, milliseconds, reason: told, fault }, withoutKey(message ?? '', apiKey));
  }

  function answerRequest(request: FastifyRequest, reply: FastifyReply): void {
    const started = performance.now();
    const raw = request.raw as AddressedRequest;
    const { sandbox: name, base, query, path = request.originalUrl } = raw[ADDRESS];
    const sandbox = findSandbox(name);
    if ('body' in sandbox) return send(sandbox, reply, false);
    const { behaviour } = sandbox;
    const nobody = answerMissingHost(raw, behaviour);
    if (nobody !== undefined) return send(nobody, reply, false);
    const method = raw.method!;
    const destination = findDestination(method, path, behaviour);
    const call: Call = { sandbox, request: raw, method, path, base, query, destination, settings: options, parameters: undefined };
    const finish = (answer: Answer): void => {
      const milliseconds = rounded(performance.now() - started);
      sandbox.journal.record(recordOf(call, answer, milliseconds));
      send(datedBy(sandbox.clock, answer), reply, behaviour.etag);
      if (logger.isLevelEnabled('info')) log(call, answer, milliseconds);
    };
    const answer = answerCall(call);
    if (answer instanceof Promise) answer.then(finish).catch((error: unknown) => sendInternalError(error, reply));
    else finish(answer);
  }

  /** Loaded when somebody opens it: most servers are never looked at. */
  let inspector: Promise<Inspector> | undefined;

  async function inspect(raw: AddressedRequest, response: ServerResponse): Promise<Answer | undefined> {
    inspector ??= import('./inspector/routes.ts').then(({ createInspector }) => createInspector(options));
    return (await inspector).answer(raw, response, raw[ADDRESS]);
  }

  function answerControlRequest(request: FastifyRequest, reply: FastifyReply): void {
    const raw = request.raw as AddressedRequest;
    const address = raw[ADDRESS];
    reply.hijack();
    const answering = INSPECTOR.test(address.path!) ? inspect(raw, reply.raw) : answerControl(raw, address, options);
    answering
      .catch((error: unknown) => {
        logger.error(error);
        return answerProblem(500, 'an error of the mock itself: its log tells more');
      })
      .then((answer) => answer === undefined || send(answer, reply, false))
      .catch((error: unknown) => logger.error(error));
  }

  const { maxConnections = Number.POSITIVE_INFINITY } = options;
  const connections = new Set<Socket>();
  server.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    if (connections.size > maxConnections) refuseConnection(socket, sandboxes.main.behaviour);
  });
  server.server.on('checkExpectation', (_request, response) => answerExpectation(response, sandboxes.main.behaviour));
  server.route({ method: ['GET', 'POST'], url: ETHERPAD_ROUTE, handler: answerRequest });
  server.setNotFoundHandler((request, reply) => (request.raw.url === CONTROL_ROUTE ? answerControlRequest : answerRequest)(request, reply));
  server.addHook('preClose', (done) => {
    silent.end();
    // browsers connect before they have anything to ask: Node would wait for a request
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    void inspector?.then((opened) => opened.end());
    done();
  });
  server.setErrorHandler((error, _request, reply) => sendInternalError(error, reply));
  return server;
}
