import type { IncomingMessage } from 'node:http';
import { ControlError, type Problem } from '../control/problem.ts';
import type { Schema } from '../control/schema.ts';
import { perform, type Verb, type VerbName, VERBS } from '../control/verbs.ts';
import type { Sandboxes } from '../sandboxes.ts';
import type { Address } from './address.ts';
import { type Answer, answerJson } from './answer.ts';
import { isSameSecret } from './api-key.ts';
import { controlOpenapiAnswer } from './control-openapi.ts';

/** What control needs to know of the server. */
export interface ControlSettings {
  readonly apiKey: string;
  /** The bearer token that control asks for; none by default. */
  readonly controlToken: string | undefined;
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
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new ControlError(413, `the body is larger than ${limit} bytes: start with a larger --body-limit`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new ControlError(415, 'send the body as Content-Type application/json');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ControlError(400, `the body is not JSON: ${(error as Error).message}`);
  }
}

/** Text of a query, read as its schema says; what cannot be read so stays text and is a problem. */
function readQuery(query: string, { properties = {} }: Schema): Record<string, unknown> {
  const read = (name: string, text: string): unknown =>
    properties[name]?.type === 'integer' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  return Object.fromEntries(Array.from(new URLSearchParams(query), ([name, text]) => [name, read(name, text)]));
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

function checkAccess({ headers }: IncomingMessage, controlToken: string | undefined): void {
  if (isCrossOrigin(headers)) throw new ControlError(403, 'a page of another origin may not control this server');
  if (controlToken === undefined) return;
  const token = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !isSameSecret(token, controlToken)) {
    throw new ControlError(401, 'send the control token: Authorization: Bearer …');
  }
}

async function answerVerb(request: IncomingMessage, address: Address, path: string, settings: ControlSettings): Promise<Answer> {
  const { sandboxes, apiKey, bodyLimit } = settings;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const matches = ROUTES.flatMap((route) => {
    const match = route.pattern.exec(path);
    return match === null ? [] : [{ ...route, name: decoded(match[1] ?? '') }];
  });
  const route = matches.find(({ verb }) => verb.method === method);
  if (route === undefined) {
    if (matches.length === 0) throw new ControlError(404, `nothing is at /_mock${path}: see /_mock/openapi.json for what there is`);
    const allow = matches.map(({ verb }) => verb.method).join(', ');
    return { ...answerProblem(405, `/_mock${path} takes ${allow}`), headers: { Allow: allow } };
  }
  const { verb, verbName, name } = route;
  const body = method === 'GET' ? undefined : await readJson(request, bodyLimit);
  if (verb.body === undefined && body !== undefined && Object.keys(body as object).length > 0) {
    throw new ControlError(400, `${verb.method} /_mock${verb.path} takes no body`);
  }
  const input = verb.query === undefined ? body : readQuery(address.query, verb.query);
  const sandbox = sandboxes.find(address.sandbox);
  return answerJson(await perform(verbName, { sandbox, sandboxes, apiKey }, input, name), verb.status);
}

/** Answers what is asked below `/_mock`, of the sandbox that the address names. */
export async function answerControl(request: IncomingMessage, address: Address, settings: ControlSettings): Promise<Answer> {
  const path = address.path!.slice('/_mock'.length).replace(/\/$/, '');
  try {
    if (path === '/health') return answerJson({ status: 'pass' });
    checkAccess(request, settings.controlToken);
    if (path === '/openapi.json') return await controlOpenapiAnswer(address.base);
    return await answerVerb(request, address, path, settings);
  } catch (error) {
    if (error instanceof ControlError) return answerProblem(error.status, error.title, error.problems);
    throw error;
  }
}
