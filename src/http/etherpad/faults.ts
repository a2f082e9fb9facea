import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { usualRefusal } from '../../etherpad/reasons.ts';
import type { Fault, FaultKind, FaultsMet } from '../../sandbox/faults.ts';
import { reset } from './connections.ts';
import { HTML_TYPE, inEnvelope } from './envelope.ts';

const REASONS: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

/** Statuses that HTTP allows no content with. */
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);

/** The page of a proxy whose server is gone. */
function proxyPage(status: number): string {
  const title = `${status} ${REASONS[status] ?? 'Error'}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}

/** Answers a request in place of what was asked. */
export type Answerer = (fault: Fault, request: FastifyRequest, reply: FastifyReply) => unknown;

/** A code in an envelope, with the message that the Etherpad has for it. */
const answerCode: Answerer = ({ code = 1, message }, { call, sandbox: { behaviour, authentication } }, reply) => {
  const { function: row, version } = call!;
  const own = {
    1: usualRefusal(row, version),
    2: behaviour.internalErrorMessage,
    3: 'no such function',
    4: authentication.asksForToken ? 'no or wrong OAuth token' : 'no or wrong API Key',
  };
  return inEnvelope(reply, behaviour, code, message ?? own[code]);
};

/** What a fault answers with instead of doing what was asked; the others do it, and spoil the answer. */
const INSTEAD: { readonly [Kind in FaultKind]?: Answerer } = {
  code: answerCode,
  html: ({ status = 502 }, _request, reply) =>
    WITHOUT_CONTENT.has(status) ? reply.code(status).send() : reply.code(status).type(HTML_TYPE).send(proxyPage(status)),
  drop(_fault, request, reply) {
    request.server.record(request, reply, null);
    reset(reply);
    return reply;
  },
};

/** What a fault does to an answer before it is sent. */
const SPOILT: { readonly [Kind in FaultKind]?: (fault: Fault, reply: FastifyReply, text: string) => string } = {
  contentType({ contentType = 'text/plain' }, reply, text) {
    reply.header('content-type', contentType);
    return text;
  },
  truncate: (_fault, _reply, text) => text.slice(0, Math.floor(text.length / 2)),
};

/** The text of an answer as the faults that fired leave it. */
export const spoilt = (faults: readonly Fault[], reply: FastifyReply, text: string): string =>
  faults.reduce((left, fault) => SPOILT[fault.kind]?.(fault, reply, left) ?? left, text);

/**
 * Answers a call that meets a fault, a latency, or both.
 *
 * @param execute does what was asked
 * @param answerers answer where a fault wants its kind answered otherwise than in an envelope
 */
export async function meetFaults(
  { fault, latency }: FaultsMet,
  request: FastifyRequest,
  reply: FastifyReply,
  execute: () => unknown,
  answerers: typeof INSTEAD = INSTEAD,
) {
  reply.faults = [latency, fault].filter((one) => one !== undefined);
  // a delay does not keep a process alive that closes
  if (latency !== undefined) await delay(latency.milliseconds, undefined, { ref: false });
  const instead = fault && (answerers[fault.kind] ?? INSTEAD[fault.kind]);
  return instead === undefined ? execute() : instead(fault!, request, reply);
}
