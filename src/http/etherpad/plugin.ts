import type { FastifyInstance } from 'fastify';
import { SHORTEST_SECRET } from '../../sandbox/secrets.ts';
import { readBody } from './body/body.ts';
import { SilentConnections } from './connections.ts';
import { sendDocument, sendVersion } from './documents.ts';
import { beginReading, takeAlong } from './every-request.ts';
import { functionsAt, isBodyLookedAt } from './function-routes.ts';
import { createNotFound } from './not-found.ts';
import type { EtherpadSettings } from './settings.ts';

/**
 * Etherpad's HTTP API. A request goes the way of Fastify's life cycle: `onRequest` finds sandbox and function, the parser
 * reads the body, `preHandler` joins the parameters and looks for the key or the token, the handler calls the function, `onSend`
 * finishes the answer; a failure on the way becomes an envelope in the error handler.
 */
export function etherpad(server: FastifyInstance, settings: EtherpadSettings): void {
  const { isApiKey, sandboxes, bodyLimit, maxFields } = settings;
  const silent = new SilentConnections();

  takeAlong(server, settings);
  server.addHook('onRequest', beginReading(sandboxes));
  server.addHook('preClose', (closed) => {
    silent.end();
    closed();
  });
  server.setNotFoundHandler(createNotFound(settings));

  server.addContentTypeParser('*', (request, _payload, parsed) => {
    // no body is read before it is known which function it is for, and none twice
    if (request.call === null || request.body !== undefined) return parsed(null, request.body);
    if (request.raw.headers['content-length'] === '0' || !isBodyLookedAt(request)) return parsed(null);
    const { behaviour, secrets } = request.sandbox;
    const hide = (text: string): string => secrets.hide(text, SHORTEST_SECRET);
    readBody(request.raw, behaviour, { bodyLimit, maxFields, hide }).then((body) => parsed(null, body), parsed);
  });

  server.route({ method: ['GET', 'POST'], url: '/*', ...functionsAt('root', isApiKey, silent) });
  server.route({ method: ['GET', 'POST'], url: '/api/:version/*', ...functionsAt('api', isApiKey, silent) });
  server.route({ method: ['GET', 'POST'], url: '/rest/:version/*', ...functionsAt('rest', isApiKey, silent) });
  server.route({ method: ['GET', 'POST', 'PATCH', 'DELETE'], url: '/api/2/*', ...functionsAt('api/2', isApiKey, silent) });

  server.get('/api', sendVersion);
  server.get('/openapi.json', sendDocument('root'));
  for (const style of ['api', 'rest'] as const) {
    server.get(`/${style}/openapi.json`, sendDocument(style));
    server.get(`/${style}/:version/openapi.json`, sendDocument(style));
  }
}
