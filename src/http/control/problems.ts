import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { createReport } from '../../sandbox/guarded.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import { ControlError } from '../../sandbox/problem.ts';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers in the shape of RFC 9457. */
export function sendProblem(reply: FastifyReply, { status, title, problems }: ControlError): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send({ title, status, ...(problems.length === 0 ? {} : { problems }) });
}

/** What Fastify itself refuses, in the words of control. */
const REFUSALS: Readonly<Record<string, (bodyLimit: number) => ControlError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (limit) => new ControlError(413, `the body is larger than ${limit} bytes: start with a larger --body-limit`),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new ControlError(415, 'send the body as Content-Type application/json'),
};

/** Makes a problem of whatever fails below `/_mock`. */
export function createErrorHandler(settings: { readonly bodyLimit: number; readonly logger: Logger; readonly sandboxes: Sandboxes }) {
  const { bodyLimit } = settings;
  const report = createReport(settings.logger, settings.sandboxes.main.secrets);
  return (error: FastifyError | ControlError, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof ControlError) {
      // Fastify closes the connection after any body that it could not read
      reply.removeHeader('connection');
      return sendProblem(reply, error);
    }
    const refusal = REFUSALS[error.code]?.(bodyLimit);
    if (refusal !== undefined) return sendProblem(reply, refusal);
    // a client that goes away is no error of the mock
    if (error.statusCode === 400) return sendProblem(reply, new ControlError(400, `the body cannot be read: ${error.message}`));
    report(error);
    return sendProblem(reply, new ControlError(500, 'an internal error of the mock: see its log'));
  };
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const;

/**
 * Answers where no route leads: with the methods that the path takes, or that nothing is there.
 *
 * @param hint what to say beside that
 */
export const createNotFoundHandler =
  (hint: string) =>
  ({ server, url, address: { path } }: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const taken = METHODS.filter((method) => server.findRoute({ method, url }) !== null).join(', ');
    if (taken === '') return sendProblem(reply, new ControlError(404, `there is nothing at ${path}${hint}`));
    return sendProblem(reply.header('allow', taken), new ControlError(405, `${path} takes ${taken}`));
  };
