import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessRecord } from '../../etherpad/access-record.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import type { Address } from '../address.ts';
import { refuseMissingHost } from '../client-error.ts';
import { isServerBody, readServerBody } from './body/body.ts';
import type { Envelope } from './envelope.ts';
import { createErrorHandler } from './errors.ts';
import { createFinish } from './finish.ts';
import type { Call, Mount } from './mounts.ts';
import type { EtherpadSettings } from './settings.ts';
import { loadQueryReader } from './parameters.ts';
import { createRecord, type RecordRequest } from './record.ts';

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
    mount: Mount | 'oidc' | null;
    /** What is asked for that is no function: what is at the path of a pad, or a token; null where it is none of them. */
    service: 'page' | 'export' | 'token' | null;
    /** What was sent, once it is read. */
    parameters: Parameters | null;
    /** When it came, as `performance.now()` tells; 0 as long as it is none for the journal. */
    started: number;
  }
  interface FastifyReply {
    /** What is answered, where that is an envelope. */
    envelope: Envelope | null;
    /** What the journal tells of an answer that is no envelope. */
    message: string | null;
    /** Who was let into a pad, or not, where that was asked. */
    access: AccessRecord | null;
    /** More than Etherpad says about a failure. */
    reason: string | undefined;
    /** The faults that fired. */
    faults: readonly Fault[] | null;
  }
}

/** A type that Fastify takes for one. */
const ANY_TYPE = { 'content-type': 'application/octet-stream' };

/** Gives an instance what requests to an Etherpad and their answers take along, and how every answer ends. */
export function takeAlong(server: FastifyInstance, settings: EtherpadSettings): void {
  server.decorate('record', createRecord(settings));
  server.decorateRequest('sandbox', null as unknown as Sandbox);
  server.decorateRequest('call', null);
  server.decorateRequest('mount', null);
  server.decorateRequest('service', null);
  server.decorateRequest('parameters', null);
  server.decorateRequest('started', 0);
  server.decorateReply('envelope', null);
  server.decorateReply('message', null);
  server.decorateReply('access', null);
  server.decorateReply('reason', undefined);
  server.decorateReply('faults', null);
  server.addHook('onSend', createFinish());
  server.setErrorHandler(createErrorHandler(settings));
  server.removeAllContentTypeParsers();
}

/**
 * Finds the sandbox of a request, and lets its time begin.
 *
 * @returns false for a request that is answered by that
 * @throws ControlError for a sandbox that cannot be
 */
export function begin(request: FastifyRequest, reply: FastifyReply, sandboxes: Sandboxes): boolean {
  const { raw, address } = request;
  const started = performance.now();
  // who asks for a sandbox that cannot be hears it from the server's own Etherpad
  request.sandbox = sandboxes.main;
  request.sandbox = sandboxes.find(address.sandbox);
  if (raw.headers.host === undefined && raw.httpVersion === '1.1') {
    refuseMissingHost(reply, request.sandbox.behaviour);
    return false;
  }
  request.started = started;
  // Fastify judges of a body's type before any parser sees it: Etherpad's own readers do
  if (raw.method !== 'GET') request.headers = ANY_TYPE;
  return true;
}

/** Begins a request as `begin` does, and reads the body that Etherpad reads before it looks at the path. */
export const beginReading = (sandboxes: Sandboxes) => (request: FastifyRequest, reply: FastifyReply, next: () => void) => {
  if (!begin(request, reply, sandboxes)) return undefined;
  const { raw, sandbox } = request;
  const { behaviour } = sandbox;
  const reading = isServerBody(raw, behaviour) ? readServerBody(raw) : undefined;
  const loading = loadQueryReader(behaviour);
  if (reading === undefined && loading === undefined) return next();
  return Promise.all([reading, loading]).then(([body]) => {
    request.body = body;
  });
};
