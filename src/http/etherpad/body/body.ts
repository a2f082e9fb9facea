import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Behaviour } from '../../../etherpad/emulation.ts';
import { parseJson } from '../../../sandbox/parse-json.ts';
import { readBytes } from './body-bytes.ts';
import { BodyError, requireJsonBudget, ServerBodyError, tooLarge } from './body-error.ts';
import { readMultipart, readUrlEncoded } from './form.ts';
import { explainJson, readJson } from './json.ts';

export { BodyError, ServerBodyError } from './body-error.ts';

/** What Etherpad's JSON middleware takes at most, in bytes (2.5.3, 3.3.1). */
const SERVER_JSON_LIMIT = 102_400;

/** How many fields every real Etherpad reads of a form. */
const FIELDS_OF_ETHERPAD = 1_000;

/** How much of a body is read. */
export interface BodyLimits {
  /** Bytes, on the wire and inflated. */
  readonly bodyLimit: number;
  /** Fields of a form, where Etherpad has no limit of its own. */
  readonly maxFields: number;
  /** Takes secrets out of what is told of a body. */
  readonly hide: (text: string) => string;
}

const ACCEPTED = 'application/x-www-form-urlencoded, multipart/form-data or application/json';
const JSON_BODY = /^application\/json\b/i;

const typeOf = ({ 'content-type': type }: IncomingHttpHeaders): string => type?.trim() ?? '';

const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;

const hasBody = (request: IncomingMessage): boolean => announcesBody(request) && Number(request.headers['content-length'] ?? 1) !== 0;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whatever a reader throws is what is said of the body. */
const asBodyError = (error: unknown): BodyError => (error instanceof BodyError ? error : new BodyError(messageOf(error)));

const BOUNDARY = /boundary=(?:"([^"]+)"|([^;]+))/i;

function readParts(body: Buffer, type: string, maxFields: number): object {
  const [, quoted, token] = BOUNDARY.exec(type) ?? [];
  const boundary = quoted ?? token;
  if (boundary === undefined) throw new BodyError('bad content-type header, no multipart boundary');
  return readMultipart(body, boundary, maxFields);
}

/** A JSON scalar is no error and has no fields; of an array in JSON the first element counts, as of a repeated field. */
function readJsonFields(body: Buffer, _type: string, { hide }: BodyLimits): object {
  requireJsonBudget(body);
  const fields = parseJson(body.toString(), hide) as Record<string, unknown> | null;
  if (typeof fields !== 'object' || fields === null) return {};
  // in place: a copy of many names costs more than to parse them
  for (const name in fields) {
    const value = fields[name];
    if (Array.isArray(value)) fields[name] = value[0];
  }
  return fields;
}

/** What Etherpad's form reader does with a type that contains such a word; the first that matches. */
const FORM_READERS: readonly (readonly [type: RegExp, read: (body: Buffer, type: string, limits: BodyLimits) => object])[] = [
  [/json/i, readJsonFields],
  [/multipart/i, (body, type) => readParts(body, type, FIELDS_OF_ETHERPAD)],
  [/urlencoded/i, (body) => readUrlEncoded(body, FIELDS_OF_ETHERPAD)],
  [/octet-stream/i, () => ({})],
];

/** What the documented API reads. */
const DOCUMENTED_READERS: readonly (readonly [
  type: RegExp,
  read: (body: Buffer, headers: IncomingHttpHeaders, limits: BodyLimits) => object | Promise<object | undefined>,
])[] = [
  [/^application\/x-www-form-urlencoded\b/i, (body, _headers, { maxFields }) => readUrlEncoded(body, maxFields)],
  [/^multipart\/form-data\b/i, (body, headers, { maxFields }) => readParts(body, typeOf(headers), maxFields)],
  [/^[^;]*[/+]json\b/i, readExplainedJson],
];

/** What a body is, as its headers tell, without secrets. */
const withoutSecretsIn = (headers: IncomingHttpHeaders, hide: (text: string) => string): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? hide(value) : value]));

async function readExplainedJson(body: Buffer, headers: IncomingHttpHeaders, { bodyLimit, hide }: BodyLimits): Promise<object | undefined> {
  try {
    // the reader repeats both in other letters
    return await readJson(body, withoutSecretsIn(headers, hide), bodyLimit);
  } catch (error) {
    const { type, body: text } = error as { type?: string; body?: string };
    if (type === 'entity.too.large') throw tooLarge(bodyLimit);
    throw type === 'entity.parse.failed' && text !== undefined ? new BodyError(await explainJson(text)) : error;
  }
}

/**
 * What the server reads before it knows where a request goes.
 *
 * @returns the JSON body, or undefined when there is none or this Etherpad leaves it to the function
 * @throws ServerBodyError
 */
export async function readServerBody(request: IncomingMessage): Promise<object | undefined> {
  try {
    return await readJson(await readBytes(request, SERVER_JSON_LIMIT), request.headers, SERVER_JSON_LIMIT);
  } catch (error) {
    throw new ServerBodyError('the server cannot read the body', { cause: error });
  }
}

/** Whether the server reads a request's body before it knows where the request goes. */
export const isServerBody = (request: IncomingMessage, behaviour: Behaviour): boolean =>
  behaviour.jsonBody !== 'function' && announcesBody(request) && JSON_BODY.test(typeOf(request.headers));

/** Reads a form as the documented API takes it, and says of other bodies what it takes. */
async function readDocumented(request: IncomingMessage, limits: BodyLimits): Promise<object | undefined> {
  if (!hasBody(request)) return undefined;
  const type = typeOf(request.headers);
  const [, read] = DOCUMENTED_READERS.find(([pattern]) => pattern.test(type)) ?? [];
  if (read !== undefined) return read(await readBytes(request, limits.bodyLimit), request.headers, limits);
  throw new BodyError(
    type === '' ? `the body has no Content-Type: send ${ACCEPTED}` : `Content-Type ${type} is not read: send ${ACCEPTED}`,
  );
}

/** Reads a form as every real Etherpad does. */
async function readForm(request: IncomingMessage, limits: BodyLimits): Promise<object> {
  if (!hasBody(request)) return {};
  const { 'content-type': type = '' } = request.headers;
  if (type === '') throw new BodyError('bad content-type header, no content-type');
  const [, read] = FORM_READERS.find(([pattern]) => pattern.test(type)) ?? [];
  if (read === undefined) throw new BodyError('no parser found');
  return read(await readBytes(request, limits.bodyLimit), type, limits);
}

/**
 * The fields of the body that a function is called with.
 *
 * @throws BodyError with the words of Etherpad's reader, or with an explanation where the emulation explains
 */
export async function readBody(request: IncomingMessage, behaviour: Behaviour, limits: BodyLimits): Promise<object | undefined> {
  try {
    return await (behaviour.explainsBadBodies ? readDocumented : readForm)(request, limits);
  } catch (error) {
    throw asBodyError(error);
  }
}
