import type { FastifyServerOptions } from 'fastify';

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>;

/**
 * Schemas document and type, they do not guard: a validator would replace Etherpad's own messages, a serialiser would
 * drop fields. Fastify does not even load its compilers when it is given these, which halves the time it takes to start.
 */
export const NO_SCHEMAS: SchemaController = {
  compilersFactory: {
    buildValidator: () => () => () => true,
    buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
  } as unknown as NonNullable<SchemaController['compilersFactory']>,
};
