import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { Step as RecordedStep } from '../../src/compare/recording.ts';
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

export interface Step extends RecordedStep {
  readonly expect: RecordedStep['expect'] & {
    /** Something that the body contains. */
    readonly has?: string;
    /** Values in a JSON body, by their place: `info.version`; null where there is none. */
    readonly pick?: Readonly<Record<string, unknown>>;
    /** The paths of an OpenAPI document, each with its methods and their operation ids. */
    readonly paths?: Readonly<Record<string, readonly string[]>>;
  };
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

/** The values of placeholders: `${KEY}`, `${run}`, `${now+60}`, `${repeat:x:100}`, and ids by the names they were bound to. */
export interface Values {
  readonly apiKey: string;
  /** Host and port of the server: `127.0.0.1:9001`. */
  readonly host: string;
  /** What makes names of this replay its own. */
  readonly run: string;
  readonly now: number;
  readonly ids: Map<string, string>;
}

const PLACEHOLDER = /\$\{([^}]+)\}/;
const ANY_TEXT = '*';

function valueOf(name: string, { apiKey, run, now, ids }: Values): string | undefined {
  if (name === 'KEY') return apiKey;
  if (name === 'KEYLEN') return String(apiKey.length);
  if (name === 'run') return run;
  const [, sign, offset] = /^now(?:([+-])(\d+))?$/.exec(name) ?? [];
  if (name.startsWith('now') && (name === 'now' || sign !== undefined)) return String(now + (sign === '-' ? -1 : 1) * Number(offset ?? 0));
  const [, character, times] = /^repeat:(.):(\d+)$/.exec(name) ?? [];
  if (character !== undefined) return character.repeat(Number(times));
  return ids.get(name);
}

const fill = (text: string, values: Values): string =>
  text.replaceAll(new RegExp(PLACEHOLDER, 'g'), (whole, name: string) => valueOf(name, values) ?? whole);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a body is the recorded one, or has it in it. An id that has no value yet takes it from the body. */
function isRecordedBody(recorded: string, body: string, values: Values, whole = true): boolean {
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
    return String.raw`([^"\\/<>]+?)`;
  });
  const match = new RegExp(whole ? `^${pattern.join('')}$` : pattern.join('')).exec(body);
  if (match === null) return false;
  unbound.forEach((name, index) => values.ids.set(name, match[index + 1]!));
  return true;
}

const valueAt = (value: unknown, place: string): unknown =>
  place.split('.').reduce<unknown>((within, key) => (within as Record<string, unknown> | null | undefined)?.[key], value) ?? null;

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);

/** Whether a JSON document says what is recorded at the places that were picked, and has the same paths. */
function isRecordedDocument({ pick, paths = {} }: Step['expect'], body: string, host: string): boolean {
  const document = JSON.parse(body.replaceAll(host, '${HOST}')) as { paths?: Record<string, Record<string, { operationId?: string }>> };
  const found = Object.entries(document.paths ?? {}).map(([path, item]) => [
    path,
    Object.keys(item)
      .filter((method) => METHODS.has(method))
      .map((method) => `${method} ${item[method]?.operationId ?? ''}`),
  ]);
  const sorted = (entries: readonly (readonly unknown[])[]): string =>
    JSON.stringify(entries.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)));
  return (
    Object.entries(pick!).every(([place, value]) => JSON.stringify(valueAt(document, place)) === JSON.stringify(value)) &&
    sorted(found) === sorted(Object.entries(paths))
  );
}

/** Whether an answer is the recorded one. An id that has no value yet takes it from the body. */
export function isRecorded(expected: Step['expect'], { status, headers, body }: Reply, values: Values): boolean {
  const isHeader = (name: string, recorded: string | undefined): boolean =>
    recorded === undefined || headers[name] === fill(recorded, values);
  const type = headers['content-type'];
  const isPage = expected.type?.startsWith('text/html') === true;
  return (
    status === expected.status &&
    (isPage ? type?.startsWith('text/html') === true : type === expected.type) &&
    headers['access-control-allow-origin'] === expected.cors &&
    isHeader('content-disposition', expected.disposition) &&
    isHeader('location', expected.location) &&
    (expected.pick === undefined || isRecordedDocument(expected, body, values.host)) &&
    (expected.has === undefined || isRecordedBody(expected.has, body, values, false)) &&
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

/** A word of eight letters that no other replay has. */
export const newRun = (): string => randomBytes(4).toString('hex').replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);

async function replaySequence(url: string, { name, steps }: Sequence, options: ReplayOptions, run: string): Promise<Difference[]> {
  const differences: Difference[] = [];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const values: Values = { host: new URL(url).host, apiKey: options.apiKey, run, now: options.now(), ids: new Map() };
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
  const run = newRun();
  for (const sequence of sequences) differences.push(...(await replaySequence(url, sequence, options, run)));
  return { requests: sequences.reduce((sum, { steps }) => sum + steps.length, 0), differences };
}
