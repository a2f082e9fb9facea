import { type Behaviour } from '../etherpad/emulation.ts';
import { API_VERSIONS, type ApiVersion, type EtherpadFunction, FUNCTIONS, hasFunction } from '../etherpad/functions.ts';

/** The places where Etherpad's functions are mounted. */
export type Mount = 'root' | 'api' | 'rest' | 'api/2';

/** What a method and a path lead to. */
export type Destination =
  | { readonly kind: 'function'; readonly mount: Mount; readonly version: ApiVersion; readonly function: EtherpadFunction }
  | { readonly kind: 'no such function'; readonly mount: Mount; readonly version: ApiVersion; readonly name: string }
  | { readonly kind: 'no such version' }
  | { readonly kind: 'not found below /api/2' }
  | { readonly kind: 'no such path' }
  | { readonly kind: 'current version' }
  | { readonly kind: 'options of /api' }
  | { readonly kind: 'openapi'; readonly style: 'root' | 'api' | 'rest'; readonly version: ApiVersion }
  | { readonly kind: 'home' };

const BY_NAME = new Map(FUNCTIONS.map((row) => [row.name, row]));

const BY_REST_PATH = {
  rest: new Map(FUNCTIONS.map((row) => [row.rest, row])),
  restBefore3: new Map(FUNCTIONS.map((row) => [row.restBefore3 ?? row.rest, row])),
};

const BY_API2_CALL = new Map(FUNCTIONS.flatMap((row) => (row.api2 === undefined ? [] : [[`${row.api2.method} ${row.api2.path}`, row]])));

const CURRENT_VERSION = /^\/api\/?$/i;
const LATEST_OPENAPI = /^\/(api|rest)\/openapi\.json\/?$/i;
const API2 = /^\/api\/2(\/.*)?$/i;
const VERSIONED = /^\/(api|rest)\/([^/]+)(\/.*)?$/i;
const UNVERSIONED = /^\/(api|rest)(\/|$)/i;
const OPENAPI = /^\/openapi\.json\/?$/i;

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';
const isCall = (method: string): boolean => method === 'GET' || method === 'POST';

/** Slashes around the name do not count: `//createGroup` and `createGroup//` are accepted by all versions. */
const trimSlashes = (path: string): string => path.replace(/^\/+|\/+$/g, '');

const knownVersions = new Map(
  (['1.3.0', '1.3.1'] as const).map((newest) => [newest, new Set<string>(API_VERSIONS.slice(0, API_VERSIONS.indexOf(newest) + 1))]),
);

function functionAt(
  method: string,
  mount: Mount,
  version: ApiVersion,
  name: string,
  names: ReadonlyMap<string, EtherpadFunction>,
): Destination {
  const row = names.get(name);
  return row !== undefined && isCall(method) && hasFunction(version, row)
    ? { kind: 'function', mount, version, function: row }
    : { kind: 'no such function', mount, version, name };
}

function below2(method: string, path: string, behaviour: Behaviour): Destination {
  const row = BY_API2_CALL.get(`${method} ${path.slice(1)}`);
  if (row !== undefined) return { kind: 'function', mount: 'api/2', version: behaviour.currentVersion, function: row };
  if (behaviour.api2 === 'not found') return { kind: 'not found below /api/2' };
  return { kind: 'no such function', mount: 'api/2', version: behaviour.currentVersion, name: path };
}

function resolve(method: string, path: string, behaviour: Behaviour): Destination {
  if (CURRENT_VERSION.test(path)) {
    if (isRead(method)) return { kind: 'current version' };
    return method === 'OPTIONS' ? { kind: 'options of /api' } : { kind: 'no such path' };
  }
  const latest = LATEST_OPENAPI.exec(path);
  if (latest !== null && isRead(method)) {
    return { kind: 'openapi', style: latest[1]!.toLowerCase() as 'api' | 'rest', version: behaviour.currentVersion };
  }
  const api2 = behaviour.api2 === 'absent' ? null : API2.exec(path);
  if (api2 !== null) return below2(method, api2[1] ?? '/', behaviour);

  const versioned = VERSIONED.exec(path);
  if (versioned !== null && knownVersions.get(behaviour.currentVersion)!.has(versioned[2]!)) {
    const mount = versioned[1]!.toLowerCase() as 'api' | 'rest';
    const version = versioned[2] as ApiVersion;
    const rest = versioned[3] ?? '';
    if (OPENAPI.test(rest) && isRead(method)) return { kind: 'openapi', style: mount, version };
    const names = mount === 'api' ? BY_NAME : BY_REST_PATH[behaviour.restPaths];
    return functionAt(method, mount, version, trimSlashes(rest), names);
  }
  if (UNVERSIONED.test(path)) return { kind: 'no such version' };

  if (path === '/') return { kind: 'home' };
  if (!behaviour.rootMount) return { kind: 'no such path' };
  if (OPENAPI.test(path) && isRead(method)) return { kind: 'openapi', style: 'root', version: behaviour.currentVersion };
  return functionAt(method, 'root', behaviour.currentVersion, trimSlashes(path), BY_NAME);
}

/** Paths remembered for each method: clients use few, and each of them for ever. */
const REMEMBERED_PATHS = 500;
const remembered = new Map<Behaviour, Map<string, Map<string, Destination>>>();

function memoryOf(behaviour: Behaviour, method: string): Map<string, Destination> {
  let methods = remembered.get(behaviour);
  if (methods === undefined) remembered.set(behaviour, (methods = new Map()));
  let paths = methods.get(method);
  if (paths === undefined) methods.set(method, (paths = new Map()));
  return paths;
}

/**
 * Where a request goes, by the rules of Etherpad's routers: the mount in any case, the version to the letter, the
 * function with its own case and any number of slashes around it.
 *
 * @param path the path as it came, with nothing decoded
 * @example findDestination('GET', '/api/1.2.15/createGroup', behaviourOf('3.3.1')).kind // 'function'
 */
export function findDestination(method: string, path: string, behaviour: Behaviour): Destination {
  const memory = memoryOf(behaviour, method);
  const known = memory.get(path);
  if (known !== undefined) return known;
  const destination = resolve(method, path, behaviour);
  if (destination.kind === 'function' && memory.size < REMEMBERED_PATHS) memory.set(path, destination);
  return destination;
}
