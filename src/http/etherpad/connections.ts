import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** So long a client has to read what it was answered before, in milliseconds: a reset may take that away with it. */
const BEFORE_RESET = 20;

function resetSocket(socket: Socket): void {
  if (socket.bytesWritten === 0) socket.resetAndDestroy();
  else setTimeout(() => socket.resetAndDestroy(), BEFORE_RESET);
}

/** The connection is reset, and the client gets no answer: once the requests that came before it have got theirs. */
export function reset(reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  if (raw.socket === null) raw.once('socket', resetSocket);
  else resetSocket(raw.socket);
}

/** The connections that wait for an answer that never comes. */
export class SilentConnections {
  readonly #connections = new Set<ServerResponse>();

  /** The connection stays open, and the client gets no answer. */
  keep(reply: FastifyReply): void {
    reply.hijack();
    this.#connections.add(reply.raw);
    reply.raw.once('close', () => this.#connections.delete(reply.raw));
  }

  end(): void {
    for (const response of this.#connections) response.destroy();
  }
}
