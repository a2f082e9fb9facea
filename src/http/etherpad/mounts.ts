import { type Behaviour } from '../../etherpad/emulation.ts';
import { API_VERSIONS, type ApiVersion, type EtherpadFunction, hasFunction } from '../../etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../../etherpad/functions.ts';

/** The places where Etherpad's functions are mounted. */
export type Mount = 'root' | 'api' | 'rest' | 'api/2';

/** A function, called at one of its places. */
export interface Call {
  readonly mount: Mount;
  readonly version: ApiVersion;
  readonly function: EtherpadFunction;
}

type Calls = ReadonlyMap<string, Call>;

/** What a mount has in an API version, by what follows the mount in the path. */
export function callsOf(mount: Mount, version: ApiVersion, { restPaths }: Behaviour): Calls {
  const calls = new Map<string, Call>();
  for (const row of FUNCTIONS) {
    if (!hasFunction(version, row)) continue;
    const call: Call = { mount, version, function: row };
    if (mount === 'rest') calls.set(row[restPaths] ?? row.rest, call);
    else if (mount !== 'api/2') calls.set(row.name, call);
    else if (row.api2 !== undefined) calls.set(`${row.api2.method} ${row.api2.path}`, call);
  }
  return calls;
}

/** Tables that were made, by behaviour, mount and version. */
const made = new Map<Behaviour, Record<Mount, Map<string, Calls>>>();

/** Whether an Etherpad has an API version, to the letter. */
export const isKnownVersion = (version: string, { currentVersion }: Behaviour): version is ApiVersion =>
  API_VERSIONS.indexOf(version as ApiVersion) <= API_VERSIONS.indexOf(currentVersion) && API_VERSIONS.includes(version as ApiVersion);

/** Slashes around the name do not count: `//createGroup` and `createGroup//` are accepted by all versions. */
export function withoutSlashes(name: string): string {
  let begin = 0;
  let end = name.length;
  while (begin < end && name[begin] === '/') begin += 1;
  while (end > begin && name[end - 1] === '/') end -= 1;
  return name.slice(begin, end);
}

/**
 * The function of that name, in its own letters.
 *
 * @param version as it stands in the path
 * @param name the function's name, its path below `/rest`, or method and path below `/api/2`
 * @example findCall('api', '1.2.15', 'createGroup', behaviourOf('3.3.1'))?.function.name // 'createGroup'
 */
export function findCall(mount: Mount, version: string, name: string, behaviour: Behaviour): Call | undefined {
  let mounts = made.get(behaviour);
  if (mounts === undefined) made.set(behaviour, (mounts = { root: new Map(), api: new Map(), rest: new Map(), 'api/2': new Map() }));
  let calls = mounts[mount].get(version);
  if (calls === undefined) {
    if (!isKnownVersion(version, behaviour)) return undefined;
    mounts[mount].set(version, (calls = callsOf(mount, version, behaviour)));
  }
  return calls.get(name);
}
