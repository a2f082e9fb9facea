import type { ApiVersion, DataKind, DataShape, EtherpadFunction } from '../../etherpad/etherpad-function.ts';
import { parametersOf } from '../../etherpad/etherpad-function.ts';
import type { Behaviour } from '../../etherpad/emulation.ts';
import { type DescribedRoute, describeRoutes } from '../describe-routes.ts';
import { callsOf } from './mounts.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Which document: its paths (flat names, or those below /rest), the API version, and where its server is. */
interface OpenapiSubject {
  readonly style: 'root' | 'api' | 'rest';
  readonly version: ApiVersion;
}

const PARAMETERS: Readonly<Record<string, { description: string; example?: string }>> = {
  groupID: { description: 'id of a group', example: 'g.s8oes9dhwrvt0zif' },
  groupMapper: { description: "the application's own id of the group", example: 'class-7b' },
  authorID: { description: 'id of an author', example: 'a.s8oes9dhwrvt0zif' },
  authorMapper: { description: "the application's own id of the author", example: 'user-42' },
  authorId: { description: 'id of the author who does it', example: 'a.s8oes9dhwrvt0zif' },
  name: { description: 'name of the author', example: 'Ada' },
  sessionID: { description: 'id of a session', example: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
  validUntil: { description: 'unix time in seconds at which the session ends', example: '1999999999' },
  padID: { description: 'id of a pad', example: 'g.s8oes9dhwrvt0zif$notes' },
  padName: { description: 'name of a pad in its group', example: 'notes' },
  text: { description: 'text of the pad or message', example: 'Hello' },
  html: { description: 'HTML of the pad', example: '<p>Hello</p>' },
  rev: { description: 'number of a revision', example: '0' },
  startRev: { description: 'number of the older revision', example: '0' },
  endRev: { description: 'number of the newer revision', example: '1' },
  roID: { description: 'read-only id of a pad', example: 'r.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
  publicStatus: { description: 'true for a pad that is open to the public', example: 'true' },
  deletionToken: { description: 'the token that createPad gave; with the API key, none is needed' },
  sourceID: { description: 'id of a pad', example: 'g.s8oes9dhwrvt0zif$notes' },
  destinationID: { description: 'id of the copy', example: 'g.s8oes9dhwrvt0zif$copy' },
  force: { description: 'true to replace a pad that has the id of the copy', example: 'true' },
  msg: { description: 'message to those who edit the pad', example: 'reload' },
  start: { description: 'number of the first message', example: '0' },
  end: { description: 'number of the last message', example: '9' },
  time: { description: 'unix time in milliseconds; now by default', example: '1999999999000' },
  keepRevisions: { description: 'how many revisions to keep', example: '100' },
};

const SESSION_INFO = {
  $id: 'SessionInfo',
  type: 'object',
  required: ['id', 'authorID', 'groupID', 'validUntil'],
  properties: {
    id: { type: 'string' },
    authorID: { type: 'string' },
    groupID: { type: 'string' },
    validUntil: { type: 'integer', format: 'int64', description: 'unix time in seconds' },
  },
};

const USER_INFO = {
  $id: 'UserInfo',
  type: 'object',
  required: ['id', 'colorId', 'name', 'timestamp'],
  properties: {
    id: { type: 'string' },
    colorId: { type: 'string' },
    name: { type: 'string' },
    timestamp: { type: 'integer', format: 'int64', description: 'unix time in milliseconds' },
  },
};

const MESSAGE: Schema = {
  type: 'object',
  required: ['text', 'userId', 'userName', 'time'],
  properties: {
    text: { type: 'string' },
    userId: { type: 'string', description: 'id of the author; empty without one' },
    userName: { type: 'string', description: 'name that the author has now; empty without one' },
    time: { type: 'integer', format: 'int64', description: 'unix time in milliseconds' },
  },
};

const POOL: Schema = {
  type: 'object',
  required: ['numToAttrib', 'attribToNum', 'nextNum'],
  properties: {
    numToAttrib: {
      type: 'object',
      description: 'name and value of each attribute, by its number',
      additionalProperties: { type: 'array', items: { type: 'string' } },
    },
    attribToNum: { type: 'object', description: 'number of each attribute, by `name,value`', additionalProperties: { type: 'integer' } },
    nextNum: { type: 'integer', description: 'number of the next attribute' },
  },
};

const DATA_PROPERTIES: Readonly<Record<DataKind, Schema>> = {
  string: { type: 'string' },
  strings: { type: 'array', items: { type: 'string' } },
  integer: { type: 'integer', format: 'int64' },
  integers: { type: 'array', items: { type: 'integer', format: 'int64' } },
  boolean: { type: 'boolean' },
  SessionInfo: { $ref: 'SessionInfo#' },
  SessionInfos: { type: 'array', items: { $ref: 'SessionInfo#' } },
  UserInfo: { $ref: 'UserInfo#' },
  UserInfos: { type: 'array', items: { $ref: 'UserInfo#' } },
  // null is no reference's to say: the newest message, where there may be none, is written out
  Message: { ...MESSAGE, nullable: true },
  Messages: { type: 'array', items: { $ref: 'Message#' } },
  Pool: POOL,
};

function dataSchema(shape: DataShape): Schema {
  if (shape === 'string') return { type: 'string' };
  if (shape === null) return { type: 'object', nullable: true };
  const properties = Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, DATA_PROPERTIES[kind]]));
  return { type: 'object', nullable: true, properties };
}

const envelopeSchema = (code: number, message: string, data: Schema): Schema => ({
  type: 'object',
  required: ['code', 'message', 'data'],
  properties: { code: { type: 'integer', example: code }, message: { type: 'string', example: message }, data },
});

const responses = (row: EtherpadFunction): Schema => ({
  200: { description: 'ok (code 0)', ...envelopeSchema(0, 'ok', dataSchema(row.data)) },
  400: { description: 'generic api error (code 1)', ...envelopeSchema(1, 'groupID does not exist', dataSchema(null)) },
  401: { description: 'no or wrong API key (code 4)', ...envelopeSchema(4, 'no or wrong API Key', dataSchema(null)) },
  500: { description: 'internal api error (code 2)', ...envelopeSchema(2, 'internal error', dataSchema(null)) },
});

const DESCRIPTION = `Groups, authors, sessions and pads of Etherpad, as its HTTP API documents them and as mock-etherpad answers them.

Every answer is \`{"code", "message", "data"}\`: code 0 is ok (HTTP 200), 1 a wrong parameter (400), 2 an internal error
(500), 3 no such function (404), 4 no or wrong API key (401). Each function can be called by GET and by POST, with its
parameters in the query, or in a form, multipart or JSON body.`;

/** The routes of a document: each function that the mount has, by each method that the Etherpad tells of. */
function* routesOf({ style, version }: OpenapiSubject, behaviour: Behaviour): Generator<DescribedRoute, void> {
  for (const [path, { function: row }] of callsOf(style, version, behaviour)) {
    const properties = parametersOf(version, row).map((name) => [name, { type: 'string', ...PARAMETERS[name] }]);
    for (const method of behaviour.openapiMethods) {
      yield {
        method: method.toUpperCase(),
        url: `/${path}`,
        schema: {
          operationId: `${row.name}Using${method.toUpperCase()}`,
          tags: [row.tag],
          summary: row.summary,
          ...(properties.length === 0 ? {} : { querystring: { type: 'object', properties: Object.fromEntries(properties) as Schema } }),
          response: responses(row),
        },
      };
    }
  }
}

/**
 * Describes the API in OpenAPI 3.0, out of the tables that its routes look functions up in.
 *
 * @param base what comes before the paths in a URL: the base path and the sandbox
 */
const openapiDocument = (subject: OpenapiSubject, behaviour: Behaviour, base = ''): Promise<object> =>
  describeRoutes(routesOf(subject, behaviour), [SESSION_INFO, USER_INFO], {
    openapi: '3.0.3',
    info: {
      title: 'Etherpad API',
      description: DESCRIPTION,
      version: subject.version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
    },
    servers:
      subject.style === 'root'
        ? [
            { url: `${base}/`, description: 'functions at the root' },
            { url: `${base}/api/1.2.15`, description: 'functions of API version 1.2.15' },
          ]
        : [{ url: `${base}/${subject.style}/${subject.version}` }],
    tags: [
      { name: 'session', description: 'who may see the pads of a group, and until when' },
      { name: 'group', description: 'groups, their pads and sessions' },
      { name: 'author', description: 'authors, their pads and sessions' },
      { name: 'pad', description: 'group pads: their names and first text' },
      { name: 'server', description: 'the server itself' },
    ],
    components: { securitySchemes: { ApiKey: { type: 'apiKey', in: 'query', name: 'apikey' } } },
    security: [{ ApiKey: [] }],
  });

const texts = new Map<string, Promise<string>>();

/** The text of a document, which is written when it is first asked for. */
export function documentText(subject: OpenapiSubject, behaviour: Behaviour, base: string): Promise<string> {
  const key = JSON.stringify([subject.style, subject.version, behaviour.openapiMethods, behaviour.rootMount, behaviour.restPaths, base]);
  let text = texts.get(key);
  if (text === undefined) {
    text = openapiDocument(subject, behaviour, base).then((document) => JSON.stringify(document));
    // a sandbox's documents are not worth keeping
    if (base === '') texts.set(key, text);
  }
  return text;
}
