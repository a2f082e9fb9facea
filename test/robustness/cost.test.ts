import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, multipart, type Question } from '../ask.ts';
import { COMMAND } from '../command/running-command.ts';

/** Twice as much may take so many times as long: linear, with some noise. */
const MOST = 2.5;
/** What takes less is not compared: noise would decide. Milliseconds. */
const LEAST = 60;
/** The largest that is sent, in bytes; COST_LARGEST=33000000 goes up to the limit. */
const LARGEST = Number(process.env['COST_LARGEST'] ?? 1024 * 1024);
const SMALLEST = 64 * 1024;

/** Tells the time and the memory of the process that it is loaded into. */
const TELL = `
process.on('message', (what) => {
  if (what === 'memory') globalThis.gc();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  process.send({ cpu: process.cpuUsage(), memory: heapUsed + external + arrayBuffers });
});
process.channel.unref();
`;

interface Told {
  readonly cpu: { readonly user: number; readonly system: number };
  readonly memory: number;
}

const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-'));
writeFileSync(join(folder, 'tell.cjs'), TELL);
afterAll(() => rmSync(folder, { recursive: true }));

const JSON_TYPE = { 'Content-Type': 'text/json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const MULTIPART = { 'Content-Type': 'multipart/form-data; boundary=B' };
const part = (header: string, value: string): string => `--B\r\n${header}\r\n\r\n${value}\r\n--B--\r\n`;
const to =
  (name: string, question: Omit<Question, 'path' | 'method'>): ((key: string) => Question) =>
  (key) => ({
    ...question,
    method: 'POST',
    path: `/api/1.2.15/${name}?apikey=${key}`,
  });

/** Every kind of body, and text in every place that takes it; of about so many bytes. */
const KINDS: Readonly<Record<string, (size: number) => (key: string) => Question>> = {
  'a form of one field': (size) => to('createAuthor', { headers: FORM, body: `name=${'x'.repeat(size)}` }),
  'a form of percent signs': (size) => to('createAuthor', { headers: FORM, body: `name=${'%41'.repeat(size / 3)}` }),
  'a form of broken percent signs': (size) => to('createAuthor', { headers: FORM, body: `name=${'%'.repeat(size)}` }),
  'a form of many fields': (size) => to('createAuthor', { headers: FORM, body: '&a=b'.repeat(size / 4) }),
  'a form of brackets': (size) => to('createAuthor', { headers: FORM, body: `a${'[b]'.repeat(size / 3)}=c` }),
  'a multipart field': (size) => to('createAuthor', multipart([['name', 'x'.repeat(size)]])),
  'multipart of many fields': (size) => to('createAuthor', multipart(Array.from({ length: size / 70 }, (_, index) => [`n${index}`, 'x']))),
  'a filename of quotes': (size) =>
    to('createAuthor', { headers: MULTIPART, body: part(`Content-Disposition: form-data; ${'filename="x '.repeat(size / 12)}`, 'x') }),
  'a name of backslashes': (size) =>
    to('createAuthor', { headers: MULTIPART, body: part(`Content-Disposition: form-data; name="${'\\'.repeat(size)}`, 'x') }),
  'half boundaries': (size) =>
    to('createAuthor', { headers: MULTIPART, body: part('Content-Disposition: form-data; name="name"', '\r\n--'.repeat(size / 4)) }),
  'multipart without an end': (size) => to('createAuthor', { headers: MULTIPART, body: `--B\r\nContent-Disposition: ${'x'.repeat(size)}` }),
  'JSON of one text': (size) => to('createAuthor', { headers: JSON_TYPE, body: `{"name":"${'x'.repeat(size)}"}` }),
  'JSON of escapes': (size) => to('createAuthor', { headers: JSON_TYPE, body: `{"name":"${'\\u0041'.repeat(size / 6)}"}` }),
  'JSON of many values': (size) => to('createAuthor', { headers: JSON_TYPE, body: `{"a":[${'0,'.repeat(size / 2)}0]}` }),
  'JSON of many names': (size) =>
    to('createAuthor', {
      headers: JSON_TYPE,
      body: JSON.stringify(Object.fromEntries(Array.from({ length: size / 10 }, (_, index) => [`n${index}`, 1]))),
    }),
  'JSON of open brackets': (size) => to('createAuthor', { headers: JSON_TYPE, body: '['.repeat(size) }),
  'malformed JSON': (size) => to('createAuthor', { headers: JSON_TYPE, body: `{${','.repeat(size)}` }),
  'malformed JSON in lines': (size) => to('createAuthor', { headers: JSON_TYPE, body: `{${'\n'.repeat(size)}x` }),
  'JSON that is compressed': (size) =>
    to('createAuthor', { headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, body: gzipSync(`{"name":"${'x'.repeat(size)}"}`) }),
  ...Object.fromEntries(
    (
      [
        ['createGroupIfNotExistsFor', 'groupMapper'],
        ['createAuthorIfNotExistsFor', 'authorMapper'],
        ['deleteGroup', 'groupID'],
        ['listSessionsOfAuthor', 'authorID'],
        ['getSessionInfo', 'sessionID'],
        ['createSession', 'validUntil'],
        ['getText', 'padID'],
        ['getText', 'rev'],
        ['createPad', 'text'],
        ['createPad', 'padID'],
        ['createGroupPad', 'padName'],
        ['copyPad', 'destinationID'],
      ] as const
    ).flatMap(([name, parameter]) =>
      ['x', ' ', '$', '/'].map((filling) => [
        `${parameter} of ${name}, all ${JSON.stringify(filling)}`,
        (size: number) =>
          to(name, { headers: JSON_TYPE, body: JSON.stringify({ padID: 'a', sourceID: 'a', [parameter]: filling.repeat(size / 2) }) }),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [',', '{"a":', '[', '"', '{"groups":[{},{},'].map((filling) => [
      `control: ${filling}`,
      (size: number) => () => ({
        method: 'PUT',
        path: '/_mock/state',
        headers: { 'Content-Type': 'application/json' },
        body: `[${filling.repeat(size / filling.length)}`,
      }),
    ]),
  ),
};

describe.each(['documented', '1.9.7'])('what requests cost %s', (emulate) => {
  let server: ChildProcess;
  let url: string;
  let apiKey: string;
  beforeAll(async () => {
    server = fork(COMMAND, ['--port', '0', '--json', '--log-level', 'silent', '--emulate', emulate], {
      execArgv: ['--expose-gc', '--require', join(folder, 'tell.cjs')],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const [line] = (await once(server.stdout!, 'data')) as [Buffer];
    ({ url, apiKey } = JSON.parse(line.toString()) as { url: string; apiKey: string });
  });
  afterAll(async () => {
    server.kill();
    await once(server, 'exit');
  });

  const look = async (what: 'memory' | 'time'): Promise<Told> => {
    const told = once(server, 'message');
    server.send(what);
    return ((await told) as [Told])[0];
  };

  /** Milliseconds of processor time, the least of some rounds: what else the machine does only adds to it. */
  async function costOf(question: Question, rounds: number): Promise<number> {
    const costs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { cpu: before } = await look('time');
      await ask(url, question);
      const { cpu: after } = await look('time');
      costs.push((after.user + after.system - before.user - before.system) / 1000);
    }
    return Math.min(...costs);
  }

  test('twice as much costs no more than 2.5 times as much', async () => {
    const problems: string[] = [];
    for (const [kind, make] of Object.entries(KINDS)) {
      let smaller = Number.POSITIVE_INFINITY;
      for (let size = SMALLEST; size <= LARGEST; size *= 4) {
        const cost = await costOf(make(size)(apiKey), 1);
        // four times as much at a step
        if (cost > LEAST && smaller < Number.POSITIVE_INFINITY && cost > Math.max(smaller, LEAST / MOST ** 2) * MOST ** 2) {
          const [again, before] = [await costOf(make(size)(apiKey), 5), await costOf(make(size / 4)(apiKey), 5)];
          if (again > Math.max(before, LEAST / MOST ** 2) * MOST ** 2)
            problems.push(`${kind}: ${before.toFixed(1)} ms for ${size / 4} bytes, ${again.toFixed(1)} ms for ${size}`);
        }
        smaller = cost;
      }
    }
    expect(problems).toEqual([]);
  });

  test('1,000 of the worst leave no memory taken', async () => {
    const worst = Object.values(KINDS).filter((_, index) => index % 3 === 0);
    const send = async (from: number, count: number): Promise<void> => {
      for (let index = from; index < from + count; index += 4)
        await Promise.all(
          [0, 1, 2, 3].map((more) =>
            ask(url, worst[(index + more) % worst.length]!(100_000)(index % 2 === 0 ? 'wrong' : apiKey)).catch(() => undefined),
          ),
        );
      // what was made is no leak
      await fetch(`${url}/_mock/reset`, { method: 'POST' });
    };
    await send(0, 100);
    const before = await look('memory');
    await send(0, 1_000);
    const after = await look('memory');
    expect((after.memory - before.memory) / 2 ** 20).toBeLessThan(64);
  });
});
