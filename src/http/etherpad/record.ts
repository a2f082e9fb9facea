import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import { SentQuery } from '../../sandbox/journal-record.ts';
import { shortened } from '../../sandbox/shorten.ts';
import { loggedAddress } from '../logged-address.ts';
import { QUERY_READERS } from './parameters.ts';

/** Writes a request into the journal and the log; `body` is the answer's text, where there is one already. */
export type RecordRequest = (request: FastifyRequest, reply: FastifyReply, status: number | null, body?: string | null) => void;

/** The most characters of a text that a line of the log shows. */
const LONGEST_TOLD = 500;

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/** What was sent, without the headers that pass for parameters on one version and are none of its function's. */
function sentParameters({ parameters, headers, method, query, call, sandbox }: FastifyRequest): Parameters | SentQuery | null {
  const { headersAreParameters, query: rules } = sandbox.behaviour;
  if (parameters === null || call === null) return parameters;
  if (!headersAreParameters) return method === 'GET' ? new SentQuery(query as string, QUERY_READERS[rules]) : parameters;
  const own = call.function.parameters;
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => headers[name] !== value || own.includes(name)));
}

/** Why an answer is as it is: the faults that fired, and what more there is to say than Etherpad does. */
export function reasonOf({ faults, reason }: FastifyReply): string | undefined {
  if (faults === null) return reason;
  const fired = `${faults.map(({ id, kind }) => `fault ${id} (${kind})`).join(' and ')} fired`;
  return reason === undefined ? fired : `${fired}; ${reason}`;
}

/** Keeps no more of a request than it takes to describe it when somebody looks. */
export function createRecord({ logger }: { readonly logger: Logger }): RecordRequest {
  return (request, reply, status, body) => {
    const { call, sandbox } = request;
    const { faults, envelope } = reply;
    const name = call?.function.name ?? request.service;
    const milliseconds = rounded(performance.now() - request.started);
    if (faults !== null) sandbox.coverage.countFaults(faults);
    if (call === null) {
      if (request.service === null && request.mount !== 'oidc') sandbox.coverage.countNotFound();
    } else {
      const { method, raw, parameters } = request;
      const counted = { method, headers: raw.headers, parameters };
      sandbox.coverage.count(call.function, call.mount, sandbox.emulate, counted, envelope, status !== null, sandbox.takeMetExpired());
    }
    const message = envelope?.message ?? reply.message;
    const reason = reasonOf(reply);
    const fault = faults === null ? null : faults.map(({ kind }) => kind).join(' + ');
    sandbox.journal.record({
      at: sandbox.clock.milliseconds(),
      function: name,
      mount: call?.mount ?? request.mount,
      method: request.method,
      path: request.address.path,
      parameters: sentParameters(request),
      access: reply.access,
      code: envelope?.code ?? null,
      status,
      message,
      fault,
      reason: reason ?? null,
      milliseconds,
      envelope: envelope === null ? null : (body ?? JSON.stringify(envelope)),
    });
    if (!logger.isLevelEnabled('info')) return;
    const told = (text: string): string => shortened(sandbox.secrets.hide(text), LONGEST_TOLD);
    const line = {
      ...loggedAddress(request, sandbox.secrets),
      function: name,
      code: envelope?.code,
      status: status ?? 0,
      milliseconds,
      reason: reason && told(reason),
    };
    logger.info({ ...line, fault: fault ?? undefined }, told(message ?? ''));
  };
}
