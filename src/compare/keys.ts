import { Secret } from '../sandbox/secrets.ts';
import { KEY_MARK } from '../evidence/curl-line.ts';
import { hasReadableBody, type SentValues } from './api-call.ts';
import { type Exchange, headerOf } from './exchange.ts';

/** Parameters and headers in which some Etherpad looks for its key. */
const KEY_PLACES = ['apikey', 'api_key', 'authorization'] as const;

/** Parameters and fields of answers that hold secrets of another kind. */
const SECRET_NAMES = ['deletionToken', 'access_token', 'refresh_token', 'id_token', 'client_secret', 'code_verifier'] as const;
const SECRET_IN_ANSWER = new RegExp(`"(?:${SECRET_NAMES.join('|')})":"([^"\\\\]+)"`, 'g');

/** What follows one of these names, in a query, a form, a header or JSON, is never shown, however short it is. */
const NAMED_SECRET = new RegExp(
  String.raw`((?:api_?key|${SECRET_NAMES.join('|')})(?:=|%3D|["']?: ?["']?))(?!${KEY_MARK}|\$\{)[^&\s"',;…]+`,
  'gi',
);

/** A shorter text is hidden only where its name stands before it: it may be part of any word. */
const SHORTEST_SECRET = 6;

/** So many secrets are remembered by their value; beyond them, names alone tell what is one. */
const MOST_SECRETS = 1_000;

/** Some take a key so, too. */
const BEARER = /^bearer +/i;
/** The id of a session is shown wherever it stands, as all ids are. */
const SESSION_ID = /^s\.[0-9a-f]{32}$/;
const COOKIE = /([^=;,\s]+)=([^;,]*)/g;
const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/**
 * Whether an answer shows that the key was right: the function did what it does, or refused its parameters. What is refused
 * for its path or for a body that cannot be read is so before the key is looked at.
 */
function showsRightKey({ request, real }: Exchange): boolean {
  if (real.kind !== 'answer') return false;
  const text = real.body.toString('utf8');
  if (text.startsWith('{"code":0,')) return true;
  return text.startsWith('{"code":1,') && text.endsWith(',"data":null}') && (request.body.length === 0 || hasReadableBody(request));
}

/**
 * The API keys that a real server takes, learned from what it answers, and every secret that came by, so that none is ever
 * shown.
 */
export class Keys {
  readonly #right = new Set<string>();
  readonly #wrong = new Set<string>();
  /** Keys that were presented before any was shown to be right. */
  readonly #unsure = new Set<string>();
  readonly #secrets = new Set<string>();
  /** The right and the unsure ones, as they are hidden. */
  readonly #keys = new Map<string, Secret>();

  /** @param given the key, where the user says it */
  constructor(given?: string) {
    if (given === undefined) return;
    this.#right.add(given);
    this.#keep(given);
  }

  /** Reads the secrets of a call, and learns its key if the server took it. */
  observe(exchange: Exchange, values: SentValues, isFunction: boolean): void {
    const { request, real } = exchange;
    const presented: string[] = [];
    for (const name of KEY_PLACES) {
      for (const value of [...(values.get(name) ?? []), headerOf(request.rawHeaders, name)]) {
        for (const text of [value].flat()) if (typeof text === 'string' && text !== '') presented.push(text.replace(BEARER, ''));
      }
    }
    for (const text of presented) {
      this.#keep(text);
      if (this.#right.size === 0 && this.#unsure.size < MOST_SECRETS) this.#unsure.add(text);
    }
    for (const name of SECRET_NAMES) for (const value of values.get(name) ?? []) if (typeof value === 'string') this.#keep(value);
    for (const [, name, value] of (headerOf(request.rawHeaders, 'cookie') ?? '').matchAll(COOKIE))
      if (name !== 'sessionID' && !SESSION_ID.test(value!)) this.#keep(value!);
    if (real.kind !== 'answer') return;
    for (const [, token] of real.body.toString('utf8').matchAll(SECRET_IN_ANSWER)) this.#keep(token!);
    const one = new Set(presented);
    if (one.size !== 1 || !isFunction) return;
    if (showsRightKey(exchange)) this.#right.add(presented[0]!);
    else if (real.status === 401 && this.#wrong.size < MOST_SECRETS) this.#wrong.add(presented[0]!);
  }

  /** Whether the real server takes it, as far as it has shown: until then any may be right that it did not refuse. */
  readonly isKey = (presented: string): boolean => this.#right.has(presented) || (this.#right.size === 0 && !this.#wrong.has(presented));

  /** A text without any secret in it: the right API key as `KEY_MARK`, and something else instead of all others. */
  hide(text: string, instead = '…'): string {
    let shown = text;
    for (const key of this.#right.size > 0 ? this.#right : this.#unsure) {
      if (key.length >= SHORTEST_SECRET) shown = this.#secretOf(key).replacedIn(shown, KEY_MARK);
      else shown = shown.replaceAll(new RegExp(`(api_?key(?:=|["']?: ?["']?))${quoted(key)}(?!\\w)`, 'gi'), `$1${KEY_MARK}`);
    }
    for (const secret of this.#secrets) {
      if (secret.length < SHORTEST_SECRET || this.#right.has(secret)) continue;
      shown = shown.replaceAll(secret, instead).replaceAll(encodeURIComponent(secret.toWellFormed()), instead);
    }
    return shown.replaceAll(NAMED_SECRET, (_whole, name: string) => name + instead);
  }

  /** The value of a header without any secret in it. */
  hideHeader(name: string, value: string, instead = '…'): string {
    const hidden = this.hide(value, instead);
    if (/^(api_?key|(proxy-)?authorization)$/i.test(name))
      return hidden
        .split(' ')
        .map((word) => (word.includes(KEY_MARK) || /^(bearer|basic)$/i.test(word) ? word : instead))
        .join(' ');
    return /^(set-)?cookie$/i.test(name)
      ? hidden.replaceAll(COOKIE, (pair, cookie: string) => (cookie === 'sessionID' ? pair : `${cookie}=${instead}`))
      : hidden;
  }

  #secretOf(key: string): Secret {
    let secret = this.#keys.get(key);
    if (secret === undefined) this.#keys.set(key, (secret = new Secret(key)));
    return secret;
  }

  #keep(secret: string): void {
    if (this.#secrets.size < MOST_SECRETS) this.#secrets.add(secret);
  }
}
