import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkGiven, problemsOf, run, type Verb, type VerbName, VERBS } from '../../control/verbs.ts';
import { parseJson } from '../../sandbox/parse-json.ts';
import { badInput, ControlError } from '../../sandbox/problem.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { urlOf } from '../address.ts';
import { SHORTEST_SECRET } from '../../sandbox/secrets.ts';
import { overJsonBudget } from '../json-budget.ts';
import { below, type DescribedRoute, type OpenapiDocument } from '../describe-routes.ts';
import { guard, type GuardSettings } from './guard.ts';
import { describeControl, HEALTH, schemaOf } from './openapi.ts';
import { createNotFoundHandler } from './problems.ts';
import { decoded, readQuery } from './query.ts';

/** What control needs to know of the server. */
export interface ControlSettings extends GuardSettings {
  readonly apiKey: string;
}

/** Reads JSON, of that type only; nothing is nothing, whatever type it has. */
function readBody(type: string | undefined, body: Buffer, hide: (text: string) => string): unknown {
  if (body.length === 0) return undefined;
  if (!/^application\/json *(;|$)/i.test(type ?? '')) throw new ControlError(415, 'send the body as Content-Type application/json');
  const tooMuch = overJsonBudget(body);
  if (tooMuch !== undefined) throw new ControlError(400, tooMuch);
  try {
    return parseJson(body.toString(), hide);
  } catch (error) {
    throw new ControlError(400, `the body is not JSON: ${(error as Error).message}`);
  }
}

/** Some clients send an empty object where nothing is to be said. */
const isNothing = (body: unknown): boolean =>
  body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);

/** Refuses what a verb does not take. */
const checkTaken =
  (verb: Verb) =>
  ({ body, address }: FastifyRequest, _reply: FastifyReply, next: () => void): void => {
    const { method, path } = verb;
    checkGiven(verb, body);
    if (verb.body === undefined && !isNothing(body)) throw new ControlError(400, `${method} /_mock${path} takes no body`);
    if (verb.query === undefined && address.query !== '') throw new ControlError(400, `${method} /_mock${path} takes no query`);
    next();
  };

/** Fastify's validation, by the checker that tells all problems at once, in process and over HTTP in the same words. */
const validatorOf =
  (verb: Verb) =>
  ({ httpPart }: { httpPart?: string }) =>
  (sent: unknown): { value: unknown } | { error: Error } => {
    if (httpPart === 'params') return { value: sent };
    const value = httpPart === 'querystring' ? readQuery(sent as string, verb.query!) : sent;
    const problems = problemsOf(verb, value);
    return problems.length === 0 ? { value } : { error: badInput(problems) };
  };

/** An answer is dated by the clock of the sandbox, if that is not real time: clients may read the time from it. */
export function dated(reply: FastifyReply, { clock }: Sandbox): FastifyReply {
  return clock.isReal ? reply : reply.header('date', new Date(clock.milliseconds()).toUTCString());
}

/** A route for each verb, with its schema. */
function verbs(server: FastifyInstance, settings: ControlSettings & { described: readonly DescribedRoute[] }, done: () => void): void {
  const { sandboxes, apiKey, bodyLimit, described } = settings;
  const hide = (text: string): string => sandboxes.main.secrets.hide(text, SHORTEST_SECRET);
  guard(server, settings);
  server.setNotFoundHandler(createNotFoundHandler(': see /_mock/openapi.json for all paths'));

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request, body, parsed) => {
    try {
      parsed(null, request.is404 ? undefined : readBody(request.headers['content-type'], body as Buffer, hide));
    } catch (error) {
      parsed(error as Error);
    }
  });

  for (const [name, verb] of Object.entries(VERBS) as [VerbName, Verb][]) {
    server.route({
      method: verb.method,
      // an empty name is none
      url: verb.path.replace(/\{(\w+)\}/, ':$1(.+)'),
      schema: schemaOf(name),
      validatorCompiler: validatorOf(verb),
      preValidation: checkTaken(verb),
      async handler(request, reply) {
        const [named = ''] = Object.values(request.params as Record<string, string>);
        const sandbox = sandboxes.find(request.address.sandbox);
        const url = urlOf(request);
        const input = verb.query === undefined ? request.body : request.query;
        const answer = await run(verb, { url, sandbox, sandboxes, apiKey }, input, decoded(named));
        return dated(reply.code(verb.status), sandbox).send(answer);
      },
    });
  }
  let document: Promise<OpenapiDocument> | undefined;
  server.get('/openapi.json', async ({ address: { base } }) => {
    document ??= describeControl(described);
    return below(base, await document);
  });
  done();
}

/** Control over HTTP, of the sandbox that the address names: who may ask, and what for. */
export function control(server: FastifyInstance, settings: ControlSettings, done: () => void): void {
  const described: DescribedRoute[] = [];
  server.addHook('onRoute', ({ method, routePath, schema }) => {
    if (method !== 'HEAD' && schema !== undefined) described.push({ method, url: routePath, schema });
  });
  // whoever starts a server may ask whether it is there
  server.get('/health', { schema: HEALTH }, () => ({ status: 'pass' }));
  server.register(verbs, { ...settings, described, prefix: '' });
  done();
}
