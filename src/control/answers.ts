import { EMULATIONS } from '../etherpad/emulation.ts';
import { AUTHENTICATIONS } from '../sandbox/authentication.ts';
import { EXPIRIES, KEY_PLACES, MOUNTS, OUTCOMES, WAYS } from '../sandbox/coverage.ts';
import { ACCESS_SCHEMA } from '../sandbox/expectation.ts';
import { FAULT_KINDS, FAULT_SCHEMA } from '../sandbox/faults.ts';
import type { Schema } from '../sandbox/schema.ts';
import { EXPORTED_STATE_SCHEMA } from '../sandbox/state-document.ts';
import type { VerbName } from './verbs.ts';

const record = (properties: Readonly<Record<string, Schema>>, description?: string): Schema => ({
  type: 'object',
  ...(description === undefined ? {} : { description }),
  required: Object.keys(properties),
  properties,
});

const list = (items: Schema, description: string): Schema => ({ type: 'array', description, items });

const TEXT: Schema = { type: 'string' };
const TEXT_OR_NULL: Schema = { type: 'string', nullable: true };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const EMULATION: Schema = { type: 'string', enum: EMULATIONS, description: 'which Etherpad it answers as' };
/** Not the format date-time: after 9999 a year has a sign and six digits. */
const ISO_TIME: Schema = {
  type: 'string',
  pattern: String.raw`^(\d{4}|\+\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
  example: '2030-01-01T00:00:00.000Z',
};
const NOW: Schema = { type: 'integer', minimum: 0, description: 'unix time in whole seconds', example: 1_893_456_000 };

/** Verbs that only do something answer with it. */
const DONE: Schema = { type: 'object', nullable: true, maxProperties: 0, description: 'null' };

const CLOCK = record({
  now: NOW,
  iso: { ...ISO_TIME, description: 'the same moment with its milliseconds' },
  frozen: { type: 'boolean', description: 'whether it stands still' },
});

const FAULT: Schema = {
  ...FAULT_SCHEMA,
  required: ['id', 'kind', 'function', 'fired'],
  properties: {
    id: { ...TEXT, example: 'fault-1' },
    ...FAULT_SCHEMA.properties,
    fired: { ...COUNT, description: 'how often it fired' },
  },
};

const AUTHENTICATION: Readonly<Record<string, Schema>> = {
  authentication: { type: 'string', enum: AUTHENTICATIONS, description: 'what lets calls in' },
  oauthClients: list({ ...TEXT, example: 'mock-etherpad' }, 'the ids of the clients that may get a token'),
  tokenLifetime: { type: 'integer', minimum: 1, description: 'how long a token is good, in seconds' },
};

const REQUEST = record({
  id: { ...COUNT, description: '1 for the first since the journal was empty' },
  at: { ...ISO_TIME, description: "when it was answered, by the Etherpad's clock" },
  function: {
    ...TEXT_OR_NULL,
    description: 'the function, if the path names one; page or export for those of a pad, token for a request for a token',
    example: 'createSession',
  },
  mount: { type: 'string', nullable: true, description: 'where the function was called: root, api, rest, api/2 or oidc' },
  method: { ...TEXT, example: 'GET' },
  path: { ...TEXT, description: 'the path inside the Etherpad, without the query', example: '/api/1.2.15/createSession' },
  parameters: {
    type: 'object',
    nullable: true,
    additionalProperties: {},
    description: 'all that was sent, without keys, secrets and tokens, long values cut; null when it was not read',
  },
  ids: { type: 'object', additionalProperties: TEXT, description: 'the ids that the request named or made' },
  access: { ...record(ACCESS_SCHEMA.properties), nullable: true, description: 'who was let into a pad, or not, by its page or an export' },
  code: { type: 'integer', nullable: true, minimum: 0, maximum: 4, description: "Etherpad's code; null where there was no envelope" },
  status: { type: 'integer', nullable: true, description: 'HTTP status; null when no answer was sent' },
  message: TEXT_OR_NULL,
  fault: { ...TEXT_OR_NULL, description: 'the kinds of the faults that fired', example: 'latency + code' },
  reason: { ...TEXT_OR_NULL, description: 'why it failed, in more detail than Etherpad gives', example: 'authorID a.x was never created' },
  milliseconds: { type: 'number', minimum: 0, description: "from the request's arrival to its answer, in real time" },
});

const VERDICT = record({
  ok: { type: 'boolean' },
  matched: { ...COUNT, description: 'how many requests matched' },
  message: { ...TEXT, description: 'what was expected, what was called, and how the nearest calls differ' },
  nearest: list(
    record({ request: REQUEST, differences: list(TEXT, 'how it differs from what was expected') }),
    'the calls that come nearest, the nearest first; only when it is not ok',
  ),
});

const counts = (names: readonly string[], description?: string): Schema =>
  record(Object.fromEntries(names.map((name) => [name, COUNT])), description);
const OF_OUTCOMES = counts(OUTCOMES, 'by outcome: codes 0 to 4, another answer, or none');
const NAMES = list(TEXT, 'names');

const COVERAGE = record({
  calls: COUNT,
  functions: list(
    record({
      function: { ...TEXT, example: 'createSession' },
      since: { ...TEXT, description: 'the API version that introduced it' },
      calls: COUNT,
      outcomes: OF_OUTCOMES,
      parameters: { type: 'object', additionalProperties: COUNT, description: 'how many calls had each parameter' },
    }),
    'every function, called or not',
  ),
  outcomes: OF_OUTCOMES,
  emulations: counts(EMULATIONS),
  mounts: counts(MOUNTS, 'where functions were called'),
  ways: counts(WAYS, 'how parameters were sent'),
  keys: counts(KEY_PLACES, 'where the key was sent'),
  faults: counts(FAULT_KINDS, 'how often faults of each kind fired'),
  expiries: counts(EXPIRIES, 'calls that met an expired session, or a validUntil in the past'),
  notFound: { ...COUNT, description: 'requests for functions and paths that do not exist' },
  neverMet: record(
    {
      functions: NAMES,
      outcomes: NAMES,
      parameters: list(TEXT, 'of functions that were called: createSession.validUntil'),
      emulations: NAMES,
      mounts: NAMES,
      ways: NAMES,
      keys: NAMES,
      faults: NAMES,
      expiries: NAMES,
    },
    'what was never met',
  ),
});

const STATE: Schema = { ...EXPORTED_STATE_SCHEMA, required: Object.keys(EXPORTED_STATE_SCHEMA.properties!) };

/** What each verb answers with. The control document and the tests are made of it; answers are not checked as they go out. */
export const ANSWERS: Readonly<Record<VerbName, Schema>> = {
  info: record({
    version: { ...TEXT, description: 'of mock-etherpad' },
    emulate: EMULATION,
    apiKey: { ...TEXT, description: 'what clients must send' },
    ...AUTHENTICATION,
    sandbox: { ...TEXT_OR_NULL, description: "the sandbox's name; null for the server's own Etherpad" },
    now: NOW,
  }),
  reset: DONE,
  exportState: STATE,
  importState: DONE,
  listSnapshots: record({
    snapshots: list(
      record({
        name: TEXT,
        savedAt: { ...ISO_TIME, description: "by the Etherpad's clock" },
        sessions: { ...COUNT, description: 'sessions in it' },
      }),
      'the snapshots in the order of their first saving',
    ),
  }),
  saveSnapshot: DONE,
  restoreSnapshot: DONE,
  deleteSnapshot: DONE,
  readClock: CLOCK,
  setClock: CLOCK,
  advanceClock: CLOCK,
  releaseClock: CLOCK,
  addFault: FAULT,
  listFaults: record({ faults: list(FAULT, 'the oldest first') }),
  clearFaults: DONE,
  removeFault: DONE,
  listRequests: record({ total: { ...COUNT, description: 'how many match, listed or not' }, requests: list(REQUEST, 'the newest first') }),
  clearRequests: DONE,
  verifyRequests: VERDICT,
  coverage: COVERAGE,
  seedIds: DONE,
  emulate: record({ emulate: EMULATION }),
  setAuthentication: record(AUTHENTICATION),
  giveToken: record({
    token: { ...TEXT, description: 'to send as Authorization: Bearer' },
    expiresAt: { ...NOW, description: "unix time in whole seconds, by the Etherpad's clock" },
  }),
  listSandboxes: record({
    sandboxes: list(
      record({ name: TEXT, emulate: EMULATION, sessions: COUNT, requests: { ...COUNT, description: 'since its journal was empty' } }),
      'in the order of their first use',
    ),
  }),
  deleteSandbox: DONE,
  deleteSandboxes: DONE,
};

/** Parts of answers that have a name of their own in the document. */
export const NAMED: ReadonlyMap<Schema, string> = new Map([
  [CLOCK, 'Clock'],
  [FAULT, 'Fault'],
  [REQUEST, 'Request'],
  [VERDICT, 'Verdict'],
  [STATE, 'State'],
  [COVERAGE, 'Coverage'],
  [DONE, 'Done'],
]);

/** What a client sends and gets, for each verb with a body worth showing. */
export const EXAMPLES: Readonly<Partial<Record<VerbName, unknown>>> = {
  importState: {
    groups: [{ groupID: 'g.s8oes9dhwrvt0zif', mapper: 'class-7b' }],
    authors: [{ authorID: 'a.s8oes9dhwrvt0zif', name: 'Ada' }],
    sessions: [
      {
        sessionID: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5',
        groupID: 'g.s8oes9dhwrvt0zif',
        authorID: 'a.s8oes9dhwrvt0zif',
        validUntil: 1_999_999_999,
      },
    ],
    pads: [{ padID: 'g.s8oes9dhwrvt0zif$notes', text: 'Hello\n' }],
  },
  setClock: { now: '2030-01-01T00:00:00Z', frozen: true },
  advanceClock: { seconds: 3600 },
  addFault: { kind: 'code', code: 2, function: 'createSession', times: 1 },
  verifyRequests: { function: 'createSession', parameters: { groupID: 'g.s8oes9dhwrvt0zif' }, times: 1 },
  seedIds: { seed: 'always the same' },
  emulate: { emulate: '3.3.1' },
  setAuthentication: {
    authentication: 'sso',
    oauthClients: [{ id: 'svc', secret: 'svc-secret', claims: { admin: 'true' } }],
    tokenLifetime: 3600,
  },
};
