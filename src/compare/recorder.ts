import { closeSync, openSync, writeSync } from 'node:fs';
import { KEY_MARK } from '../evidence/curl-line.ts';
import type { Emulation } from '../etherpad/emulation.ts';
import { CannotCompare } from './cannot-compare.ts';
import { type ApiCall, type SentValues, textOf } from './api-call.ts';
import { type Exchange, type GivenAnswer, headerOf, pairsOf } from './exchange.ts';
import type { Keys } from './keys.ts';

/** What a recording says of itself: the meaning of its placeholders. */
const NOTE =
  'Answers of a real Etherpad. ${KEY}: the API key. ${now+N}: unix seconds at the start, plus N. ${name}: an id; a step that lists it under binds takes it from the answer. ${*}: any text. No expect.body: an HTML page, of which only status and type count.';

/** Headers that belong to the connection, or that every client sends without meaning anything by it. */
const NOT_RECORDED =
  /^(host|connection|keep-alive|content-length|transfer-encoding|user-agent|accept|accept-encoding|accept-language|sec-fetch-.*|expect|if-none-match|cookie|authorization)$/i;

const ID = /\b([gas])\.(?:[A-Za-z0-9]{16}|[0-9a-f]{32})\b|\br\.[A-Za-z0-9]{16,}\b/g;
const TOKEN = /"deletionToken":"([0-9a-f]{64})"/g;
const TIME = /("(?:timestamp|time|lastEdited)":)\d+/g;
const COLOUR = /("(?:colorId|color|userColor)":)(?:\d+|"[^"]*")/g;

/** Stands for a wrong key, or for a token that no answer gave. */
const HIDDEN = 'hidden';

const NAMES: Readonly<Record<string, string>> = { g: 'group', a: 'author', s: 'session', r: 'readOnly' };

/** So far from now, in seconds, a number is a time that somebody reckoned from now: five years. */
const NEAR = 5 * 365 * 86_400;

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** Writes calls and their answers into a file, in a form that can be sent again to any Etherpad, mock or real. */
export class Recorder {
  readonly #file: number;
  readonly #keys: Keys;
  /** What stands in the file instead of ids and tokens. */
  readonly #placeholders = new Map<string, string>();
  readonly #times = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #steps = 0;
  #ended = false;

  /** @throws CannotCompare for a file that cannot be written */
  constructor(path: string, keys: Keys) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new CannotCompare(
        `Cannot write the recording ${path} (${(error as NodeJS.ErrnoException).code}): check the path and its permissions.`,
      );
    }
    this.#keys = keys;
    const head = { recordedAt: new Date().toISOString(), note: NOTE };
    writeSync(this.#file, `${JSON.stringify(head).slice(0, -1)},"sequences":[\n{"name":"calls of a client","steps":[`);
  }

  /** Writes down a call that was compared. */
  record({ request, real }: Exchange, call: ApiCall, values: SentValues): void {
    if (this.#ended || real.kind === 'lost') return;
    this.#noteTime(values);
    const isPage =
      real.kind === 'answer' && headerOf(real.rawHeaders, 'content-type')?.startsWith('text/html') === true && call.mount !== 'export';
    const send = this.#sent(request);
    const binds: string[] = [];
    const expect = real.kind === 'answer' ? this.#expected(real, isPage, binds) : { noAnswer: true };
    const step = { label: call.name, send, expect, ...(binds.length === 0 ? {} : { binds }) };
    writeSync(this.#file, `${this.#steps++ === 0 ? '' : ','}\n${JSON.stringify(step)}`);
  }

  /**
   * Ends the file, so that it is whole.
   *
   * @param as the Etherpad that the real server is like
   */
  end(as: Emulation): void {
    if (this.#ended) return;
    this.#ended = true;
    writeSync(this.#file, `\n]}\n],"etherpad":${JSON.stringify(as)}}\n`);
    closeSync(this.#file);
  }

  #sent({ method, target, rawHeaders, body }: Exchange['request']): Record<string, unknown> {
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of pairsOf(rawHeaders)) {
      const isSecret = /^(cookie|authorization)$/i.test(name);
      if (NOT_RECORDED.test(name) && !isSecret) continue;
      const text = this.#text(isSecret ? this.#keys.hideHeader(name, value, HIDDEN) : value);
      const known = headers[name];
      headers[name] = known === undefined ? text : [known, text].flat();
    }
    const text = body.toString('utf8');
    const isText = Buffer.from(text).equals(body);
    return {
      method,
      path: this.#text(target),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(body.length === 0 ? {} : isText ? { body: this.#text(text) } : { bodyBase64: body.toString('base64') }),
      ...(headerOf(rawHeaders, 'transfer-encoding') === undefined ? {} : { chunked: true }),
    };
  }

  #expected({ status, rawHeaders, body }: GivenAnswer, isPage: boolean, binds: string[]): Record<string, unknown> {
    const text = body.toString('utf8');
    // what is named for the first time in an answer is given by it
    for (const [id, kind] of text.matchAll(ID)) this.#name(id, NAMES[kind ?? 'r']!, binds);
    for (const [, token] of text.matchAll(TOKEN)) this.#name(token!, 'token', binds);
    const [type, cors, disposition, location] = ['content-type', 'access-control-allow-origin', 'content-disposition', 'location'].map(
      (name) => headerOf(rawHeaders, name),
    );
    return {
      status,
      ...(type === undefined ? {} : { type }),
      ...(cors === undefined ? {} : { cors }),
      ...(disposition === undefined ? {} : { disposition: this.#text(disposition) }),
      ...(location === undefined ? {} : { location: this.#text(location) }),
      ...(isPage ? {} : { body: this.#text(text).replaceAll(TIME, '$1${*}').replaceAll(COLOUR, '$1${*}') }),
    };
  }

  /** Times that a client reckoned from its own are reckoned anew when they are sent again. */
  #noteTime(values: SentValues): void {
    const text = textOf(values, 'validUntil');
    const now = Math.floor(Date.now() / 1000);
    if (text === undefined || !/^\d{10}$/.test(text) || Math.abs(Number(text) - now) > NEAR || this.#times.has(text)) return;
    const offset = Number(text) - now;
    this.#times.set(text, offset === 0 ? '${now}' : `\${now${offset > 0 ? '+' : '-'}${Math.abs(offset)}}`);
  }

  #name(id: string, kind: string, binds: string[]): void {
    if (this.#placeholders.has(id)) return;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `${kind}${count}`;
    this.#placeholders.set(id, `\${${name}}`);
    binds.push(name);
  }

  /** A text with placeholders, and without any secret. */
  #text(text: string): string {
    const named = text
      .replaceAll(
        /\b(?:[gas]\.(?:[A-Za-z0-9]{16}|[0-9a-f]{32})|r\.[A-Za-z0-9]{16,}|[0-9a-f]{64})\b/g,
        (id) => this.#placeholders.get(id) ?? id,
      )
      .replaceAll(/\b\d{10}\b/g, (digits) => this.#times.get(digits) ?? digits);
    return this.#keys.hide(named, HIDDEN).replaceAll(new RegExp(escaped(KEY_MARK), 'g'), '${KEY}');
  }
}
