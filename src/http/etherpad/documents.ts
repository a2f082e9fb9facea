import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allowAnyOrigin, HTML_TYPE, JSON_TYPE } from './envelope.ts';
import { isKnownVersion, type Mount } from './mounts.ts';

/** A page that says where the document is: an Etherpad shows it in a page of its own. */
const PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>API documentation</title>
</head>
<body>
<p>The OpenAPI document of <code>/api/2</code> is at <a href="api-docs.json">api-docs.json</a>.</p>
</body>
</html>
`;

const PAGE_POLICY = { 'Content-Security-Policy': "default-src 'none'", 'X-Content-Type-Options': 'nosniff' };

/** Answers with the OpenAPI document of a mount. */
async function sendDocument(
  mount: Mount,
  version: string,
  { sandbox, address, raw }: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { behaviour } = sandbox;
  if (!isKnownVersion(version, behaviour)) return reply.callNotFound();
  const { openapiDocument } = await import('./openapi.ts');
  const origin = `http://${raw.headers.host ?? 'localhost'}`;
  const document = await openapiDocument({ mount, version }, behaviour, { origin, base: address.base });
  return reply.type(JSON_TYPE).send(JSON.stringify(document));
}

/** The routes of the OpenAPI documents: one for each mount, below `/api` and `/rest` one for each version too. */
export function addDocuments(server: FastifyInstance): void {
  const method = ['GET', 'HEAD'];

  server.route({
    method,
    url: '/openapi.json',
    handler: (request, reply) => {
      const { rootMount, currentVersion } = request.sandbox.behaviour;
      return rootMount ? sendDocument('root', currentVersion, request, allowAnyOrigin(reply)) : reply.callNotFound();
    },
  });
  for (const mount of ['api', 'rest'] as const) {
    const handler = (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const { currentVersion } = request.sandbox.behaviour;
      const { version = currentVersion } = request.params as { version?: string };
      return sendDocument(mount, version, request, isKnownVersion(version, request.sandbox.behaviour) ? allowAnyOrigin(reply) : reply);
    };
    server.route({ method, url: `/${mount}/openapi.json`, handler });
    server.route({ method, url: `/${mount}/:version/openapi.json`, handler });
  }

  server.route({
    method,
    url: '/api-docs.json',
    handler: (request, reply) => {
      const { api2, currentVersion } = request.sandbox.behaviour;
      return api2 === 'absent' ? reply.callNotFound() : sendDocument('api/2', currentVersion, request, reply);
    },
  });
  server.route({
    method,
    url: '/api-docs',
    handler: (request, reply) => {
      const { api2, apiDocs } = request.sandbox.behaviour;
      const { path, base } = request.address;
      if (api2 === 'absent') return reply.callNotFound();
      if (apiDocs === 'page' || path.endsWith('/')) return reply.headers(PAGE_POLICY).type(HTML_TYPE).send(PAGE);
      return reply.code(301).header('location', `${base}/api-docs/`).type(HTML_TYPE).send(PAGE);
    },
  });
}
