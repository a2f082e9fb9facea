import { array, assert, asyncProperty, constantFrom, nat, stringMatching, uint8Array } from 'fast-check';
import { MultipartParser } from 'formidable';
import { describe, expect, test } from 'vitest';
import { partsOf } from '../../src/http/etherpad/body/multipart.ts';

type Seen = { readonly headers: Record<string, string>; data: string };

/** What formidable, Etherpad's own reader, makes of a body, or what it says of it. */
async function readByFormidable(body: Buffer, boundary: string): Promise<Seen[] | string> {
  const parser = new MultipartParser() as unknown as NodeJS.ReadWriteStream & { initWithBoundary(boundary: string): void };
  parser.initWithBoundary(boundary);
  const parts: Seen[] = [];
  let [field, value, part] = ['', '', { headers: {}, data: '' } as Seen];
  parser.on('data', ({ name, buffer, start, end }: { name: string; buffer: Buffer; start: number; end: number }) => {
    const text = (): string => buffer.toString('latin1', start, end);
    if (name === 'partBegin') part = { headers: {}, data: '' };
    else if (name === 'headerField') field += text();
    else if (name === 'headerValue') value += text();
    else if (name === 'headerEnd') {
      part.headers[field.toLowerCase()] = value;
      field = value = '';
    } else if (name === 'headersEnd') parts.push(part);
    else if (name === 'partData') part.data += text();
  });
  const ended = new Promise<void>((resolve, reject) => parser.on('end', resolve).on('error', reject));
  if (body.length > 0) parser.write(body);
  parser.end();
  return ended.then(
    () => parts,
    (error: Error) => error.message,
  );
}

function readByUs(body: Buffer, boundary: string): Seen[] | string {
  try {
    return Array.from(partsOf(body, boundary), ({ headers, data }) => ({
      headers: Object.fromEntries(headers),
      data: data.toString('latin1'),
    }));
  } catch (error) {
    return (error as Error).message;
  }
}

/** A header line without a colon: formidable then takes for data what happens to lie in its memory. */
const NO_COLON = /(--B\r\n|[A-Za-z-]+:[^\r]*\r\n)[A-Za-z-]+\r/;

const same = async (body: string, boundary = 'B'): Promise<void> => {
  if (NO_COLON.test(body)) return;
  const bytes = Buffer.from(body, 'latin1');
  expect(readByUs(bytes, boundary)).toEqual(await readByFormidable(bytes, boundary));
};

/** Pieces that bodies are made of, in the right order and in any other. */
const PIECES = [
  '--B',
  '\r\n--B',
  '\r\n',
  '\r',
  '\n',
  '--',
  '-',
  'B',
  'Name: value',
  'name:',
  ':',
  ' ',
  'x',
  '\r\n\r\n',
  'Content-Disposition: form-data; name="a"',
];

const WHOLE = [
  '--B',
  '\r\n',
  'Content-Disposition: form-data; name="a"',
  '\r\n\r\n',
  'value',
  '\r\n--B',
  '\r\n',
  'X: y',
  '\r\n\r\n',
  'other',
  '\r\n--B',
  '--',
  '\r\n',
];

describe('multipart is read as formidable reads it', () => {
  test('any row of pieces', async () => {
    await assert(
      asyncProperty(array(constantFrom(...PIECES), { maxLength: 14 }), (pieces) => same(pieces.join(''))),
      { numRuns: 5_000 },
    );
  });

  test('a body with one piece taken out, put in or put elsewhere', async () => {
    const place = nat(WHOLE.length);
    await assert(
      asyncProperty(place, place, constantFrom(...PIECES, ''), (from, to, piece) => {
        const pieces = [...WHOLE];
        const [moved] = pieces.splice(from, 1);
        pieces.splice(to, 0, piece === '' ? (moved ?? '') : piece);
        return same(pieces.join(''));
      }),
      { numRuns: 5_000 },
    );
  });

  test('a body that is cut off anywhere', async () => {
    const whole = WHOLE.join('');
    for (let length = 0; length <= whole.length; length++) await same(whole.slice(0, length));
  });

  test('binary data, and boundaries of every kind', async () => {
    await assert(
      asyncProperty(uint8Array(), stringMatching(/^[A-Za-z0-9'()+_,./:=?-]{1,70}$/), (data, boundary) =>
        same(`--${boundary}\r\nA: b\r\n\r\n${Buffer.from(data).toString('latin1')}\r\n--${boundary}--\r\n`, boundary),
      ),
    );
  });
});
