import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import { createControl, type EtherpadControl } from './control/handle.ts';
import { localConnection } from './control/local.ts';
import { withHtmlRead } from './sandbox/pad-html.ts';
import { ControlError } from './sandbox/problem.ts';
import { systemClock } from './etherpad/clock.ts';
import { behaviourOf, type Emulation } from './etherpad/emulation.ts';
import { createIds } from './etherpad/ids.ts';
import { checkSeed, type SeedDocument } from './sandbox/state-document.ts';
import { createReport, every, guarded } from './sandbox/guarded.ts';
import { secretComparer } from './http/etherpad/api-key.ts';
import { checkCoverageFile, writeCoverage } from './coverage-file.ts';
import { closeGently } from './http/closing.ts';
import { listen } from './http/listen.ts';
import { createServer } from './http/server.ts';
import { baseUrl } from './base-url.ts';
import { type MockEtherpadOptions, OptionError, readSettings, type Settings } from './options.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { Sandboxes } from './sandbox/sandboxes.ts';

/** How long a request under way may take to end when the server closes, in milliseconds. */
const CLOSING_TIME = 4_000;

/** A running mock, and how to control it. */
export interface MockEtherpad extends EtherpadControl, AsyncDisposable {
  /** Finishes the requests under way and stops listening; within 5 seconds. */
  close(): Promise<void>;
}

const LISTEN_ERRORS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_host, port) => `Cannot listen on ${port}: the port is taken. Pass --port 0 for a free one.`,
  EACCES: (_host, port) => `Cannot listen on ${port}: this user may not use the port. Pass one above 1023.`,
  EADDRNOTAVAIL: (host) => `Cannot listen on ${host}: this machine has no such address. Pass --host 127.0.0.1, or 0.0.0.0 for all.`,
  ENOTFOUND: (host) => `Cannot listen on ${host}: no such host name. Pass --host 127.0.0.1, or 0.0.0.0 for all.`,
};

async function readSeed(seed: string | Partial<SeedDocument> | undefined): Promise<SeedDocument | undefined> {
  if (seed === undefined) return undefined;
  if (typeof seed !== 'string') {
    // a copy: what the caller does to it later is no concern of a reset
    const { document, problems } = checkSeed(structuredClone(seed));
    if (problems.length > 0)
      throw new OptionError(`the seed is invalid: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
    return document;
  }
  const { readSeedFile, SeedError } = await import('./sandbox/seed-file.ts');
  return readSeedFile(seed).catch((error: unknown) => {
    throw error instanceof SeedError ? new OptionError(error.message, 'seed') : error;
  });
}

/** The pads of a seed that have HTML get it now: whoever resets a sandbox does not wait for it. */
async function readPads(seed: SeedDocument | undefined, settings: Settings): Promise<SeedDocument | undefined> {
  if (seed === undefined) return undefined;
  const { emulate, createMissing, defaultPadText } = settings;
  const ways = { behaviour: behaviourOf(emulate), createsMissing: createMissing, defaultPadText, maxSessions: Number.POSITIVE_INFINITY };
  return withHtmlRead(seed, { ...ways, clock: systemClock, ids: createIds() }).catch((error: unknown) => {
    throw error instanceof ControlError ? new OptionError(`the seed is invalid: ${error.message}`, 'seed') : error;
  });
}

/**
 * Starts a mock Etherpad in this process.
 *
 * @param options without any: a free port on 127.0.0.1, the default key, the documented API, no log
 * @param quiet how long nothing new must have come before it closes, in milliseconds
 * @throws OptionError for options that cannot be used, and when the address cannot be listened on
 * @example
 * await using etherpad = await startMockEtherpad();
 * await fetch(`${etherpad.url}/createGroup?apikey=${etherpad.apiKey}`);
 */
export async function startMockEtherpad(options: MockEtherpadOptions = {}, logger?: Logger, quiet = 0): Promise<MockEtherpad> {
  const settings = readSettings(options);
  if (settings.coverage !== undefined) checkCoverageFile(settings.coverage);
  const seed = await readPads(await readSeed(settings.seed), settings);
  const sandboxes = new Sandboxes({ ...settings, seed }, settings.maxSandboxes);
  // a log that cannot be written is lost, and nothing else is
  const log =
    logger ??
    pino(
      { level: settings.logLevel, base: null },
      pino.destination({ dest: 2, sync: true }).on('error', () => undefined),
    );
  const server = createServer({
    ...settings,
    sandboxes,
    logger: log,
    isApiKey: secretComparer(settings.apiKey),
    isControlToken: settings.controlToken === undefined ? undefined : secretComparer(settings.controlToken),
  });

  let servers: readonly Server[];
  try {
    servers = await listen(server, settings.host, settings.port);
  } catch (error) {
    const explain = LISTEN_ERRORS[(error as NodeJS.ErrnoException).code ?? ''];
    if (explain === undefined) throw error;
    const isAboutHost = ['EADDRNOTAVAIL', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code!);
    throw new OptionError(explain(settings.host, settings.port), isAboutHost ? 'host' : 'port');
  }
  // so that the first token need not wait for it
  if (sandboxes.main.authentication.asksForToken) void sandboxes.main.authentication.makeKey();
  const { port } = server.server.address() as AddressInfo;
  const report = createReport(log, sandboxes.main.secrets);
  const stopForgetting = every(1_000, () => sandboxes.giveBack((step) => guarded(step, report)), report);

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= (async () => {
      stopForgetting();
      const late = setTimeout(() => {
        for (const one of servers) one.closeAllConnections();
      }, CLOSING_TIME).unref();
      await closeGently(servers, async () => server.close(), quiet);
      clearTimeout(late);
      if (settings.coverage === undefined) return;
      await writeCoverage(settings.coverage, sandboxes.coverage.read()).catch((error: unknown) =>
        log.error(error, 'the coverage was not written'),
      );
    })();
    return closed;
  };
  const url = baseUrl({ ...settings, port });
  const connection = localConnection({ url, apiKey: settings.apiKey, sandboxes });
  return { ...createControl(connection), close, [Symbol.asyncDispose]: close };
}

/** Stands for the API key where a text would be hidden: who compares texts hides them afterwards. */
const HIDES_NOTHING = 'no client sends this: \u{f8fe}';

/**
 * Makes a mock that listens nowhere, for those who bring it connections in this process: its server takes them as the event
 * `connection`. It has no control and no journal.
 *
 * @param options.isApiKey whether a text that a client presents is a key
 */
export async function createUnheardMock(options: {
  emulate: Emulation;
  basePath: string;
  isApiKey: (presented: string) => boolean;
}): Promise<{ server: Server; sandbox: Sandbox; close: () => Promise<void> }> {
  const { emulate, basePath, isApiKey } = options;
  const settings = readSettings({ emulate, basePath, apiKey: HIDES_NOTHING, journalSize: 0, maxSandboxes: 0 });
  const sandboxes = new Sandboxes({ ...settings, seed: undefined }, settings.maxSandboxes);
  const logger = pino({ level: 'silent' });
  const server = createServer({ ...settings, control: false, sandboxes, logger, isApiKey, isControlToken: undefined });
  await server.ready();
  return { server: server.server, sandbox: sandboxes.main, close: async () => server.close() };
}
