import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, noSuchFunction, noSuchVersion } from '../../etherpad/api-error.ts';
import type { Behaviour } from '../../etherpad/emulation.ts';
import type { ApiVersion } from '../../etherpad/etherpad-function.ts';
import { explainNoSuchFunction, explainNoSuchVersion } from '../../etherpad/reasons.ts';
import { SHORTEST_SECRET, type Secrets } from '../../sandbox/secrets.ts';
import type { Address } from '../address.ts';
import { sendWithoutRoute } from './documents.ts';
import { allowAnyOrigin, HTML_TYPE, inEnvelope } from './envelope.ts';
import { EXPRESS_HEADERS, expressPage } from '../html.ts';
import { isKnownVersion, type Mount, withoutSlashes } from './mounts.ts';
import type { EtherpadSettings } from './settings.ts';

/** What this is, in one line, and what there is below a base path and a sandbox: `/pad/sandbox/one`, or the empty text. */
const home = (base: string, { rootMount }: Behaviour, hasControl: boolean): string =>
  `mock-etherpad, a mock of Etherpad's HTTP API: its OpenAPI document is at ${base}${rootMount ? '' : '/api'}/openapi.json, its version at ${base}/api${hasControl ? `, its inspector at ${base}/_mock/` : ''}\n`;

/** What a path lacks. */
interface Lack {
  readonly error: ApiError;
  readonly reason?: string;
  /** The mount that is asked for a function that it does not have. */
  readonly mount?: Mount;
}

const MOUNT = /^\/(api|rest)(?:\/([^/]*)(.*))?$/i;
const API2 = /^\/api\/2(?:\/|$)/i;

/** What is not there, by the path alone: no method calls a function that the routes do not. */
function lackOf({ path, isOutside }: Address, behaviour: Behaviour, secrets: Secrets): Lack {
  const version = behaviour.currentVersion;
  // an explanation shows the beginning of a name: half a secret would not be found in it
  const explain = (name: string, of: ApiVersion): string => explainNoSuchFunction(secrets.hide(name, SHORTEST_SECRET), of);
  if (isOutside || /^\/api\/?$/i.test(path)) return { error: noSuchFunction() };
  if (behaviour.api2 !== 'absent' && API2.test(path)) {
    return { error: noSuchFunction(), mount: 'api/2', reason: explain(path.slice('/api/2'.length) || '/', version) };
  }
  const [, mount, named = '', rest = ''] = MOUNT.exec(path) ?? [];
  if (mount === undefined) {
    if (!behaviour.rootMount) return { error: noSuchFunction() };
    return { error: noSuchFunction(), mount: 'root', reason: explain(withoutSlashes(path), version) };
  }
  if (!isKnownVersion(named, behaviour)) return { error: noSuchVersion(), reason: explainNoSuchVersion(version) };
  const reason = explain(withoutSlashes(rest), named);
  return { error: noSuchFunction(), mount: mount.toLowerCase() as 'api' | 'rest', reason };
}

/**
 * Answers where no route leads, or a route to no function: as a mount that does not have the function, or as a server
 * that does not have the path.
 */
export const createNotFound =
  ({ control }: Pick<EtherpadSettings, 'control'>) =>
  (request: FastifyRequest, reply: FastifyReply) => {
    const { address, sandbox, method } = request;
    const { behaviour } = sandbox;
    if (!address.isOutside) {
      if (address.path === '/') {
        // whoever writes a key where the name of a sandbox goes does not read it here either
        const base = sandbox.secrets.hide(address.base, SHORTEST_SECRET);
        return reply.type('text/plain; charset=utf-8').send(home(base, behaviour, control));
      }
      const sent = sendWithoutRoute(request, reply);
      if (sent !== undefined) return sent;
    }
    const { error, reason, mount } = lackOf(address, behaviour, sandbox.secrets);
    if (mount === 'api/2' && behaviour.api2 === 'not found') return reply.send({ code: 1, message: 'not found' });
    if (mount === 'rest') allowAnyOrigin(reply);
    request.mount = mount ?? null;
    const isPath = mount === undefined || mount === 'root';
    reply.reason = reason;
    if (isPath && behaviour.unknownPath === 'html') {
      return reply.code(404).headers(EXPRESS_HEADERS).type(HTML_TYPE).send(expressPage(method, address.path));
    }
    return reply.send(inEnvelope(reply, behaviour, error.code, error.message, reason));
  };
