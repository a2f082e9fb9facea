import type { Parameters } from '../etherpad/etherpad-function.ts';

/** Names under which keys, secrets and tokens are sent, whether they are looked at or not. */
const SECRET_NAMES = /api[-_]?key|authorization|^client_(secret|assertion)$|^(access|refresh|id)_token$/i;

/** Whether what stands under that name is a secret, whatever it is. */
export const isSecretName = (name: string): boolean => SECRET_NAMES.test(name);

const HIDDEN = '…';

/** A secret can only stand in a text in another form where one of these is. */
const ENCODED = /[%+&\\]/;

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A hexadecimal number in capitals or not. */
const anyCase = (number: string): string => number.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/** Characters that HTML writes by their names. */
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** One character as it is, percent-encoded, also more than once, and as HTML, a form and JSON write it. */
function formsOf(character: string): string {
  const bytes = Array.from(Buffer.from(character), (byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`);
  const inJson = JSON.stringify(character).slice(1, -1);
  const code = character.codePointAt(0)!;
  const forms = [character, inJson, JSON.stringify(inJson).slice(1, -1), NAMED[character] ?? [], `&#${code};`].flat().map(quoted);
  const inHex = `&#[xX]${anyCase(code.toString(16))};`;
  const inForm = character === ' ' ? ['\\+'] : [];
  return `(?:${[...new Set([...forms.toSorted((one, other) => other.length - one.length), inHex, bytes.join(''), ...inForm])].join('|')})`;
}

/** A secret with each of its characters in any form: a client encodes as many of them as it likes. */
const encoded = (secret: string): string => Array.from(secret.toWellFormed(), formsOf).join('');

/** One of the characters that tokens have, as it is or percent-encoded. */
const TOKEN_CHARACTER = String.raw`(?:[\w.-]|%(?:25)*[2-7][\da-fA-F])`;

/** How a token begins, and goes on: a JWT with `{"alg":` in base64url, and one that the API does not take with its own word. */
const TOKENS = [
  { beginning: 'eyJhbGciOi', rest: '+' },
  { beginning: 'opaque-', rest: '{36}' },
] as const;

/** Tokens are too many to be known, but they look like nothing else. */
const ANY_TOKEN = new RegExp(TOKENS.map(({ beginning, rest }) => `${encoded(beginning)}${TOKEN_CHARACTER}${rest}`).join('|'), 'g');

/** A shorter text is no secret, and may be part of any word of an answer. */
export const SHORTEST_SECRET = 6;

/** How many secrets one Etherpad hides beside those it began with: the last, of clients that it has or had. */
const MOST_ADDED = 1_000;

/** One secret, and the pattern of it in any form, which is made when it is first needed. */
export class Secret {
  readonly text: string;
  #pattern: RegExp | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get pattern(): RegExp {
    this.#pattern ??= new RegExp(encoded(this.text), 'g');
    return this.#pattern;
  }

  /** A text with something else instead of the secret, as it is or as it stands in a URL, a page or JSON. */
  replacedIn(text: string, instead: string): string {
    const plain = text.replaceAll(this.text, instead);
    return ENCODED.test(plain) ? plain.replace(this.pattern, instead) : plain;
  }
}

/** What no log, journal, refusal or page of an Etherpad may show: its API key, secrets of clients, and every token. */
export class Secrets {
  readonly #first: ReadonlySet<string>;
  /** In the order of their coming. */
  readonly #added = new Set<string>();
  /** The longest first, as one may be a part of another. */
  #known: readonly Secret[] = [];

  /** @param texts what it hides for ever */
  constructor(...texts: readonly string[]) {
    this.#first = new Set(texts);
    this.add();
  }

  /** From now on these are hidden too. */
  add(...texts: readonly string[]): void {
    for (const text of texts) {
      this.#added.delete(text);
      this.#added.add(text);
    }
    for (const oldest of this.#added) {
      if (this.#added.size <= MOST_ADDED) break;
      this.#added.delete(oldest);
    }
    const all = new Set([...this.#first, ...this.#added]);
    this.#known = Array.from(all, (text) => new Secret(text)).toSorted((one, other) => other.text.length - one.text.length);
  }

  /**
   * A text without secrets in it, as they are or as they stand in a URL, a page or JSON.
   *
   * @param shortest secrets with fewer characters stay: they may be part of any word
   */
  hide(text: string, shortest = 0): string {
    let shown = text;
    for (const { text: secret } of this.#known) {
      if (secret.length >= shortest && shown.includes(secret)) shown = shown.replaceAll(secret, HIDDEN);
    }
    const isEncoded = ENCODED.test(shown);
    if (isEncoded || TOKENS.some(({ beginning }) => shown.includes(beginning))) shown = shown.replace(ANY_TOKEN, HIDDEN);
    if (!isEncoded) return shown;
    for (const secret of this.#known) if (secret.text.length >= shortest) shown = shown.replace(secret.pattern, HIDDEN);
    return shown;
  }

  /**
   * The same for anything that JSON can hold.
   *
   * @param shortest as of `hide`
   */
  hideInValue(value: unknown, shortest = 0): unknown {
    if (typeof value === 'string') return this.hide(value, shortest);
    if (typeof value === 'number')
      return this.#known.some(({ text }) => text.length >= shortest && text === String(value)) ? HIDDEN : value;
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? value.map((one) => this.hideInValue(one, shortest)) : this.hideIn(value as Parameters, shortest);
  }

  /** What a client sent, without secrets in any form: neither where they are looked for, nor inside anything else. */
  hideIn(parameters: Parameters, shortest = 0): Parameters {
    const kept: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const name in parameters) {
      if (!isSecretName(name)) kept[this.hide(name, shortest)] = this.hideInValue(parameters[name], shortest);
    }
    return kept;
  }
}
