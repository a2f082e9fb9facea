import type { IncomingMessage } from 'node:http';
import { ApiError, noSuchFunction, noSuchVersion, wrongApiKey } from '../etherpad/api-error.ts';
import type { Behaviour } from '../etherpad/emulation.ts';
import { type Parameters, readableParameters } from '../etherpad/functions.ts';
import { explainNoSuchFunction, explainNoSuchVersion, explainRefusal } from '../etherpad/reasons.ts';
import type { Sandbox } from '../sandbox.ts';
import { type Answer, answerEnvelope, answerJson, answerPage, SILENCE } from './answer.ts';
import { explainKey, hasApiKey } from './api-key.ts';
import { BodyError, isServerBody, readBody, readServerBody } from './body.ts';
import { answerFaulty } from './faulty.ts';
import type { Destination, Mount } from './mounts.ts';
import { openapiAnswer } from './openapi.ts';
import { loadQueryReader, readParameters } from './parameters.ts';

/** What the server was started with that an answer depends on. */
export interface CallSettings {
  /** Tells whether a text is the API key, in constant time. */
  readonly isApiKey: (presented: string) => boolean;
  /** The most bytes of a body that are read. */
  readonly bodyLimit: number;
  /** The most fields of a form that are read, where the Etherpad has no limit of its own. */
  readonly maxFields: number;
}

/** A request on its way from its mount to its answer. */
export interface Call {
  readonly sandbox: Sandbox;
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly destination: Destination;
  /** What comes before the path in a URL of this Etherpad: the base path and the sandbox. */
  readonly base: string;
  readonly settings: CallSettings;
  /** What was sent, once it is read. */
  parameters: Parameters | undefined;
}

type FunctionCall = Call & { readonly destination: Extract<Destination, { kind: 'function' }> };

const withCors = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, 'Access-Control-Allow-Origin': '*' } });

function failure(error: unknown, behaviour: Behaviour, mount?: Mount): Answer {
  if (error instanceof ApiError) return answerEnvelope(error.code, error.message, behaviour);
  const message = mount === 'api/2' ? behaviour.internalErrorMessageBelow2 : behaviour.internalErrorMessage;
  return {
    ...answerEnvelope(2, message, behaviour),
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

/** Real servers tell of a bad body as of an error of their own, with code 2; the documented API has code 1 for it. */
function bodyFailure(error: unknown, behaviour: Behaviour): Answer {
  if (!(error instanceof BodyError)) return failure(error, behaviour);
  const answer = answerEnvelope(behaviour.explainsBadBodies ? 1 : 2, error.message, behaviour);
  return error.tooLarge ? { ...answer, status: 413, headers: { Connection: 'close' } } : answer;
}

/** Does what a function does, to the state. What takes long is promised. */
function execute({ sandbox, destination }: FunctionCall, parameters: Parameters): Answer | Promise<Answer> {
  const { behaviour } = sandbox;
  const { function: row, version } = destination;
  const answered = (data: unknown): Answer => answerEnvelope(0, 'ok', behaviour, data);
  const refused = (error: unknown): Answer => {
    const answer = failure(error, behaviour, destination.mount);
    return error instanceof ApiError ? { ...answer, reason: error.reason ?? explainRefusal(error.message, parameters, sandbox) } : answer;
  };
  let data: unknown;
  try {
    data = row.run(sandbox, readableParameters(version, row, parameters));
  } catch (error) {
    return refused(error);
  }
  return data instanceof Promise ? data.then(answered, refused) : answered(data);
}

/** Parameters, then key, then function: the body is read by now. */
function run(call: FunctionCall, body: object | undefined): Answer | Promise<Answer> {
  const { sandbox, request, destination, settings } = call;
  const { behaviour } = sandbox;
  const parameters = readParameters(call.query, body, request.headers, behaviour);
  call.parameters = parameters;
  if (!hasApiKey(settings.isApiKey, parameters, request.headers, behaviour)) {
    return { ...failure(wrongApiKey(), behaviour), reason: explainKey(parameters, request.headers, behaviour) };
  }
  const met = sandbox.faults.meet(destination.function.name);
  if (met.fault === undefined && met.latency === undefined) return execute(call, parameters);
  const { function: row, version } = destination;
  return answerFaulty(met, { row, version, behaviour, execute: () => execute(call, parameters) });
}

const isBodyRead = ({ method, destination }: FunctionCall): boolean =>
  method === 'POST' || (method === 'DELETE' && destination.mount === 'api/2');

/** Calls a function; without a body to wait for, at once. */
function callFunction(call: FunctionCall, serverBody: object | undefined): Answer | Promise<Answer> {
  const { sandbox, request, destination } = call;
  if (!isBodyRead(call)) return run(call, undefined);
  if (serverBody !== undefined) {
    // Etherpad 2.5.3 then reads the body once more, and waits for it for ever
    const waitsForEver = sandbox.behaviour.jsonBody === 'server, then nobody answers' && destination.mount !== 'api/2';
    return waitsForEver ? SILENCE : run(call, serverBody);
  }
  if (request.headers['content-length'] === '0') return run(call, undefined);
  return readBody(request, sandbox.behaviour, call.settings).then(
    (body) => run(call, body),
    (error: unknown) => bodyFailure(error, sandbox.behaviour),
  );
}

function route(call: Call, serverBody: object | undefined): Answer | Promise<Answer> {
  const { destination, sandbox, method, path } = call;
  const { behaviour } = sandbox;
  const unknownPath = (error: ApiError): Answer =>
    behaviour.unknownPath === 'html' ? answerPage(method, path) : failure(error, behaviour);
  switch (destination.kind) {
    case 'function': {
      const answer = callFunction(call as FunctionCall, serverBody);
      if (destination.mount !== 'rest') return answer;
      return answer instanceof Promise ? answer.then(withCors) : withCors(answer);
    }
    case 'no such function': {
      const reason = explainNoSuchFunction(destination.name, destination.version);
      if (destination.mount === 'root') return { ...unknownPath(noSuchFunction()), reason };
      const answer = { ...failure(noSuchFunction(), behaviour), reason };
      return destination.mount === 'rest' ? withCors(answer) : answer;
    }
    case 'no such version':
      return { ...unknownPath(noSuchVersion()), reason: explainNoSuchVersion(behaviour.currentVersion) };
    case 'no such path':
      return unknownPath(noSuchFunction());
    case 'not found below /api/2':
      return answerJson({ code: 1, message: 'not found' });
    case 'current version':
      return answerJson({ currentVersion: behaviour.currentVersion });
    case 'options of /api': {
      const { type, allow } = behaviour.optionsOfApi;
      return { status: 200, type, body: allow, headers: { Allow: allow } };
    }
    case 'openapi':
      return openapiAnswer(destination, behaviour, call.base).then(withCors);
    case 'home':
      return {
        status: 200,
        type: 'text/plain; charset=utf-8',
        body: "mock-etherpad, a mock of Etherpad's HTTP session API: its OpenAPI document is at /openapi.json, its version at /api\n",
      };
  }
}

/** Answers one request, by the rules of the Etherpad that its sandbox emulates. */
export function answerCall(call: Call): Answer | Promise<Answer> {
  const { behaviour } = call.sandbox;
  const loading = loadQueryReader(behaviour);
  if (loading !== undefined) return loading.then(() => answerCall(call));
  if (!isServerBody(call.request, behaviour)) return route(call, undefined);
  return readServerBody(call.request).then(
    (body) => route(call, body),
    () => answerJson({ error: 'Sorry, something bad happened!' }, 500),
  );
}
