import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ApiError } from '../../etherpad/api-error.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import { explainRefusal } from '../../etherpad/reasons.ts';
import { createReport } from '../../sandbox/guarded.ts';
import { ControlError } from '../../sandbox/problem.ts';
import { SHORTEST_SECRET, type Secrets } from '../../sandbox/secrets.ts';
import { explainKey } from './api-key.ts';
import { BodyError, ServerBodyError } from './body/body.ts';
import { inEnvelope } from './envelope.ts';

/** Parameters as they may be told of. An explanation shows the beginning of a value: half a secret would not be found in it. */
const withoutSecrets = (parameters: Parameters, secrets: Secrets): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, secrets.hideInValue(value, SHORTEST_SECRET)]));

/** More than Etherpad says about a refusal. */
function explain(error: ApiError, { call, parameters, raw, sandbox }: FastifyRequest): string | undefined {
  if (error.reason !== undefined) return error.reason;
  if (error.cause !== undefined) return error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : String(error.cause);
  if (call === null || parameters === null) return undefined;
  if (error.code === 4) return explainKey(parameters, raw.headers, sandbox.behaviour);
  const { secrets } = sandbox;
  return explainRefusal(secrets.hide(error.message, SHORTEST_SECRET), withoutSecrets(parameters, secrets), sandbox);
}

/** The one place where a failure becomes an envelope with its status. */
export const createErrorHandler =
  ({ logger }: { readonly logger: Logger }) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { behaviour } = request.sandbox;
    if (error instanceof ApiError) return reply.send(inEnvelope(reply, behaviour, error.code, error.message, explain(error, request)));
    if (error instanceof BodyError) {
      // Fastify closes the connection after any body that it could not read
      if (!error.tooLarge) reply.removeHeader('connection');
      // real servers tell of a bad body as of an error of their own; the documented API has code 1 for it
      const refusal = inEnvelope(reply, behaviour, behaviour.explainsBadBodies ? 1 : 2, error.message);
      return (error.tooLarge ? reply.code(413) : reply).send(refusal);
    }
    if (error instanceof ServerBodyError) return reply.code(500).send({ error: 'Sorry, something bad happened!' });
    // no sandbox has that name, or there are too many
    if (error instanceof ControlError) {
      if (error.status !== 503) return reply.send(inEnvelope(reply, behaviour, 3, 'no such function', error.title));
      const refusal = inEnvelope(reply, behaviour, 2, 'too many sandboxes', error.title);
      return reply.code(503).send(refusal);
    }
    createReport(logger, request.sandbox.secrets)(error);
    request.started = 0;
    return reply.send(inEnvelope(reply, behaviour, 2, behaviour.internalErrorMessage));
  };
