import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulation, EMULATIONS, type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';
import { dataOf } from '../envelope.ts';

const MEBIBYTE = 1024 * 1024;

/** A server of an emulation, and how its bodies are sent and refused. */
function serverOf(emulate: Emulation) {
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate });
  });
  afterAll(() => etherpad.close());

  const post = (type: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Reply> =>
    ask(etherpad.url, {
      method: 'POST',
      path: `/api/1.2.15/createAuthor?apikey=${etherpad.apiKey}`,
      headers: { 'Content-Type': type, ...headers },
      body,
    });
  const isRefused = (reply: Reply, message: string): void => {
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      emulate === 'documented' ? 400 : 500,
      { code: emulate === 'documented' ? 1 : 2, message, data: null },
    ]);
  };
  return { etherpad: () => etherpad, post, isRefused };
}

describe.each(EMULATIONS)('%s', (emulate) => {
  const { etherpad, post, isRefused } = serverOf(emulate);
  const multipart = (...lines: readonly string[]): Promise<Reply> =>
    post('multipart/form-data; boundary=B', `--B\r\n${lines.join('\r\n')}\r\n--B--\r\n`);
  const nameOf = async (reply: Reply): Promise<unknown> => {
    const { authorID } = dataOf(reply) as { authorID: string };
    const name = dataOf(
      await ask(etherpad().url, { path: `/api/1.2.15/getAuthorName?apikey=${etherpad().apiKey}&authorID=${authorID}` }),
    ) as {
      info: { name: string };
    };
    return emulate === 'documented' ? name.info.name : name;
  };
  const isAlive = async (): Promise<void> => {
    expect((await ask(etherpad().url, { path: '/api' })).status).toBe(200);
  };

  const DISPOSITION = 'Content-Disposition: form-data; name="name"';

  test.each(['7bit', '8bit', '8BIT', 'binary', 'utf-8'])('a part with Content-Transfer-Encoding: %s is text', async (encoding) => {
    expect(await nameOf(await multipart(DISPOSITION, `Content-Transfer-Encoding: ${encoding}`, '', 'Ada'))).toBe('Ada');
  });

  test('one in base64 stays in base64, which is what the reader of Etherpad makes of it', async () => {
    expect(await nameOf(await multipart(DISPOSITION, 'Content-Transfer-Encoding: base64', '', 'QWRh'))).toBe('QWRh');
  });

  test.each(['quoted-printable', 'x', '', '__proto__', 'constructor'])(
    'one with Content-Transfer-Encoding: %s is refused',
    async (encoding) => {
      isRefused(await multipart(DISPOSITION, `Content-Transfer-Encoding: ${encoding}`, '', 'Ada'), 'unknown transfer-encoding');
      await isAlive();
    },
  );

  test('a part that is an empty file is refused, one with content is no field', async () => {
    isRefused(
      await multipart(`${DISPOSITION}; filename="a"`, 'Content-Type: text/plain', '', ''),
      'options.allowEmptyFiles is false, file size should be greater than 0',
    );
    expect(await nameOf(await multipart(`${DISPOSITION}; filename="a"`, 'Content-Type: text/plain', '', 'x'))).toBe(
      emulate === 'documented' ? '' : null,
    );
  });

  test.each([
    ['a header with many quotes', `Content-Disposition: ${'filename="x '.repeat(300_000)}`],
    ['many headers', 'Name: value\r\n'.repeat(300_000).slice(0, -2)],
    ['a name with an open quote', `Content-Disposition: name="${'a'.repeat(3_000_000)}`],
  ])('multipart with %s is read at once', async (_what, header) => {
    const started = performance.now();
    expect((await multipart(header, '', 'x')).status).toBe(200);
    // the reader before this one needed minutes
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('data that looks like boundaries all along is read at once', async () => {
    for (const piece of ['\r', '\r\n', '\r\n-', '\r\n--', '\r\n--C']) {
      expect((await multipart(DISPOSITION, '', piece.repeat(1_000_000))).status).toBe(200);
    }
  });

  test('a form is read no further than the fields that count', async () => {
    const started = performance.now();
    isRefused(await post('application/x-www-form-urlencoded', '&a'.repeat(15 * MEBIBYTE)), 'options.maxFields (1000) exceeded');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each(['?name=Ada', '&&name=Ada&&', 'name=Ada&name=Bob', 'n%61me=A%64a', '__proto__=x&name=Ada'])(
    'the form %s names Ada',
    async (body) => {
      expect(await nameOf(await post('application/x-www-form-urlencoded', body))).toBe('Ada');
    },
  );

  test('only the first question mark of a form does not count', async () => {
    expect(await nameOf(await post('application/x-www-form-urlencoded', 'a=b&?name=Ada'))).toBe(emulate === 'documented' ? '' : null);
  });
});

// where the server reads JSON before all else, its limit of 100 kB comes first
describe.each(['documented', '1.9.7'] as const)('JSON as it is read by %s', (emulate) => {
  const { post, isRefused } = serverOf(emulate);
  const json = (body: string | Buffer, headers?: Record<string, string>): Promise<Reply> => post('text/json', body, headers);

  test('JSON that is nested too deep is refused before it is parsed, also when it is malformed', async () => {
    for (const body of ['['.repeat(1_000_000), `${'['.repeat(1_001)}${']'.repeat(1_001)}`, '{"a":'.repeat(200_000)]) {
      isRefused(await json(body), 'the JSON is nested deeper than 1000 levels');
    }
    expect((await json(`{"a":"${'['.repeat(5_000)}"}`)).status).toBe(200);
  });

  test('JSON with more values than anyone means is refused', async () => {
    for (const body of [`[${'[],'.repeat(MEBIBYTE)}0]`, `{"a":[${'0,'.repeat(MEBIBYTE)}0]}`, `{${',,'.repeat(MEBIBYTE)}`]) {
      isRefused(await json(body), 'the JSON has more than 1000000 values');
    }
  });
});

describe('JSON as it is read by documented', () => {
  const { post, isRefused } = serverOf('documented');
  const json = (body: string | Buffer, headers?: Record<string, string>): Promise<Reply> => post('text/json', body, headers);

  test('malformed JSON is explained by its first mistake, however many it has', async () => {
    const started = performance.now();
    const reply = await json(`{"a":"${'x'.repeat(8 * MEBIBYTE)}",\n${','.repeat(900_000)}`);
    expect(JSON.parse(reply.body).message).toMatch(/^malformed JSON at line 2, column 1: /);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('a body has the same limit before and after it is inflated', async () => {
    const bomb = gzipSync(`{"a":"${'x'.repeat(40 * MEBIBYTE)}"}`);
    expect(bomb.length).toBeLessThan(50_000);
    const reply = await json(bomb, { 'Content-Encoding': 'gzip' });
    expect([reply.status, reply.body]).toEqual([413, '{"code":1,"message":"the body is larger than 33554432 bytes","data":null}']);
    const many = gzipSync(`{"a":[${'0,'.repeat(4 * MEBIBYTE)}0]}`);
    isRefused(await json(many, { 'Content-Encoding': 'gzip' }), 'the JSON has more than 1000000 values');
  });
});
