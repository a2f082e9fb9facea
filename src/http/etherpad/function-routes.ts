import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, wrongApiKey } from '../../etherpad/api-error.ts';
import { seconds } from '../../etherpad/clock.ts';
import { readableParameters } from '../../etherpad/etherpad-function.ts';
import { findTokenRefusal } from '../../etherpad/oauth/token-check.ts';
import { hasApiKey } from './api-key.ts';
import { isServerBody } from './body/body.ts';
import type { SilentConnections } from './connections.ts';
import { allowAnyOrigin, type Envelope, envelope } from './envelope.ts';
import { meetFaults } from './faults.ts';
import { findCall, type Mount, withoutSlashes } from './mounts.ts';
import { readParameters } from './parameters.ts';

type Next = (error?: Error) => void;

/** Does what a function does, to the state. What takes long is promised. */
function execute({ call, sandbox, parameters }: FastifyRequest, reply: FastifyReply): Envelope | Promise<Envelope> {
  const { function: row, version } = call!;
  const { internalErrorMessage, internalErrorMessageBelow2 } = sandbox.behaviour;
  const answered = (data: unknown): Envelope => (reply.envelope = envelope(0, 'ok', data));
  const refused = (error: unknown): never => {
    const message = call!.mount === 'api/2' ? internalErrorMessageBelow2 : internalErrorMessage;
    throw error instanceof ApiError ? error : new ApiError(2, message, { cause: error });
  };
  try {
    const data = row.run(sandbox, readableParameters(version, row, parameters!));
    return data instanceof Promise ? data.then(answered, refused) : answered(data);
  } catch (error) {
    return refused(error);
  }
}

/** Calls the function that a route led to: by now the body is read, and the key is right. */
function callFunction(request: FastifyRequest, reply: FastifyReply): unknown {
  const met = request.sandbox.faults.meet(request.call!.function.name);
  if (met.fault === undefined && met.latency === undefined) return execute(request, reply);
  return meetFaults(met, request, reply, () => execute(request, reply));
}

/** Whether a request that reads like one of the routes has a function's place in this Etherpad. */
const isThere = (mount: Mount, { address, sandbox: { behaviour } }: FastifyRequest): boolean =>
  !address.isOutside && (mount !== 'root' || behaviour.rootMount) && (mount !== 'api/2' || behaviour.api2 !== 'absent');

/** Finds the function before any body is read, as Etherpad does. */
const findFunction =
  (mount: Mount) =>
  (request: FastifyRequest, reply: FastifyReply, next: Next): void => {
    const { sandbox, method, address } = request;
    const { behaviour } = sandbox;
    const { version = behaviour.currentVersion, '*': rest } = request.params as { version?: string; '*': string };
    // below /api/2 every slash counts
    const name = mount === 'api/2' ? `${method} ${address.path.slice('/api/2/'.length)}` : withoutSlashes(rest);
    const call = isThere(mount, request) ? findCall(mount, version, name, behaviour) : undefined;
    if (call === undefined) {
      reply.callNotFound();
      return;
    }
    request.call = call;
    if (mount === 'rest') allowAnyOrigin(reply);
    next();
  };

/** Etherpad looks at no body of a PATCH, whatever its manual says (2.5.3, 3.3.1), and at none of a GET (all versions). */
export const isBodyLookedAt = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'PATCH';

/** Etherpad 2.5.3 reads a JSON body a second time when it calls the function, and waits for it without end. */
const waitsForEver = ({ call, raw, sandbox: { behaviour } }: FastifyRequest): boolean =>
  behaviour.jsonBody === 'server, then nobody answers' && call!.mount !== 'api/2' && isServerBody(raw, behaviour);

/** Whether a call is let in: by the API key, or by a token where the Etherpad asks for one. */
function entryRefusal({ sandbox, parameters, raw }: FastifyRequest, isApiKey: (presented: string) => boolean): ApiError | undefined {
  const { authentication, behaviour, clock } = sandbox;
  if (!authentication.asksForToken) return hasApiKey(isApiKey, parameters!, raw.headers, behaviour) ? undefined : wrongApiKey();
  const rules = { key: authentication.key, now: seconds(clock), isApiKey };
  return findTokenRefusal({ headers: raw.headers, parameters: parameters! }, rules);
}

/** What the routes of a mount do with a request: before its body is read, before the function is called, and then. */
export const functionsAt = (mount: Mount, isApiKey: (presented: string) => boolean, silent: SilentConnections) => ({
  onRequest: findFunction(mount),
  preHandler(request: FastifyRequest, reply: FastifyReply, next: Next): void {
    const { raw, sandbox, server } = request;
    const { behaviour } = sandbox;
    const body = isBodyLookedAt(request) ? (request.body as object | undefined) : undefined;
    if (body !== undefined && waitsForEver(request)) {
      server.record(request, reply, null);
      return silent.keep(reply);
    }
    request.parameters = readParameters(request.query as string, body, raw.headers, behaviour);
    next(entryRefusal(request, isApiKey));
  },
  handler: callFunction,
});
