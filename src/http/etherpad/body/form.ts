import { BodyError } from './body-error.ts';
import { partsOf } from './multipart.ts';

/** The most bytes of fields in a multipart body. */
const MOST_BYTES = 20 * 1024 * 1024;

/** The fields of a form: of repeated ones the first counts. */
class FormFields {
  readonly #fields: Record<string, string> = {};
  readonly #most: number;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(name: string, value: string): void {
    if (++this.#count > this.#most) throw new BodyError(`options.maxFields (${this.#most}) exceeded`);
    // nobody ever sees a field called __proto__
    if (name !== '__proto__' && !Object.hasOwn(this.#fields, name)) this.#fields[name] = value;
  }

  all(): object {
    return this.#fields;
  }
}

/** @throws BodyError when there are more fields than that */
export function readUrlEncoded(body: Buffer, maxFields: number): object {
  const fields = new FormFields(maxFields);
  const text = body.toString('ascii');
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end === start) continue;
    // one by one, so that what comes after too many is not even read
    const field = text.slice(start, end);
    for (const [name, value] of new URLSearchParams(start === 0 ? field : withoutMark(field))) fields.add(name, value);
  }
  return fields.all();
}

/** URLSearchParams takes a question mark away from the beginning of a query, and only there. */
const withoutMark = (field: string): string => (field.startsWith('?') ? `&${field}` : field);

/** How the bytes of a part become text, by its Content-Transfer-Encoding. */
const DECODERS: Readonly<Record<string, (data: Buffer) => string>> = {
  'utf-8': (data) => data.toString('utf8'),
  '7bit': (data) => data.toString('utf8'),
  '8bit': (data) => data.toString('utf8'),
  binary: (data) => data.toString('latin1'),
  base64: (data) => Buffer.from(data.toString('ascii'), 'base64').toString('base64'),
};

/** A quoted text, or a token. */
const NAME = /\bname=("([^"]*)"|([^()<>@,;:\\"/[\]?={}\s\t/]+))/i;

/**
 * Reads multipart as formidable does: a part with a Content-Type is a file, and files are no parameters.
 *
 * @throws BodyError
 */
export function readMultipart(body: Buffer, boundary: string, maxFields: number): object {
  const fields = new FormFields(maxFields);
  let size = 0;
  for (const { headers, data } of partsOf(body, boundary)) {
    const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'utf-8';
    const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
    if (decode === undefined) throw new BodyError('unknown transfer-encoding');
    if (headers.get('content-type')) {
      if (data.length === 0) throw new BodyError('options.allowEmptyFiles is false, file size should be greater than 0');
      continue;
    }
    size += data.length;
    if (size > MOST_BYTES)
      throw new BodyError(`options.maxFieldsSize (${MOST_BYTES} bytes) exceeded, received ${size} bytes of field data`);
    const match = NAME.exec(headers.get('content-disposition') ?? '');
    fields.add(match === null ? 'null' : (match[2] ?? match[3] ?? ''), decode(data));
  }
  return fields.all();
}
