import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectMockEtherpad, type Emulation } from '../../src/index.ts';
import { serveCommand } from '../command/running-command.ts';
import { record, type Recorded, type RecordOptions, textOfRecording } from './record.ts';
import { type Recording, replay, type Sequence } from './replay.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** The key of the recorded servers: some of their answers quote its beginning. */
const API_KEY = 'oracle-api-key-0123456789abcdef';

const readRecording = (path: string): Recording => JSON.parse(readFileSync(path, 'utf8')) as Recording;
const MODEL = readRecording(join(PROJECT, 'test/recordings/3.3.1.json'));

/** A fresh mock in a process of its own, whose clock stands still between two requests. */
async function startFrozen(emulate: Emulation): Promise<AsyncDisposable & { url: string; options: RecordOptions }> {
  const command = await serveCommand(['--log-level', 'silent', '--emulate', emulate, '--api-key', API_KEY]);
  const { clock } = await connectMockEtherpad(command.listening.url);
  await clock.freeze();
  return {
    url: command.listening.url,
    options: {
      apiKey: API_KEY,
      now: () => clock.now(),
      wait: async (milliseconds) => void (await clock.advance({ seconds: milliseconds / 1000 })),
      nextSecond: async () => undefined,
      silence: 200,
    },
    [Symbol.asyncDispose]: () => command[Symbol.asyncDispose](),
  };
}

async function recordMock(emulate: Emulation, sequences: readonly Sequence[] = MODEL.sequences): Promise<Recorded> {
  await using mock = await startFrozen(emulate);
  return await record(mock.url, { sequences }, mock.options);
}

/** Replays against a fresh mock. */
async function replayOnMock(emulate: Emulation, sequences: readonly Sequence[]): ReturnType<typeof replay> {
  await using mock = await startFrozen(emulate);
  const now = await mock.options.now();
  let passed = 0;
  return await replay(
    mock.url,
    { etherpad: emulate, sequences },
    {
      ...mock.options,
      now: () => now + Math.floor(passed),
      wait: async (milliseconds) => {
        passed += milliseconds / 1000;
        await mock.options.wait(milliseconds);
      },
    },
  );
}

describe('a mock that is recorded', () => {
  test('as 3.3.1 gives the recording of Etherpad 3.3.1', async () => {
    const { sequences, same, unstable } = await recordMock('3.3.1');
    expect(sequences).toEqual(MODEL.sequences);
    expect(same).toBe(752);
    // the number of pads on the server: there are more when it is asked again
    expect(unstable.every(({ isLeftOpen }) => !isLeftOpen)).toBe(true);
  });

  test('as 1.9.7 by the requests of 3.3.1 gives what a mock of 1.9.7 answers to them', async () => {
    const { sequences, same } = await recordMock('1.9.7');
    expect(same).toBeLessThan(700);
    expect(sequences.map(({ steps }) => steps.map((step) => step.send))).toEqual(
      MODEL.sequences.map(({ steps }) => steps.map((step) => step.send)),
    );
    const { requests, differences } = await replayOnMock('1.9.7', sequences);
    expect(differences).toEqual([]);
    expect(requests).toBe(752);
    // it is not only that anything would do
    const onOther = await replayOnMock('3.3.1', sequences);
    expect(onOther.differences).toHaveLength(752 - same);
    expect(JSON.stringify(sequences)).not.toMatch(/"body":"\$\{\*\}"/);
  });

  test('as 2.5.3 is recorded with the requests that it never answers', async () => {
    const some = MODEL.sequences.filter(({ name }) => name === 'ops POST json');
    const { sequences } = await recordMock('2.5.3', some);
    expect(sequences[0]!.steps.some(({ expect: { noAnswer } }) => noAnswer === true)).toBe(true);
    expect((await replayOnMock('2.5.3', sequences)).differences).toEqual([]);
  });
});

/** A server that answers as a function says. */
async function serve(answer: (url: URL, count: number) => string | undefined): Promise<string> {
  let count = 0;
  const server = http.createServer((request, response) => {
    const body = answer(new URL(request.url!, 'http://x'), ++count);
    if (body === undefined) request.socket.destroy();
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an answer that is another than in the model', () => {
  let now = 1_900_000_000;
  const options: RecordOptions = {
    apiKey: API_KEY,
    now: () => now,
    wait: async (milliseconds) => void (now += milliseconds / 1000),
    nextSecond: async () => undefined,
    silence: 100,
  };
  const stepOf = (label: string, path: string, body: string, binds?: readonly string[]) => ({
    label,
    send: { method: 'GET', path },
    expect: { status: 200, type: 'application/json', body },
    ...(binds === undefined ? {} : { binds }),
  });
  const idOf = (count: number): string => `g.${String(count).padStart(16, '0')}`;
  const recordSteps = async (url: string, ...steps: Sequence['steps']) => {
    const { sequences, unstable } = await record(url, { sequences: [{ name: 'some', steps }] }, options);
    const [{ steps: recorded }] = sequences as [Sequence];
    return { recorded, unstable, expected: recorded.map(({ expect: { body }, binds = [] }) => ({ body, binds })) };
  };

  test('has the names of the model for ids at the same place, and new ones for others', async () => {
    const url = await serve((_url, count) => `{"id":"${idOf(count)}","more":"x","other":"${idOf(count + 1_000)}"}`);
    const { expected } = await recordSteps(url, stepOf('a', '/', '{"id":"${g}","other":"${h}"}', ['g', 'h']), stepOf('b', '/', '{}'));
    expect(expected).toEqual([
      { body: '{"id":"${g}","more":"x","other":"${h}"}', binds: ['g', 'h'] },
      { body: '{"id":"${new1}","more":"x","other":"${new2}"}', binds: ['new1', 'new2'] },
    ]);
  });

  test('has the key, the time that was sent and known ids as placeholders, and what was asked for as it is', async () => {
    const url = await serve(({ pathname, search }, count) =>
      pathname === '/first' ? `{"groupID":"${idOf(count)}"}` : JSON.stringify({ said: `${pathname}${search}`, key: `${API_KEY}!` }),
    );
    const { expected } = await recordSteps(
      url,
      stepOf('a', '/first', '{"groupID":"${g}"}', ['g']),
      stepOf('b', '/echo?until=${now+60}&is=${now}&group=${g}&other=g.abcdefghijklmnop', '{}'),
    );
    expect(expected[1]).toEqual({
      body: '{"said":"/echo?until=${now+60}&is=${now}&group=${g}&other=g.abcdefghijklmnop","key":"${KEY}!"}',
      binds: [],
    });
  });

  test('leaves open what is different when it is asked again', async () => {
    const url = await serve((_url, count) => `{"token":"t${count}","at":${count},"is":"same"}`);
    const { expected, unstable } = await recordSteps(url, stepOf('a', '/', '{}'));
    expect(expected).toEqual([{ body: '{"token":"${*}","at":${*},"is":"same"}', binds: [] }]);
    expect(unstable).toEqual([{ sequence: 'some', label: 'a', isLeftOpen: true }]);
  });

  test('is kept as it was first when the next is built in another way', async () => {
    const url = await serve((_url, count) => (count === 1 ? '{"made":true}' : '["exists already"]'));
    const { expected, unstable } = await recordSteps(url, stepOf('a', '/', '{}'));
    expect(expected).toEqual([{ body: '{"made":true}', binds: [] }]);
    expect(unstable).toEqual([{ sequence: 'some', label: 'a', isLeftOpen: false }]);
  });

  test('may be none, or the end of the connection', async () => {
    const url = await serve(() => undefined);
    const { recorded } = await recordSteps(url, stepOf('a', '/', '{}'));
    expect(recorded[0]!.expect).toEqual({ connection: 'ECONNRESET' });
  });

  test('is none at all when nobody is there: that is no recording', async () => {
    await expect(recordSteps('http://127.0.0.1:9', stepOf('a', '/', '{}'))).rejects.toThrow('nobody listens at http://127.0.0.1:9');
  });
});

test('the text of a recording is that of the recordings in this folder', () => {
  const text = readFileSync(join(PROJECT, 'test/recordings/3.3.1.json'), 'utf8').trimEnd();
  const { etherpad, sequences } = MODEL;
  const written = textOfRecording(etherpad, '2030-01-01T00:00:00.000Z', sequences).trimEnd();
  expect(written.split('\n').slice(1)).toEqual(text.split('\n').slice(1));
  expect(JSON.parse(written)).toMatchObject({ etherpad, recordedAt: '2030-01-01T00:00:00.000Z', sequences });
});

describe('scripts/record.mjs', () => {
  const SCRIPT = join(PROJECT, 'scripts/record.mjs');
  const LIKE = join(PROJECT, 'test/recordings/3.3.1.json');
  const recordBy = (...words: readonly string[]) =>
    run(process.execPath, [SCRIPT, ...words]).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ status: code, stdout, stderr }),
    );

  test('writes what a server answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-record-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await using command = await serveCommand(['--log-level', 'silent', '--emulate', '3.3.1', '--api-key', API_KEY]);
    const out = join(folder, '3.3.1.json');
    const { url } = command.listening;
    expect(await recordBy(url, '--api-key', API_KEY, '--like', LIKE, '--out', out, '--only', '^ops GET query$')).toEqual({
      status: 0,
      stdout: `26 answers, 26 of them as in ${LIKE}: written to ${out}\n`,
      stderr: '',
    });
    expect(readRecording(out)).toMatchObject({ etherpad: '3.3.1', sequences: MODEL.sequences.slice(0, 1) });
    const refused = await recordBy(url, '--api-key', 'wrong', '--like', LIKE, '--out', out, '--only', '^ops GET query$');
    expect(refused).toMatchObject({ status: 0, stderr: 'The server refuses this API key: its answers will all say so.\n' });
  });

  test.each([
    [[], 'name one base URL'],
    [['http://127.0.0.1:9'], '--api-key is missing'],
    [['http://127.0.0.1:9', '--api-key', 'x', '--like', LIKE], '--out is missing'],
    [['http://127.0.0.1:9', '--api-key', 'x', '--like', LIKE, '--out', LIKE], '--out is --like'],
    [['http://127.0.0.1:9/pad', '--api-key', 'x', '--like', LIKE, '--out', 'x.json'], 'name http://127.0.0.1:9'],
    [['nowhere', '--api-key', 'x', '--like', LIKE, '--out', 'x.json'], 'Invalid URL'],
    [['--color'], "Unknown option '--color'"],
  ])('%j is told how it is used', async (words, complaint) => {
    const { status, stdout, stderr } = await recordBy(...words);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('usage: node scripts/record.mjs');
  });

  test('says that nobody answers', async () => {
    const { status, stderr } = await recordBy('http://127.0.0.1:9', '--api-key', 'x', '--like', LIKE, '--out', 'x.json');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^nobody answers at http:\/\/127\.0\.0\.1:9: .*\n$/)]);
  });
});
