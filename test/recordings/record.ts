import http from 'node:http';
import { type Question, type Reply, send } from '../ask.ts';
import { isRecorded, newRun, questionOf, type Recording, type Sequence, type Step, type Values } from './replay.ts';

export interface RecordOptions {
  readonly apiKey: string;
  /** The server's time in unix seconds. */
  readonly now: () => number | Promise<number>;
  /** Lets the server's time pass. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Waits for a second to begin: what is sent with `${now}` is to arrive in it. */
  readonly nextSecond: () => Promise<void>;
  /** How long a request must stay without an answer to count as unanswered, in milliseconds. */
  readonly silence: number;
}

/** A step that the server answered in another way when it was asked again: the place to look at before a recording is kept. */
export interface Unstable {
  readonly sequence: string;
  readonly label: string;
  /** Whether what was different is left open now; otherwise the step holds the answer of the fresh server. */
  readonly isLeftOpen: boolean;
}

export interface Recorded {
  readonly sequences: readonly Sequence[];
  /** How many answers are those of the recording that gave the requests. */
  readonly same: number;
  readonly unstable: readonly Unstable[];
}

type Expected = Step['expect'];
type Answer = Reply | 'none' | { readonly connection: string };

const ANY_TEXT = '${*}';

/** Ids that Etherpad gives: of groups, authors and sessions. */
const ID = /(?<![A-Za-z0-9])(?:[ga]\.[A-Za-z0-9]{16}|s\.[A-Za-z0-9]{32})(?![A-Za-z0-9])/g;

/** A shorter value may stand in a text by chance. */
const SHORTEST_ID = 8;

function answerTo(url: string, question: Question, agent: http.Agent, silence: number): Promise<Answer> {
  const { reply, abandon } = send(url, question, agent);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve('none');
      abandon();
    }, silence);
    reply.then(resolve, (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(new Error(`nobody listens at ${url} any more`));
      else resolve({ connection: error.code ?? error.message });
    });
    reply.finally(() => clearTimeout(timer)).catch(() => undefined);
  });
}

/** Whether an answer is as it is expected; takes ids from it. */
function isAsExpected(expected: Expected, answer: Answer, values: Values): boolean {
  if (answer === 'none') return expected.noAnswer === true;
  if ('connection' in answer) return expected.connection !== undefined;
  return expected.noAnswer !== true && expected.connection === undefined && isRecorded(expected, answer, values);
}

/** The offsets that the requests of a sequence add to its time: `${now+60}` adds 60. */
function offsetsIn({ steps }: Sequence): number[] {
  const found = JSON.stringify(steps.map((step) => step.send)).matchAll(/\$\{now([+-]\d+)?\}/g);
  return [...new Set(Array.from(found, ([, offset = '0']) => Number(offset)))];
}

/** A text that occurs between a recorded id and the quotation mark before it, such as `"groupID":"`. */
function textBefore(name: string, body: string): string | undefined {
  const [before] = body.split(`\${${name}}`);
  return before === body ? undefined : /"[^"]*"?[^"]*"$/.exec(before!)?.[0];
}

/**
 * The ids that an answer gives: by the names that the model binds where they are at the same place, by new ones otherwise.
 * What was asked for is none that the answer gives.
 */
function bindIds(body: string, { expect, binds = [] }: Step, question: Question, values: Values, newName: () => string): string[] {
  const bound: string[] = [];
  for (const name of binds) {
    const before = textBefore(name, expect.body ?? '');
    const at = before === undefined ? -1 : body.indexOf(before);
    if (at === -1) continue;
    const from = at + before!.length;
    values.ids.set(name, body.slice(from, body.indexOf('"', from)));
    bound.push(name);
  }
  const asked = `${question.path} ${String(question.body)}`;
  const known = new Set(values.ids.values());
  for (const [id] of body.matchAll(ID)) {
    if (known.has(id) || asked.includes(id)) continue;
    const name = newName();
    values.ids.set(name, id);
    known.add(id);
    bound.push(name);
  }
  return bound;
}

/** A body with placeholders for what is different the next time. */
function withPlaceholders(body: string, { apiKey, now, ids }: Values, offsets: readonly number[]): string {
  const known: [value: string, name: string][] = [...ids].map(([name, value]) => [value, name]);
  known.push([apiKey, 'KEY']);
  const named = known
    .filter(([value]) => value.length >= SHORTEST_ID)
    .toSorted(([one], [other]) => other.length - one.length)
    .reduce((text, [value, name]) => text.replaceAll(value, () => `\${${name}}`), body);
  return offsets.reduce(
    (text, offset) =>
      text.replaceAll(new RegExp(`(?<![\\d.])${now + offset}(?!\\d)`, 'g'), () => `\${now${offset === 0 ? '' : offset > 0 ? `+${offset}` : offset}}`),
    named,
  );
}

/** Headers that only some steps of a recording look at. */
const FURTHER_HEADERS = { disposition: 'content-disposition', location: 'location' } as const;

function expectationOf(answer: Answer, model: Expected, textOf: (body: string) => string): Expected {
  if (answer === 'none') return { noAnswer: true };
  if ('connection' in answer) return answer;
  const { status, headers, body } = answer;
  const type = headers['content-type'];
  const cors = headers['access-control-allow-origin'];
  const further = Object.entries(FURTHER_HEADERS)
    .filter(([name, header]) => name in model && headers[header] !== undefined)
    .map(([name, header]) => [name, headers[header]]);
  return {
    status,
    ...(type === undefined ? {} : { type }),
    ...(cors === undefined ? {} : { cors }),
    ...Object.fromEntries(further),
    // a page differs with every release: its status and type count
    ...(type?.startsWith('text/html') === true ? {} : { body: textOf(body) }),
  };
}

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[^"\d-]+|./g;

/** What two texts have in common, token by token; undefined when they are not built alike. */
function commonOf(one: string, other: string): string | undefined {
  const ones: readonly string[] = one.match(TOKENS) ?? [];
  const others: readonly string[] = other.match(TOKENS) ?? [];
  if (ones.length !== others.length) return undefined;
  const common = ones.map((token, index) => {
    if (token === others[index]) return token;
    const isText = token.startsWith('"') && others[index]!.startsWith('"');
    return isText ? `"${ANY_TEXT}"` : /^-?\d/.test(token) && /^-?\d/.test(others[index]!) ? ANY_TEXT : undefined;
  });
  return common.every((token) => token !== undefined) ? common.join('') : undefined;
}

/** Sends the requests of a sequence one after the other, and tells each answer. */
async function ask(
  url: string,
  sequence: Sequence,
  { apiKey, now, wait, nextSecond, silence }: RecordOptions,
  take: (step: Step, question: Question, answer: Answer, values: Values) => void,
): Promise<void> {
  if (offsetsIn(sequence).length > 0) await nextSecond();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const values: Values = { host: new URL(url).host, run: newRun(), apiKey, now: await now(), ids: new Map() };
  try {
    for (const step of sequence.steps) {
      if (step.waitMs !== undefined) await wait(step.waitMs);
      const question = questionOf(step.send, values);
      take(step, question, await answerTo(url, question, agent, silence), values);
    }
  } finally {
    agent.destroy();
  }
}

async function recordSequence(url: string, model: Sequence, options: RecordOptions): Promise<{ sequence: Sequence; same: number }> {
  const offsets = offsetsIn(model);
  const used = JSON.stringify(model);
  let named = 0;
  const newName = (): string => {
    do named++;
    while (used.includes(`"new${named}"`));
    return `new${named}`;
  };
  const steps: Step[] = [];
  let same = 0;
  await ask(url, model, options, (step, question, answer, values) => {
    const before = new Map(values.ids);
    for (const name of step.binds ?? []) values.ids.delete(name);
    if (isAsExpected(step.expect, answer, values)) {
      same++;
      steps.push(step);
      return;
    }
    for (const name of step.binds ?? []) if (before.has(name)) values.ids.set(name, before.get(name)!);
    const body = typeof answer === 'object' && 'body' in answer ? answer.body : '';
    const binds = bindIds(body, step, question, values, newName);
    const { expect: expected, binds: _binds, ...asked } = step;
    steps.push({
      ...asked,
      expect: expectationOf(answer, expected, (text) => withPlaceholders(text, values, offsets)),
      ...(binds.length === 0 ? {} : { binds }),
    });
  });
  return { sequence: { ...model, steps }, same };
}

/**
 * Asks again, and leaves open what is different then: a token, a time of the server's own.
 *
 * @param trusted answers that are known to be those of a fresh server, and stay
 */
async function loosen(
  url: string,
  recorded: Sequence,
  trusted: ReadonlySet<Step>,
  options: RecordOptions,
): Promise<{ sequence: Sequence; unstable: Unstable[] }> {
  const offsets = offsetsIn(recorded);
  const steps: Step[] = [];
  const unstable: Unstable[] = [];
  await ask(url, recorded, options, (step, question, answer, values) => {
    for (const name of step.binds ?? []) values.ids.delete(name);
    if (isAsExpected(step.expect, answer, values)) {
      steps.push(step);
      return;
    }
    const unstableStep = { sequence: recorded.name, label: step.label };
    const { body: first } = step.expect;
    if (!trusted.has(step) && typeof answer === 'object' && 'body' in answer && first !== undefined) {
      // the names that it binds are bound again, to find the same placeholders
      const ids = new Map(values.ids);
      let unnamed = 0;
      bindIds(answer.body, step, question, values, () => step.binds?.[unnamed++] ?? `${unnamed}`);
      const body = commonOf(first, withPlaceholders(answer.body, values, offsets));
      values.ids.clear();
      for (const [name, id] of ids) values.ids.set(name, id);
      const loose = { ...step.expect, ...(body === undefined ? {} : { body }) };
      if (isAsExpected(loose, answer, values)) {
        steps.push({ ...step, expect: loose });
        unstable.push({ ...unstableStep, isLeftOpen: true });
        return;
      }
    }
    unstable.push({ ...unstableStep, isLeftOpen: false });
    steps.push(step);
  });
  return { sequence: { ...recorded, steps }, unstable };
}

/**
 * Sends the requests of a recording to a server, twice, and makes a recording of its answers. Answers that are as in the model
 * are written as they are there. The server must be fresh, and nobody else may use it.
 *
 * @param url where to: scheme, host and port count
 * @param model the recording whose requests are sent
 * @throws Error when the server is gone
 */
export async function record(url: string, model: Pick<Recording, 'sequences'>, options: RecordOptions): Promise<Recorded> {
  const first: Sequence[] = [];
  let same = 0;
  for (const sequence of model.sequences) {
    const recorded = await recordSequence(url, sequence, options);
    first.push(recorded.sequence);
    same += recorded.same;
  }
  // names that were made with the time of the first round are not met again
  await options.wait(1_000);
  const sequences: Sequence[] = [];
  const unstable: Unstable[] = [];
  const trusted = new Set(model.sequences.flatMap(({ steps }) => steps));
  for (const sequence of first) {
    const loosened = await loosen(url, sequence, trusted, options);
    sequences.push(loosened.sequence);
    unstable.push(...loosened.unstable);
  }
  return { sequences, same, unstable };
}

const NOTE = `Answers of a real Etherpad. \${KEY}: the API key. \${now+N}: unix seconds at the start of the sequence, plus N. \${name}: an id; a step that lists it under binds takes it from the answer. \${*}: any text. No expect.body: an HTML page, of which only status and type count.`;

/**
 * The text of a recording: a line for each step, so that a difference between two of them is one of lines.
 *
 * @param etherpad the version that answered
 * @param recordedAt ISO 8601
 */
export function textOfRecording(etherpad: string, recordedAt: string, sequences: readonly Sequence[]): string {
  const head = JSON.stringify({ etherpad, recordedAt, note: NOTE }).slice(0, -1);
  const parts = sequences.map(({ name, steps }) => {
    return `{"name":${JSON.stringify(name)},"steps":[\n${steps.map((step) => JSON.stringify(step)).join(',\n')}\n]}`;
  });
  return `${head},"sequences":[\n${parts.join(',\n')}\n]}\n`;
}
