import type { Socket } from 'node:net';
import type { Behaviour } from '../etherpad/emulation.ts';
import { answerEnvelope } from './answer.ts';

/** What a browser, a proxy or a socket may do wrong before there is a request to answer. */
const CLIENT_ERRORS: Readonly<Record<string, { status: number; reason: string; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large', message: 'the request line and headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout', message: 'the request took too long to arrive' },
};
const MALFORMED = { status: 400, reason: 'Bad Request', message: 'the request is not valid HTTP' };

/** Answers on the bare socket: with an envelope as documented, with an empty body as real servers do. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, behaviour: Behaviour): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, reason, message } = CLIENT_ERRORS[error.code ?? ''] ?? MALFORMED;
  const head = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n`;
  if (!behaviour.explainsBadBodies) return void socket.end(`${head}\r\n`);
  const { type, body } = answerEnvelope(1, message, behaviour);
  socket.end(`${head}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
