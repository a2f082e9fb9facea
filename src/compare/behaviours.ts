import type { Behaviour } from '../etherpad/emulation.ts';
import type { ApiCall, SentValues } from './api-call.ts';
import { type GivenAnswer, headerOf, type NoAnswer, type SentRequest } from './exchange.ts';
import type { Part } from './find-parts.ts';

/** A difference with all that is known about it. */
export interface Evidence {
  readonly call: ApiCall;
  readonly request: SentRequest;
  readonly values: SentValues;
  readonly part: Part;
  readonly parts: readonly Part[];
  readonly real: Side;
  readonly mock: Side;
  /** When it was asked, in unix seconds by the real server's clock. */
  readonly second: number;
}

/** An answer, read. */
export interface Side {
  readonly status: number | undefined;
  readonly type: string;
  readonly code: unknown;
  readonly message: unknown;
  readonly data: unknown;
}

export function sideOf(answer: GivenAnswer | NoAnswer): Side {
  if (answer.kind !== 'answer') return { status: undefined, type: '', code: undefined, message: undefined, data: undefined };
  let read: Readonly<Record<string, unknown>> = {};
  try {
    read = (JSON.parse(answer.body.toString('utf8')) as Readonly<Record<string, unknown>> | null) ?? {};
  } catch {
    // no JSON: a page or a text
  }
  const { code, message, data } = read;
  return { status: answer.status, type: headerOf(answer.rawHeaders, 'content-type') ?? '', code, message, data };
}

type Shows = (evidence: Evidence) => boolean;

/** One of both sides is so, and the other is not. */
const onlyOne =
  (holds: (side: Side, evidence: Evidence) => boolean): Shows =>
  (evidence) =>
    holds(evidence.real, evidence) !== holds(evidence.mock, evidence);

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
const isList = ({ call }: Evidence): boolean => call.name.startsWith('listSessionsOf');
const isOpenapi = ({ path }: ApiCall): boolean => /openapi\.json\/*$/i.test(path);
const isJsonBody = ({ request }: Evidence): boolean => /[/+]json\b/i.test(headerOf(request.rawHeaders, 'content-type') ?? '');
const refusesKey = onlyOne(({ code }) => code === 4);
const headerHoldsKey = ({ request: { rawHeaders }, values }: Evidence): boolean =>
  ['apikey', 'api_key', 'authorization'].some((name) => headerOf(rawHeaders, name) !== undefined) &&
  !values.has('apikey') &&
  !values.has('api_key');
const message = (text: string): Shows => onlyOne(({ message: said }) => said === text);

/** Whether a session in an answer is over. */
function hasExpired(data: unknown, second: number): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { validUntil } = data as { validUntil?: unknown };
  return typeof validUntil === 'number' ? validUntil <= second : Object.values(data).some((member) => hasExpired(member, second));
}

/**
 * By what a behaviour of the table in `emulation.ts` is told when two answers differ. The first that fits is named: those
 * that stop a call before its function come first.
 */
const SIGNS: readonly (readonly [behaviour: keyof Behaviour, shows: Shows])[] = [
  ['jsonBody', (evidence) => isJsonBody(evidence) && onlyOne(({ status }) => status === undefined)(evidence)],
  ['rootMount', (evidence) => evidence.call.mount === 'root' && onlyOne(({ type }) => type.startsWith('text/html'))(evidence)],
  ['openapiVersion', ({ call, part }) => isOpenapi(call) && part.where === 'openapi'],
  ['openapiMethods', ({ call, part }) => isOpenapi(call) && /^paths\["[^"]*"\]\.(get|post)/.test(part.where)],
  ['currentVersion', ({ call, part, parts }) => part.where === 'currentVersion' || (isOpenapi(call) && /^(version|servers|paths)/.test(part.where) && parts.some(({ where }) => where === 'version'))],
  // real servers tell the host of the request, the documented API a path alone
  ['openapiVersion', ({ call, part }) => isOpenapi(call) && part.where.startsWith('servers')],
  ['optionsOfApi', ({ call, request }) => request.method === 'OPTIONS' && /^\/api\/?$/i.test(call.path)],
  ['api2', ({ call, real, mock }) => call.mount === 'api/2' && [real, mock].some(({ message: said, type }) => said === 'not found' || type.startsWith('text/html'))],
  ['restPaths', (evidence) => evidence.call.mount === 'rest' && onlyOne(({ code }) => code === 3)(evidence)],
  ['currentVersion', (evidence) => /\/1\.3\.1(\/|$)/.test(evidence.call.path) && onlyOne(({ type, message: said }) => type.startsWith('text/html') || said === 'no such api version')(evidence)],
  ['unknownPath', onlyOne(({ type }) => type.startsWith('text/html'))],
  ['apiKeyInArray', (evidence) => refusesKey(evidence) && [...(evidence.values.get('apikey') ?? [])].some((value) => Array.isArray(value))],
  ['bearerKeys', (evidence) => refusesKey(evidence) && headerHoldsKey(evidence) && /^bearer /i.test(headerOf(evidence.request.rawHeaders, 'authorization') ?? '')],
  ['apiKeyHeaders', (evidence) => refusesKey(evidence) && headerHoldsKey(evidence)],
  ['apiKeyParameters', refusesKey],
  ['jsonBody', (evidence) => isJsonBody(evidence) && evidence.request.body.length > 0 && onlyOne(({ status, code }) => status === undefined || (status === 500 && code === undefined))(evidence)],
  ['explainsBadBodies', (evidence) => evidence.request.body.length > 0 && [evidence.real, evidence.mock].some(({ code }) => code === 2) && [evidence.real, evidence.mock].some(({ code }) => code === 1)],
  ['internalErrorMessage', ({ real, mock }) => real.code === 2 && mock.code === 2],
  ['query', ({ call, part, real, mock }) => /(?:^|&)[^=&]*(?:\[|%5B)/i.test(call.query) && part.where !== 'header etag' && (real.code !== mock.code || real.message !== mock.message)],
  ['etag', ({ part }) => part.where === 'header etag'],
  ['wrongParametersStatus', ({ part, real, mock }) => part.where === 'status' && real.code === 1 && mock.code === 1],
  ['sessionInfo', (evidence) => evidence.call.name === 'getSessionInfo' && onlyOne(({ data }) => fieldOf(data, 'info') !== undefined)(evidence)],
  ['sessionList', (evidence) => isList(evidence) && onlyOne(({ data }) => Array.isArray(fieldOf(data, 'sessions')))(evidence)],
  ['authorName', (evidence) => evidence.call.name === 'getAuthorName' && onlyOne(({ data }) => fieldOf(data, 'info') !== undefined)(evidence)],
  ['deletedSessionsStayAsNull', ({ call, part, ...evidence }) => (call.name.startsWith('listSessionsOf') && (part.real === null || part.mock === null) && part.where !== 'data') || (call.name === 'deleteGroup' && message('sessionID does not exist')({ call, part, ...evidence }))],
  ['deletedGroupsLinger', ({ call, part }) => call.name === 'listAllGroups' && part.where.startsWith('data.groupIDs')],
  ['keepsExpiredSessions', (evidence) => /^(getSessionInfo|listSessionsOf)/.test(evidence.call.name) && [evidence.real, evidence.mock].some(({ data }) => hasExpired(data, evidence.second))],
  ['keepsValuesAsGiven', ({ part, real, mock }) => real.code === 0 && mock.code === 0 && typeof part.real !== typeof part.mock && part.real !== null && part.mock !== null && part.real !== undefined && part.mock !== undefined],
  ['givesDeletionToken', onlyOne(({ data }) => fieldOf(data, 'deletionToken') !== undefined)],
]; // oxfmt-ignore

/** A part of a difference, and the behaviour of the table of emulations that it shows; undefined when none is known. */
export interface ShownPart extends Part {
  readonly behaviour: keyof Behaviour | undefined;
}

/** Names for each part of a difference the behaviour that it shows. */
export function nameBehaviours(
  about: Pick<Evidence, 'call' | 'request' | 'values' | 'second'>,
  parts: readonly Part[],
  answers: { readonly real: GivenAnswer | NoAnswer; readonly mock: GivenAnswer | NoAnswer },
): ShownPart[] {
  if (parts.length === 0) return [];
  const sides = { real: sideOf(answers.real), mock: sideOf(answers.mock) };
  return parts.map((part) => {
    const { where, real, mock } = part;
    const shown = SIGNS.find(([, shows]) => shows({ ...about, ...sides, part, parts }));
    return { where, real, mock, behaviour: shown?.[0] };
  });
}
