import { ControlError, type Problem } from './problem.ts';
import { type Connection, createControl, type EtherpadControl, type Information, type Perform } from './handle.ts';
import { VERBS } from './verbs.ts';

export interface ConnectOptions {
  /** The token that the server was started with, if it was. */
  readonly controlToken?: string;
}

/** A server elsewhere, in the hands of a test. */
export interface ConnectedMockEtherpad extends EtherpadControl, AsyncDisposable {
  /** Lets go of the server, which runs on. */
  close(): Promise<void>;
}

const withQuery = (url: string, input: object | undefined): string => {
  const given = Object.entries(input ?? {}).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? url : `${url}?${query}`;
};

function performAt(url: string, { controlToken }: ConnectOptions): Perform {
  return async (verbName, input, name = '') => {
    const verb = VERBS[verbName];
    const path = verb.path.replace(/\{\w+\}/, encodeURIComponent(name));
    const target = withQuery(`${url}/_mock${path}`, verb.query === undefined ? undefined : (input as object | undefined));
    let answer: Response;
    try {
      answer = await fetch(target, {
        method: verb.method,
        headers: {
          ...(verb.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(controlToken === undefined ? {} : { Authorization: `Bearer ${controlToken}` }),
        },
        ...(verb.body === undefined ? {} : { body: JSON.stringify(input ?? {}) }),
      });
    } catch (error) {
      throw new ControlError(0, `${url} does not answer (${((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? (error as Error).message}): is the mock running there?`);
    }
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as unknown;
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
    const { title, problems } = isProblem
      ? (JSON.parse(text) as { title: string; problems?: Problem[] })
      : { title: `${target} answers ${answer.status}: no control of a mock-etherpad is there`, problems: [] };
    throw new ControlError(answer.status, title, problems);
  };
}

const connectionTo = (url: string, apiKey: string, options: ConnectOptions): Connection => ({
  url,
  apiKey,
  perform: performAt(url, options),
  sandbox: (name) => connectionTo(`${url.replace(/\/sandbox\/[^/]+$/, '')}/sandbox/${name}`, apiKey, options),
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
  const { apiKey } = (await performAt(base, options)('info')) as Information;
  const close = async (): Promise<void> => undefined;
  return { ...createControl(connectionTo(base, apiKey, options)), close, [Symbol.asyncDispose]: close };
}
