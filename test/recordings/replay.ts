import http from 'node:http';
import { type Question, type Reply, send } from '../ask.ts';

/** What a real Etherpad answered, sequence by sequence. */
export interface Recording {
  /** The version that answered. */
  readonly etherpad: string;
  readonly sequences: readonly Sequence[];
}

export interface Sequence {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly label: string;
  /** How long to wait before the request, in milliseconds. */
  readonly waitMs?: number;
  readonly send: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly body?: string;
    readonly bodyBase64?: string;
    readonly chunked?: boolean;
  };
  readonly expect: {
    readonly status?: number;
    readonly type?: string;
    readonly cors?: string;
    /** Absent for an HTML page, of which status and type count. */
    readonly body?: string;
    /** The server never answered. */
    readonly noAnswer?: boolean;
    /** The server closed the connection instead. */
    readonly connection?: string;
  };
  /** Names of ids that the answer gives anew. */
  readonly binds?: readonly string[];
}

/** An answer that is not the recorded one. */
export interface Difference {
  readonly sequence: string;
  readonly label: string;
  readonly request: string;
  readonly expected: Step['expect'];
  readonly actual: Partial<Reply> | string;
}

export interface ReplayOptions {
  readonly apiKey: string;
  /** The server's time in unix seconds. */
  readonly now: () => number;
  /** Lets the server's time pass. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** How long a request must stay without an answer to count as unanswered, in milliseconds. */
  readonly silence: number;
}

export interface Replay {
  readonly requests: number;
  readonly differences: readonly Difference[];
}

/** The values of placeholders: `${KEY}`, `${now+60}`, `${repeat:x:100}`, and ids by the names they were bound to. */
export interface Values {
  readonly apiKey: string;
  readonly now: number;
  readonly ids: Map<string, string>;
}

const PLACEHOLDER = /\$\{([^}]+)\}/;
const ANY_TEXT = '*';

function valueOf(name: string, { apiKey, now, ids }: Values): string | undefined {
  if (name === 'KEY') return apiKey;
  if (name === 'KEYLEN') return String(apiKey.length);
  const [, sign, offset] = /^now(?:([+-])(\d+))?$/.exec(name) ?? [];
  if (name.startsWith('now') && (name === 'now' || sign !== undefined)) return String(now + (sign === '-' ? -1 : 1) * Number(offset ?? 0));
  const [, character, times] = /^repeat:(.):(\d+)$/.exec(name) ?? [];
  if (character !== undefined) return character.repeat(Number(times));
  return ids.get(name);
}

const fill = (text: string, values: Values): string =>
  text.replaceAll(new RegExp(PLACEHOLDER, 'g'), (whole, name: string) => valueOf(name, values) ?? whole);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a body is the recorded one. An id that has no value yet takes it from the body. */
function isRecordedBody(recorded: string, body: string, values: Values): boolean {
  const unbound: string[] = [];
  // the odd parts are the placeholders' names
  const pattern = recorded.split(new RegExp(PLACEHOLDER)).map((part, index) => {
    if (index % 2 === 0) return escaped(part);
    if (part === ANY_TEXT) return '[^]*?';
    const value = valueOf(part, values);
    if (value !== undefined) return escaped(value);
    const known = unbound.indexOf(part);
    if (known !== -1) return `\\${known + 1}`;
    unbound.push(part);
    return String.raw`([gas]\.[A-Za-z0-9$_]+)`;
  });
  const match = new RegExp(`^${pattern.join('')}$`).exec(body);
  if (match === null) return false;
  unbound.forEach((name, index) => values.ids.set(name, match[index + 1]!));
  return true;
}

/** Whether an answer is the recorded one. An id that has no value yet takes it from the body. */
export function isRecorded(expected: Step['expect'], { status, headers, body }: Reply, values: Values): boolean {
  const type = headers['content-type'];
  const isPage = expected.type?.startsWith('text/html') === true;
  return (
    status === expected.status &&
    (isPage ? type?.startsWith('text/html') === true : type === expected.type) &&
    headers['access-control-allow-origin'] === expected.cors &&
    (expected.body === undefined || isRecordedBody(expected.body, body, values))
  );
}

/** The request of a step, with values for its placeholders. */
export function questionOf({ method, path, headers = {}, body, bodyBase64, chunked }: Step['send'], values: Values): Question {
  const filledHeaders = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? fill(value, values) : value.map((item) => fill(item, values)),
  ]);
  const payload = bodyBase64 === undefined ? (body === undefined ? undefined : fill(body, values)) : Buffer.from(bodyBase64, 'base64');
  return {
    method,
    path: fill(path, values),
    headers: Object.fromEntries(filledHeaders) as Question['headers'] & object,
    ...(payload === undefined ? {} : { body: payload }),
    ...(chunked === undefined ? {} : { chunked }),
  };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function replaySequence(url: string, { name, steps }: Sequence, options: ReplayOptions): Promise<Difference[]> {
  const differences: Difference[] = [];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const values: Values = { apiKey: options.apiKey, now: options.now(), ids: new Map() };
  const unanswered: (() => Promise<void>)[] = [];

  for (const { label, waitMs, send: request, expect: expected, binds = [] } of steps) {
    if (waitMs !== undefined) await options.wait(waitMs);
    const question = questionOf(request, values);
    const differs = (actual: Difference['actual']): void => {
      differences.push({ sequence: name, label, request: `${question.method} ${question.path.slice(0, 200)}`, expected, actual });
    };
    if (expected.noAnswer === true) {
      // the silent ones wait side by side, each on a connection of its own, while the sequence goes on
      const { sent, reply, abandon } = send(url, question);
      let answer: Reply | undefined;
      reply.then((arrived) => (answer = arrived), () => undefined);
      await sent;
      unanswered.push(async () => {
        abandon();
        if (answer !== undefined) differs(answer);
      });
      continue;
    }
    const reply = await send(url, question, agent).reply.catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    for (const id of binds) values.ids.delete(id);
    if (typeof reply === 'string') {
      if (expected.connection === undefined) differs(reply);
    } else if (!isRecorded(expected, reply, values)) {
      differs(reply);
    }
  }

  if (unanswered.length > 0) await pause(options.silence);
  for (const end of unanswered) await end();
  agent.destroy();
  return differences;
}

/** Sends every request of a recording in its order to a fresh server, and finds the answers that are not the recorded ones. */
export async function replay(url: string, { sequences }: Recording, options: ReplayOptions): Promise<Replay> {
  const differences: Difference[] = [];
  for (const sequence of sequences) differences.push(...(await replaySequence(url, sequence, options)));
  return { requests: sequences.reduce((sum, { steps }) => sum + steps.length, 0), differences };
}
