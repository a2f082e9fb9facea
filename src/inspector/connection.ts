import { signal } from '@preact/signals';
import type { Problem } from '../sandbox/problem.ts';

/** Where this page's files are, and everything that it asks: `…/_mock/`. */
export const BASE = new URL('.', import.meta.url);

/** Where clients reach this Etherpad: without a slash at the end. */
export const ETHERPAD_URL = BASE.href.replace(/\/_mock\/$/, '');

export type Connection = 'connecting' | 'live' | 'gone';

export const connection = signal<Connection>('connecting');

/** Whether the server asks for its control token, and what it thought of the last one. */
export const tokenAsked = signal<'no' | 'asked' | 'refused'>('no');

const TOKEN_NAME = 'mock-etherpad control token';

const RETRY_AFTER = [250, 500, 1_000, 2_000] as const;

/** The server sends something every 15 seconds: after so much silence it is gone. In milliseconds. */
const LONGEST_SILENCE = 40_000;

/** The longest time that a timer can wait, in milliseconds. */
const LONGEST_PAUSE = 2 ** 31 - 1;

let token = sessionStorage.getItem(TOKEN_NAME) ?? undefined;
let wake: () => void = () => undefined;

/** The server refused a request, and said why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, title: string, problems: readonly Problem[] = []) {
    super(title);
    this.status = status;
    this.problems = problems;
  }
}

const authorization = (): Record<string, string> => (token === undefined ? {} : { Authorization: `Bearer ${token}` });

function askForToken(): void {
  tokenAsked.value = token === undefined ? 'asked' : 'refused';
  token = undefined;
  sessionStorage.removeItem(TOKEN_NAME);
}

async function refusalOf(response: Response): Promise<Refusal> {
  if (response.status === 401) askForToken();
  const text = await response.text();
  try {
    const { title, problems } = JSON.parse(text) as { title: string; problems?: Problem[] };
    return new Refusal(response.status, title, problems);
  } catch {
    return new Refusal(response.status, `the server answers ${response.status}`);
  }
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/**
 * Asks for something below `/_mock/`.
 *
 * @throws Refusal when the server does not do it; a TypeError when it does not answer
 */
export async function ask<T>(path: string, { method = 'GET', body, signal: aborted }: Question = {}): Promise<T> {
  const response = await fetch(new URL(path, BASE), {
    method,
    cache: 'no-store',
    headers: { ...authorization(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(aborted === undefined ? {} : { signal: aborted }),
  });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as T;
}

/** Tries a token that somebody typed. */
export function giveToken(given: string): void {
  token = given;
  sessionStorage.setItem(TOKEN_NAME, given);
  wake();
}

/** Waits, until `wake` ends it early. */
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

/** Reads one stream of events, until the server ends it, is gone, or is silent for too long. */
async function readEvents(tell: (event: string, data: unknown) => void): Promise<void> {
  const aborting = new AbortController();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const listen = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => aborting.abort(), LONGEST_SILENCE);
  };
  try {
    listen();
    const response = await fetch(new URL('events', BASE), { cache: 'no-store', headers: authorization(), signal: aborting.signal });
    if (!response.ok) throw await refusalOf(response);
    connection.value = 'live';
    tokenAsked.value = 'no';
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      listen();
      const blocks = (text + part.value).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const match = /^event: (\w+)\ndata: (.*)$/.exec(block);
        if (match !== null) tell(match[1]!, JSON.parse(match[2]!));
      }
    }
  } finally {
    clearTimeout(silence);
  }
}

/**
 * Reads the server's events for as long as the page is open. It connects again when the server was gone, and waits for a
 * token when the server asks for one. It uses fetch, because an EventSource cannot send a token.
 */
export async function follow(tell: (event: string, data: unknown) => void): Promise<never> {
  for (let failures = 0; ; failures++) {
    try {
      await readEvents((event, data) => {
        failures = 0;
        tell(event, data);
      });
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) {
        connection.value = 'connecting';
        await pause(LONGEST_PAUSE);
        continue;
      }
    }
    connection.value = 'gone';
    await pause(RETRY_AFTER[Math.min(failures, RETRY_AFTER.length - 1)]!);
  }
}

/** Tries at once. */
export const tryNow = (): void => wake();
