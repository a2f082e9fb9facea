import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Behaviour } from '../etherpad/emulation.ts';
import { envelope, JSON_TYPE } from './etherpad/envelope.ts';

/** What a client, a proxy or a socket may do wrong before there is a request that Etherpad could answer. */
const MISTAKES = {
  malformed: { status: 400, message: 'the request is not valid HTTP' },
  headersTooLarge: { status: 431, message: 'the request line and headers are too large' },
  tooSlow: { status: 408, message: 'the request took too long to arrive' },
  tooMany: { status: 503, message: 'too many connections' },
  expectation: { status: 417, message: 'no such expectation can be met' },
} as const;

type Mistake = keyof typeof MISTAKES;

/** Node's names for them. */
const BY_ERROR_CODE: Readonly<Record<string, Mistake>> = { HPE_HEADER_OVERFLOW: 'headersTooLarge', ERR_HTTP_REQUEST_TIMEOUT: 'tooSlow' };

/** An envelope as documented, an empty body as from real servers. */
const bodyOf = (mistake: Mistake, { explainsBadBodies }: Behaviour): string =>
  explainsBadBodies ? JSON.stringify(envelope(1, MISTAKES[mistake].message)) : '';

function answerOnSocket(mistake: Mistake, socket: Socket, behaviour: Behaviour): void {
  const { status } = MISTAKES[mistake];
  const body = bodyOf(mistake, behaviour);
  const content = body === '' ? '' : `Content-Type: ${JSON_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${content}\r\n${body}`);
}

/** Answers on the bare socket what Node could not read. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, behaviour: Behaviour): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  answerOnSocket(BY_ERROR_CODE[error.code ?? ''] ?? 'malformed', socket, behaviour);
}

/** Sends away a connection that is one too many, whatever it was going to ask. */
export function refuseConnection(socket: Socket, behaviour: Behaviour): void {
  answerOnSocket('tooMany', socket, behaviour);
  socket.destroySoon();
}

/** Answers an `Expect` header that asks for anything but to continue. */
export function answerExpectation(response: ServerResponse, behaviour: Behaviour): void {
  const body = bodyOf('expectation', behaviour);
  if (body !== '') response.setHeader('Content-Type', JSON_TYPE);
  response.writeHead(MISTAKES.expectation.status, { Connection: 'close', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** Refuses a request of HTTP/1.1 that does not say whom it is for. */
export function refuseMissingHost(reply: FastifyReply, behaviour: Behaviour): void {
  const body = bodyOf('malformed', behaviour);
  reply.code(MISTAKES.malformed.status).header('connection', 'close');
  if (body !== '') reply.type(JSON_TYPE);
  reply.send(body === '' ? undefined : body);
}
