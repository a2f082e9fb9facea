import type { FastifyInstance, FastifySchema } from 'fastify';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** What a document tells of a route. */
export interface DescribedRoute {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly schema: FastifySchema & { readonly operationId?: string };
}

/** An OpenAPI document, as far as it matters who asks for it. */
export interface OpenapiDocument {
  readonly servers: readonly { readonly url: string }[];
  readonly components?: object;
}

type Openapi = NonNullable<FastifyDynamicSwaggerOptions['openapi']>;
type Hook = (argument: unknown) => void;

const nothing = (): void => undefined;

/**
 * Has @fastify/swagger describe routes that are there already. It wants to hear of each route as it is made, but takes
 * longer to load than the whole server to start: so it is loaded for the first document, and is told of them then.
 *
 * @param schemas those that have a name of their own, their `$id`
 * @returns a document whose servers are where nothing comes before them
 */
export async function describeRoutes(
  routes: Iterable<DescribedRoute>,
  schemas: readonly { readonly $id: string }[],
  openapi: Openapi,
): Promise<OpenapiDocument> {
  const { default: swagger } = await import('@fastify/swagger');
  const hooks = new Map<string, Hook>();
  let describe: (() => OpenapiDocument) | undefined;
  const listened = {
    addHook: (name: string, hook: Hook) => hooks.set(name, hook),
    decorate: (_name: string, decoration: () => OpenapiDocument) => {
      describe = decoration;
    },
    getSchemas: () => Object.fromEntries(schemas.map((schema) => [schema.$id, schema])),
  };
  const options: FastifyDynamicSwaggerOptions = { openapi, refResolver: { buildLocalReference: (json) => String(json['$id']) } };
  swagger(listened as unknown as FastifyInstance, options, nothing);
  for (const route of routes) hooks.get('onRoute')!(route);
  hooks.get('onReady')!(nothing);
  return describe!();
}

/**
 * A document for those who reach its servers below a base path or a sandbox.
 *
 * @param base what comes before: `/pad/sandbox/one`, or the empty text
 */
export const below = (base: string, document: OpenapiDocument): OpenapiDocument => ({
  ...document,
  servers: document.servers.map((server) => ({ ...server, url: `${base}${server.url}` })),
});
