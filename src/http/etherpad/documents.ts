import type { FastifyReply, FastifyRequest } from 'fastify';
import { urlOf } from '../address.ts';
import { allowAnyOrigin, HTML_TYPE, JSON_TYPE } from './envelope.ts';
import { escapeHtml } from '../html.ts';
import { isKnownVersion, type Mount } from './mounts.ts';

export const sendVersion = ({ sandbox }: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.send({ currentVersion: sandbox.behaviour.currentVersion });

/** Answers with the document of a mount; undefined where the Etherpad has none. */
function sendText(mount: Mount, version: string | undefined, request: FastifyRequest, reply: FastifyReply) {
  const { address, sandbox, raw } = request;
  const { behaviour, authentication } = sandbox;
  const named = version ?? behaviour.currentVersion;
  const isThere = { root: behaviour.rootMount, api: true, rest: true, 'api/2': behaviour.api2 !== 'absent' };
  if (!isKnownVersion(named, behaviour) || !isThere[mount]) return undefined;
  if (mount !== 'api/2') allowAnyOrigin(reply);
  const place = { origin: `http://${raw.headers.host ?? 'localhost'}`, base: address.base };
  return import('./openapi.ts')
    .then(async ({ openapiDocument, letInByToken }) => {
      const document = await openapiDocument({ mount, version: named }, behaviour, place);
      return authentication.asksForToken ? letInByToken(document, urlOf(request)) : document;
    })
    .then((document) => reply.type(JSON_TYPE).send(JSON.stringify(document)));
}

/** Answers with the OpenAPI document of a mount: of the newest version, unless the path names another. */
export const sendDocument = (mount: Mount) => (request: FastifyRequest, reply: FastifyReply) =>
  sendText(mount, (request.params as { version?: string }).version, request, reply) ?? reply.callNotFound();

/** A page that says where the document of `/api/2` is: an Etherpad shows it in a page of its own. */
const documentsPage = (base: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>API documentation</title>
</head>
<body>
<p>The OpenAPI document of <code>/api/2</code> is at <a href="${escapeHtml(base)}/api-docs.json">api-docs.json</a>.</p>
</body>
</html>
`;

const PAGE_HEADERS = { 'Content-Security-Policy': "default-src 'none'", 'X-Content-Type-Options': 'nosniff' };

function sendPage({ address, sandbox }: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { api2, apiDocs } = sandbox.behaviour;
  if (api2 === 'absent') return undefined;
  if (apiDocs === 'redirect' && !address.path.endsWith('/')) reply.code(301).header('location', `${address.base}/api-docs/`);
  return reply.headers(PAGE_HEADERS).type(HTML_TYPE).send(documentsPage(address.base));
}

const API = /^\/api\/?$/i;
const DOCUMENT = /^(?:\/(api|rest)(?:\/([^/]+))?)?\/openapi\.json\/?$/i;
const DOCUMENT_BELOW_2 = /^\/api-docs\.json\/?$/i;
const PAGE = /^\/api-docs\/?$/i;

/**
 * What is there without a route, since each would cost time at every start: HEAD for what GET tells, OPTIONS of the
 * version, and what is said of `/api/2`.
 *
 * @returns undefined where there is nothing by that method
 */
export function sendWithoutRoute(request: FastifyRequest, reply: FastifyReply) {
  const { method, address, sandbox } = request;
  const { path } = address;
  const isVersion = API.test(path);
  if (isVersion && method === 'OPTIONS') {
    const { type, allow } = sandbox.behaviour.optionsOfApi;
    return reply.type(type).header('allow', allow).send(allow);
  }
  if (method !== 'HEAD' && method !== 'GET') return undefined;
  if (DOCUMENT_BELOW_2.test(path)) return sendText('api/2', undefined, request, reply);
  if (PAGE.test(path)) return sendPage(request, reply);
  if (method === 'GET') return undefined;
  if (isVersion) return sendVersion(request, reply);
  const document = DOCUMENT.exec(path);
  return document === null ? undefined : sendText((document[1]?.toLowerCase() ?? 'root') as Mount, document[2], request, reply);
}
