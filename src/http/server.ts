import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { createReport, guarded } from '../sandbox/guarded.ts';
import { addressOf } from './address.ts';
import { answerClientError, answerExpectation, refuseConnection } from './client-error.ts';
import type { ControlSettings } from './control/plugin.ts';
import { Door } from './door.ts';
import { etherpad } from './etherpad/plugin.ts';
import type { EtherpadSettings } from './etherpad/settings.ts';
import { loggedAddress } from './logged-address.ts';
import { NO_SCHEMAS } from './no-schemas.ts';

export interface ServerOptions extends EtherpadSettings, ControlSettings {
  /** The prefix that everything is below, `/pad`, or the empty text. */
  readonly basePath: string;
  /** Whether there is the route of ep_auth_session. */
  readonly authSession: boolean;
  /** Bytes of the request line and headers. */
  readonly headerLimit: number;
  /** Seconds a request may take to arrive, and its answer may wait to be read; 0 for no limit. */
  readonly requestTimeout: number;
  /** Seconds a connection may stay idle; 0 for no limit. */
  readonly idleTimeout: number;
  readonly maxConnections: number | undefined;
}

/** Express's rules for paths: mounts in any case, with a slash at the end or without. */
const EXPRESS_PATHS = { caseSensitive: false, ignoreTrailingSlash: true } as const;

/**
 * What lies behind a door, by the first part of the path below the base path and below each sandbox: plugins on an
 * instance that is made when somebody first asks for it. All the rest is Etherpad's API, which every start needs.
 */
function behindDoors(options: ServerOptions): ReadonlyMap<string, Door> {
  const control = new Door(async () => {
    const [verbs, page, { hideSecrets }] = await Promise.all([
      import('./control/plugin.ts'),
      import('./inspector/plugin.ts'),
      import('./control/hide-secrets.ts'),
    ]);
    const instance = createInstance(options, {});
    instance.addHook('onSend', hideSecrets(options.sandboxes));
    instance.addHook('onResponse', (request, { statusCode: status, elapsedTime: milliseconds }, done) => {
      if (options.logger.isLevelEnabled('debug'))
        options.logger.debug({ ...loggedAddress(request, options.sandboxes.main.secrets), status, milliseconds }, 'control');
      done();
    });
    instance.register(verbs.control, { ...options, prefix: '/_mock' });
    instance.register(page.inspector, { ...options, prefix: '/_mock' });
    await instance.ready();
    return instance;
  });
  const pages = new Door(async () => {
    const instance = createInstance(options, {});
    instance.register((await import('./pages/plugin.ts')).pages, options);
    await instance.ready();
    return instance;
  });
  const tokens = new Door(async () => {
    const instance = createInstance(options, { routerOptions: EXPRESS_PATHS });
    instance.register((await import('./oidc/plugin.ts')).oidc, options);
    await instance.ready();
    return instance;
  });
  return new Map([
    ...(options.control ? [['_mock', control] as const] : []),
    ['oidc', tokens],
    ...['p', ...(options.authSession ? ['auth_session'] : [])].map((part) => [part, pages] as const),
  ]);
}

/** A Fastify instance that sees requests by their path inside the Etherpad, whatever base path and sandbox come before it. */
function createInstance({ basePath, headerLimit }: ServerOptions, more: FastifyServerOptions): FastifyInstance {
  const instance = Fastify({
    schemaController: NO_SCHEMAS,
    return503OnClosing: false,
    // nobody reads an id of a request, no plugin waits for anything: neither is to cost time
    genReqId: () => '',
    pluginTimeout: 0,
    rewriteUrl: (request) => addressOf(request, basePath).routed,
    ...more,
    // how a query is read is for the Etherpad to say
    routerOptions: {
      querystringParser: (query) => query as unknown as Record<string, string>,
      maxParamLength: headerLimit,
      ...more.routerOptions,
    },
  });
  instance.decorateRequest('address', {
    getter() {
      return addressOf(this.raw, basePath);
    },
  });
  return instance;
}

const METHODS: ReadonlySet<string> = new Set(http.METHODS);

const ANSWER = Symbol('answer');

/** A connection, and the answer to the last request on it. */
type AnsweringSocket = Socket & { [ANSWER]?: ServerResponse };

/**
 * Ends a connection that rests: one that was used and is not any more, and one whose client does not read its answer, which
 * would be kept for ever. Who waits for an answer may, and Node itself judges of requests that do not arrive.
 */
function endResting(socket: AnsweringSocket): void {
  const answer = socket[ANSWER];
  if (answer !== undefined && (answer.writableFinished || socket.writableLength > 0)) socket.destroy();
}

/** The server of an address, which carries all instances: with its limits, and the answers to what is no request. */
function createListener(
  options: ServerOptions,
  doors: ReadonlyMap<string, Door>,
  connections: Connections,
  answer: RequestListener,
): http.Server {
  const { basePath, sandboxes } = options;
  const report = createReport(options.logger, options.sandboxes.main.secrets);
  const limits = {
    maxHeaderSize: options.headerLimit,
    headersTimeout: options.requestTimeout * 1000,
    requestTimeout: options.requestTimeout * 1000,
    keepAliveTimeout: options.idleTimeout * 1000,
    // how often Node looks for requests that take too long
    connectionsCheckingInterval: 1_000,
    // an envelope says so, not Node
    requireHostHeader: false,
  };
  const listener = http.createServer(limits, (request, response) => {
    // Node's parser reads methods of RTSP, too
    if (!METHODS.has(request.method!)) return answerClientError(new Error('no HTTP'), request.socket, sandboxes.main.behaviour);
    (request.socket as AnsweringSocket)[ANSWER] = response;
    const { path, isOutside } = addressOf(request, basePath);
    const end = path.indexOf('/', 1);
    // Etherpad's paths count in any case
    const door = isOutside ? undefined : doors.get(path.slice(1, end === -1 ? undefined : end).toLowerCase());
    if (door === undefined) return answer(request, response);
    door.pass(request, response).catch((error: unknown) => {
      report(error);
      response.writeHead(500).end();
    });
  });
  // nothing was sent or taken for so long
  listener.timeout = options.requestTimeout * 1000;
  listener.on('timeout', guarded(endResting, report));
  listener.on(
    'clientError',
    guarded((error: Error, socket: Duplex) => answerClientError(error, socket as Socket, sandboxes.main.behaviour), report),
  );
  listener.on(
    'checkExpectation',
    guarded((_request: IncomingMessage, response: ServerResponse) => answerExpectation(response, sandboxes.main.behaviour), report),
  );
  listener.on(
    'connection',
    guarded((socket: Socket) => connections.add(socket), report),
  );
  return listener;
}

/** The connections to all addresses of a server. */
class Connections {
  readonly #open = new Set<Socket>();
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Refuses the one that is too many. */
  add(socket: Socket): void {
    const { maxConnections = Number.POSITIVE_INFINITY, sandboxes } = this.#options;
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    if (this.#open.size > maxConnections) refuseConnection(socket, sandboxes.main.behaviour);
  }

  /** Browsers connect before they have anything to ask: Node would wait for a request. */
  endUnused(): void {
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What is loaded when somebody first asks for it, by the first part of the path. */
    doors: ReadonlyMap<string, Door>;
    /** Makes a server for another address, which answers like the first. */
    createListener: () => http.Server;
  }
}

/** The HTTP server: Etherpad's API, and what lies behind doors. */
export function createServer(options: ServerOptions): FastifyInstance {
  const doors = behindDoors(options);
  const connections = new Connections(options);
  let answer: RequestListener | undefined;
  const server = createInstance(options, {
    serverFactory: (routing) => createListener(options, doors, connections, (answer = routing)),
    exposeHeadRoutes: false,
    routerOptions: EXPRESS_PATHS,
    // every listener has its own
    clientErrorHandler: () => undefined,
  });
  server.decorate('doors', doors);
  server.decorate('createListener', () => createListener(options, doors, connections, answer!));
  // nothing else is on this instance: a scope of its own, as register gives, would make each start in process a sixth slower
  etherpad(server, options);
  server.addHook('preClose', (done) => {
    connections.endUnused();
    for (const door of new Set(doors.values())) void door.close();
    done();
  });
  return server;
}
