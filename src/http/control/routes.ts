import type { IncomingMessage } from 'node:http';
import { ControlError, type Problem } from '../../sandbox/problem.ts';
import type { Schema } from '../../sandbox/schema.ts';
import { perform, type Verb, type VerbName, VERBS } from '../../control/verbs.ts';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import type { Address } from '../address.ts';
import { type Answer, answerJson, datedBy } from '../etherpad/answer.ts';
import { controlOpenapiAnswer } from './openapi.ts';
import { isTooDeep, TOO_DEEP } from '../json-depth.ts';

/** What control needs to know of the server. */
export interface ControlSettings {
  readonly apiKey: string;
  /** Tells whether a text is the bearer token that control asks for; undefined when it asks for none. */
  readonly isControlToken: ((presented: string) => boolean) | undefined;
  /** The most bytes of a body that are read. */
  readonly bodyLimit: number;
  readonly sandboxes: Sandboxes;
}

interface Route {
  readonly verbName: VerbName;
  readonly verb: Verb;
  readonly pattern: RegExp;
}

const ROUTES: readonly Route[] = Object.entries(VERBS).map(([verbName, verb]) => ({
  verbName: verbName as VerbName,
  verb,
  pattern: new RegExp(`^${verb.path.replace(/\{\w+\}/, '([^/]+)')}$`),
}));

/** An answer in the shape of RFC 9457. */
export const answerProblem = (status: number, title: string, problems: readonly Problem[] = []): Answer => ({
  status,
  type: 'application/problem+json; charset=utf-8',
  body: JSON.stringify({ title, status, ...(problems.length === 0 ? {} : { problems }) }),
  ...(status === 401 ? { headers: { 'WWW-Authenticate': 'Bearer' } } : {}),
  ...(status === 413 ? { headers: { Connection: 'close' } } : {}),
});

/**
 * A page from elsewhere, in the browser of somebody who tests, has no business here. Clients that are no browsers send
 * neither of these headers.
 */
function isCrossOrigin({ origin, host, 'sec-fetch-site': site }: IncomingMessage['headers']): boolean {
  if (site === 'cross-site' || site === 'same-site') return true;
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
}

async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // whoever sends too much is still answered, so the connection must outlive the reading
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw new ControlError(413, `the body is larger than ${limit} bytes: start with a larger --body-limit`);
      chunks.push(chunk);
    }
  } catch (error) {
    // a client that goes away is no error of the mock
    throw error instanceof ControlError ? error : new ControlError(400, `the body cannot be read: ${(error as Error).message}`);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new ControlError(415, 'send the body as Content-Type application/json');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ControlError(400, `the body is not JSON: ${(error as Error).message}`);
  }
  if (isTooDeep(value)) throw new ControlError(400, TOO_DEEP);
  return value;
}

/** Some clients send an empty object where nothing is to be said. */
const isNothing = (body: unknown): boolean =>
  body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);

/** Text of a query, read as its schema says; what cannot be read so stays text and is a problem. */
export function readQuery(query: string, { properties = {} }: Schema): Record<string, unknown> {
  const read = (name: string, text: string): unknown =>
    properties[name]?.type === 'integer' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  return Object.fromEntries(Array.from(new URLSearchParams(query), ([name, text]) => [name, read(name, text)]));
}

export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

export function checkAccess({ headers }: IncomingMessage, isControlToken: ControlSettings['isControlToken']): void {
  if (isCrossOrigin(headers)) throw new ControlError(403, 'a page of another origin may not control this server');
  if (isControlToken === undefined) return;
  const token = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !isControlToken(token)) {
    throw new ControlError(401, 'send the control token: Authorization: Bearer …');
  }
}

const answerWrongMethod = (path: string, allow: string): Answer => ({
  ...answerProblem(405, `/_mock${path} takes ${allow}`),
  headers: { Allow: allow },
});

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

async function answerVerb(request: IncomingMessage, address: Address, path: string, settings: ControlSettings): Promise<Answer> {
  const { sandboxes, apiKey, bodyLimit } = settings;
  const method = isRead(request) ? 'GET' : request.method;
  const matches = ROUTES.flatMap((route) => {
    const match = route.pattern.exec(path);
    return match === null ? [] : [{ ...route, name: decoded(match[1] ?? '') }];
  });
  const route = matches.find(({ verb }) => verb.method === method);
  if (route === undefined) {
    if (matches.length === 0) throw new ControlError(404, `nothing is at /_mock${path}: see /_mock/openapi.json for what there is`);
    const allow = matches.map(({ verb }) => (verb.method === 'GET' ? 'GET, HEAD' : verb.method)).join(', ');
    return answerWrongMethod(path, allow);
  }
  const { verb, verbName, name } = route;
  const body = method === 'GET' ? undefined : await readJson(request, bodyLimit);
  if (verb.body === undefined && !isNothing(body)) throw new ControlError(400, `${verb.method} /_mock${verb.path} takes no body`);
  if (verb.query === undefined && address.query !== '') throw new ControlError(400, `${verb.method} /_mock${verb.path} takes no query`);
  const input = verb.query === undefined ? (verb.body === undefined ? undefined : body) : readQuery(address.query, verb.query);
  const sandbox = sandboxes.find(address.sandbox);
  return datedBy(sandbox.clock, answerJson(await perform(verbName, { sandbox, sandboxes, apiKey }, input, name), verb.status));
}

/** Answers what is asked below `/_mock`, of the sandbox that the address names. */
export async function answerControl(request: IncomingMessage, address: Address, settings: ControlSettings): Promise<Answer> {
  const path = address.path!.slice('/_mock'.length);
  try {
    if (path === '/health') return isRead(request) ? answerJson({ status: 'pass' }) : answerWrongMethod(path, 'GET, HEAD');
    checkAccess(request, settings.isControlToken);
    if (path === '/openapi.json') return isRead(request) ? await controlOpenapiAnswer(address.base) : answerWrongMethod(path, 'GET, HEAD');
    return await answerVerb(request, address, path, settings);
  } catch (error) {
    if (error instanceof ControlError) return answerProblem(error.status, error.title, error.problems);
    throw error;
  }
}
