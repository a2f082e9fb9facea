import { checkSandboxName } from '../sandbox/sandbox-name.ts';
import { type Connection, createControl, type EtherpadControl, type Information, type Perform } from './handle.ts';
import { ControlError, type Problem } from '../sandbox/problem.ts';
import { checkName, VERBS } from './verbs.ts';

export interface ConnectOptions {
  /** The token that the server was started with, if it was. */
  readonly controlToken?: string;
}

/** Controls a server in another process or container. */
export interface ConnectedMockEtherpad extends EtherpadControl, AsyncDisposable {
  /** Lets go of the server, which runs on. */
  close(): Promise<void>;
}

/** What is known of a server while a test is connected to it. */
interface Server extends ConnectOptions {
  /** Sandboxes that were asked for and are being made: what is asked next finds them there. */
  readonly making: Set<Promise<unknown>>;
}

const withQuery = (url: string, input: object | undefined): string => {
  const given = Object.entries(input ?? {}).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? url : `${url}?${query.toString()}`;
};

/** What JSON there is in an answer. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function send(target: string, init: RequestInit): Promise<unknown> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(target, init);
    text = await answer.text();
  } catch (error) {
    const why = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? (error as Error).message;
    throw new ControlError(0, `${new URL(target).origin} does not answer (${why}): is the mock running there?`);
  }
  const type = answer.headers.get('content-type') ?? '';
  const body = parsed(text);
  if (answer.ok && type.startsWith('application/json') && body !== undefined) return body;
  if (type.startsWith('application/problem+json') && body !== undefined) {
    const { title, problems } = body as { title: string; problems?: Problem[] };
    throw new ControlError(answer.status, title, problems);
  }
  throw new ControlError(
    answer.status,
    `${target} answers ${answer.status} and ${type || 'no content'}: no control of a mock-etherpad is there`,
  );
}

function performAt(url: string, { controlToken, making }: Server): Perform {
  return async (verbName, input, name = '') => {
    const verb = VERBS[verbName];
    checkName(verb, name);
    await Promise.all(making);
    const path = verb.path.replace(/\{\w+\}/, encodeURIComponent(name));
    const hasBody = verb.body !== undefined && input !== undefined;
    return send(withQuery(`${url}/_mock${path}`, verb.query === undefined ? undefined : (input as object | undefined)), {
      method: verb.method,
      headers: {
        ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
        ...(controlToken === undefined ? {} : { Authorization: `Bearer ${controlToken}` }),
      },
      ...(hasBody ? { body: JSON.stringify(input) } : {}),
    });
  };
}

const connectionTo = (url: string, apiKey: string, server: Server): Connection => ({
  url,
  apiKey,
  perform: performAt(url, server),
  sandbox(name) {
    checkSandboxName(name);
    const sandbox = connectionTo(`${url.replace(/\/sandbox\/[^/]+$/, '')}/sandbox/${name}`, apiKey, server);
    // the first use makes it, as in process; if that fails, the next verb tells
    const made: Promise<unknown> = sandbox
      .perform('info')
      .catch(() => undefined)
      .finally(() => server.making.delete(made));
    server.making.add(made);
    return sandbox;
  },
});

/**
 * Takes a server that runs elsewhere into a test's hands: the same object as startMockEtherpad gives.
 *
 * @param url where clients reach it: `http://etherpad:9001`, with base path or sandbox if there is one
 * @throws ControlError when no mock answers there, or it asks for a token
 * @example
 * const etherpad = await connectMockEtherpad('http://127.0.0.1:9001');
 * await etherpad.clock.advance({ seconds: 3600 });
 */
export async function connectMockEtherpad(url: string, options: ConnectOptions = {}): Promise<ConnectedMockEtherpad> {
  const base = url.replace(/\/+$/, '');
  const server: Server = { ...options, making: new Set() };
  const { apiKey } = (await performAt(base, server)('info')) as Information;
  const close = async (): Promise<void> => {
    await Promise.all(server.making);
  };
  return { ...createControl(connectionTo(base, apiKey, server)), close, [Symbol.asyncDispose]: close };
}
