import type { AccessRecord } from '../etherpad/access-record.ts';
import type { Code } from '../etherpad/api-error.ts';
import type { Parameters } from '../etherpad/etherpad-function.ts';
import type { Writable } from './ring.ts';
import type { Secrets } from './secrets.ts';

/** One request that was answered, or not. A text or a list that is very long is shown by its beginning and its length. */
export interface JournalEntry {
  /** 1 for the first since the journal was empty. */
  readonly id: number;
  /** When it was answered, by the Etherpad's clock: `2030-01-01T00:00:00.000Z`. */
  readonly at: string;
  /** The function, if the path names one; `page` for a pad's page, `export` for what is below it; `token` for a request for a token. */
  readonly function: string | null;
  readonly mount: 'root' | 'api' | 'rest' | 'api/2' | 'oidc' | null;
  readonly method: string;
  /** The path inside the Etherpad, without the query. */
  readonly path: string;
  /** All that was sent, without keys, secrets and tokens; null when it was not read. */
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

/** Reads the parameters of a query, `sessionID=s.x&apikey=y`. */
export type ReadQuery = (query: string) => Parameters;

/** Parameters that came in a query alone: it is kept as it is, and read again when somebody looks. */
export class SentQuery {
  readonly query: string;
  readonly read: ReadQuery;

  /** @param read one of a few functions, not one made for this query */
  constructor(query: string, read: ReadQuery) {
    this.query = query;
    this.read = read;
  }
}

/** What is known when a request ends. */
export type JournalRecord = Omit<JournalEntry, 'id' | 'at' | 'ids' | 'parameters'> & {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly parameters: Parameters | SentQuery | null;
  /** The body that Etherpad answers with, `{"code":0,"message":"ok","data":…}`; null where the answer is no envelope. */
  readonly envelope: string | null;
};

/**
 * A record's bytes are its head and its texts, one behind the other. The head holds numbers, as doubles and then as integers,
 * and a mark for each text: its length in UTF-16 units, or a word, or that it is null.
 */
const AT = 0;
const MILLISECONDS = 1;
const ANSWER = 2;
const DOUBLES = 3;

const STATUS = 6;
const CODE = 7;
const READER = 8;
const MARKS = 9;

/** The order of the texts. */
const FUNCTION = 0;
const MOUNT = 1;
const METHOD = 2;
const FAULT = 3;
const MESSAGE = 4;
const REASON = 5;
const PATH = 6;
const PARAMETERS = 7;
const ENVELOPE = 8;
const ACCESS = 9;
const COUNT = 10;

const HEAD_BYTES = 4 * (MARKS + COUNT);

const NO_CODE = -1;
const NO_STATUS = 0;
/** Instead of the number of what reads a query: the parameters are JSON. */
const IS_JSON = -1;

const NULL = -1;
const FIRST_WORD = -2;

/** Texts that come again and again, such as names of functions: they are written as numbers. */
const words: string[] = [];
const marks = new Map<string, number>();
const MOST_WORDS = 500;
const LONGEST_WORD = 50;

/** The mark of a text that may be a word. */
function markOf(text: string): number {
  if (text.length > LONGEST_WORD) return text.length;
  const known = marks.get(text);
  if (known !== undefined) return known;
  if (words.length === MOST_WORDS) return text.length;
  const mark = FIRST_WORD - words.length;
  words.push(text);
  marks.set(text, mark);
  return mark;
}

const readers: ReadQuery[] = [];

function numberOf(reader: ReadQuery): number {
  const number = readers.indexOf(reader);
  return number === -1 ? readers.push(reader) - 1 : number;
}

/** The most bytes that a UTF-16 unit takes in UTF-8. */
const BYTES_OF_A_UNIT = 3;

/** The head of a record: bytes, and what they are as numbers. */
class Head {
  readonly bytes = new Uint8Array(HEAD_BYTES);
  readonly doubles = new Float64Array(this.bytes.buffer, 0, DOUBLES);
  readonly integers = new Int32Array(this.bytes.buffer);
}

/** Writes one record after another. */
export class RecordWriter implements Writable {
  readonly #head = new Head();
  #text = '';

  /**
   * Takes the record that is written next.
   *
   * @param answer the number of the answer in a ring of its own, where it is too long for the record; else 0
   */
  take(record: JournalRecord, answer: number): void {
    const { parameters } = record;
    const { doubles, integers } = this.#head;
    doubles[AT] = record.at;
    doubles[MILLISECONDS] = record.milliseconds;
    doubles[ANSWER] = answer;
    integers[STATUS] = record.status ?? NO_STATUS;
    integers[CODE] = record.code ?? NO_CODE;
    const isQuery = parameters instanceof SentQuery;
    integers[READER] = isQuery ? numberOf(parameters.read) : IS_JSON;
    this.#text = '';
    this.#addWord(FUNCTION, record.function);
    this.#addWord(MOUNT, record.mount);
    this.#addWord(METHOD, record.method);
    this.#addWord(FAULT, record.fault);
    this.#addWord(MESSAGE, record.message);
    this.#add(REASON, record.reason);
    this.#add(PATH, record.path);
    this.#add(PARAMETERS, isQuery ? parameters.query : parameters === null ? null : JSON.stringify(parameters));
    this.#add(ENVELOPE, record.envelope);
    this.#add(ACCESS, record.access === null ? null : JSON.stringify(record.access));
  }

  get mostBytes(): number {
    return HEAD_BYTES + BYTES_OF_A_UNIT * this.#text.length;
  }

  write(buffer: Buffer, offset: number): number {
    buffer.set(this.#head.bytes, offset);
    return HEAD_BYTES + buffer.write(this.#text, offset + HEAD_BYTES);
  }

  #add(place: number, text: string | null): void {
    this.#head.integers[MARKS + place] = text === null ? NULL : text.length;
    if (text !== null) this.#text += text;
  }

  #addWord(place: number, text: string | null): void {
    const mark = text === null ? NULL : markOf(text);
    this.#head.integers[MARKS + place] = mark;
    if (mark > 0) this.#text += text;
  }
}

/** The last moment that a date can show, in unix milliseconds. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** Which parameters and data are ids, by the names that Etherpad has for them. */
const ID_NAMES: Readonly<Record<string, readonly string[]>> = {
  groupID: ['groupID'],
  authorID: ['authorID', 'authorId'],
  sessionID: ['sessionID'],
  padID: ['padID'],
  readOnlyID: ['readOnlyID', 'roID'],
};

/** The ids that a request made, or else named. */
function idsOf(parameters: Parameters | null, data: unknown, secrets: Secrets): Record<string, string> {
  const ids: Record<string, string> = {};
  const made = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  for (const [name, spellings] of Object.entries(ID_NAMES)) {
    const id = made[name] ?? spellings.map((spelling) => parameters?.[spelling]).find((sent) => sent !== undefined);
    if (typeof id === 'string' && id !== '') ids[name] = secrets.hide(id);
  }
  return ids;
}

const DATA = '"data":';

/** The data of an envelope as JSON: its last key, which no text before it can look like. */
export const dataTextOf = (envelope: string): string => envelope.slice(envelope.indexOf(DATA) + DATA.length, -1);

/** The data of an envelope; null for what has none. */
export const dataOf = (envelope: string | null): unknown => (envelope === null ? null : (JSON.parse(envelope) as { data: unknown }).data);

/** A request in the journal, read back from its bytes. It shows no secret. */
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
  readonly #secrets: Secrets;
  readonly #reader: number;
  readonly #texts: (string | null)[] = [];
  #sent: Parameters | null | undefined;
  #parameters: Parameters | null | undefined;

  constructor(id: number, bytes: Buffer, secrets: Secrets) {
    const { bytes: head, doubles, integers } = new Head();
    bytes.copy(head);
    const text = bytes.toString('utf8', HEAD_BYTES);
    this.id = id;
    this.#secrets = secrets;
    this.length = bytes.length;
    this.at = doubles[AT]!;
    this.milliseconds = doubles[MILLISECONDS]!;
    this.answer = doubles[ANSWER]!;
    this.status = integers[STATUS] === NO_STATUS ? null : integers[STATUS]!;
    this.code = integers[CODE] === NO_CODE ? null : (integers[CODE] as Code);
    this.#reader = integers[READER]!;
    let start = 0;
    for (const mark of integers.subarray(MARKS)) {
      if (mark <= FIRST_WORD) this.#texts.push(words[FIRST_WORD - mark]!);
      else this.#texts.push(mark === NULL ? null : text.slice(start, (start += mark)));
    }
  }

  get function(): string | null {
    return this.#texts[FUNCTION]!;
  }

  get mount(): JournalEntry['mount'] {
    return this.#texts[MOUNT] as JournalEntry['mount'];
  }

  get method(): string {
    return this.#texts[METHOD]!;
  }

  get path(): string {
    return this.#shown(PATH)!;
  }

  get fault(): string | null {
    return this.#texts[FAULT]!;
  }

  get message(): string | null {
    return this.#shown(MESSAGE);
  }

  get reason(): string | null {
    return this.#shown(REASON);
  }

  get access(): AccessRecord | null {
    const access = this.#texts[ACCESS]!;
    return access === null ? null : (this.#secrets.hideInValue(JSON.parse(access)) as AccessRecord);
  }

  get parameters(): Parameters | null {
    if (this.#parameters === undefined) {
      const received = this.#received();
      this.#parameters = received === null ? null : this.#secrets.hideIn(received);
    }
    return this.#parameters;
  }

  #shown(index: number): string | null {
    const text = this.#texts[index]!;
    return text === null ? null : this.#secrets.hide(text);
  }

  /** The parameters as they came. */
  #received(): Parameters | null {
    if (this.#sent === undefined) {
      const text = this.#texts[PARAMETERS]!;
      const read: ReadQuery = this.#reader === IS_JSON ? JSON.parse : readers[this.#reader]!;
      this.#sent = text === null ? null : read(text);
    }
    return this.#sent;
  }

  /** The answer's data; a word about it where it is too long for the record. */
  get data(): unknown {
    return this.#secrets.hideInValue(dataOf(this.#texts[ENVELOPE]!));
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
      ids: idsOf(this.#received(), access ?? dataOf(this.#texts[ENVELOPE]!), this.#secrets),
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
