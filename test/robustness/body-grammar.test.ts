import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Arbitrary, array, constantFrom, letrec, oneof, record, sample, string, tuple, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMULATIONS } from '../../src/etherpad/emulation.ts';
import { serveCommand } from '../command/running-command.ts';
import { RawConnection } from './raw-connection.ts';

/** Another one each time; a failure names it. 50,000 by hand: BODY_GRAMMAR_REQUESTS=50000 */
const SEED = Number(process.env['BODY_GRAMMAR_SEED'] ?? Date.now() % 2 ** 31);
const REQUESTS = Number(process.env['BODY_GRAMMAR_REQUESTS'] ?? 5_000);
const CONNECTIONS = 16;
/** A slow machine is no mistake: milliseconds. */
const HANGS_AFTER = 60_000;

const word = oneof(
  { weight: 3, arbitrary: constantFrom('name', 'text', 'apikey', 'groupID', '__proto__', 'a[b]', 'a[]', 'x'.repeat(300), '') },
  { weight: 1, arbitrary: string({ maxLength: 12 }) },
);
const bytes = uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some));
const breaks = constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '');
const charset = constantFrom(
  '',
  '',
  '; charset=utf-8',
  '; charset=UTF-16LE',
  '; charset="utf-16"',
  '; charset=iso-8859-1',
  '; charset=x',
  '; charset=',
);

interface Body {
  readonly type: string;
  readonly content: Buffer;
}

const form: Arbitrary<Body> = tuple(array(tuple(word, word), { maxLength: 8 }), charset, constantFrom('&', '&', '&&', ';')).map(
  ([fields, set, separator]) => ({
    type: `application/x-www-form-urlencoded${set}`,
    content: Buffer.from(fields.map(([name, value]) => `${name}=${value}`).join(separator)),
  }),
);

const { json } = letrec((tie) => ({
  json: oneof(
    { depthSize: 'small' },
    constantFrom('1', 'null', 'true', '"x"', '"\\ud800"', '1e999', '', 'nul', '"', '-', '\u0000'),
    array(tie('json') as Arbitrary<string>, { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    array(tuple(word, tie('json') as Arbitrary<string>), { maxLength: 4 }).map(
      (fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`,
    ),
  ),
}));
const jsonBody: Arbitrary<Body> = tuple(
  json,
  constantFrom('text/json', 'application/json', 'application/x+json'),
  charset,
  constantFrom<BufferEncoding>('utf8', 'utf8', 'utf16le', 'latin1'),
).map(([text, type, set, encoding]) => ({ type: `${type}${set}`, content: Buffer.from(text, encoding) }));

const partHeader = oneof(
  word.map((name) => `Content-Disposition: form-data; name="${name}"`),
  tuple(word, word).map(([name, file]) => `Content-Disposition: form-data; name="${name}"; filename="${file}"`),
  constantFrom('Content-Disposition: form-data', 'Content-Disposition: attachment', 'x', ': x', 'X-Long: ' + 'y'.repeat(9_000)),
  constantFrom('7bit', '8bit', 'binary', 'base64', 'BASE64', 'quoted-printable', 'utf-8', '', 'constructor').map(
    (encoding) => `Content-Transfer-Encoding: ${encoding}`,
  ),
  tuple(constantFrom('text/plain', 'application/json', 'x', ''), charset).map(([type, set]) => `Content-Type: ${type}${set}`),
);
const { multipart } = letrec((tie) => ({
  multipart: tuple(
    constantFrom('B', 'X', '--', 'a b', "'()+_,-./:=?", 'b'.repeat(80)),
    array(
      tuple(
        array(partHeader, { maxLength: 4 }),
        oneof(
          { depthSize: 'small' },
          bytes,
          constantFrom('QUJD', '=3D', '--B', '\r\n--B', '\r\n--B-').map((text) => Buffer.from(text)),
          (tie('multipart') as Arbitrary<Body>).map(({ type, content }) =>
            Buffer.concat([Buffer.from(`Content-Type: ${type}\r\n\r\n`), content]),
          ),
        ),
      ),
      { maxLength: 4 },
    ),
    breaks,
    constantFrom('--', '--', '', '-', '\r\n'),
    constantFrom('multipart/form-data', 'multipart/form-data', 'multipart/mixed', 'multipart/related'),
    constantFrom('', '', '', 'quoted', 'none', 'other'),
  ).map(([boundary, parts, lineBreak, end, type, how]): Body => {
    const lines = parts.flatMap(([headers, content]) => [
      Buffer.from(`--${boundary}${lineBreak}${headers.join(lineBreak)}${lineBreak}${lineBreak}`),
      content,
      Buffer.from(lineBreak),
    ]);
    const parameter = { '': `; boundary=${boundary}`, quoted: `; boundary="${boundary}"`, none: '', other: '; boundary=other' }[how];
    return { type: `${type}${parameter}`, content: Buffer.concat([...lines, Buffer.from(`--${boundary}${end}`)]) };
  }),
}));

const raw: Arbitrary<Body> = tuple(
  constantFrom('application/octet-stream', 'text/plain', 'x', '', 'multipart', 'json', 'a/b; c'),
  bytes,
).map(([type, content]) => ({ type, content }));

const COMPRESS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, identity: Buffer.from, x: Buffer.from } as const;

const request = record({
  body: oneof(form, jsonBody, multipart, multipart, raw),
  encoding: constantFrom<keyof typeof COMPRESS | undefined>(
    undefined,
    undefined,
    undefined,
    undefined,
    'gzip',
    'deflate',
    'br',
    'identity',
    'x',
  ),
  isCompressed: constantFrom(true, true, false),
  framing: constantFrom('length', 'length', 'chunked', 'pieces', 'extension'),
  path: constantFrom(
    '/api/1.2.15/createAuthor',
    '/api/1.2.15/setText',
    '/createGroup',
    '/rest/1.2.15/createAuthor',
    '/api/2/authors',
    '/_mock/state',
    '/p/x',
  ),
});
type Drawn = typeof request extends Arbitrary<infer One> ? One : never;

function bytesOf({ body, encoding, isCompressed, framing, path }: Drawn, apiKey: string): Buffer {
  const content = encoding !== undefined && isCompressed ? COMPRESS[encoding](body.content as never) : body.content;
  const head = [
    `POST ${path}?apikey=${apiKey} HTTP/1.1`,
    'Host: x',
    ...(body.type === '' ? [] : [`Content-Type: ${body.type.replace(/[^ -~]/g, '')}`]),
    ...(encoding === undefined ? [] : [`Content-Encoding: ${encoding}`]),
    framing === 'length' ? `Content-Length: ${content.length}` : 'Transfer-Encoding: chunked',
  ].join('\r\n');
  if (framing === 'length') return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), content]);
  const size = framing === 'pieces' ? 3 : Math.max(1, content.length);
  const chunks: Buffer[] = [];
  for (let start = 0; start < content.length; start += size) {
    const chunk = content.subarray(start, start + size);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}${framing === 'extension' ? ';a="b"' : ''}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([
    Buffer.from(`${head}\r\n\r\n`),
    ...chunks,
    Buffer.from(framing === 'extension' ? '0\r\nX: y\r\n\r\n' : '0\r\n\r\n'),
  ]);
}

describe(`bodies of every kind (seed ${SEED})`, () => {
  test.each(EMULATIONS)('%s answers them all, and is the same process afterwards', async (emulate) => {
    await using command = await serveCommand(['--emulate', emulate, '--log-level', 'error']);
    const { url, apiKey } = command.listening;
    // this one never answers JSON posts to a function
    const drawn = sample(request, { seed: SEED, numRuns: Math.ceil(REQUESTS / EMULATIONS.length) }).filter(
      ({ body, path }) => emulate !== '2.5.3' || !/^application\/json\b/.test(body.type) || path === '/_mock/state' || path === '/p/x',
    );
    const problems: string[] = [];
    const statuses = new Map<number, number>();
    let next = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const connection = new RawConnection(Number(new URL(url).port));
        while (next < drawn.length && problems.length < 5) {
          const index = next++;
          const sent = bytesOf(drawn[index]!, apiKey);
          const reply = await connection.exchange(sent, HANGS_AFTER);
          if (typeof reply === 'string') problems.push(`${reply}: request ${index} ${JSON.stringify(sent.toString('latin1'))}`);
          else {
            statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
            const body = reply.body.toString();
            if (/FST_|node_modules|\bat \S+ \(|error of the mock|ERR_/.test(body))
              problems.push(`${body}: request ${index} ${JSON.stringify(sent.toString('latin1'))}`);
            if (/json/.test(reply.headers['content-type'] ?? '')) JSON.parse(body);
          }
        }
        connection.close();
      }),
    );
    expect(problems, `BODY_GRAMMAR_SEED=${SEED}`).toEqual([]);
    expect(statuses.get(200)).toBeGreaterThan(10);
    expect(statuses.get(emulate === 'documented' ? 400 : 500)).toBeGreaterThan(10);
    command.process.kill('SIGTERM');
    expect(await command.ended).toMatchObject({ status: 0, stderr: '' });
  });
});
