import type { ApiVersion, EtherpadFunction } from '../../etherpad/etherpad-function.ts';
import { parametersOf } from '../../etherpad/etherpad-function.ts';
import type { Behaviour } from '../../etherpad/emulation.ts';
import { SCOPES } from '../../etherpad/oauth/clients.ts';
import { type DescribedRoute, describeRoutes } from '../describe-routes.ts';
import { callsOf, type Mount } from './mounts.ts';
import { MESSAGE, PARAMETERS, responses, type Schema, SESSION_INFO, USER_INFO } from './openapi-schemas.ts';

/** Which document: the mount that it describes, and the API version. */
export interface OpenapiSubject {
  readonly mount: Mount;
  readonly version: ApiVersion;
}

/** Where a document's server is. */
export interface DocumentPlace {
  /** Scheme and host of the request: `http://127.0.0.1:9001`. */
  readonly origin: string;
  /** What comes before the paths in a URL: the base path and the sandbox. */
  readonly base: string;
}

type Openapi = Parameters<typeof describeRoutes>[2];

const DESCRIPTION = `Groups, authors, sessions and pads of Etherpad, as its HTTP API documents them and as mock-etherpad answers them.

Every answer is \`{"code", "message", "data"}\`: code 0 is ok (HTTP 200), 1 a wrong parameter (400), 2 an internal error
(500), 3 no such function (404), 4 no or wrong API key (401). Each function can be called by GET and by POST, with its
parameters in the query, or in a form, multipart or JSON body.`;

const IN_QUERY = { type: 'apiKey', name: 'apikey', in: 'query' } as const;

type SecuritySchemes = NonNullable<NonNullable<Openapi['components']>['securitySchemes']>;

/** A token as what lets calls in. @param url where the Etherpad is asked at, without a slash at the end */
const byToken = (url: string): SecuritySchemes => {
  const scopes = Object.fromEntries(SCOPES.map((scope) => [scope, scope]));
  const authorizationCode = { authorizationUrl: `${url}/oidc/auth`, tokenUrl: `${url}/oidc/token`, scopes };
  return { openid: { type: 'oauth2', flows: { authorizationCode } } };
};

/** How the documents say that a call proves itself, where the API key lets it in (1.9.7, 2.5.3, 3.3.1). */
const SECURITY: Readonly<Record<Behaviour['openapiSecurity'], SecuritySchemes>> = {
  ApiKey: { ApiKey: { type: 'apiKey', in: 'query', name: 'apikey' } },
  apiKey: { apiKey: IN_QUERY },
  'three apiKeys': {
    apiKey: IN_QUERY,
    apiKeyAlias: { type: 'apiKey', name: 'api_key', in: 'query' },
    apiKeyHeader: { type: 'apiKey', name: 'apikey', in: 'header' },
  },
  // the issuer of its settings template, which its documents name whatever lets calls in
  openid: byToken('http://localhost:9001'),
};

const security = (securitySchemes: SecuritySchemes) => ({
  components: { securitySchemes },
  security: Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })),
});

const TAGS = [
  { name: 'pad', description: 'pads: their text and its history, in groups and outside of them' },
  { name: 'chat', description: 'the chat beside a pad' },
  { name: 'session', description: 'who may see the pads of a group, and until when' },
  { name: 'group', description: 'groups, their pads and sessions' },
  { name: 'author', description: 'authors, their pads and sessions' },
  { name: 'server', description: 'the server itself' },
];

/** The functions that real servers name in the document of `/api/2`; the others have no operation id there. */
const NAMED_BELOW_2: ReadonlySet<string> = new Set([
  'listPads',
  'listSessionsOfGroup',
  'listSessionsOfAuthor',
  'createGroup',
  'deleteGroup',
  'createGroupIfNotExistsFor',
]);

function describe(version: ApiVersion, row: EtherpadFunction): DescribedRoute['schema'] {
  const properties = parametersOf(version, row).map((name) => [name, { type: 'string', ...PARAMETERS[name] }]);
  return {
    tags: [row.tag],
    summary: row.summary,
    ...(properties.length === 0 ? {} : { querystring: { type: 'object', properties: Object.fromEntries(properties) as Schema } }),
    response: responses(row),
  };
}

/** The order in which the methods of a path stand in the document of `/api/2` (2.5.3, 3.3.1). */
const METHODS_BELOW_2 = ['GET', 'POST', 'PATCH', 'DELETE'];

const inOrder = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  METHODS_BELOW_2.indexOf(one.split(' ', 1)[0]!) - METHODS_BELOW_2.indexOf(other.split(' ', 1)[0]!);

/** The routes of a document: each function that the mount has, by each method that the Etherpad tells of. */
function* routesOf({ mount, version }: OpenapiSubject, behaviour: Behaviour): Generator<DescribedRoute, void> {
  const calls = [...callsOf(mount, version, behaviour)];
  for (const [path, { function: row }] of mount === 'api/2' ? calls.toSorted(inOrder) : calls) {
    const schema = describe(version, row);
    if (mount === 'api/2') {
      const isNamed = behaviour.api2 === 'envelope' || NAMED_BELOW_2.has(row.name);
      const { method, path: url } = row.api2!;
      yield { method, url: `/${url}`, schema: isNamed ? { operationId: row.name, ...schema } : schema };
      continue;
    }
    for (const method of behaviour.openapiMethods) {
      const operationId = `${row.name}Using${method.toUpperCase()}`;
      yield { method: method.toUpperCase(), url: `/${path}`, schema: { operationId, ...schema } };
    }
  }
}

/** What stands around the paths of a document. */
function frameOf({ mount, version }: OpenapiSubject, behaviour: Behaviour): Openapi {
  const info = {
    title: 'Etherpad API',
    description: DESCRIPTION,
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
  };
  const { openapiVersion: openapi, openapiSecurity, openapiSecurityBelow2, currentVersion } = behaviour;
  if (openapi === '3.0.3') return { openapi, info: { ...info, version }, tags: TAGS, ...security(SECURITY[openapiSecurity]) };
  if (mount === 'api/2') return { openapi, info: info as Openapi['info'] & object, ...security(SECURITY[openapiSecurityBelow2]) };
  // whichever version is asked for, real servers tell their own
  const framed = { openapi, info: { ...info, version: currentVersion }, ...security(SECURITY[openapiSecurity]) };
  return behaviour.openapiTags ? { ...framed, tags: TAGS } : framed;
}

function serversOf({ mount, version }: OpenapiSubject, behaviour: Behaviour, { origin, base }: DocumentPlace): object[] {
  if (behaviour.openapiVersion !== '3.0.3') return [{ url: `${origin}${base}/${mount === 'api/2' ? mount : `${mount}/${version}`}` }];
  if (mount === 'api/2') return [{ url: `${base}/api/2` }];
  if (mount !== 'root') return [{ url: `${base}/${mount}/${version}` }];
  return [
    { url: `${base}/`, description: 'functions at the root' },
    { url: `${base}/api/1.2.15`, description: 'functions of API version 1.2.15' },
  ];
}

/** Documents that were asked for, without their servers, by Etherpad, mount and version. */
const written = new Map<Behaviour, Map<string, Promise<object>>>();

/**
 * The OpenAPI document of a mount, out of the table that its routes look functions up in. It is written when it is first
 * asked for.
 */
export async function openapiDocument(subject: OpenapiSubject, behaviour: Behaviour, place: DocumentPlace): Promise<object> {
  let documents = written.get(behaviour);
  if (documents === undefined) written.set(behaviour, (documents = new Map()));
  const key = `${subject.mount} ${subject.version}`;
  let document = documents.get(key);
  if (document === undefined) {
    const schemas = [SESSION_INFO, USER_INFO, MESSAGE];
    documents.set(key, (document = describeRoutes(routesOf(subject, behaviour), schemas, frameOf(subject, behaviour))));
  }
  const { openapi, info, ...rest } = (await document) as { openapi: string; info: object };
  return { openapi, info, servers: serversOf(subject, behaviour, place), ...rest };
}

/**
 * A document of an Etherpad that lets calls in by a token, as 2.5.3 and 3.3.1 write it.
 *
 * @param url where the Etherpad is asked at, without a slash at the end
 */
export const letInByToken = (document: { readonly components?: object }, url: string): object => {
  const { components, ...rest } = security(byToken(url));
  return { ...document, ...rest, components: { ...document.components, ...components } };
};
