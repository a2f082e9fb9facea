import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowAnyOrigin, JSON_TYPE } from './envelope.ts';
import { isKnownVersion } from './mounts.ts';
import { documentText } from './openapi.ts';

type Style = 'root' | 'api' | 'rest';

export const sendVersion = ({ sandbox }: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.send({ currentVersion: sandbox.behaviour.currentVersion });

/** Answers with the document of a mount; undefined where the Etherpad has none. */
function sendText(style: Style, version: string | undefined, { address, sandbox }: FastifyRequest, reply: FastifyReply) {
  const { behaviour } = sandbox;
  const named = version ?? behaviour.currentVersion;
  if (!isKnownVersion(named, behaviour) || (style === 'root' && !behaviour.rootMount)) return undefined;
  return documentText({ style, version: named }, behaviour, address.base).then((text) => allowAnyOrigin(reply).type(JSON_TYPE).send(text));
}

/** Answers with the OpenAPI document of a mount: of the newest version, unless the path names another. */
export const sendDocument = (style: Style) => (request: FastifyRequest, reply: FastifyReply) =>
  sendText(style, (request.params as { version?: string }).version, request, reply) ?? reply.callNotFound();

const API = /^\/api\/?$/i;
const DOCUMENT = /^(?:\/(api|rest)(?:\/([^/]+))?)?\/openapi\.json\/?$/i;

/**
 * What may also be asked for by a method that no route has, since each would cost time at every start: HEAD for what GET
 * tells, and OPTIONS of the version.
 *
 * @returns undefined where there is nothing by that method
 */
export function sendWithoutRoute(request: FastifyRequest, reply: FastifyReply) {
  const { method, address, sandbox } = request;
  const isVersion = API.test(address.path);
  if (isVersion && method === 'OPTIONS') {
    const { type, allow } = sandbox.behaviour.optionsOfApi;
    return reply.type(type).header('allow', allow).send(allow);
  }
  if (method !== 'HEAD') return undefined;
  if (isVersion) return sendVersion(request, reply);
  const document = DOCUMENT.exec(address.path);
  return document === null ? undefined : sendText((document[1]?.toLowerCase() ?? 'root') as Style, document[2], request, reply);
}
