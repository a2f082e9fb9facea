import { readFileSync } from 'node:fs';
import type { SeedDocument } from './sandbox/state-document.ts';
import { behaviourOf, EMULATIONS, type Emulation, type EmulationWord, findEmulation } from './etherpad/emulation.ts';
import {
  DEFAULT_OAUTH_CLIENT,
  type OAuthClient,
  OAuthClientError,
  type OAuthClientOptions,
  readClients,
} from './etherpad/oauth/clients.ts';
import { AUTHENTICATIONS, type AuthenticationMethod, explainNoOAuth, LONGEST_LIFETIME } from './sandbox/authentication.ts';
import { didYouMean } from './sandbox/nearest-name.ts';

/** The API key when none is given: fixed, public, and of the shape that strict clients ask for (64 hex digits). */
export const DEFAULT_API_KEY = '2f7c1d7a9b3e4c5d8e6f0a1b2c3d4e5f60718293a4b5c6d7e8f9012a3b4c5d6e';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a mock is started with, in process and by the command alike. */
export interface MockEtherpadOptions {
  /** TCP port; 0 takes a free one. In process 0 by default, for the command 9001. */
  port?: number;
  /** Address to listen on; 127.0.0.1 by default. */
  host?: string;
  /** The API key, any text but the empty one. */
  apiKey?: string;
  /** A file that holds the API key, as Etherpad's APIKEY.txt does; white space around it does not count. */
  apiKeyFile?: string;
  /** What lets calls in: the API key (the default), or a token from `/oidc/token`, as Etherpad does by default since 2.0. */
  authentication?: AuthenticationMethod;
  /**
   * The clients that may get a token, each as an object or as `id:secret[:claim=value,…][:grant]`; by default `mock-etherpad`
   * with the secret `mock-etherpad-secret`.
   */
  oauthClients?: readonly (OAuthClientOptions | string)[];
  /** How long a token is good, in seconds; 3,600 by default, as Etherpad's. */
  tokenLifetime?: number;
  /** A prefix that everything is below: `/pad`. */
  basePath?: string;
  /** Which Etherpad to answer as: a full name, or the beginning of a version. */
  emulate?: EmulationWord;
  /** The state to begin with, and to go back to at a reset; or a file that holds it, in JSON or YAML. */
  seed?: string | Partial<SeedDocument>;
  /** Makes the ids come in the order that this text determines. */
  idSeed?: string;
  /** Whether createSession makes the group and the author it names, if they are not there; false by default. */
  createMissing?: boolean;
  /** The text of a pad that is made without one; `Welcome to Etherpad!` and a line feed by default. */
  defaultPadText?: string;
  /** How many requests the journal of each Etherpad keeps; 1,000 by default, 0 turns it off. */
  journalSize?: number;
  /** The most bytes of memory that the journal of each Etherpad takes; 32 MiB by default. */
  journalBytes?: number;
  /** How many sandboxes there can be; 1,000 by default. */
  maxSandboxes?: number;
  /** The bearer token that `/_mock` asks for; none by default. */
  controlToken?: string;
  /** Whether there is anything below `/_mock`; true by default. */
  control?: boolean;
  /**
   * Host names by which `/_mock` may be asked, as behind a proxy; `*` for any. Without it: IP addresses, `localhost`, names
   * without a dot, names in `localhost`, `internal` and `test`, and the `host`.
   */
  allowedHosts?: string | readonly string[];
  /** Whether `/auth_session` sets the cookie of a session, as the plugin ep_auth_session does; false by default. */
  authSession?: boolean;
  /** Where to write at the end what clients met of the API: `coverage.json` makes that file and `coverage.md`. None by default. */
  coverage?: string;
  /** What is logged to stderr; `silent` by default in process, `info` for the command. */
  logLevel?: LogLevel;
  /** The most bytes of a request's body that are read; 32 MiB by default. */
  bodyLimit?: number;
  /** The most fields of a form that are read, where Etherpad has no limit of its own; 1,000 by default, as it has. */
  maxFields?: number;
  /** The most bytes of a request's line and headers; 16 KiB by default, as Etherpad has. */
  headerLimit?: number;
  /** How many seconds a request may take to arrive, and its answer may wait to be read; 60 by default, 0 for no limit. */
  requestTimeout?: number;
  /** How many seconds a connection may stay idle between two requests; 72 by default, 0 for no limit. */
  idleTimeout?: number;
  /** The most connections at a time; no limit by default. */
  maxConnections?: number;
  /** The most sessions that each Etherpad keeps; no limit by default. */
  maxSessions?: number;
}

/** Options that were given wrongly; the message says what to do, in one line. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  /** The option that it is about, where it is about one. */
  readonly option: keyof MockEtherpadOptions | undefined;

  constructor(message: string, option?: keyof MockEtherpadOptions) {
    super(message);
    this.option = option;
  }
}

/** One option: its flag, its environment name, what it is, and how its text is read. */
interface Row {
  readonly name: keyof MockEtherpadOptions;
  /** As commander writes it: `--port <number>`. */
  readonly flag: string;
  readonly environment: string;
  readonly help: string;
  /** What is used without it; in process, where nobody asked for a log or a certain port, see IN_PROCESS. */
  readonly default?: string | number | boolean;
}

/** An option with one value. */
export interface SingleOption extends Row {
  readonly read: (text: string) => unknown;
}

/** An option with a list of values: its flag comes once for each, and the environment has white space between them. */
export interface ListOption extends Row {
  readonly readAll: (values: readonly unknown[]) => unknown;
}

export type OptionRow = SingleOption | ListOption;

export const isList = (row: OptionRow): row is ListOption => 'readAll' in row;

const text = (value: string): string => value;

/** Without a host, Node would listen on every address. */
const host = (value: string): string | undefined => value.trim() || undefined;

const wholeNumber =
  (what: string, least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new OptionError(`${what} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
    }
    return number;
  };

function emulation(value: string): Emulation {
  const found = findEmulation(value);
  if (found === undefined) throw new OptionError(`unknown emulation ${JSON.stringify(value)}: use one of ${EMULATIONS.join(', ')}`);
  return found;
}

function logLevel(value: string): LogLevel {
  if (!(LOG_LEVELS as readonly string[]).includes(value)) {
    throw new OptionError(`unknown log level ${JSON.stringify(value)}: use one of ${LOG_LEVELS.join(', ')}`);
  }
  return value as LogLevel;
}

function basePath(value: string): string {
  const path = value.replace(/\/+$/, '');
  if (path === '') return '';
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) throw new OptionError(`the base path must look like /pad, not ${JSON.stringify(value)}`);
  return path;
}

/** Flags say yes by being there; the environment says true or false. */
function yesOrNo(value: string): boolean {
  if (!/^(true|false|1|0)$/.test(value)) throw new OptionError(`say true or false, not ${JSON.stringify(value)}`);
  return value === 'true' || value === '1';
}

function authentication(value: string): AuthenticationMethod {
  const found = AUTHENTICATIONS.find((method) => method === value);
  if (found === undefined) throw new OptionError(`the authentication is ${AUTHENTICATIONS.join(' or ')}, not ${JSON.stringify(value)}`);
  return found;
}

function oauthClients(values: readonly unknown[]): OAuthClient[] {
  try {
    return readClients(values);
  } catch (error) {
    throw error instanceof OAuthClientError ? new OptionError(`--oauth-client: ${error.message}`) : error;
  }
}

function token(value: string): string {
  if (!/^[!-~]+$/.test(value)) throw new OptionError('the control token must be printable ASCII without spaces');
  return value;
}

function hostNames(value: string): readonly string[] {
  const names = value
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const wrong = names.find((name) => !/^(?:\*|[a-z0-9_.-]+)$/.test(name));
  if (wrong !== undefined)
    throw new OptionError(`a host name is like pads.example.org, without a port, or *; not ${JSON.stringify(wrong)}`);
  return names;
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Every option once. Flags, environment, help, documentation and tests come from these rows. */
// oxfmt-ignore
export const OPTIONS: readonly OptionRow[] = [
  { name: 'port', flag: '--port <number>', environment: 'MOCK_ETHERPAD_PORT', default: 9001, help: 'port to listen on; 0 picks a free port', read: wholeNumber('the port', 0, 65535) },
  { name: 'host', flag: '--host <address>', environment: 'MOCK_ETHERPAD_HOST', default: '127.0.0.1', help: 'address to listen on; 0.0.0.0 for all interfaces', read: host },
  { name: 'apiKey', flag: '--api-key <text>', environment: 'MOCK_ETHERPAD_API_KEY', default: DEFAULT_API_KEY, help: 'API key that clients must send', read: text },
  { name: 'apiKeyFile', flag: '--api-key-file <file>', environment: 'MOCK_ETHERPAD_API_KEY_FILE', help: "file to read the API key from, such as Etherpad's APIKEY.txt", read: text },
  { name: 'authentication', flag: '--authentication <method>', environment: 'MOCK_ETHERPAD_AUTHENTICATION', default: 'apikey', help: 'how calls authenticate: apikey, or sso for a token from /oidc/token', read: authentication },
  { name: 'oauthClients', flag: '--oauth-client <id:secret[:claim=value,…][:grant]>', environment: 'MOCK_ETHERPAD_OAUTH_CLIENTS', default: `${DEFAULT_OAUTH_CLIENT.id}:${DEFAULT_OAUTH_CLIENT.secret}`, help: 'client that can get a token; repeat it for more clients (in the environment, separate them with spaces)', readAll: oauthClients },
  { name: 'tokenLifetime', flag: '--token-lifetime <seconds>', environment: 'MOCK_ETHERPAD_TOKEN_LIFETIME', default: 3600, help: 'lifetime of a token, in seconds', read: wholeNumber('the token lifetime', 1, LONGEST_LIFETIME) },
  { name: 'basePath', flag: '--base-path <path>', environment: 'MOCK_ETHERPAD_BASE_PATH', default: '', help: 'path prefix for all routes, such as /pad', read: basePath },
  { name: 'emulate', flag: '--emulate <name>', environment: 'MOCK_ETHERPAD_EMULATE', default: 'documented', help: `Etherpad to answer as: ${EMULATIONS.join(', ')}, or the start of a version`, read: emulation },
  { name: 'seed', flag: '--seed <file>', environment: 'MOCK_ETHERPAD_SEED', help: 'JSON or YAML file with the initial state; a reset restores it', read: text },
  { name: 'idSeed', flag: '--id-seed <text>', environment: 'MOCK_ETHERPAD_ID_SEED', help: 'generates the same ids, in the same order, on every start', read: text },
  { name: 'createMissing', flag: '--create-missing', environment: 'MOCK_ETHERPAD_CREATE_MISSING', default: false, help: 'createSession creates a missing group or author', read: yesOrNo },
  { name: 'defaultPadText', flag: '--default-pad-text <text>', environment: 'MOCK_ETHERPAD_DEFAULT_PAD_TEXT', default: 'Welcome to Etherpad!\n', help: 'text of pads that are created without one', read: text },
  { name: 'journalSize', flag: '--journal-size <number>', environment: 'MOCK_ETHERPAD_JOURNAL_SIZE', default: 1000, help: 'number of requests the journal keeps; 0 turns it off', read: wholeNumber('the journal size', 0, 1_000_000) },
  { name: 'journalBytes', flag: '--journal-bytes <bytes>', environment: 'MOCK_ETHERPAD_JOURNAL_BYTES', default: 32 * MEBIBYTE, help: 'maximum memory for the journal, in bytes', read: wholeNumber('the bytes of the journal', 0, 1024 * MEBIBYTE) },
  { name: 'maxSandboxes', flag: '--max-sandboxes <number>', environment: 'MOCK_ETHERPAD_MAX_SANDBOXES', default: 1000, help: 'maximum number of sandboxes', read: wholeNumber('the number of sandboxes', 0, 1_000_000) },
  { name: 'controlToken', flag: '--control-token <text>', environment: 'MOCK_ETHERPAD_CONTROL_TOKEN', help: 'bearer token that /_mock requires', read: token },
  { name: 'control', flag: '--no-control', environment: 'MOCK_ETHERPAD_CONTROL', default: true, help: 'turns off /_mock; in the environment, set it to false', read: yesOrNo },
  { name: 'allowedHosts', flag: '--allowed-hosts <names>', environment: 'MOCK_ETHERPAD_ALLOWED_HOSTS', help: 'more host names that requests to /_mock may use, separated by commas; * for any', read: hostNames },
  { name: 'authSession', flag: '--auth-session', environment: 'MOCK_ETHERPAD_AUTH_SESSION', default: false, help: 'serves /auth_session, like the plugin ep_auth_session', read: yesOrNo },
  { name: 'coverage', flag: '--coverage <file>', environment: 'MOCK_ETHERPAD_COVERAGE', help: 'on exit, writes API coverage to this JSON file, and to a Markdown table next to it', read: text },
  { name: 'logLevel', flag: '--log-level <level>', environment: 'MOCK_ETHERPAD_LOG_LEVEL', default: 'info', help: `minimum level to log: ${LOG_LEVELS.join(', ')}`, read: logLevel },
  { name: 'bodyLimit', flag: '--body-limit <bytes>', environment: 'MOCK_ETHERPAD_BODY_LIMIT', default: 32 * MEBIBYTE, help: 'maximum size of a request body, in bytes', read: wholeNumber('the body limit', 1, 1024 * MEBIBYTE) },
  { name: 'maxFields', flag: '--max-fields <number>', environment: 'MOCK_ETHERPAD_MAX_FIELDS', default: 1000, help: 'maximum number of form fields, where Etherpad has no limit of its own', read: wholeNumber('the number of fields', 1, 1_000_000) },
  { name: 'headerLimit', flag: '--header-limit <bytes>', environment: 'MOCK_ETHERPAD_HEADER_LIMIT', default: 16 * KIBIBYTE, help: 'maximum size of the request line and headers, in bytes', read: wholeNumber('the header limit', KIBIBYTE, MEBIBYTE) },
  { name: 'requestTimeout', flag: '--request-timeout <seconds>', environment: 'MOCK_ETHERPAD_REQUEST_TIMEOUT', default: 60, help: 'time a request may take to arrive, and its answer may wait to be read, in seconds; 0 for no limit', read: wholeNumber('the request time-out', 0, 86_400) },
  { name: 'idleTimeout', flag: '--idle-timeout <seconds>', environment: 'MOCK_ETHERPAD_IDLE_TIMEOUT', default: 72, help: 'time a connection may stay idle, in seconds; 0 for no limit', read: wholeNumber('the idle time-out', 0, 86_400) },
  { name: 'maxConnections', flag: '--max-connections <number>', environment: 'MOCK_ETHERPAD_MAX_CONNECTIONS', help: 'maximum number of open connections', read: wholeNumber('the number of connections', 1, 1_000_000) },
  { name: 'maxSessions', flag: '--max-sessions <number>', environment: 'MOCK_ETHERPAD_MAX_SESSIONS', help: 'maximum number of sessions in each Etherpad', read: wholeNumber('the number of sessions', 1, 16_000_000) },
];

/** What is different in process. */
const IN_PROCESS = { port: 0, logLevel: 'silent' } as const;

/** Options with every default filled in and every value checked. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly apiKey: string;
  readonly authentication: AuthenticationMethod;
  readonly oauthClients: readonly OAuthClient[];
  /** Seconds. */
  readonly tokenLifetime: number;
  readonly basePath: string;
  readonly emulate: Emulation;
  readonly seed: string | Partial<SeedDocument> | undefined;
  readonly idSeed: string | undefined;
  readonly createMissing: boolean;
  readonly defaultPadText: string;
  readonly journalSize: number;
  readonly journalBytes: number;
  readonly maxSandboxes: number;
  readonly controlToken: string | undefined;
  readonly control: boolean;
  /** In lower case. */
  readonly allowedHosts: readonly string[];
  readonly authSession: boolean;
  /** A file name; undefined writes none. */
  readonly coverage: string | undefined;
  readonly logLevel: LogLevel;
  readonly bodyLimit: number;
  readonly maxFields: number;
  readonly headerLimit: number;
  /** Seconds. */
  readonly requestTimeout: number;
  /** Seconds. */
  readonly idleTimeout: number;
  readonly maxConnections: number | undefined;
  readonly maxSessions: number | undefined;
}

function readKeyFile(file: string): string {
  let key: string;
  try {
    key = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new OptionError(
      `cannot read the API key from ${file} (${(error as NodeJS.ErrnoException).code}): check the path and its permissions`,
      'apiKeyFile',
    );
  }
  if (key === '') throw new OptionError(`the API key file ${file} is empty: write a key into it`, 'apiKeyFile');
  return key;
}

/** Options that in process are more than text. */
const TAKES_OBJECTS: ReadonlySet<string> = new Set(['seed', 'oauthClients', 'allowedHosts']);

/** Reads the text of an option; what is said about it knows which one it is. */
function readNamed(name: keyof MockEtherpadOptions, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw error instanceof OptionError ? new OptionError(error.message, name) : error;
  }
}

/**
 * Checks options and fills in what is missing.
 *
 * @throws OptionError for a value that cannot be used
 */
export function readSettings(options: MockEtherpadOptions): Settings {
  const usual: Record<string, unknown> = {
    ...Object.fromEntries(OPTIONS.map((row) => [row.name, row.default])),
    allowedHosts: [],
    ...IN_PROCESS,
  };
  const checked: Record<string, unknown> = {};
  const names = OPTIONS.map(({ name }) => name);
  const unknown = Object.keys(options).find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new OptionError(`there is no option ${JSON.stringify(unknown)}${didYouMean(unknown, names) || `: there is ${names.join(', ')}`}`);
  }
  for (const row of OPTIONS) {
    const value = options[row.name] ?? usual[row.name];
    if (value === undefined) continue;
    if (!TAKES_OBJECTS.has(row.name) && typeof value === 'object') {
      throw new OptionError(`the option ${row.name} cannot be an object, a list or null`);
    }
    if (isList(row)) checked[row.name] = readNamed(row.name, () => row.readAll([value].flat()));
    else
      checked[row.name] =
        typeof value === 'object' && !Array.isArray(value)
          ? value
          : (readNamed(row.name, () => row.read(String(value))) ?? usual[row.name]);
  }
  const settings = checked as unknown as Settings & { readonly apiKeyFile?: string };
  if (options.apiKey !== undefined && options.apiKeyFile !== undefined) {
    throw new OptionError('both an API key and an API key file are set: remove one of them', 'apiKeyFile');
  }
  if (settings.apiKey === '') throw new OptionError('the API key is empty: set it to any text', 'apiKey');
  if (settings.authentication === 'sso' && !behaviourOf(settings.emulate).oauth) throw new OptionError(explainNoOAuth(settings.emulate));
  return settings.apiKeyFile === undefined ? settings : { ...settings, apiKey: readKeyFile(settings.apiKeyFile) };
}
