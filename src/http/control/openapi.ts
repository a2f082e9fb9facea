import type { FastifySchema } from 'fastify';
import { ANSWERS, EXAMPLES, NAMED } from '../../control/answers.ts';
import { ISO_TIME, type Schema } from '../../sandbox/schema.ts';
import { type VerbName, VERBS } from '../../control/verbs.ts';
import { version } from '../../version.ts';
import { type DescribedRoute, describeRoutes, type OpenapiDocument } from '../describe-routes.ts';

const TAGS: Readonly<Record<string, string>> = {
  info: 'what it is, and how it is',
  reset: 'back to the beginning',
  state: 'groups, authors, sessions and pads, out and in',
  snapshots: 'state and clock, kept under names',
  clock: 'the time that sessions expire by',
  faults: 'what goes wrong',
  requests: 'what was called',
  ids: 'ids in an order that a seed determines',
  emulation: 'which Etherpad to answer as',
  sandboxes: 'Etherpads of their own, below /sandbox/{name}',
};

const PROBLEM: Schema = {
  type: 'object',
  required: ['title', 'status'],
  properties: {
    title: { type: 'string', description: 'what is wrong' },
    status: { type: 'integer' },
    problems: {
      type: 'array',
      description: 'every problem of the input at once',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string', description: 'a JSON pointer into the input' }, message: { type: 'string' } },
      },
    },
  },
};

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
});

/** A schema, or the name of one. */
type Reference = { readonly $ref: string };

const named = (schema: Schema): Schema | Reference => {
  const name = NAMED.get(schema);
  return name === undefined ? closed(schema) : { $ref: `${name}#` };
};

/** JSON Schema leaves additional properties open, control calls do not: say so in the document. */
function closed(schema: Schema): object {
  const { properties, items, anyOf, format, ...others } = schema;
  return {
    ...others,
    ...(format === undefined ? {} : { pattern: ISO_TIME.source }),
    ...(schema.type === 'object' && schema.additionalProperties === undefined ? { additionalProperties: false } : {}),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, named(property)])) }),
    ...(items === undefined ? {} : { items: named(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(named) }),
  };
}

const json = (description: string, schema: object) => ({ description, content: { 'application/json': { schema } } });

const NAME: Schema = { type: 'string', minLength: 1 };

/** What the route of a verb is checked and described by. */
export function schemaOf(verbName: VerbName): FastifySchema & { operationId: string } {
  const { path, summary, status, body, query } = VERBS[verbName];
  const [, name] = /\{(\w+)\}/.exec(path) ?? [];
  return {
    operationId: verbName,
    tags: [path.split('/')[1]!],
    summary,
    ...(name === undefined ? {} : { params: { type: 'object', properties: { [name]: { ...NAME, maxLength: 200 } } } }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined
      ? {}
      : { body: { ...closed(body), ...(EXAMPLES[verbName] === undefined ? {} : { examples: [EXAMPLES[verbName]] }) } }),
    response: {
      [status]: json('done', named(ANSWERS[verbName])),
      400: problem('the input is invalid; nothing was changed'),
      401: problem('the control token is missing or wrong'),
      403: problem('a page of another origin asked, or by a host name that --allowed-hosts does not name'),
      ...(name !== undefined || verbName === 'advanceClock' ? { 404: problem('an unknown name or id') } : {}),
      ...(body === undefined ? {} : { 413: problem('the body is too large'), 415: problem('the body is not sent as application/json') }),
      503: problem('there are too many sandboxes to make this one'),
    },
  };
}

export const HEALTH: FastifySchema & { operationId: string } = {
  operationId: 'health',
  tags: ['info'],
  summary: 'checks that the server answers; needs no token',
  security: [],
  response: {
    200: json('it does', { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['pass'] } } }),
    405: problem('it is read only'),
  },
};

/** Describes control in OpenAPI 3.0, out of its routes. */
export const describeControl = (routes: readonly DescribedRoute[]): Promise<OpenapiDocument> =>
  describeRoutes(routes, [{ $id: 'Problem', ...PROBLEM }, ...Array.from(NAMED, ([schema, name]) => ({ $id: name, ...closed(schema) }))], {
    openapi: '3.0.3',
    info: {
      title: 'mock-etherpad control',
      description:
        'Clock, faults, journal, state, snapshots, ids, emulation and sandboxes of a mock Etherpad. Each sandbox has all of it below its own `/_mock`.',
      version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
    },
    servers: [{ url: '/_mock' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    components: {
      securitySchemes: {
        ControlToken: { type: 'http', scheme: 'bearer', description: 'only where the server was started with --control-token' },
      },
    },
    security: [{}, { ControlToken: [] }],
  });
