import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** The connection is reset, and the client gets no answer. */
export function reset(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
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
