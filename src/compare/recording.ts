import { readFileSync } from 'node:fs';
import { CannotCompare } from './cannot-compare.ts';

/** A request and the answer that a real server gave. Texts hold placeholders: `${KEY}`, `${now+60}`, `${group1}`, `${*}`. */
export interface Step {
  readonly label: string;
  /** Milliseconds that went by before it. */
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
    /** The header Content-Disposition. */
    readonly disposition?: string;
    /** The header Location. */
    readonly location?: string;
    /** Absent for a page, of which status and type count. */
    readonly body?: string;
    /** The server never answered. */
    readonly noAnswer?: boolean;
    /** The server closed the connection instead. */
    readonly connection?: string;
  };
  /** Ids that the answer gives anew. */
  readonly binds?: readonly string[];
}

/** What a real server answered, in the form that `--record` writes. */
export interface Recording {
  /** The Etherpad that answered. */
  readonly etherpad?: string;
  readonly sequences: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

const isStep = (value: unknown): boolean => {
  const { send, expect } = (value ?? {}) as Partial<Step>;
  return typeof send?.method === 'string' && typeof send.path === 'string' && typeof expect === 'object';
};

/**
 * Reads a recording.
 *
 * @throws CannotCompare for a file that is none
 */
export function readRecording(file: string): Recording {
  let recording: Partial<Recording> | null;
  try {
    recording = JSON.parse(readFileSync(file, 'utf8')) as Partial<Recording> | null;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new CannotCompare(`Cannot read the recording ${file} (${why}). Give one that --record wrote.`);
  }
  const sequences = recording?.sequences;
  if (!Array.isArray(sequences) || !sequences.every(({ steps }) => Array.isArray(steps) && steps.every(isStep)))
    throw new CannotCompare(`${file} is not a recording: it has no sequences of steps with send and expect. Give one that --record wrote.`);
  return recording as Recording;
}

const PLACEHOLDER = /\$\{([^}]+)\}/;
const PLACEHOLDERS = new RegExp(PLACEHOLDER, 'g');
const ANY = '*';

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** What placeholders stand for while a sequence is sent again. */
export class Placeholders {
  readonly apiKey: string;
  readonly #run: string;
  readonly #now: number;
  readonly #ids = new Map<string, string>();

  /**
   * @param now unix time in seconds that times are reckoned from
   * @param run letters that make the names of a whole recording its own
   */
  constructor(apiKey: string, now: number, run: string) {
    this.apiKey = apiKey;
    this.#run = run;
    this.#now = now;
  }

  forget(names: readonly string[]): void {
    for (const name of names) this.#ids.delete(name);
  }

  /** A text with all that is known filled in. */
  fill(text: string): string {
    return text.replaceAll(PLACEHOLDERS, (whole, name: string) => this.#valueOf(name) ?? whole);
  }

  /** A recorded body as it should be now: ids that are new take their values from the body that came. */
  body(recorded: string, actual: string): string {
    if (this.#bind(recorded, actual)) return actual;
    // it is another body: what can be learned from its parts still is, so that only the difference shows
    try {
      const template = JSON.parse(recorded.replaceAll(/:(\$\{\*\})(?=[,}\]])/g, ':"$1"')) as unknown;
      return JSON.stringify(this.#filled(template, JSON.parse(actual)));
    } catch {
      return this.fill(recorded);
    }
  }

  #valueOf(name: string): string | undefined {
    if (name === 'KEY') return this.apiKey;
    if (name === 'KEYLEN') return String(this.apiKey.length);
    if (name === 'run') return this.#run;
    const time = /^now([+-]\d+)?$/.exec(name);
    if (time !== null) return String(this.#now + Number(time[1] ?? 0));
    const repeated = /^repeat:(.):(\d{1,6})$/.exec(name);
    if (repeated !== null) return repeated[1]!.repeat(Number(repeated[2]));
    return this.#ids.get(name);
  }

  /** Whether a text is the recorded one; ids without a value take it from there. */
  #bind(recorded: string, actual: string): boolean {
    const unbound: string[] = [];
    const pattern = recorded.split(PLACEHOLDER).map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      if (part === ANY) return '[^]*?';
      const value = this.#valueOf(part);
      if (value !== undefined) return escaped(value);
      const known = unbound.indexOf(part);
      if (known !== -1) return `\\${known + 1}`;
      unbound.push(part);
      return String.raw`([^"\\/<>]+?)`;
    });
    const match = new RegExp(`^${pattern.join('')}$`).exec(actual);
    if (match === null) return false;
    for (const [index, name] of unbound.entries()) this.#ids.set(name, match[index + 1]!);
    return true;
  }

  #filled(template: unknown, actual: unknown): unknown {
    if (typeof template === 'string') {
      if (template === `\${${ANY}}`) return actual === undefined ? '' : actual;
      if (typeof actual === 'string' && this.#bind(template, actual)) return actual;
      return this.fill(template);
    }
    if (typeof template !== 'object' || template === null) return template;
    const of = (key: string): unknown =>
      typeof actual === 'object' && actual !== null ? (actual as Record<string, unknown>)[key] : undefined;
    if (Array.isArray(template)) return template.map((member, index) => this.#filled(member, of(String(index))));
    return Object.fromEntries(
      Object.entries(template).map(([key, member]) => {
        const name = this.#keyOf(key, actual);
        return [name, this.#filled(member, of(name))];
      }),
    );
  }

  /** The key of a map may be an id. */
  #keyOf(key: string, actual: unknown): string {
    const known = this.fill(key);
    if (!PLACEHOLDER.test(known) || typeof actual !== 'object' || actual === null) return known;
    return Object.keys(actual).find((candidate) => this.#bind(key, candidate)) ?? known;
  }
}
