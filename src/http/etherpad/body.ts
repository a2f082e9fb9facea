import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform, Writable } from 'node:stream';
import type { ParseError } from 'jsonc-parser';
import type { Behaviour } from '../../etherpad/emulation.ts';
import { isTooDeep, TOO_DEEP } from '../json-depth.ts';

/** A body that cannot be read, and why. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  /** Whether it is too large, rather than malformed. */
  readonly tooLarge: boolean;

  constructor(message: string, options: { tooLarge: boolean } = { tooLarge: false }) {
    super(message);
    this.tooLarge = options.tooLarge;
  }
}

/** A body that the server could not read before it knew where the request goes. */
export class ServerBodyError extends Error {
  override readonly name = 'ServerBodyError';
}

/** What Etherpad's JSON middleware takes at most, in bytes (2.5.3, 3.3.1). */
const SERVER_JSON_LIMIT = 102_400;

/** How many fields every real Etherpad reads of a form. */
const FIELDS_OF_ETHERPAD = 1_000;

/** How much of a body is read. */
export interface BodyLimits {
  /** Bytes. */
  readonly bodyLimit: number;
  /** Fields of a form, where Etherpad has no limit of its own. */
  readonly maxFields: number;
}

const ACCEPTED = 'application/x-www-form-urlencoded, multipart/form-data or application/json';
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;
const JSON_BODY = /^application\/json\b/i;
const JSON_LIKE = /^[^;]*[/+]json\b/i;

const typeOf = (request: IncomingMessage): string => request.headers['content-type']?.trim() ?? '';

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');

const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;

/** Reads a request, but no more than `limit` bytes of it. */
async function limited<T>(request: IncomingMessage, limit: number, read: (request: IncomingMessage) => Promise<T>): Promise<T> {
  const tooLarge = new BodyError(`the body is larger than ${limit} bytes`, { tooLarge: true });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge;
  if (request.headers['transfer-encoding'] === undefined) return read(request);
  let length = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length > limit) done(tooLarge);
      else done(null, chunk);
    },
  });
  // it may fail before its reader listens, which is loaded when it is first needed
  const failed = new Promise<never>((_resolve, reject) => counted.on('error', reject));
  request.on('aborted', () => counted.destroy(new BodyError('the client went away')));
  const piped = Object.assign(request.pipe(counted), { headers: request.headers }) as unknown as IncomingMessage;
  return Promise.race([read(piped), failed]);
}

/** Reads a JSON body with Express's own reader: objects and arrays only, in UTF-8 or UTF-16, also compressed. */
async function readJson(request: IncomingMessage, limit: number, type: string | (() => boolean)): Promise<object | undefined> {
  const { default: bodyParser } = await import('body-parser');
  const read = bodyParser.json({ limit, type });
  await new Promise<void>((resolve, reject) => {
    // the reader waits for the end of a body that was cut off at its limit, which never comes
    request.once('error', reject);
    read(request, {} as ServerResponse, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  const { body } = request as { body?: object };
  if (isTooDeep(body)) throw new BodyError(TOO_DEEP);
  return body;
}

/** Reads forms, and JSON where it is not read before, with the reader of Etherpad: of repeated fields the first counts. */
async function readFields(request: IncomingMessage, maxFields: number): Promise<object> {
  const { IncomingForm } = await import('formidable');
  const form = new IncomingForm({
    maxFields,
    // files are no parameters: read past them and keep nothing
    fileWriteStreamHandler: () => new Writable({ write: (_chunk, _encoding, done) => done() }),
  });
  const [fields] = await form.parse(request);
  // a JSON scalar is no error and has no fields
  if (typeof fields !== 'object' || fields === null) return {};
  if (isTooDeep(fields)) throw new BodyError(TOO_DEEP);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
}

/**
 * What the server reads before it knows where a request goes.
 *
 * @returns the JSON body, or undefined when there is none or this Etherpad leaves it to the function
 * @throws ServerBodyError
 */
export async function readServerBody(request: IncomingMessage): Promise<object | undefined> {
  try {
    return await readJson(request, SERVER_JSON_LIMIT, 'application/json');
  } catch (error) {
    throw new ServerBodyError('the server cannot read the body', { cause: error });
  }
}

/** Whether the server reads a request's body before it knows where the request goes. */
export const isServerBody = (request: IncomingMessage, behaviour: Behaviour): boolean =>
  behaviour.jsonBody !== 'function' && announcesBody(request) && JSON_BODY.test(typeOf(request));

/** Says where a text stops being JSON, in lines and columns from 1. */
async function explainJson(text: string): Promise<string> {
  const { parseTree, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first === undefined) return 'the JSON body must be an object';
  const before = text.slice(0, first.offset).split('\n');
  const what = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return `malformed JSON at line ${before.length}, column ${before.at(-1)!.length + 1}: ${what}`;
}

async function readExplained(request: IncomingMessage, { bodyLimit: limit, maxFields }: BodyLimits): Promise<object | undefined> {
  const type = typeOf(request);
  try {
    if (FORM.test(type)) return await limited(request, limit, (body) => readFields(body, maxFields));
    if (JSON_LIKE.test(type)) return await limited(request, limit, (body) => readJson(body, limit, () => true));
  } catch (error) {
    if (error instanceof BodyError) throw error;
    const { type: kind, body, message } = error as { type?: string; body?: string; message: string };
    if (kind === 'entity.too.large') throw new BodyError(`the body is larger than ${limit} bytes`, { tooLarge: true });
    throw new BodyError(kind === 'entity.parse.failed' && body !== undefined ? await explainJson(body) : message);
  }
  throw new BodyError(
    type === '' ? `the body has no Content-Type: send ${ACCEPTED}` : `Content-Type ${type} is not read: send ${ACCEPTED}`,
  );
}

/**
 * The fields of the body that a function is called with.
 *
 * @throws BodyError with the words of Etherpad's reader, or with an explanation where the emulation explains
 */
export async function readBody(request: IncomingMessage, behaviour: Behaviour, limits: BodyLimits): Promise<object | undefined> {
  if (behaviour.explainsBadBodies) return hasBody(request) ? readExplained(request, limits) : undefined;
  try {
    return await limited(request, limits.bodyLimit, (body) => readFields(body, FIELDS_OF_ETHERPAD));
  } catch (error) {
    if (error instanceof BodyError) throw error;
    throw new BodyError(error instanceof Error ? error.message : String(error));
  }
}
