import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * A part of the server on a Fastify instance of its own, which is made when somebody first asks for it: most servers are
 * never asked for what lies behind a door, and start faster without it.
 */
export class Door {
  readonly #make: () => Promise<FastifyInstance>;
  #instance: Promise<FastifyInstance> | undefined;

  constructor(make: () => Promise<FastifyInstance>) {
    this.#make = make;
  }

  /** The instance behind it, ready to answer. */
  open(): Promise<FastifyInstance> {
    this.#instance ??= this.#make();
    return this.#instance;
  }

  /** Lets a request in. */
  async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    (await this.open()).routing(request, response);
  }

  /** Ends what lies behind it, if it was ever opened. */
  async close(): Promise<void> {
    await (await this.#instance)?.close();
  }
}
