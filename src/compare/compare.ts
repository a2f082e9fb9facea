import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Emulation, EMULATIONS } from '../etherpad/emulation.ts';
import { type ApiCall, apiCallOf, sentValues } from './api-call.ts';
import { CannotCompare } from './cannot-compare.ts';
import { Comparison, type Outcome } from './comparison.ts';
import type { Exchange } from './exchange.ts';
import { Findings } from './findings.ts';
import { Keys } from './keys.ts';
import type { CreateMock } from './mock-beside.ts';
import { createProxy, type Watch } from './proxy.ts';
import { Recorder } from './recorder.ts';
import { makeReport, type Report, reportText } from './report.ts';

/** What to compare, and how. */
export interface CompareOptions {
  /** The real server: its base URL, the part before `/api`. */
  readonly url: string;
  /** The Etherpad that the mock is. Without it the mock is each of them, and the report is of the one most like. */
  readonly as?: Emulation | undefined;
  /** Where the proxy listens; 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** The real server's API key; learned from the calls without it. */
  readonly apiKey?: string | undefined;
  /** A file for the calls and the real server's answers. */
  readonly record?: string | undefined;
  /** A file for what the mock knows at the end. */
  readonly saveSeed?: string | undefined;
}

/** A comparison that runs. */
export interface RunningComparison {
  /** Where clients reach the proxy: the real server's path, at another address. */
  readonly url: string;
  /** The real server's base URL. */
  readonly to: string;
  /** What was found so far, once all that came by is compared. */
  report(): Promise<Report>;
  /** Stops listening, and writes the files that were asked for. */
  close(): Promise<Report>;
}

/** So many calls may wait to be compared; more wait to be passed on. */
const MOST_WAITING = 2_000;

/** An emulation is given up once it differs in more calls than this and twice as many as the one most like. */
const CLEARLY_UNLIKE = 5;

/** How long a report waits for calls that are still to be compared, in milliseconds. */
const REPORT_PATIENCE = 10_000;

/** Reads a base URL. */
function readUrl(text: string): URL {
  const example = 'Give the real server, such as http://127.0.0.1:9001';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new CannotCompare(`${JSON.stringify(text)} is neither a URL nor a recording. ${example}, or a file that --record wrote.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new CannotCompare(`${JSON.stringify(text)} is not a URL of http or https. ${example}.`);
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw new CannotCompare(`The URL has a user name, query or fragment in it. ${example}.`);
  if (!/^(\/[A-Za-z0-9._~-]+)*\/*$/.test(url.pathname))
    throw new CannotCompare(`The path ${url.pathname} cannot be a base path. ${example}.`);
  return url;
}

/** One emulation beside the real server, and what differs from it. */
interface Beside {
  readonly comparison: Comparison;
  readonly findings: Findings;
}

class Comparing {
  readonly keys: Keys;
  readonly #basePath: string;
  #besides: readonly Beside[];
  readonly #recorder: Recorder | undefined;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  readonly #underWay = new Set<{ overlaps: boolean }>();
  readonly #room: (() => void)[] = [];
  others = 0;

  constructor(basePath: string, besides: readonly Beside[], keys: Keys, recorder: Recorder | undefined) {
    this.#basePath = basePath;
    this.#besides = besides;
    this.keys = keys;
    this.#recorder = recorder;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  isWatched(method: string, target: string): boolean {
    return apiCallOf({ method, target }, this.#basePath) !== undefined;
  }

  /** Undefined when there is room for another call. */
  room(): Promise<void> | undefined {
    return this.#waiting < MOST_WAITING ? undefined : new Promise((resolve) => this.#room.push(resolve));
  }

  /** A call begins. Calls are compared in the order in which their answers begin, as a server that answers one at a time did them. */
  begin(): Watch {
    const mark = { overlaps: this.#underWay.size > 0 };
    for (const other of this.#underWay) other.overlaps = true;
    this.#underWay.add(mark);
    return {
      settle: (whole) => {
        this.#waiting += 1;
        const last = this.#last;
        this.#last = (async () => {
          const one = await whole;
          this.#underWay.delete(mark);
          await last;
          try {
            if ('tooLarge' in one) for (const { findings } of this.#besides) findings.counts['too large'] += 1;
            else await this.#compare({ ...one, overlaps: mark.overlaps });
          } catch (error) {
            // an error of the mock itself: the next calls are compared all the same
            for (const { findings } of this.#besides) findings.fail(error);
          } finally {
            this.#waiting -= 1;
            this.#room.shift()?.();
          }
        })();
      },
    };
  }

  /** Waits until all calls whose answers are there are compared, for a limited time. */
  async settled(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, REPORT_PATIENCE)));
    await Promise.race([this.#last, late]);
    clearTimeout(timer);
  }

  /** The emulation that the real server is most like: of equals, the one that the user is most likely to mean, the newest. */
  nearest(): Beside {
    return this.#besides.reduce((best, other) => (other.findings.counts.differ <= best.findings.counts.differ ? other : best));
  }

  /** Emulations that have proved to be unlike the real server need not be asked on and on. */
  #dropUnlike(): void {
    if (this.#besides.length === 1) return;
    const best = this.nearest().findings.counts.differ;
    this.#besides = this.#besides.filter(({ findings }) => findings.counts.differ <= CLEARLY_UNLIKE + 2 * best);
  }

  async #compare(exchange: Exchange): Promise<void> {
    const call = apiCallOf(exchange.request, this.#basePath) as ApiCall;
    const values = sentValues(exchange.request, call);
    this.keys.observe(exchange, values, call.isFunction);
    const outcomes: Outcome[] = await Promise.all(
      this.#besides.map(async ({ comparison, findings }) => {
        const outcome = await comparison.compare(exchange, call, values);
        findings.add(exchange, call, outcome);
        return outcome;
      }),
    );
    this.#dropUnlike();
    if (outcomes.some(({ kind }) => kind === 'compared')) this.#recorder?.record(exchange, call, values);
  }
}

const REPORT_PATH = '/_mock/compare/report';
const SEED_PATH = '/_mock/compare/seed';

/** Answers what is asked of the comparison itself. */
function answerOwn(
  basePath: string,
  report: () => Promise<Report>,
  seed: () => Promise<unknown>,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const [path] = request.url!.split('?');
    const own = [REPORT_PATH, SEED_PATH].find((one) => path === one || path === `${basePath}${one}`);
    if (own === undefined) return false;
    request.resume();
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, {
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'no-store',
      });
      response.end(body);
    };
    const asksText = /\btext\/plain\b/.test(request.headers.accept ?? '');
    const answering =
      own === SEED_PATH
        ? seed().then((document) => send(200, 'application/json', `${JSON.stringify(document)}\n`))
        : report().then((made) =>
            asksText ? send(200, 'text/plain', reportText(made)) : send(200, 'application/json', `${JSON.stringify(made)}\n`),
          );
    answering.catch((error: unknown) => send(500, 'text/plain', `${String(error)}\n`));
    return true;
  };
}

/** @throws CannotCompare for a file that could not be written at the end */
function checkWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw new CannotCompare(
      `Cannot write the seed ${path} (${(error as NodeJS.ErrnoException).code}): check the path and its permissions.`,
    );
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new CannotCompare(`Cannot listen on ${port}: the port is taken. Pass --port 0 for a free one.`)
          : new CannotCompare(`Cannot listen on ${host}:${port}: ${error.code ?? error.message}.`),
      ),
    );
    server.listen(port, host, resolve);
  });
}

/**
 * Starts a proxy in front of a real Etherpad, and compares each of its answers with the mock's.
 *
 * @param createMock makes the mock that answers beside the real server
 * @param onReach is told when the real server cannot be reached, and when it can again
 * @throws CannotCompare for options that cannot be used
 * @example
 * const comparison = await startComparison({ url: 'http://127.0.0.1:9001', as: '3.3.1', port: 0, host: '127.0.0.1' }, createMock);
 * // run the tests against comparison.url
 * const { differences } = await comparison.close();
 */
export async function startComparison(
  options: CompareOptions,
  createMock: CreateMock,
  onReach: (reason: string | undefined) => void = () => undefined,
): Promise<RunningComparison> {
  const to = readUrl(options.url);
  const basePath = to.pathname.replace(/\/+$/, '');
  const keys = new Keys(options.apiKey);
  if (options.saveSeed !== undefined) checkWritable(options.saveSeed);
  const recorder = options.record === undefined ? undefined : new Recorder(options.record, keys);
  const emulations = options.as === undefined ? EMULATIONS : [options.as];
  const besides = await Promise.all(
    emulations.map(async (emulation) => ({
      comparison: await Comparison.start({ emulation, basePath, isKey: keys.isKey, createMock }),
      findings: new Findings(),
    })),
  );
  const comparing = new Comparing(basePath, besides, keys, recorder);
  let lost: string | undefined;

  const report = async (): Promise<Report> => {
    await comparing.settled();
    const { comparison, findings } = comparing.nearest();
    const about = {
      url: `${to.origin}${basePath}`,
      origin: to.origin,
      as: comparison.emulation,
      asGiven: options.as !== undefined,
      others: comparing.others,
      lost: lost ?? null,
      underWay: comparing.underWay,
    };
    return makeReport(about, findings, keys);
  };
  const seed = async (): Promise<unknown> => {
    await comparing.settled();
    return comparing.nearest().comparison.seed();
  };

  const server = createProxy({
    to,
    isWatched: (method, target) => comparing.isWatched(method, target),
    answerOwn: answerOwn(basePath, report, seed),
    room: () => comparing.room(),
    onRequest: () => comparing.begin(),
    onOther() {
      comparing.others += 1;
      return undefined;
    },
    onReach(reason) {
      if (reason !== lost) onReach(reason);
      lost = reason;
    },
  });
  try {
    await listen(server, options.port, options.host);
  } catch (error) {
    recorder?.end(options.as ?? '3.3.1');
    for (const { comparison } of besides) await comparison.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const host =
    options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host.includes(':') ? `[${options.host}]` : options.host;

  let closed: Promise<Report> | undefined;
  const close = async (): Promise<Report> => {
    const made = await report();
    const stopped = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await stopped;
    recorder?.end(made.as);
    if (options.saveSeed !== undefined) writeFileSync(options.saveSeed, `${JSON.stringify(await seed(), null, 2)}\n`);
    for (const { comparison } of besides) await comparison.close();
    return made;
  };
  return { url: `http://${host}:${port}${basePath}`, to: `${to.origin}${basePath}`, report, close: () => (closed ??= close()) };
}
