import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import type { Address } from '../address.ts';
import { refuseMissingHost } from '../client-error.ts';
import { type BodyLimits, isServerBody, readBody, readServerBody } from './body.ts';
import { SilentConnections } from './connections.ts';
import { sendDocument, sendVersion } from './documents.ts';
import type { Envelope } from './envelope.ts';
import { createErrorHandler } from './errors.ts';
import { createFinish } from './finish.ts';
import { functionsAt } from './function-routes.ts';
import type { Call, Mount } from './mounts.ts';
import { createNotFound } from './not-found.ts';
import { loadQueryReader } from './parameters.ts';
import { createRecord, type RecordRequest } from './record.ts';

export interface EtherpadSettings extends BodyLimits {
  readonly apiKey: string;
  /** Tells whether a text is the API key, in constant time. */
  readonly isApiKey: (presented: string) => boolean;
  readonly sandboxes: Sandboxes;
  readonly logger: Logger;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Writes a request to Etherpad into the journal and the log. */
    record: RecordRequest;
  }
  interface FastifyRequest {
    readonly address: Address;
    sandbox: Sandbox;
    /** The function that is called; null where none is. */
    call: Call | null;
    /** The mount that does not have the function that it was asked for. */
    mount: Mount | null;
    /** What was sent, once it is read. */
    parameters: Parameters | null;
    /** When it came, as `performance.now()` tells; 0 as long as it is none for the journal. */
    started: number;
  }
  interface FastifyReply {
    /** What is answered, where that is an envelope. */
    envelope: Envelope | null;
    /** More than Etherpad says about a failure. */
    reason: string | undefined;
    /** The faults that fired. */
    faults: readonly Fault[] | null;
  }
}

/** A type that Fastify takes for one. */
const ANY_TYPE = { 'content-type': 'application/octet-stream' };

/**
 * Etherpad's HTTP API. A request goes the way of Fastify's life cycle: `onRequest` finds sandbox and function, the parser
 * reads the body, `preHandler` joins the parameters and looks for the key, the handler calls the function, `onSend`
 * finishes the answer; a failure on the way becomes an envelope in the error handler.
 */
export function etherpad(server: FastifyInstance, settings: EtherpadSettings, done: () => void): void {
  const { sandboxes, isApiKey } = settings;
  const silent = new SilentConnections();

  server.decorate('record', createRecord(settings));
  server.decorateRequest('sandbox', null as unknown as Sandbox);
  server.decorateRequest('call', null);
  server.decorateRequest('mount', null);
  server.decorateRequest('parameters', null);
  server.decorateRequest('started', 0);
  server.decorateReply('envelope', null);
  server.decorateReply('reason', undefined);
  server.decorateReply('faults', null);

  server.addHook('onRequest', (request, reply, next) => {
    const { raw, address } = request;
    const started = performance.now();
    // who asks for a sandbox that cannot be hears it from the server's own Etherpad
    request.sandbox = sandboxes.main;
    request.sandbox = sandboxes.find(address.sandbox);
    const { behaviour } = request.sandbox;
    if (raw.headers.host === undefined && raw.httpVersion === '1.1') return refuseMissingHost(reply, behaviour);
    request.started = started;
    // Fastify judges of a body's type before any parser sees it: Etherpad's own readers do
    if (raw.method !== 'GET') request.headers = ANY_TYPE;
    const reading = isServerBody(raw, behaviour) ? readServerBody(raw) : undefined;
    const loading = loadQueryReader(behaviour);
    if (reading === undefined && loading === undefined) return next();
    return Promise.all([reading, loading]).then(([body]) => {
      request.body = body;
    });
  });
  server.addHook('onSend', createFinish(settings.apiKey));
  server.addHook('preClose', (closed) => {
    silent.end();
    closed();
  });
  server.setErrorHandler(createErrorHandler(settings));
  server.setNotFoundHandler(createNotFound(settings.apiKey));

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (request, _payload, parsed) => {
    // no body is read before it is known which function it is for, and none twice
    if (request.call === null || request.body !== undefined) return parsed(null, request.body);
    if (request.raw.headers['content-length'] === '0') return parsed(null);
    readBody(request.raw, request.sandbox.behaviour, settings).then((body) => parsed(null, body), parsed);
  });

  server.route({ method: ['GET', 'POST'], url: '/*', ...functionsAt('root', isApiKey, silent) });
  server.route({ method: ['GET', 'POST'], url: '/api/:version/*', ...functionsAt('api', isApiKey, silent) });
  server.route({ method: ['GET', 'POST'], url: '/rest/:version/*', ...functionsAt('rest', isApiKey, silent) });
  server.route({ method: ['GET', 'POST', 'DELETE'], url: '/api/2/*', ...functionsAt('api/2', isApiKey, silent) });

  server.get('/api', sendVersion);
  server.get('/openapi.json', sendDocument('root'));
  for (const style of ['api', 'rest'] as const) {
    server.get(`/${style}/openapi.json`, sendDocument(style));
    server.get(`/${style}/:version/openapi.json`, sendDocument(style));
  }
  done();
}
