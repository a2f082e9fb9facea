import type { World } from './world.ts';

/** The API versions in their order. */
// oxfmt-ignore
export const API_VERSIONS = [
  '1', '1.1', '1.2', '1.2.1', '1.2.7', '1.2.8', '1.2.9', '1.2.10', '1.2.11', '1.2.12', '1.2.13', '1.2.14', '1.2.15', '1.3.0', '1.3.1',
] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** What a client sent, by parameter name. Text, or any JSON value where a JSON body can be sent. */
export type Parameters = Readonly<Record<string, unknown>>;

export type Tag = 'group' | 'author' | 'session' | 'pad' | 'chat' | 'server';

// oxfmt-ignore
export type DataKind =
  | 'string' | 'strings' | 'integer' | 'integers' | 'boolean' | 'SessionInfo' | 'SessionInfos' | 'UserInfo' | 'UserInfos' | 'Message' | 'Messages' | 'Pool';

/** The shape of a function's documented `data`: an object of these properties, text alone, or null for none. */
export type DataShape = Readonly<Record<string, DataKind>> | 'string' | null;

/** One function of Etherpad's HTTP API: everything that routes, documents and help need to know of it. */
export interface EtherpadFunction {
  readonly name: string;
  readonly tag: Tag;
  /** The API version that introduced it. */
  readonly since: ApiVersion;
  readonly parameters: readonly string[];
  /** Parameters that a later API version added. */
  readonly laterParameters?: { readonly since: ApiVersion; readonly names: readonly string[] };
  /** Its path below `/rest/{version}/`. */
  readonly rest: string;
  /** That path where Etherpad before 3 had another. */
  readonly restBefore3?: string;
  /** Its method and path below `/api/2/`, if it has one. */
  readonly api2?: { readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; readonly path: string };
  readonly summary: string;
  readonly data: DataShape;
  readonly run: (world: World, parameters: Parameters) => unknown;
}

const isAtLeast = (version: ApiVersion, since: ApiVersion): boolean => API_VERSIONS.indexOf(version) >= API_VERSIONS.indexOf(since);

/** Whether an API version has a function. */
export const hasFunction = (version: ApiVersion, { since }: EtherpadFunction): boolean => isAtLeast(version, since);

/** The parameters of a function in an API version. */
export const parametersOf = (version: ApiVersion, { parameters, laterParameters }: EtherpadFunction): readonly string[] =>
  laterParameters !== undefined && isAtLeast(version, laterParameters.since) ? [...parameters, ...laterParameters.names] : parameters;

/** What a function reads of what was sent: a parameter that a later API version added does not count in an earlier one. */
export function readableParameters(version: ApiVersion, { laterParameters }: EtherpadFunction, parameters: Parameters): Parameters {
  if (laterParameters === undefined || isAtLeast(version, laterParameters.since)) return parameters;
  const hidden = Object.fromEntries(laterParameters.names.map((name) => [name, undefined]));
  return Object.assign(Object.create(parameters) as Record<string, unknown>, hidden);
}
