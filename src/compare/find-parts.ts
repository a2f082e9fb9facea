import { findJsonDifferences, type JsonDifference } from '../evidence/json-difference.ts';
import type { ApiCall } from './api-call.ts';
import { type GivenAnswer, headerOf, type NoAnswer } from './exchange.ts';

/** One thing in which two answers to a call differ. */
export interface Part {
  /** `status`, `header etag`, `body`, `answer`, or a place in the body: `data.sessions[0].id`. */
  readonly where: string;
  /** What the real server gave, and what the mock; undefined for nothing. */
  readonly real: unknown;
  readonly mock: unknown;
}

/** Headers that say something of their own; what is in an ETag follows from the body. */
const HEADERS = ['content-type', 'access-control-allow-origin', 'allow', 'content-disposition', 'location', 'etag'] as const;

/** Fields that hold a moment of the server's own clock, or a colour that it drew: only whether they are there counts. */
const TIMES = new Set(['timestamp', 'time', 'lastEdited']);
const COLOURS = new Set(['colorId', 'color', 'userColor']);

/** The ids of saved revisions show only when the pad is exported, long after they were drawn. */
const isSavedRevision = (value: object): boolean => 'revNum' in value && 'savedById' in value;

const HTML_COLOUR = /#[0-9a-f]{6}\b/gi;

/** A value without times and colours. */
export function withoutChance(value: unknown, key = ''): unknown {
  if (typeof value === 'number' && TIMES.has(key)) return '<a time>';
  if ((typeof value === 'number' || typeof value === 'string') && COLOURS.has(key)) return '<a colour>';
  if (Array.isArray(value)) return value.map((member) => withoutChance(member));
  if (typeof value !== 'object' || value === null) return value;
  const isSaved = isSavedRevision(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSaved && name === 'id' ? '<an id>' : withoutChance(member, name)]),
  );
}

/** Colours of authors stand in the HTML of a difference of revisions. */
function withoutHtmlColours(value: unknown): unknown {
  const { data } = (value ?? {}) as { data?: { html?: unknown } | null };
  if (typeof data?.html !== 'string') return value;
  return { ...(value as object), data: { ...data, html: data.html.replaceAll(HTML_COLOUR, '#colour') } };
}

type Document = {
  openapi?: unknown;
  info?: { version?: unknown };
  servers?: unknown;
  paths?: Record<string, Record<string, { operationId?: unknown }>>;
};

/** What counts of an OpenAPI document: its version, where it is served, and which paths have which operations. */
function operationsOf(value: unknown): unknown {
  const { openapi, info, servers, paths = {} } = value as Document;
  const operations = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, operation?.operationId])),
  ]);
  return {
    openapi,
    version: info?.version,
    servers,
    paths: Object.fromEntries(operations.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))),
  };
}

function parse(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** JSON as it is compared. */
function viewOf(call: ApiCall, json: unknown): unknown {
  if (/\/openapi\.json\/*$/i.test(call.path) && typeof json === 'object' && json !== null && 'paths' in json) return operationsOf(json);
  const value = withoutChance(json);
  return call.name === 'createDiffHTML' ? withoutHtmlColours(value) : value;
}

const isPage = (type: string | undefined): boolean => type?.startsWith('text/html') === true;

function findBodyParts(call: ApiCall, real: GivenAnswer, mock: GivenAnswer): Part[] {
  if (real.body.equals(mock.body)) return [];
  // Express's pages are told by their status
  if (call.mount !== 'export' && isPage(headerOf(real.rawHeaders, 'content-type')) && isPage(headerOf(mock.rawHeaders, 'content-type')))
    return [];
  // an answer without a body has told by its status that it is the one that the client knows
  if (real.status === 304 || mock.status === 304) return [];
  const [realText, mockText] = [real.body.toString('utf8'), mock.body.toString('utf8')];
  const [realJson, mockJson] = [parse(realText), parse(mockText)];
  if (realJson === undefined || mockJson === undefined) return [{ where: 'body', real: realText, mock: mockText }];
  const parts = findJsonDifferences(viewOf(call, realJson.json), viewOf(call, mockJson.json)).map(
    ({ path, one, other }: JsonDifference): Part => ({ where: path === '' ? 'body' : path, real: one, mock: other }),
  );
  // the same values, but written in another way: with white space, or other escapes
  if (parts.length === 0 && JSON.stringify(realJson.json) !== realText) return [{ where: 'body', real: realText, mock: mockText }];
  return parts;
}

/** What came, in words. */
const told = (one: GivenAnswer | NoAnswer): string =>
  one.kind === 'answer' ? 'an answer' : one.kind === 'lost' ? 'a lost connection' : 'none';

/**
 * Finds in what two answers to the same call differ. Times and colours are left aside, and so is the text of pages.
 *
 * @returns nothing when they are the same
 */
export function findParts(call: ApiCall, real: GivenAnswer | NoAnswer, mock: GivenAnswer | NoAnswer): Part[] {
  if (real.kind !== 'answer' || mock.kind !== 'answer') {
    return told(real) === told(mock) ? [] : [{ where: 'answer', real: told(real), mock: told(mock) }];
  }
  const parts: Part[] = [];
  if (real.status !== mock.status) parts.push({ where: 'status', real: real.status, mock: mock.status });
  for (const name of HEADERS) {
    const [given, mocks] = [headerOf(real.rawHeaders, name), headerOf(mock.rawHeaders, name)];
    const isSame = name === 'etag' ? (given === undefined) === (mocks === undefined) : given === mocks || (isPage(given) && isPage(mocks));
    if (!isSame) parts.push({ where: `header ${name}`, real: given, mock: mocks });
  }
  return [...parts, ...findBodyParts(call, real, mock)];
}
