import { Command, CommanderError, Option } from 'commander';
import { baseUrl } from './base-url.ts';
import { EMULATIONS, type EmulationWord } from './etherpad/emulation.ts';
import { DEFAULT_OAUTH_CLIENT, type OAuthClient, type OAuthClientOptions } from './etherpad/oauth/clients.ts';
import { didYouMean } from './sandbox/nearest-name.ts';
import { isList, OptionError, type OptionRow, OPTIONS, type MockEtherpadOptions, readSettings, type Settings } from './options.ts';
import { version } from './version.ts';

/** Where a command writes, and how it learns that it should end. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Resolves when the process is asked to end. */
  readonly ended: Promise<unknown>;
}

const EXAMPLES = `
Examples:
  $ mock-etherpad                                  on http://127.0.0.1:9001, with the default key
  $ mock-etherpad --port 0 --json                  on a free port, printed as one line of JSON
  $ mock-etherpad --emulate 3.3.1 --api-key test   answers as Etherpad 3.3.1 does
  $ mock-etherpad --authentication sso --oauth-client svc:secret   requires a token from /oidc/token
  $ mock-etherpad verify http://127.0.0.1:9001     checks whether a server answers as Etherpad does
  $ mock-etherpad compare http://127.0.0.1:9001    proxies a real server and compares its answers with the mock's
  $ curl "http://127.0.0.1:9001/api/1.2.15/createGroup?apikey=…"

You can also set each option with the environment variable in brackets.`;

const VERIFY_EXAMPLES = `
Examples:
  $ mock-etherpad verify http://127.0.0.1:9001                            a mock with the default key
  $ mock-etherpad verify https://pad.example.org --api-key-file APIKEY.txt --gentle
  $ mock-etherpad verify http://127.0.0.1:9001/pad --api-key test --as 3.3.1 --json
  $ mock-etherpad verify http://127.0.0.1:9001 --only validUntil          runs only matching scenarios
  $ mock-etherpad verify http://127.0.0.1:9001 --oauth-client svc:secret  a server that requires tokens

Exit status: 0 no differences, 1 differences found, 2 cannot run, 130 interrupted.`;

const COMPARE_EXAMPLES = `
Starts a proxy in front of your real Etherpad. Run your tests against the address it prints: they get the real server's
answers unchanged, and the server gets no extra requests. The mock answers each call too, with the server's ids. Press
Ctrl+C for a report of what the mock does differently: each difference once, with a curl command.
Pass a recording instead of a URL to send its calls to the mock. You need no server then.

Examples:
  $ mock-etherpad compare http://127.0.0.1:9001                           listens on port 9002
  $ mock-etherpad compare https://pad.example.org/pad --as 3.3.1 --port 0
  $ mock-etherpad compare http://127.0.0.1:9001 --json --fail-on-difference --record calls.json
  $ mock-etherpad compare calls.json                                      replays a recording against the mock
  $ curl -X POST http://127.0.0.1:9002/_mock/compare/report               the report so far, as JSON
  $ curl -X POST -H 'Accept: text/plain' http://127.0.0.1:9002/_mock/compare/report

Exit status: 0 done, 2 cannot run. With --fail-on-difference, 1 for differences, no calls, or calls without an answer.`;

/** What commander says in several lines, in one. */
const oneLine = (text: string): string =>
  text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');

/** @param others where a command has another default, or other words for an option */
function addOptions(
  command: Command,
  names?: readonly string[],
  others: Readonly<Record<string, { readonly default?: unknown; readonly help?: string }>> = {},
): Command {
  for (const row of OPTIONS) {
    if (names !== undefined && !names.includes(row.name)) continue;
    const { default: value, help } = { ...row, ...others[row.name] };
    const usual =
      value === undefined || value === '' || typeof value === 'boolean' ? '' : ` (${String(value).replaceAll('\n', '\\n')} by default)`;
    const option = new Option(row.flag, `${help}${usual} [${row.environment}]`);
    if (isList(row)) option.argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text]);
    command.addOption(option);
  }
  return command;
}

/** What a flag says; commander says true for one that only turns something off. */
function givenFlag({ name, flag }: OptionRow, flags: Record<string, unknown>): unknown {
  const value = flags[new Option(flag).attributeName()];
  return name === 'control' && value === true ? undefined : value;
}

/** Kubernetes tells each pod where the services are: `MOCK_ETHERPAD_PORT=tcp://10.0.0.7:9001` for one called mock-etherpad. */
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;
const SERVICE_NAME = /_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/** The text of a variable; undefined where it is empty, or the address of a service, which is no option. */
function fromEnvironment(variable: string, environment: Surroundings['environment']): string | undefined {
  const text = environment[variable];
  return !text || SERVICE_ADDRESS.test(text) ? undefined : text;
}

/** Variables of ours by their name that we do not know, and what was meant. */
function unknownVariables(environment: Surroundings['environment']): string[] {
  // the last is for mock-etherpad/vitest
  const known = [...OPTIONS.map((row) => row.environment), 'MOCK_ETHERPAD_URL'];
  return Object.entries(environment)
    .filter(
      ([name, text = '']) =>
        name.startsWith('MOCK_ETHERPAD_') && !known.includes(name) && !SERVICE_NAME.test(name) && !SERVICE_ADDRESS.test(text),
    )
    .map(([name]) => `${name} is not known, and is ignored${didYouMean(name, known)}`);
}

/** What is wrong with an option, with the name of the variable that it comes from. */
function namingVariable({ message, option }: OptionError, words: readonly string[], environment: Surroundings['environment']): string {
  const row = OPTIONS.find(({ name }) => name === option);
  if (row === undefined || fromEnvironment(row.environment, environment) === undefined) return message;
  const [flag] = row.flag.split(' ') as [string];
  const isFlag = words.some((word) => word === flag || word.startsWith(`${flag}=`));
  return isFlag ? message : `${row.environment}: ${message}`;
}

/** Flags win over the environment; an empty environment variable counts as not set. */
function givenOptions(flags: Record<string, unknown>, environment: Surroundings['environment']): MockEtherpadOptions {
  const given: Record<string, unknown> = {};
  for (const row of OPTIONS) {
    const { name, environment: variable } = row;
    const text = fromEnvironment(variable, environment);
    const value = givenFlag(row, flags) ?? (isList(row) ? text?.match(/\S+/g) : text) ?? undefined;
    if (value !== undefined) given[name] = value;
  }
  // a key that is given by flag is meant, whatever file the environment names, and the other way round
  if (flags['apiKey'] !== undefined && flags['apiKeyFile'] === undefined) delete given['apiKeyFile'];
  if (flags['apiKeyFile'] !== undefined && flags['apiKey'] === undefined) delete given['apiKey'];
  return given;
}

/** Clients in other processes take a moment to send what they are about to: milliseconds. */
const QUIET_BEFORE_CLOSING = 20;

/** A client by its id; the secret of the one that everybody knows is no secret. */
const shownClient = ({ id, secret }: OAuthClient): OAuthClientOptions | { id: string } =>
  id === DEFAULT_OAUTH_CLIENT.id && secret === DEFAULT_OAUTH_CLIENT.secret ? DEFAULT_OAUTH_CLIENT : { id };

/** What clients need: where it is, what lets them in, and what it answers as. */
function startLine(url: string, { apiKey, emulate, authentication, oauthClients, control }: Settings, asJson: boolean): string {
  const clients = authentication === 'sso' ? oauthClients.map(shownClient) : undefined;
  if (asJson) return JSON.stringify({ url, apiKey, emulate, ...(clients && { authentication, oauthClients: clients }), version });
  const entry =
    clients === undefined
      ? `API key ${apiKey}`
      : `OAuth clients ${clients.map((client) => Object.values(client).join(':')).join(', ') || '(none)'}`;
  const inspector = control ? `; inspector: ${url}/_mock/` : '';
  return `mock-etherpad ${version} listens on ${url} with ${entry} and answers as ${emulate}${inspector}`;
}

async function serve(flags: Record<string, unknown>, { environment, stdout, stderr, ended }: Surroundings): Promise<number> {
  const { startMockEtherpad } = await import('./mock-etherpad.ts');
  const { createLogger } = await import('./log.ts');
  const options: MockEtherpadOptions = { port: 9001, logLevel: 'info', ...givenOptions(flags, environment) };
  const settings = readSettings(options);
  const logger = await createLogger(settings.logLevel, stderr);
  for (const warning of unknownVariables(environment)) logger.warn(warning);
  const etherpad = await startMockEtherpad(options, logger, QUIET_BEFORE_CLOSING);
  stdout.write(`${startLine(etherpad.url, settings, flags['json'] === true)}\n`);
  await ended;
  await etherpad.close();
  return 0;
}

/** Asks the control first: what it answers is neither logged nor in the journal. A mock without control has `/api`. */
const HEALTH_PATHS = ['/_mock/health', '/api'];

async function healthcheck(flags: Record<string, unknown>, { environment, stderr }: Surroundings): Promise<number> {
  const base = baseUrl(readSettings({ port: 9001, ...givenOptions(flags, environment) }));
  let status = 0;
  for (const path of HEALTH_PATHS) {
    try {
      const answer = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(3_000) });
      if (answer.ok) return 0;
      ({ status } = answer);
    } catch (error) {
      stderr.write(`${base} does not answer: ${String((error as Error).cause ?? (error as Error).message)}\n`);
      return 1;
    }
  }
  stderr.write(`${base}/api answers ${status}\n`);
  return 1;
}

/** @throws OptionError for an option of `serve` that another command does not take */
function refuseOthers(command: string, taken: readonly string[], flags: Record<string, unknown>): void {
  for (const row of OPTIONS) {
    const { name, flag } = row;
    if (givenFlag(row, flags) !== undefined && !taken.includes(name)) {
      throw new OptionError(
        `${command} does not take ${flag.split(' ')[0]}${name === 'emulate' ? ': use --as to choose the Etherpad to compare with' : ''}.`,
      );
    }
  }
}

/** Options of `compare` that it has in common with `serve`. */
const COMPARE_OPTIONS: readonly string[] = ['port', 'host', 'apiKey', 'apiKeyFile'] satisfies readonly (keyof MockEtherpadOptions)[];

/** The port of the proxy when none is given: the one after the mock's, and Etherpad's, own. */
const COMPARE_PORT = 9002;

async function compareServer(url: string, flags: Record<string, unknown>, surroundings: Surroundings): Promise<number> {
  refuseOthers('compare', COMPARE_OPTIONS, flags);
  const as = flags['as'] === undefined ? undefined : readSettings({ emulate: String(flags['as']) as EmulationWord }).emulate;
  const given = Object.fromEntries(
    Object.entries(givenOptions(flags, surroundings.environment)).filter(([name]) => COMPARE_OPTIONS.includes(name)),
  );
  const { port, host, apiKey } = readSettings({ port: COMPARE_PORT, ...given });
  const isKeyGiven = 'apiKey' in given || 'apiKeyFile' in given;
  const [{ compare }, { createUnheardMock }] = await Promise.all([import('./compare/command.ts'), import('./mock-etherpad.ts')]);
  return compare(
    {
      url,
      as,
      port,
      host,
      apiKey: isKeyGiven ? apiKey : undefined,
      record: flags['record'] as string | undefined,
      saveSeed: flags['saveSeed'] as string | undefined,
      json: flags['json'] === true,
      failOnDifference: flags['failOnDifference'] === true,
    },
    createUnheardMock,
    surroundings,
  );
}

/** Options of `verify` that it has in common with `serve`; clients only by flag, as those of the environment are a server's own. */
const KEY_OPTIONS: readonly string[] = ['apiKey', 'apiKeyFile'] satisfies readonly (keyof MockEtherpadOptions)[];
const VERIFY_OPTIONS: readonly string[] = [...KEY_OPTIONS, 'oauthClients'];

async function verifyServer(url: string, flags: Record<string, unknown>, surroundings: Surroundings): Promise<number> {
  refuseOthers('verify', VERIFY_OPTIONS, flags);
  const clients = flags['oauthClient'] as readonly string[] | undefined;
  if (clients !== undefined && clients.length > 1) throw new OptionError('verify takes one --oauth-client: leave the others out.');
  const [oauthClient] = clients === undefined ? [] : readSettings({ oauthClients: clients }).oauthClients;
  const as = flags['as'] === undefined ? undefined : readSettings({ emulate: String(flags['as']) as EmulationWord }).emulate;
  const given = Object.entries(givenOptions(flags, surroundings.environment)).filter(([name]) => KEY_OPTIONS.includes(name));
  const { apiKey } = readSettings(Object.fromEntries(given));
  const { verify } = await import('./verify/verify.ts');
  const options = {
    url,
    apiKey,
    oauthClient,
    as,
    only: flags['only'] as string | undefined,
    column: flags['column'] === true,
    gentle: flags['gentle'] === true,
    json: flags['json'] === true,
  };
  return verify(options, surroundings);
}

/**
 * The command line.
 *
 * @param words the arguments after the program's name
 * @returns the exit status: 0; 1 for a check that failed; 2 for what the user has to correct, with one line on stderr
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  let status = 0;
  const startServing = async (_flags: unknown, command: Command): Promise<void> => {
    status = await serve(command.optsWithGlobals(), surroundings);
  };
  const program = new Command('mock-etherpad')
    .usage('[serve|healthcheck|verify <url>|compare <url>|help] [options]')
    .description("A mock of Etherpad's HTTP API for tests. It starts in milliseconds and answers as Etherpad does.")
    .version(version, '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => undefined });
  addOptions(program)
    .option('--json', 'print the URL and the API key as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(startServing);
  addOptions(program.command('serve').description('start the mock (the default command)')).option('--json').action(startServing);
  addOptions(program.command('healthcheck').description('exit with 0 if a mock answers at --host and --port, otherwise with 1'), [
    'port',
    'host',
    'basePath',
  ]).action(async (_flags: unknown, command: Command) => {
    status = await healthcheck(command.optsWithGlobals(), surroundings);
  });
  addOptions(
    program.command('verify <url>').description('check whether a server, mock or real, answers as Etherpad does'),
    VERIFY_OPTIONS,
    {
      apiKey: { default: undefined, help: "the server's API key; the mock's default key by default" },
      apiKeyFile: { help: "file to read it from, such as Etherpad's APIKEY.txt" },
      oauthClients: { default: undefined, help: 'client that gets a token, if the server requires one' },
    },
  )
    .option('--as <name>', `Etherpad to compare with: ${EMULATIONS.join(', ')}, or the start of a version; detected by default`)
    .option('--only <text>', 'run only scenarios whose subject or title contains this text')
    .option('--gentle', 'send at most 10 requests a second')
    .option('--column', 'propose a column for the table of emulations; always on for unknown newer versions')
    .option('--json', 'print one JSON document at the end')
    .addHelpText('after', VERIFY_EXAMPLES)
    .action(async (url: string, _flags: unknown, command: Command) => {
      status = await verifyServer(url, command.optsWithGlobals(), surroundings);
    });
  addOptions(
    program
      .command('compare <url>')
      .description("proxy a real Etherpad and compare its answers with the mock's, or replay a recording against the mock"),
    COMPARE_OPTIONS,
    {
      port: { default: COMPARE_PORT },
      apiKey: { default: undefined, help: "the real server's API key; learned from the calls by default" },
      apiKeyFile: { help: "file to read it from, such as Etherpad's APIKEY.txt" },
    },
  )
    .option('--as <name>', `Etherpad the mock answers as: ${EMULATIONS.join(', ')}, or the start of a version; the closest by default`)
    .option('--json', 'print the address and the report as one JSON object each')
    .option('--fail-on-difference', 'exit with 1 for differences, no calls, or calls without an answer')
    .option('--record <file>', 'record the calls and the real answers, to replay later without the server')
    .option('--save-seed <file>', 'save what the calls created as a seed for the mock')
    .addHelpText('after', COMPARE_EXAMPLES)
    .action(async (url: string, _flags: unknown, command: Command) => {
      status = await compareServer(url, command.optsWithGlobals(), surroundings);
    });
  for (const command of program.commands) command.copyInheritedSettings(program).helpOption('-h, --help', 'show this help');

  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // commander counts words that are too many, but does not name them
      const says =
        error.code === 'commander.excessArguments' ? `unknown command ${JSON.stringify(program.args.at(-1))}.` : oneLine(error.message);
      stderr.write(`${says} Run mock-etherpad --help to see all commands and options.\n`);
      return 2;
    }
    if (error instanceof OptionError) {
      stderr.write(`${namingVariable(error, words, surroundings.environment)}\n`);
      return 2;
    }
    throw error;
  }
}
