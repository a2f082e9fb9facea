import type { EtherpadFunction } from '../etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../etherpad/functions.ts';
import { headerOf, type SentRequest } from './exchange.ts';

/** Where a request goes, in Etherpad's terms. */
export interface ApiCall {
  /** The function's name, or the path where there is none. */
  readonly name: string;
  readonly isFunction: boolean;
  readonly mount: 'root' | 'api' | 'rest' | 'api/2' | 'export';
  /** Below the base path, without the query. */
  readonly path: string;
  readonly query: string;
}

const BY_NAME = new Set(FUNCTIONS.map(({ name }) => name));
/** The paths of a function below `/rest`, in whatever version: one in each such column of the table. */
export const restPathsOf = (row: EtherpadFunction): string[] =>
  Object.entries(row).flatMap(([column, path]) => (column.startsWith('rest') && typeof path === 'string' ? [path] : []));

const BY_REST = new Map(FUNCTIONS.flatMap((row) => restPathsOf(row).map((path) => [path, row.name] as const)));
const BY_API_2: ReadonlyMap<string, string> = new Map(
  FUNCTIONS.flatMap(({ name, api2 }) => (api2 === undefined ? [] : [[`${api2.method} ${api2.path}`, name] as const])),
);

const API = /^\/(api|rest)(?:\/+([^/]*))?(?:\/+(.*?))?\/*$/i;
const EXPORT = /^\/p\/[^/]+(?:\/\d+)?\/export\/(txt|html|etherpad)$/;
const OPENAPI = /^\/openapi\.json\/?$/i;

/** The path below a base path and the query; undefined for what is not below it. */
function placeOf(target: string, basePath: string): { path: string; query: string } | undefined {
  const relative = target.startsWith('/') ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  const mark = relative.indexOf('?');
  const whole = (mark === -1 ? relative : relative.slice(0, mark)) || '/';
  if (basePath !== '' && !whole.startsWith(`${basePath}/`)) return undefined;
  return { path: whole.slice(basePath.length) || '/', query: mark === -1 ? '' : relative.slice(mark + 1) };
}

/**
 * What a request calls, if it is a call of the API or an export of a pad: pages, their files and sockets are none.
 *
 * @param basePath the prefix that everything is below, or the empty text
 * @example apiCallOf({ method: 'GET', target: '/api/1/createGroup?apikey=x' }, '')?.name // 'createGroup'
 */
export function apiCallOf({ method, target }: Pick<SentRequest, 'method' | 'target'>, basePath: string): ApiCall | undefined {
  const place = placeOf(target, basePath);
  if (place === undefined) return undefined;
  const { path } = place;
  const call = (mount: ApiCall['mount'], name: string | undefined): ApiCall => ({
    ...place,
    mount,
    name: name ?? `${method} ${path}`,
    isFunction: name !== undefined,
  });
  const versioned = API.exec(path);
  if (versioned !== null) {
    const [, mount, version, rest = ''] = versioned;
    if (mount!.toLowerCase() === 'rest') return call('rest', BY_REST.get(rest));
    if (version === '2') return call('api/2', BY_API_2.get(`${method} ${rest}`));
    return call('api', BY_NAME.has(rest) ? rest : undefined);
  }
  const exported = EXPORT.exec(path);
  if (exported !== null) return { ...call('export', undefined), name: `export ${exported[1]}` };
  if (OPENAPI.test(path)) return call('root', undefined);
  const name = path.replace(/^\/+|\/+$/g, '');
  return BY_NAME.has(name) ? call('root', name) : undefined;
}

/** What was sent, by name, in the order it was sent: query, then body. Read as far as it can be read. */
export type SentValues = ReadonlyMap<string, readonly unknown[]>;

const MULTIPART_FIELD = /content-disposition: form-data; name="([^"]*)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([^]*?)\r\n--/gi;

function bodyFields({ rawHeaders, body }: SentRequest): Iterable<readonly [string, unknown]> {
  const type = headerOf(rawHeaders, 'content-type') ?? '';
  const text = body.toString('utf8');
  if (/^multipart\/form-data/i.test(type)) return Array.from(text.matchAll(MULTIPART_FIELD), ([, name, value]) => [name!, value!] as const);
  if (/^[^;]*[/+]json\b/i.test(type)) {
    try {
      const value = JSON.parse(text) as unknown;
      return typeof value === 'object' && value !== null ? Object.entries(value) : [];
    } catch {
      return [];
    }
  }
  return /^application\/x-www-form-urlencoded/i.test(type) ? new URLSearchParams(text) : [];
}

/** Reads the parameters of a request, wherever they are. */
export function sentValues(request: SentRequest, { query }: ApiCall): SentValues {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of [...new URLSearchParams(query), ...(request.body.length === 0 ? [] : bodyFields(request))]) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

/** Whether there are fields in the body of a request, as far as can be told. */
export const hasReadableBody = (request: SentRequest): boolean => [...bodyFields(request)].length > 0;

/** The text of a parameter: the body's over the query's. */
export function textOf(values: SentValues, name: string): string | undefined {
  const value = values.get(name)?.at(-1);
  return typeof value === 'string' ? value : undefined;
}
