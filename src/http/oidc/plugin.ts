import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'node:querystring';
import { discoveryDocument } from '../../etherpad/oauth/discovery.ts';
import { publicJsonWebKey } from '../../etherpad/oauth/json-web-token.ts';
import { answerTokenRequest, FORM } from '../../etherpad/oauth/token-endpoint.ts';
import { answerUserInfo } from '../../etherpad/oauth/user-info.ts';
import { TOKEN_FUNCTION } from '../../sandbox/sandbox.ts';
import { urlOf } from '../address.ts';
import { JSON_TYPE } from '../etherpad/envelope.ts';
import { beginReading, takeAlong } from '../etherpad/every-request.ts';
import { type Answerer, meetFaults } from '../etherpad/faults.ts';
import { createNotFound } from '../etherpad/not-found.ts';
import type { EtherpadSettings } from '../etherpad/settings.ts';
import { allowOrigin, answerPreflight } from './cross-origin.ts';
import { readForm } from './form-body.ts';

const sendText = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(text);

const sendNotFound = (reply: FastifyReply): FastifyReply => sendText(reply, 404, 'Not Found');

/** Sends JSON with its type to the letter. */
const sendJson = (reply: FastifyReply, status: number, body: object, type = JSON_TYPE): FastifyReply =>
  reply.code(status).type(type).send(JSON.stringify(body));

/** What OAuth has for each of Etherpad's codes. */
const CODES = {
  1: { status: 400, error: 'invalid_request', description: 'request is invalid' },
  2: { status: 500, error: 'server_error', description: 'oops! something went wrong' },
  3: undefined,
  4: { status: 401, error: 'invalid_client', description: 'client authentication failed' },
} as const;

const answerCode: Answerer = ({ code = 1, message }, _request, reply) => {
  const refusal = CODES[code];
  if (refusal === undefined) return sendNotFound(reply);
  const { status, error, description } = refusal;
  reply.message = `${error}: ${message ?? description}`;
  return sendJson(reply, status, { error, error_description: message ?? description });
};

/** Gives a token, or refuses it. */
async function giveToken(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { sandbox, raw, body } = request;
  const { authorization, origin, 'content-type': contentType } = raw.headers;
  const path = request.address.path.slice('/oidc'.length);
  const giver = await sandbox.authentication.tokenGiver(urlOf(request), sandbox.clock);
  const answer = answerTokenRequest(
    { path, body: body as string | null | undefined, contentType: contentType || undefined, authorization, origin },
    giver,
  );
  reply.message = answer.message;
  reply.reason = answer.reason;
  reply.headers(answer.headers);
  // the rest of a body that is too long is not waited for
  if (body === null) reply.header('connection', 'close');
  return sendJson(reply, answer.status, answer.body);
}

const answerTokenCall = (request: FastifyRequest, reply: FastifyReply): unknown => {
  allowOrigin(request, reply).header('access-control-expose-headers', 'WWW-Authenticate');
  const met = request.sandbox.faults.meet(TOKEN_FUNCTION);
  if (met.fault === undefined && met.latency === undefined) return giveToken(request, reply);
  return meetFaults(met, request, reply, () => giveToken(request, reply), { code: answerCode });
};

/** What people do with a browser on a real Etherpad. */
const LOG_IN = /^\/oidc\/(auth|request|session\/end)(\/|$)/i;
const NO_LOG_IN = 'nobody can log in to a mock: get a token with grant_type=client_credentials at /oidc/token';

/**
 * Etherpad's OAuth server, below `/oidc`: where clients get tokens, and what they need to know for it. It is another
 * server inside Etherpad's, and so are its answers: no envelopes, no ETag.
 */
export function oidc(server: FastifyInstance, settings: EtherpadSettings, done: () => void): void {
  const notFound = createNotFound(settings);

  takeAlong(server, settings);
  server.addHook('onRequest', beginReading(settings.sandboxes));
  server.addHook('onRequest', (request, reply, next) => {
    if (!request.sandbox.behaviour.oauth) return void notFound(request, reply);
    request.mount = 'oidc';
    next();
  });

  server.addContentTypeParser('*', (request, _payload, parsed) => {
    const { 'content-type': type = '', 'content-length': length, 'transfer-encoding': encoding } = request.raw.headers;
    // JSON that was read before is no form, nor is anything else
    if (request.service === null || !FORM.test(type) || (length === undefined && encoding === undefined)) return parsed(null);
    readForm(request.raw).then((text) => parsed(null, text), parsed);
  });

  server.post(
    '/oidc/token',
    {
      onRequest(request, _reply, next) {
        request.service = TOKEN_FUNCTION;
        next();
      },
      preHandler(request, _reply, next) {
        request.parameters = typeof request.body === 'string' ? parse(request.body) : null;
        next();
      },
    },
    answerTokenCall,
  );

  const tell = (path: string, type: string, documentOf: (request: FastifyRequest) => object | Promise<object>): void => {
    server.get(path, async (request, reply) => sendJson(allowOrigin(request, reply), 200, await documentOf(request), type));
  };
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    tell(`/oidc/.well-known/${name}`, JSON_TYPE, (request) => discoveryDocument(urlOf(request)));
  }
  tell('/oidc/jwks', 'application/jwk-set+json; charset=utf-8', async ({ sandbox }) => ({
    keys: [publicJsonWebKey(await sandbox.authentication.makeKey())],
  }));

  server.route({
    method: ['GET', 'POST'],
    url: '/oidc/me',
    handler(request, reply) {
      const { status, body, challenges, message } = answerUserInfo(request.raw.headers.authorization, urlOf(request));
      reply.message = message;
      allowOrigin(request, reply).header('access-control-expose-headers', 'WWW-Authenticate');
      return sendJson(reply.header('cache-control', 'no-store').header('www-authenticate', challenges), status, body);
    },
  });

  const METHODS: Readonly<Record<string, string>> = {
    '/oidc/token': 'POST',
    '/oidc/me': 'GET,POST',
    '/oidc/jwks': 'GET',
    '/oidc/.well-known/openid-configuration': 'GET',
    '/oidc/.well-known/oauth-authorization-server': 'GET',
  };
  for (const [path, methods] of Object.entries(METHODS)) {
    server.options(path, (request, reply) => (answerPreflight(request, reply, methods) ? reply : sendNotFound(reply)));
  }

  server.setNotFoundHandler((request, reply) => {
    if (!LOG_IN.test(request.address.path)) return sendNotFound(reply);
    reply.reason = NO_LOG_IN;
    return sendJson(reply, 501, { error: 'server_error', error_description: NO_LOG_IN });
  });
  done();
}
