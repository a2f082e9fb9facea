import { behaviourOf, EMULATIONS, findEmulation } from '../etherpad/emulation.ts';
import { GRANTS, OAuthClientError, readClients } from '../etherpad/oauth/clients.ts';
import { AUTHENTICATIONS, type AuthenticationSettings, explainNoOAuth, LONGEST_LIFETIME } from '../sandbox/authentication.ts';
import type { State } from '../etherpad/state.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Sandboxes } from '../sandbox/sandboxes.ts';
import { version } from '../version.ts';
import { FAULT_SCHEMA, type FaultSpecification } from '../sandbox/faults.ts';
import { EXPECTATION_SCHEMA, type Expectation } from '../sandbox/expectation.ts';
import { FILTER_SCHEMA, type JournalFilter } from '../sandbox/journal.ts';
import { badInput, ControlError, notFound, type Problem } from '../sandbox/problem.ts';
import { findProblems, insteadOfMilliseconds, looksLikeMilliseconds, readMoment, type Schema } from '../sandbox/schema.ts';
import { exportState, importState, readStateDocument, STATE_SCHEMA } from '../sandbox/state-document.ts';
import { LAST_SECOND } from '../sandbox/virtual-clock.ts';
import { withHtmlRead } from '../sandbox/pad-html.ts';

/** What a verb works on. */
export interface ControlContext {
  /** Where the Etherpad is asked at: its base URL, without a slash at the end. */
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly sandboxes: Sandboxes;
  readonly apiKey: string;
}

/** One thing that can be done to a mock, in process and over HTTP alike. */
export interface Verb {
  /** HTTP method and path below `/_mock`; `{name}` is taken from the input. */
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** HTTP status when it is done. */
  readonly status: 200 | 201;
  /** The body; absent for verbs without one. */
  readonly body?: Schema;
  /** The query; absent for verbs without one. */
  readonly query?: Schema;
  /** Whether `run` checks its input, because the schema alone cannot: all problems are told at once. */
  readonly checksItself?: true;
  /**
   * @param input the body or query
   * @param name what the path names
   */
  readonly run: (context: ControlContext, input: unknown, name: string) => unknown;
}

type VerbRow = Omit<Verb, 'status'> & { readonly status?: 201 };

const now: Schema = {
  anyOf: [
    { type: 'number', minimum: 0, maximum: LAST_SECOND },
    { type: 'string', format: 'moment' },
  ],
  description: 'unix time in seconds; ISO text, in UTC unless it says otherwise; or +30m, +1h, +2d from what the clock shows',
  example: '2030-01-01T00:00:00Z',
};

const EMULATION_SCHEMA: Schema = {
  type: 'object',
  required: ['emulate'],
  properties: { emulate: { type: 'string', description: `${EMULATIONS.join(', ')}, or the beginning of a version`, example: '3.3.1' } },
};

/**
 * The time that seconds or text mean, in milliseconds.
 *
 * @param shown what the clock shows, in milliseconds
 */
function readTime(time: number | string, shown: number): number {
  if (typeof time === 'string') return readMoment(time, shown);
  if (looksLikeMilliseconds(time)) throw badInput([{ path: '/now', message: insteadOfMilliseconds(time) }]);
  return time * 1000;
}

type Advance = { seconds?: number; pastExpiryOf?: string; beforeExpiryOf?: string };

/** Moves the clock forward: by seconds, to the second in which a session is expired, or to the one before. */
function advance({ sandbox: { clock, state } }: ControlContext, { seconds, pastExpiryOf, beforeExpiryOf }: Advance): void {
  if (seconds !== undefined) return clock.set({ milliseconds: clock.milliseconds() + seconds * 1000 });
  const sessionID = (pastExpiryOf ?? beforeExpiryOf)!;
  const session = state.findSession(sessionID);
  if (session === undefined) throw notFound(`no session has the id ${sessionID}`);
  const expired = Math.ceil(session.validUntil);
  const second = pastExpiryOf === undefined ? expired - 1 : expired;
  if (second * 1000 >= clock.milliseconds()) return clock.set({ milliseconds: second * 1000 });
  if (pastExpiryOf === undefined && expired * 1000 <= clock.milliseconds()) {
    throw badInput([
      { path: '/beforeExpiryOf', message: `is a session that has expired already; set the clock back with a new "now" instead` },
    ]);
  }
}

/** How many snapshots a sandbox keeps: each of them is a whole state. */
const MOST_SNAPSHOTS = 100;

/** Counts what is there: sessions of deleted groups may still be in memory. */
function countSessions(state: State): number {
  let count = 0;
  for (const _session of state.sessions()) count += 1;
  return count;
}

const describeSandbox = ({ name, emulate, state, journal }: Sandbox) => ({
  name,
  emulate,
  sessions: countSessions(state),
  requests: journal.count,
});

/** How an Etherpad lets calls in, without secrets. */
const describeAuthentication = ({ authentication: { settings } }: Sandbox) => ({
  authentication: settings.authentication,
  oauthClients: settings.oauthClients.map(({ id }) => id),
  tokenLifetime: settings.tokenLifetime,
});

const CLIENT_SCHEMA: Schema = {
  type: 'object',
  required: ['id', 'secret'],
  properties: {
    id: { type: 'string', minLength: 1, example: 'svc' },
    secret: { type: 'string', minLength: 1, example: 'svc-secret' },
    claims: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'what its tokens say beside the usual',
      example: { admin: 'true' },
    },
    grants: {
      type: 'array',
      items: { type: 'string', enum: GRANTS },
      description: 'how it may get a token; client_credentials by default',
    },
  },
};

const AUTHENTICATION_SCHEMA: Schema = {
  type: 'object',
  properties: {
    authentication: { type: 'string', enum: AUTHENTICATIONS, description: 'what lets calls in; as it was by default' },
    oauthClients: {
      type: 'array',
      items: { anyOf: [CLIENT_SCHEMA, { type: 'string', description: 'id:secret[:claim=value,…][:grant]' }] },
      description: 'who may get a token; as they were by default',
    },
    tokenLifetime: {
      type: 'integer',
      minimum: 1,
      maximum: LONGEST_LIFETIME,
      description: 'how long a token is good, in seconds; as it was by default',
    },
  },
};

/**
 * Reads how calls are let in from now on; what is not given stays.
 *
 * @throws ControlError with every problem, which shows no secret
 */
function readAuthentication(input: unknown, { authentication: { settings }, emulate }: Sandbox): AuthenticationSettings {
  const problems = findProblems(input, AUTHENTICATION_SCHEMA);
  if (problems.length > 0) throw badInput(problems);
  const given = input as Partial<AuthenticationSettings> & { readonly oauthClients?: readonly unknown[] };
  if (given.authentication === 'sso' && !behaviourOf(emulate).oauth) {
    throw badInput([{ path: '/authentication', message: `cannot be sso here: ${explainNoOAuth(emulate)}` }]);
  }
  try {
    return { ...settings, ...given, ...(given.oauthClients === undefined ? {} : { oauthClients: readClients(given.oauthClients) }) };
  } catch (error) {
    throw error instanceof OAuthClientError ? badInput([{ path: '/oauthClients', message: error.message }]) : error;
  }
}

/** A token as `POST /oidc/token` gives it, without the trouble. */
async function giveToken(
  { url, sandbox }: ControlContext,
  { client: id }: { client?: string },
): Promise<{ token: string; expiresAt: number }> {
  const { authentication, clock } = sandbox;
  if (!authentication.asksForToken) {
    throw new ControlError(
      409,
      'this Etherpad asks for the API key, not for a token: start it with --authentication sso, or set the authentication',
    );
  }
  const giver = await authentication.tokenGiver(url, clock);
  const able = giver.clients.filter(({ grants }) => grants.includes('client_credentials'));
  const client = id === undefined ? able[0] : able.find((one) => one.id === id);
  if (client === undefined) {
    throw notFound(
      `no client ${id === undefined ? '' : `${JSON.stringify(id)} `}may use client_credentials; there is ${able.map((one) => one.id).join(', ') || 'none'}`,
    );
  }
  const { accessToken } = await import('../etherpad/oauth/token-endpoint.ts');
  return { token: accessToken(client, giver), expiresAt: giver.now + giver.lifetime };
}

/**
 * Every verb, once. The routes below `/_mock`, their OpenAPI document, the object that a test holds in process and the
 * one that reaches a server over HTTP are made of these rows.
 */
// oxfmt-ignore
const ROWS = {
  info: {
    method: 'GET', path: '/info', summary: 'gets information about this mock',
    run: ({ sandbox, apiKey }) => ({
      version, emulate: sandbox.emulate, apiKey, ...describeAuthentication(sandbox), sandbox: sandbox.name ?? null, now: sandbox.clock.read().now,
    }),
  },
  reset: {
    method: 'POST', path: '/reset', summary: 'restores the initial state, with real time, no faults and an empty journal; keeps snapshots, emulation and authentication',
    run: ({ sandbox }) => sandbox.reset(),
  },

  exportState: { method: 'GET', path: '/state', summary: 'exports the state', run: ({ sandbox }) => exportState(sandbox.state) },
  importState: {
    method: 'PUT', path: '/state', summary: 'replaces the state', body: STATE_SCHEMA, checksItself: true,
    run: async ({ sandbox }, input) => {
      sandbox.state = importState(await withHtmlRead(readStateDocument(input), sandbox), sandbox);
    },
  },

  listSnapshots: {
    method: 'GET', path: '/snapshots', summary: 'lists the snapshots',
    run: ({ sandbox: { snapshots } }) => ({
      snapshots: Array.from(snapshots, ([name, { state, savedAt }]) => ({ name, savedAt: new Date(savedAt).toISOString(), sessions: state.sessionCount })),
    }),
  },
  saveSnapshot: {
    method: 'PUT', path: '/snapshots/{name}', summary: 'saves the state and clock as a snapshot',
    run: ({ sandbox: { snapshots, state, clock } }, _input, name) => {
      if (snapshots.size >= MOST_SNAPSHOTS && !snapshots.has(name)) {
        throw new ControlError(503, `there are ${MOST_SNAPSHOTS} snapshots already: delete some, or save under a name that is taken`);
      }
      snapshots.set(name, { state: state.copy(), clock: clock.setting, savedAt: clock.milliseconds() });
    },
  },
  restoreSnapshot: {
    method: 'POST', path: '/snapshots/{name}/restore', summary: 'restores the state and clock of a snapshot',
    run: ({ sandbox }, _input, name) => {
      const snapshot = sandbox.snapshots.get(name);
      if (snapshot === undefined) throw notFound(`there is no snapshot ${name}`);
      sandbox.state = snapshot.state.copy();
      sandbox.clock.adopt(snapshot.clock);
    },
  },
  deleteSnapshot: {
    method: 'DELETE', path: '/snapshots/{name}', summary: 'deletes a snapshot',
    run: ({ sandbox: { snapshots } }, _input, name) => {
      if (!snapshots.delete(name)) throw notFound(`there is no snapshot ${name}`);
    },
  },

  readClock: { method: 'GET', path: '/clock', summary: 'gets the time', run: ({ sandbox }) => sandbox.clock.read() },
  setClock: {
    method: 'PUT', path: '/clock', summary: 'sets, freezes or unfreezes the clock',
    body: { type: 'object', minProperties: 1, properties: { now, frozen: { type: 'boolean', description: 'whether it stands still' } } },
    run: ({ sandbox: { clock } }, input) => {
      const { now: time, frozen } = input as { now?: number | string; frozen?: boolean };
      clock.set({ ...(time === undefined ? {} : { milliseconds: readTime(time, clock.milliseconds()) }), ...(frozen === undefined ? {} : { frozen }) });
      return clock.read();
    },
  },
  advanceClock: {
    method: 'POST', path: '/clock/advance', summary: 'moves the clock forward',
    body: {
      type: 'object', minProperties: 1, maxProperties: 1,
      properties: {
        seconds: { type: 'number', minimum: 0, maximum: LAST_SECOND, description: 'how far forward', example: 3600 },
        pastExpiryOf: { type: 'string', description: 'a sessionID: to the first second in which it is expired' },
        beforeExpiryOf: { type: 'string', description: 'a sessionID: to the last second in which it is alive' },
      },
    },
    run: (context, input) => {
      advance(context, input as Advance);
      return context.sandbox.clock.read();
    },
  },
  releaseClock: {
    method: 'DELETE', path: '/clock', summary: 'returns the clock to real time',
    run: ({ sandbox: { clock } }) => {
      clock.release();
      return clock.read();
    },
  },

  addFault: {
    method: 'POST', path: '/faults', summary: 'adds a fault', status: 201, body: FAULT_SCHEMA, checksItself: true,
    run: ({ sandbox }, input) => sandbox.faults.add(input as FaultSpecification),
  },
  listFaults: { method: 'GET', path: '/faults', summary: 'lists the faults, the oldest first', run: ({ sandbox }) => ({ faults: sandbox.faults.list() }) },
  clearFaults: { method: 'DELETE', path: '/faults', summary: 'removes all faults', run: ({ sandbox }) => sandbox.faults.clear() },
  removeFault: { method: 'DELETE', path: '/faults/{id}', summary: 'removes a fault', run: ({ sandbox }, _input, id) => sandbox.faults.remove(id) },

  listRequests: {
    method: 'GET', path: '/requests', summary: 'lists the requests in the journal, the newest first', query: FILTER_SCHEMA,
    run: ({ sandbox }, input) => sandbox.journal.list(input as JournalFilter),
  },
  clearRequests: { method: 'DELETE', path: '/requests', summary: 'clears the journal', run: ({ sandbox }) => sandbox.journal.clear() },
  verifyRequests: {
    method: 'POST', path: '/requests/verify', summary: 'checks whether the requests are as expected', body: EXPECTATION_SCHEMA, checksItself: true,
    run: ({ sandbox }, input) => sandbox.journal.verify(input as Expectation),
  },

  coverage: {
    method: 'GET', path: '/coverage', summary: 'gets what clients have used of the API since the server started, in all sandboxes',
    run: ({ sandboxes }) => sandboxes.coverage.read(),
  },

  seedIds: {
    method: 'PUT', path: '/ids', summary: 'seeds the ids, so that they come in the same order every time',
    body: { type: 'object', required: ['seed'], properties: { seed: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] } } },
    run: ({ sandbox }, input) => sandbox.seedIds((input as { seed: string | number }).seed),
  },
  emulate: {
    method: 'PUT', path: '/emulation', summary: 'changes the emulation',
    body: EMULATION_SCHEMA, checksItself: true,
    run: ({ sandbox }, input) => {
      const problems = findProblems(input, EMULATION_SCHEMA);
      const { emulate: word } = (input ?? {}) as { emulate?: unknown };
      const emulation = typeof word === 'string' ? findEmulation(word) : undefined;
      if (typeof word === 'string' && emulation === undefined) {
        problems.push({ path: '/emulate', message: `is not an emulation: ${JSON.stringify(word)}; there is ${EMULATIONS.join(', ')}` });
      }
      if (emulation !== undefined && sandbox.authentication.asksForToken && !behaviourOf(emulation).oauth) {
        problems.push({ path: '/emulate', message: `cannot be ${emulation} here: ${explainNoOAuth(emulation)}` });
      }
      if (emulation === undefined || problems.length > 0) throw badInput(problems);
      sandbox.emulate = emulation;
      return { emulate: emulation };
    },
  },

  setAuthentication: {
    method: 'PUT', path: '/authentication', summary: 'lets calls in by API key or by token from now on; as after a restart, no earlier token counts',
    body: AUTHENTICATION_SCHEMA, checksItself: true,
    run: ({ sandbox }, input) => {
      sandbox.authenticateBy(readAuthentication(input, sandbox));
      return describeAuthentication(sandbox);
    },
  },
  giveToken: {
    method: 'POST', path: '/token', summary: 'gives a good token of a client, of the first one that may have it by default',
    query: { type: 'object', properties: { client: { type: 'string', minLength: 1, description: 'the id of a client', example: 'mock-etherpad' } } },
    run: (context, input) => giveToken(context, input as { client?: string }),
  },

  listSandboxes: { method: 'GET', path: '/sandboxes', summary: 'lists the sandboxes', run: ({ sandboxes }) => ({ sandboxes: sandboxes.list().map(describeSandbox) }) },
  deleteSandbox: { method: 'DELETE', path: '/sandboxes/{name}', summary: 'deletes a sandbox', run: ({ sandboxes }, _input, name) => sandboxes.delete(name) },
  deleteSandboxes: { method: 'DELETE', path: '/sandboxes', summary: 'deletes all sandboxes', run: ({ sandboxes }) => sandboxes.deleteAll() },
} as const satisfies Record<string, VerbRow>;

export type VerbName = keyof typeof ROWS;

export const VERBS = Object.fromEntries(Object.entries(ROWS).map(([name, row]) => [name, { status: 200, ...row }])) as unknown as Readonly<
  Record<VerbName, Verb>
>;

const NOTHING: Schema = { type: 'object' };

/**
 * Checks what the path of a verb names, before it becomes part of a URL: a name that is empty, or that means a folder,
 * would make it another path.
 */
export function checkName({ path }: Verb, name: string): void {
  if (!path.includes('{')) return;
  if (!/^[^/]{1,200}$/.test(name) || name === '.' || name === '..' || !name.isWellFormed()) {
    throw new ControlError(400, `a name has 1 to 200 characters, no slash, and is not . or .., but this is ${JSON.stringify(name)}`);
  }
}

/** @throws ControlError when a verb that takes a body gets none */
export function checkGiven({ method, path, body }: Verb, input: unknown): void {
  if (body !== undefined && input === undefined)
    throw new ControlError(400, `${method} /_mock${path} takes a JSON body, and none was sent`);
}

/** Everything that is wrong with the input of a verb, as far as its schema tells. */
export const problemsOf = ({ body, query, checksItself }: Verb, input: unknown): Problem[] =>
  checksItself ? [] : findProblems(input, body ?? query ?? NOTHING);

/**
 * Does a verb whose input is checked by now.
 *
 * @throws ControlError; then nothing was changed
 */
export async function run(verb: Verb, context: ControlContext, input: unknown, name: string): Promise<unknown> {
  checkName(verb, name);
  return (await verb.run(context, input === undefined ? {} : input, name)) ?? null;
}

/**
 * Does a verb, after checking its input.
 *
 * @throws ControlError; then nothing was changed
 */
export async function perform(verbName: VerbName, context: ControlContext, input: unknown, name = ''): Promise<unknown> {
  const verb = VERBS[verbName];
  checkName(verb, name);
  checkGiven(verb, input);
  const problems = problemsOf(verb, input === undefined ? {} : input);
  if (problems.length > 0) throw badInput(problems);
  return run(verb, context, input, name);
}
