import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Emulation } from '../../src/etherpad/emulation.ts';
import { API_VERSIONS, type EtherpadFunction } from '../../src/etherpad/etherpad-function.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import {
  BROKEN_MULTIPARTS,
  MALFORMED_HTTP,
  NASTY_CONTENT_TYPES,
  NASTY_JSON,
  NASTY_JSON_TEXTS,
  NASTY_TEXTS,
  PROTOTYPE_NAMES,
} from './nasty-values.ts';

/** One request, as bytes, and what is known about it. */
export interface NastyRequest {
  readonly method: string;
  /** The target of the request line, or empty for bytes that are no HTTP. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bytes: Buffer;
  /** Whether the bytes may be no HTTP, or not all of a request: the server may close without an answer. */
  readonly malformed: boolean;
  readonly control: boolean;
}

/** What the requests may name. */
export interface Known {
  readonly apiKey: string;
  /** Ids that exist. */
  readonly ids: readonly string[];
}

const METHODS = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'M-SEARCH',
  'QUERY',
];

/** Sandboxes that control calls may spoil; nothing else is asked of them. */
const CONTROLLED = ['controlled-1', 'controlled-2', 'controlled-3'];

const oneOf = <T>(values: readonly T[]): Arbitrary<T> => fc.constantFrom(...values);
const often = (weight: number, arbitrary: Arbitrary<any>) => ({ weight, arbitrary });

const anyText = fc.oneof(often(6, oneOf(NASTY_TEXTS)), often(1, fc.string({ unit: 'binary', maxLength: 40 }))) as Arbitrary<string>;
const anyJson = fc.oneof(often(5, oneOf(NASTY_JSON)), often(3, anyText), often(1, fc.jsonValue({ maxDepth: 4 }))) as Arbitrary<unknown>;

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** What a path or query may hold without ending it, and every other byte percent-encoded; or hardly anything encoded. */
const encodings: readonly ((text: string) => string)[] = [
  encoded,
  (text) => encoded(text).replaceAll('%20', '+'),
  (text) => text.replace(/[\0-\x20\x7f-\uffff]/g, encoded),
  (text) => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16)}`).join(''),
  (text) => text.replace(/[\0- \x7f]/g, ''),
];

const nested = (depth: number, what: 'array' | 'object'): string =>
  what === 'array' ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

type Pair = readonly [name: string, value: unknown];

function pairsOf({ parameters }: EtherpadFunction, { apiKey, ids }: Known): Arbitrary<Pair[]> {
  const value = fc.oneof(often(3, oneOf(ids)), often(4, anyJson));
  const name = fc.oneof(
    often(4, oneOf(parameters.length > 0 ? parameters : ['name'])),
    often(1, oneOf(PROTOTYPE_NAMES)),
    often(1, anyText),
    often(1, oneOf(['apikey', 'api_key', 'authorization', 'groupId', 'x[]', 'authorId'])),
  );
  const right = fc.constant<Pair[]>([['apikey', apiKey]]);
  const key = fc.oneof(
    often(8, right),
    often(1, fc.constant<Pair[]>([])),
    often(
      1,
      anyJson.map((wrong) => [['apikey', wrong] as const]),
    ),
  );
  return fc.tuple(key, fc.array(fc.tuple(name, value), { maxLength: 6 })).map(([first, more]) => [...first, ...more] as Pair[]);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined'));

const formOf = (pairs: readonly Pair[], encode: (text: string) => string): string =>
  pairs.map(([name, value]) => `${encode(name)}=${encode(textOf(value))}`).join('&');

const multipartOf = (pairs: readonly Pair[]): string =>
  `${pairs.map(([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name.replace(/["\r\n]/g, '')}"\r\n\r\n${textOf(value)}\r\n`).join('')}--X--\r\n`;

/** As JSON, repeated names and `__proto__` included. */
const jsonOf = (pairs: readonly Pair[]): string =>
  `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`;

interface Body {
  readonly type: string | undefined;
  readonly text: string;
  readonly headers?: readonly (readonly [string, string])[];
}

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=X';
const JSON_TYPE = 'application/json';

function bodyOf(pairs: readonly Pair[], { apiKey }: Known, emulation: Emulation): Arbitrary<Body | undefined> {
  // what one version never answers takes time to wait for
  const json =
    emulation === '2.5.3' ? fc.oneof(often(1, fc.constant(JSON_TYPE)), often(12, fc.constant('text/json'))) : fc.constant(JSON_TYPE);
  const many = (count: number): string => Array.from({ length: count }, (_, index) => `f${index}=x`).join('&');
  const manyParts = multipartOf(Array.from({ length: 1_001 }, (_, index) => [`f${index}`, 'x']));
  return fc.oneof(
    often(6, fc.constant(undefined)),
    often(
      6,
      oneOf(encodings).map((encode) => ({ type: FORM, text: formOf(pairs, encode) })),
    ),
    often(4, fc.constant({ type: MULTIPART, text: multipartOf(pairs) })),
    often(
      6,
      json.map((type) => ({ type, text: jsonOf(pairs) })),
    ),
    often(
      4,
      fc.tuple(json, oneOf(NASTY_JSON_TEXTS)).map(([type, text]) => ({ type, text })),
    ),
    often(
      2,
      oneOf(BROKEN_MULTIPARTS).map((text) => ({ type: MULTIPART, text })),
    ),
    often(
      2,
      fc.tuple(oneOf(NASTY_CONTENT_TYPES), anyText).map(([type, text]) => ({ type, text })),
    ),
    often(
      2,
      fc.tuple(oneOf(NASTY_CONTENT_TYPES), fc.constant(jsonOf(pairs))).map(([type, text]) => ({ type, text })),
    ),
    often(
      1,
      anyText.map((text) => ({ type: undefined, text })),
    ),
    often(
      1,
      fc
        .tuple(oneOf([FORM, MULTIPART, 'text/json', JSON_TYPE]), oneOf(['gzip', 'deflate', 'br', 'nonsense', 'identity', '']))
        .map(([type, encoding]) => ({ type, text: '\u001f\u008b\b\0garbage', headers: [['Content-Encoding', encoding]] })),
    ),
    // the large and the deep, now and then
    often(
      1,
      fc.oneof(
        often(
          4,
          oneOf([999, 1_000, 1_001, 5_000]).map((count) => ({ type: FORM, text: `${many(count)}&apikey=${apiKey}` })),
        ),
        often(1, fc.constant({ type: MULTIPART, text: manyParts })),
        often(
          4,
          fc
            .tuple(
              json,
              oneOf([100, 1_000, 5_000, 20_000, 50_000]),
              oneOf(['array', 'object'] as const),
              oneOf(['name', 'groupID', 'apikey', 'groupMapper', 'authorMapper', 'validUntil', 'other', 'padName']),
            )
            .map(([type, depth, what, name]) => ({
              type,
              text: `{"apikey":${JSON.stringify(apiKey)},"${name}":${nested(depth, what)}}`,
            })),
        ),
        often(
          1,
          fc
            .tuple(json, oneOf([102_300, 102_500, 1_000_000]))
            .map(([type, length]) => ({ type, text: `{"apikey":${JSON.stringify(apiKey)},"name":"${'n'.repeat(length)}"}` })),
        ),
      ),
    ),
  ) as Arbitrary<Body | undefined>;
}

const mangled = (path: string): Arbitrary<string> =>
  oneOf<(path: string) => string>([
    (whole) => whole.toUpperCase(),
    (whole) => `${whole}/`,
    (whole) => `/${whole}`,
    (whole) => whole.replaceAll('/', '//'),
    (whole) => whole.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (whole) => `http://example.org${whole}`,
    (whole) => whole.slice(1),
    (whole) => `${whole};x=1`,
    (whole) => `${whole}%00`,
    (whole) => `${whole}#fragment`,
    (whole) => `/pad/..${whole}`,
  ]).map((mangle) => mangle(path));

function pathOf(row: EtherpadFunction): Arbitrary<string> {
  const api2 = row.api2 === undefined ? '/api/2/sessions' : `/api/2/${row.api2.path}`;
  const version = oneOf(API_VERSIONS);
  const usual = fc.oneof(
    often(2, fc.constant(`/${row.name}`)),
    often(
      6,
      version.map((name) => `/api/${name}/${row.name}`),
    ),
    often(
      2,
      version.map((name) => `/rest/${name}/${row.rest}`),
    ),
    often(1, fc.constant(api2)),
  ) as Arbitrary<string>;
  const segment = fc.tuple(anyText, oneOf(encodings)).map(([text, encode]) => encode(text));
  return fc.oneof(
    often(12, usual),
    often(2, usual.chain(mangled)),
    often(
      2,
      segment.map((part) => `/${part}`),
    ),
    often(
      1,
      segment.map((part) => `/api/1.2.15/${part}`),
    ),
    often(
      1,
      segment.map((part) => `/api/${part}/${row.name}`),
    ),
    often(
      1,
      segment.map((part) => `/rest/1.3.0/${part}/${part}`),
    ),
    often(
      1,
      segment.map((part) => `/api/2/${part}`),
    ),
    often(
      1,
      oneOf([
        '/',
        '/api',
        '/api/',
        '/openapi.json',
        '/api/openapi.json',
        '/rest/1/openapi.json',
        '/rest/openapi.json',
        '*',
        '/api/2',
        '/favicon.ico',
        '/p/test',
        '/?',
        '/sandbox',
        '/sandbox/',
        '/sandbox//createGroup',
      ]),
    ),
    often(
      3,
      fc.tuple(segment, usual).map(([name, path]) => `/sandbox/${name}${path}`),
    ),
    often(
      2,
      fc.tuple(oneOf(PROTOTYPE_NAMES), usual).map(([name, path]) => `/sandbox/${name}${path}`),
    ),
    often(
      1,
      fc.tuple(oneOf(['north-box', 'south-box']), usual).map(([name, path]) => `/sandbox/${name}${path}`),
    ),
  ) as Arbitrary<string>;
}

/** Tabs apart, no header holds control characters. */
const headerValue = anyText.map((text) => text.replace(/[^\P{Cc}\t]/gu, '').slice(0, 500));

function extraHeaders({ apiKey, ids }: Known): Arbitrary<(readonly [string, string])[]> {
  const name = oneOf([
    'apikey',
    'api_key',
    'Authorization',
    'Authorization',
    'groupID',
    'name',
    'sessionID',
    'If-None-Match',
    'Cache-Control',
    'Accept',
    'Accept-Encoding',
    'Cookie',
    'Referer',
    'Origin',
    'Range',
    'X-HTTP-Method-Override',
    'X-Forwarded-For',
    '__proto__',
    'constructor',
    'toString',
    'Forwarded',
    'If-Modified-Since',
    'Content-Language',
    'Upgrade',
    'Date',
    'Sec-Fetch-Site',
    'TE',
    'Trailer',
    'Content-Range',
    'Host',
  ]);
  const value = fc.oneof(
    often(4, headerValue),
    often(1, oneOf([apiKey, `Bearer ${apiKey}`, '*', 'W/"x"', 'gzip, br', 'no-cache'])),
    often(1, oneOf(ids)),
  ) as Arbitrary<string>;
  return fc.array(fc.tuple(name, value), { maxLength: 4 }) as Arbitrary<(readonly [string, string])[]>;
}

/** One chunk, or a few. */
function chunked(body: Buffer): Buffer {
  const middle = Math.floor(body.length / 3);
  const chunks = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0);
  return Buffer.concat([
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ]);
}

interface Parts {
  readonly method: string;
  readonly target: string;
  readonly body: Body | undefined;
  readonly extra: readonly (readonly [string, string])[];
  readonly framing: 'length' | 'chunked';
  readonly host: 'one' | 'none';
  readonly control?: boolean;
}

function toRequest({ method, target, body, extra, framing, host, control = false }: Parts): NastyRequest {
  // bytes that were percent-encoded stay so; the others are UTF-8, a lone surrogate becomes U+FFFD
  const bodyBytes = body === undefined ? undefined : Buffer.from(body.text);
  const headers: (readonly [string, string])[] = [
    ...(host === 'one' ? [['Host', 'etherpad'] as const] : []),
    ...extra.filter(([name]) => name !== 'Host' || host === 'one'),
  ];
  if (body?.type !== undefined) headers.push(['Content-Type', body.type]);
  headers.push(...(body?.headers ?? []));
  if (bodyBytes !== undefined)
    headers.push(framing === 'chunked' ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(bodyBytes.length)]);
  const sent = target === '' ? '/' : target;
  const head = `${method} ${sent} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const bytes = Buffer.concat([
    Buffer.from(head),
    ...(bodyBytes === undefined ? [] : [framing === 'chunked' ? chunked(bodyBytes) : bodyBytes]),
  ]);
  return { method, target: sent, headers, bytes, malformed: false, control };
}

const framing = oneOf<'length' | 'chunked'>(['length', 'length', 'chunked']);

/** Calls of Etherpad's functions, and of paths like theirs. */
function callRequest(known: Known, emulation: Emulation): Arbitrary<NastyRequest> {
  return oneOf(FUNCTIONS).chain((row) =>
    fc
      .tuple(
        oneOf(METHODS),
        pathOf(row),
        pairsOf(row, known),
        oneOf(encodings),
        extraHeaders(known),
        framing,
        oneOf<'one' | 'none'>([...Array.from({ length: 30 }, () => 'one' as const), 'none']),
        fc.boolean(),
      )
      .chain(([method, path, pairs, encode, extra, frame, host, inQuery]) =>
        bodyOf(pairs, known, emulation).map((body) => {
          const query = body === undefined || inQuery ? `?${formOf(pairs, encode).slice(0, 12_000)}` : '';
          return toRequest({ method, target: `${path}${query}`, body, extra, framing: frame, host });
        }),
      ),
  );
}

/** Questions for what exists, with noise around them: the answers must be of the one group that was named. */
function readingRequest(known: Known): Arbitrary<NastyRequest> {
  const rows = FUNCTIONS.filter(({ name }) =>
    ['listSessionsOfGroup', 'listSessionsOfAuthor', 'getSessionInfo', 'getAuthorName', 'listPads', 'getText', 'listPadsOfAuthor'].includes(
      name,
    ),
  );
  return fc
    .tuple(oneOf(rows), oneOf(known.ids), fc.array(fc.tuple(anyText, anyText), { maxLength: 5 }), oneOf(encodings), extraHeaders(known))
    .map(([row, id, noise, encode, extra]) => {
      const pairs: Pair[] = [['apikey', known.apiKey], [row.parameters[0]!, id], ...noise];
      return toRequest({
        method: 'GET',
        target: `/api/1.3.0/${row.name}?${formOf(pairs, encode)}`,
        body: undefined,
        extra,
        framing: 'length',
        host: 'one',
      });
    });
}

const CONTROL_PATHS = [
  '/reset',
  '/state',
  '/snapshots',
  '/snapshots/x',
  '/snapshots/x/restore',
  '/clock',
  '/clock/advance',
  '/faults',
  '/faults/1',
  '/requests',
  '/requests/verify',
  '/ids',
  '/emulation',
  '/sandboxes',
  '/sandboxes/x',
  '/info',
  '/health',
  '/openapi.json',
  '',
  '/',
  '/inspector/sessions',
  '/inspector/groups',
  '/inspector/requests',
  '/inspector/authors',
  '/inspector/requests/1',
  '/inspector/next-expiry',
  '/inspector/groups/x',
  '/inspector.js',
  '/nothing',
];

const CONTROL_FIELDS = [
  'groups',
  'authors',
  'sessions',
  'pads',
  'now',
  'frozen',
  'seconds',
  'pastExpiryOf',
  'beforeExpiryOf',
  'function',
  'kind',
  'times',
  'skip',
  'probability',
  'seed',
  'code',
  'message',
  'milliseconds',
  'status',
  'contentType',
  'parameters',
  'atLeast',
  'atMost',
  'emulate',
  'limit',
  'name',
];

const CONTROL_VALUES: readonly unknown[] = [
  'drop',
  'latency',
  'truncate',
  'contentType',
  'html',
  'code',
  '*',
  'createGroup',
  '3.3.1',
  'documented',
  1,
  2,
  0,
  -1,
  1e308,
  8.64e12,
  8.64e15,
  '2030-01-01',
  '+275760-09-13',
  '-000001-01-01',
  'not a time',
  [{ groupID: 'g.x' }],
  [{ groupID: '__proto__', mapper: '__proto__' }],
  [{ authorID: 'a.x', name: { toString: 1 } }],
  [{ authorID: '__proto__', name: ['\ud800'] }],
  [null],
  [[]],
  [1],
  [{ sessionID: 's.x', groupID: 'g.x', authorID: 'a.x', validUntil: 1e300 }],
  [{ sessionID: '__proto__', groupID: 'g.x', authorID: 'a.x', validUntil: 0.5 }],
  [{ padID: '$' }],
  [{ padID: 'g.x$__proto__', text: '\0' }],
  { __proto__: 1 },
  { constructor: { prototype: 1 } },
  { name: ['x'] },
];

/** Control calls: reading anywhere, changing only what nothing else is asked of. */
function controlRequest(known: Known): Arbitrary<NastyRequest> {
  const fields = fc.array(
    fc.tuple(
      fc.oneof(often(6, oneOf(CONTROL_FIELDS)), often(1, oneOf(PROTOTYPE_NAMES)), often(1, anyText)),
      fc.oneof(often(4, oneOf(CONTROL_VALUES)), often(2, anyJson)),
    ) as Arbitrary<Pair>,
    { maxLength: 4 },
  );
  const segment = fc.tuple(anyText, oneOf(encodings)).map(([text, encode]) => encode(text));
  const path = fc.oneof(
    often(8, oneOf(CONTROL_PATHS)),
    often(
      1,
      fc
        .tuple(oneOf(['/snapshots/', '/faults/', '/sandboxes/', '/inspector/', '/inspector/groups/', '/inspector/requests/', '/']), segment)
        .map(([before, name]) => `${before}${name}`),
    ),
    often(
      1,
      segment.map((name) => `/snapshots/${name}/restore`),
    ),
  ) as Arbitrary<string>;
  const text = fc.oneof(
    often(8, fields.map(jsonOf)),
    often(2, oneOf(NASTY_JSON_TEXTS)),
    often(
      1,
      fc
        .tuple(oneOf([100, 1_000, 5_000, 50_000]), oneOf(CONTROL_FIELDS), oneOf(['array', 'object'] as const))
        .map(([depth, field, what]) => `{"${field}":${nested(depth, what)}}`),
    ),
    often(
      1,
      oneOf([1_000, 5_000, 50_000]).map((depth) => `{"authors":[{"authorID":"a.x","name":${nested(depth, 'array')}}]}`),
    ),
    often(
      1,
      oneOf([1_000, 5_000, 50_000]).map((depth) => `{"parameters":{"name":${nested(depth, 'array')}}}`),
    ),
  ) as Arbitrary<string>;
  const type = oneOf([
    JSON_TYPE,
    JSON_TYPE,
    JSON_TYPE,
    JSON_TYPE,
    'application/json; charset=utf-8',
    'text/plain',
    '',
    'application/jsonx',
  ]);
  const query = fc.oneof(
    often(4, fc.constant('')),
    often(
      1,
      fc
        .array(fc.tuple(oneOf(['function', 'code', 'limit', 'filter', 'offset', ...PROTOTYPE_NAMES]), anyText), {
          minLength: 1,
          maxLength: 3,
        })
        .map((pairs) => `?${formOf(pairs, encoded)}`),
    ),
  ) as Arbitrary<string>;
  return (
    fc
      .tuple(
        oneOf(['GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']),
        path,
        query,
        text,
        type,
        oneOf(CONTROLLED),
        extraHeaders(known),
        framing,
      )
      .map(([method, where, asked, body, bodyType, sandbox, extra, frame]) =>
        toRequest({
          method,
          target: `/sandbox/${sandbox}/_mock${where}${asked}`,
          body:
            method === 'GET' || method === 'HEAD' || (method === 'DELETE' && body.length % 2 === 0)
              ? undefined
              : { type: bodyType, text: body },
          // of several lengths and kinds that a client may claim, these make it another request
          extra,
          framing: frame,
          host: 'one',
          control: true,
        }),
      )
      // these would take away what others look at
      .filter(({ method, target }) => !(method === 'DELETE' && /_mock\/sandboxes/.test(target)) && !/_mock\/events/.test(target))
  );
}

const malformedRequest: Arbitrary<NastyRequest> = fc
  .oneof(
    often(
      8,
      oneOf(MALFORMED_HTTP).map((text) => Buffer.from(text, 'latin1')),
    ),
    often(
      1,
      fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    ),
    // a header that looks right up to a byte that is not
    often(
      2,
      fc
        .tuple(anyText, anyText)
        .map(([name, value]) => Buffer.from(`GET /createGroup?${name} HTTP/1.1\r\nHost: x\r\n${name}: ${value}\r\nX: ${value}\r\n\r\n`)),
    ),
    often(
      2,
      fc
        .tuple(anyText, fc.nat(300))
        .map(([text, cut]) =>
          Buffer.from(
            `POST /api/1/createGroup?${encoded(text)} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: 250\r\n\r\n${'a=b&'.repeat(60)}`,
          ).subarray(0, cut + 1),
        ),
    ),
  )
  .map((bytes: Buffer): NastyRequest => ({
    method: bytes.toString('latin1').split(' ', 1)[0]!,
    target: '',
    headers: [],
    bytes,
    malformed: true,
    control: false,
  }));

/** Every shape of request that is sent to one emulation. */
export const nastyRequests = (known: Known, emulation: Emulation): Arbitrary<NastyRequest> =>
  fc.oneof(
    often(11, callRequest(known, emulation)),
    often(2, readingRequest(known)),
    often(3, controlRequest(known)),
    often(1, malformedRequest),
  ) as Arbitrary<NastyRequest>;
