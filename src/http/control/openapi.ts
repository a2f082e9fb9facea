import { ANSWERS, EXAMPLES, NAMED } from '../../control/answers.ts';
import type { Schema } from '../../sandbox/schema.ts';
import { type Verb, type VerbName, VERBS } from '../../control/verbs.ts';
import { version } from '../../version.ts';
import { type Answer, answerJson } from '../etherpad/answer.ts';

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

const HEALTH = { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['pass'] } } };

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** A schema, or where it stands. */
type Reference = { readonly $ref: string };

const named = (schema: Schema): Schema | Reference => {
  const name = NAMED.get(schema);
  return name === undefined ? closed(schema) : { $ref: `#/components/schemas/${name}` };
};

/** JSON Schema leaves additional properties open, control calls do not: say so in the document. */
function closed(schema: Schema): object {
  const { properties, items, anyOf } = schema;
  return {
    ...schema,
    ...(schema.type === 'object' && schema.additionalProperties === undefined ? { additionalProperties: false } : {}),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, named(property)])) }),
    ...(items === undefined ? {} : { items: named(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(named) }),
  };
}

function parametersOf(path: string, query: Schema | undefined): object[] {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  }));
  const asked = Object.entries(query?.properties ?? {}).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    description,
    schema,
  }));
  return [...inPath, ...asked];
}

/**
 * Describes control in OpenAPI 3.0, out of the table that also routes it.
 *
 * @param base what comes before `/_mock` in a URL
 */
export function controlOpenapiDocument(base = ''): object {
  const paths: Record<string, Record<string, object>> = {
    '/health': {
      get: {
        operationId: 'health',
        tags: ['info'],
        summary: 'tells that the server answers; needs no token',
        security: [],
        responses: {
          200: { description: 'it does', content: { 'application/json': { schema: HEALTH } } },
          405: problem('it is read only'),
        },
      },
    },
  };
  for (const [operationId, { method, path, summary, status, body, query }] of Object.entries(VERBS) as [VerbName, Verb][]) {
    const parameters = parametersOf(path, query);
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      operationId,
      tags: [path.split('/')[1]],
      summary,
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(body === undefined
        ? {}
        : {
            requestBody: {
              required: true,
              content: {
                'application/json': {
                  schema: closed(body),
                  ...(EXAMPLES[operationId] === undefined ? {} : { example: EXAMPLES[operationId] }),
                },
              },
            },
          }),
      responses: {
        [status]: { description: 'done', content: { 'application/json': { schema: named(ANSWERS[operationId]) } } },
        400: problem('the input is not right, and nothing was changed'),
        401: problem('the control token is missing or wrong'),
        403: problem('a page of another origin asked'),
        ...(path.includes('{') || operationId === 'advanceClock' ? { 404: problem('an unknown name or id') } : {}),
        ...(body === undefined ? {} : { 413: problem('the body is too large'), 415: problem('the body is not sent as application/json') }),
        503: problem('there are too many sandboxes to make this one'),
      },
    };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'mock-etherpad control',
      description:
        'Clock, faults, journal, state, snapshots, ids, emulation and sandboxes of a mock Etherpad. Each sandbox has all of it below its own `/_mock`.',
      version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
    },
    servers: [{ url: `${base}/_mock` }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { Problem: PROBLEM, ...Object.fromEntries(Array.from(NAMED, ([schema, name]) => [name, closed(schema)])) },
      securitySchemes: {
        ControlToken: { type: 'http', scheme: 'bearer', description: 'only where the server was started with --control-token' },
      },
    },
    security: [{}, { ControlToken: [] }],
  };
}

export const controlOpenapiAnswer = async (base: string): Promise<Answer> => answerJson(controlOpenapiDocument(base));
