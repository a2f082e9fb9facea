import type { AccessRecord } from '../etherpad/access-record.ts';
import type { Code } from '../etherpad/api-error.ts';
import type { Parameters } from '../etherpad/etherpad-function.ts';
import type { WriteBytes } from './ring.ts';
import { parametersWithoutKey, valueWithoutKey, withoutKey } from './secrets.ts';

/** One request that was answered, or not. A text or a list that is very long is shown by its beginning and its length. */
export interface JournalEntry {
  /** 1 for the first since the journal was empty. */
  readonly id: number;
  /** When it was answered, by the Etherpad's clock: `2030-01-01T00:00:00.000Z`. */
  readonly at: string;
  /** The function, if the path names one; `page` for a pad's page, `export` for what is below it. */
  readonly function: string | null;
  readonly mount: 'root' | 'api' | 'rest' | 'api/2' | null;
  readonly method: string;
  /** The path inside the Etherpad, without the query. */
  readonly path: string;
  /** All that was sent, without the API key; null when it was not read. */
  readonly parameters: Parameters | null;
  /** The ids that the request named or made: `{ sessionID: 's.…' }`. */
  readonly ids: Readonly<Record<string, string>>;
  /** Who was let into a pad, or not, where a page or an export asked; else null. */
  readonly access: AccessRecord | null;
  /** Etherpad's code; null where there was no envelope. */
  readonly code: Code | null;
  /** HTTP status; null when no answer was sent, as after the faults drop and lostAnswer. */
  readonly status: number | null;
  readonly message: string | null;
  /** The kinds of the faults that fired, `drop` or `latency + code`, or null. */
  readonly fault: string | null;
  /** More than Etherpad tells about a failure, or null. */
  readonly reason: string | null;
  /** Real milliseconds from the request's arrival to its answer. */
  readonly milliseconds: number;
}

/** What is known when a request ends. */
export type JournalRecord = Omit<JournalEntry, 'id' | 'at' | 'ids'> & {
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The body that Etherpad answers with, `{"code":0,"message":"ok","data":…}`; null where the answer is no envelope. */
  readonly envelope: string | null;
};

/** A record as bytes. */
export interface EncodedRecord {
  readonly length: number;
  readonly write: WriteBytes;
}

/** The texts of a record, in the order in which they are written. */
const TEXTS = ['function', 'mount', 'method', 'path', 'message', 'fault', 'reason', 'access', 'parameters', 'envelope'] as const;

/** Where in a record's bytes its numbers are. Then come the lengths of its texts in UTF-16 units, and the texts in one. */
const AT = 0;
const MILLISECONDS = 8;
const ANSWER = 16;
const STATUS = 24;
const CODE = 26;
const ENCODING = 27;
const LENGTHS = 28;
const TEXT = LENGTHS + 4 * TEXTS.length;

/** The length of a text that is null. */
const NULL = 0xffff_ffff;
const NO_CODE = 0xff;
const NO_STATUS = 0;

/** UTF-8 is short, but cannot say half a surrogate pair. */
const ENCODINGS = ['utf8', 'utf16le'] as const;

/** @param answer the number of the answer in a ring of its own, where it is too long for the record; else 0 */
export function encodeRecord(record: JournalRecord, answer: number): EncodedRecord {
  const { function: name, mount, method, path, message, fault, reason, access, parameters, envelope } = record;
  const json = parameters === null ? null : JSON.stringify(parameters);
  const texts = [name, mount, method, path, message, fault, reason, access === null ? null : JSON.stringify(access), json, envelope];
  let text = '';
  for (const one of texts) if (one !== null) text += one;
  const encoding = text.isWellFormed() ? 0 : 1;
  return {
    length: TEXT + Buffer.byteLength(text, ENCODINGS[encoding]),
    write(buffer, offset) {
      buffer.writeDoubleLE(record.at, offset + AT);
      buffer.writeDoubleLE(record.milliseconds, offset + MILLISECONDS);
      buffer.writeDoubleLE(answer, offset + ANSWER);
      buffer.writeUInt16LE(record.status ?? NO_STATUS, offset + STATUS);
      buffer[offset + CODE] = record.code ?? NO_CODE;
      buffer[offset + ENCODING] = encoding;
      for (let index = 0; index < texts.length; index++) buffer.writeUInt32LE(texts[index]?.length ?? NULL, offset + LENGTHS + 4 * index);
      buffer.write(text, offset + TEXT, ENCODINGS[encoding]);
    },
  };
}

/** The last moment that a date can show, in unix milliseconds. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** Which parameters and data are ids. */
const ID_NAMES = ['groupID', 'authorID', 'sessionID', 'padID', 'readOnlyID'] as const;

/** The ids that a request made, or else named. */
function idsOf(parameters: Parameters | null, data: unknown, apiKey: string): Record<string, string> {
  const ids: Record<string, string> = {};
  const made = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  for (const name of ID_NAMES) {
    const id = made[name] ?? parameters?.[name];
    if (typeof id === 'string' && id !== '') ids[name] = withoutKey(id, apiKey);
  }
  return ids;
}

const DATA = '"data":';

/** The data of an envelope as JSON: its last key, which no text before it can look like. */
export const dataTextOf = (envelope: string): string => envelope.slice(envelope.indexOf(DATA) + DATA.length, -1);

/** The data of an envelope; null for what has none. */
export const dataOf = (envelope: string | null): unknown => (envelope === null ? null : (JSON.parse(envelope) as { data: unknown }).data);

/** A request in the journal, read back from its bytes. It shows nothing that holds the API key. */
export class KeptRequest {
  readonly id: number;
  /** The number of its answer in the ring of long answers; 0 when the answer is in the record. */
  readonly answer: number;
  readonly at: number;
  readonly milliseconds: number;
  readonly code: Code | null;
  readonly status: number | null;
  /** How many bytes it takes. */
  readonly length: number;
  readonly #apiKey: string;
  readonly #texts: Readonly<Record<(typeof TEXTS)[number], string | null>>;
  #sent: Parameters | null | undefined;
  #parameters: Parameters | null | undefined;

  constructor(id: number, bytes: Buffer, apiKey: string) {
    this.id = id;
    this.#apiKey = apiKey;
    this.length = bytes.length;
    this.at = bytes.readDoubleLE(AT);
    this.milliseconds = bytes.readDoubleLE(MILLISECONDS);
    this.answer = bytes.readDoubleLE(ANSWER);
    const status = bytes.readUInt16LE(STATUS);
    this.status = status === NO_STATUS ? null : status;
    const code = bytes[CODE]!;
    this.code = code === NO_CODE ? null : (code as Code);
    const text = bytes.toString(ENCODINGS[bytes[ENCODING]!], TEXT);
    let start = 0;
    const textAt = (index: number): string | null => {
      const length = bytes.readUInt32LE(LENGTHS + 4 * index);
      return length === NULL ? null : text.slice(start, (start += length));
    };
    this.#texts = {
      function: textAt(0),
      mount: textAt(1),
      method: textAt(2),
      path: textAt(3),
      message: textAt(4),
      fault: textAt(5),
      reason: textAt(6),
      access: textAt(7),
      parameters: textAt(8),
      envelope: textAt(9),
    };
  }

  #shown(name: 'path' | 'message' | 'reason'): string | null {
    const text = this.#texts[name];
    return text === null ? null : withoutKey(text, this.#apiKey);
  }

  /** The parameters as they came. */
  #read(): Parameters | null {
    const { parameters } = this.#texts;
    this.#sent ??= parameters === null ? null : (JSON.parse(parameters) as Parameters);
    return this.#sent;
  }

  get function(): string | null {
    return this.#texts.function;
  }

  get mount(): JournalEntry['mount'] {
    return this.#texts.mount as JournalEntry['mount'];
  }

  get method(): string {
    return this.#texts.method!;
  }

  get path(): string {
    return this.#shown('path')!;
  }

  get message(): string | null {
    return this.#shown('message');
  }

  get fault(): string | null {
    return this.#texts.fault;
  }

  get reason(): string | null {
    return this.#shown('reason');
  }

  get access(): AccessRecord | null {
    const { access } = this.#texts;
    return access === null ? null : (valueWithoutKey(JSON.parse(access), this.#apiKey) as AccessRecord);
  }

  get parameters(): Parameters | null {
    if (this.#parameters === undefined) {
      const sent = this.#read();
      this.#parameters = sent === null ? null : parametersWithoutKey(sent, this.#apiKey);
    }
    return this.#parameters;
  }

  /** The answer's data; a word about it where it is too long for the record. */
  get data(): unknown {
    return valueWithoutKey(dataOf(this.#texts.envelope), this.#apiKey);
  }

  /** What it looks like from outside. */
  entry(): JournalEntry {
    const { id, at, function: name, mount, method, path, parameters, access, code, status, message, fault, reason, milliseconds } = this;
    return {
      id,
      at: new Date(Math.min(at, LAST_MOMENT)).toISOString(),
      function: name,
      mount,
      method,
      path,
      parameters,
      ids: idsOf(this.#read(), access ?? dataOf(this.#texts.envelope), this.#apiKey),
      access,
      code,
      status,
      message,
      fault,
      reason,
      milliseconds,
    };
  }
}
