import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEtherpad } from '../src/index.ts';

const run = promisify(execFile);

const NUMBER = expect.any(Number) as number;
const TEXT = expect.any(String) as string;
const LINES = expect.any(Array) as string[];

test('the benchmarks print a table, and write what it says as JSON', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'results.json');
  const { stdout } = await run(process.execPath, ['bench/run.mjs', '--quick', '--only', 'start-in-process,heap', '--json', file]);

  const { rows, ...about } = JSON.parse(readFileSync(file, 'utf8')) as {
    rows: { what: string; measured: string; goal: string; met: boolean }[];
  };
  expect(about).toEqual({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    node: process.version,
    cores: NUMBER,
    generator: TEXT,
    quick: true,
    seconds: NUMBER,
  });
  const row = { value: NUMBER, measured: TEXT, goal: TEXT, met: expect.any(Boolean) as boolean, beside: LINES };
  expect(rows).toEqual([
    {
      benchmark: 'start-in-process',
      name: 'start in process',
      what: 'in process, start to first answer, against bare Fastify without schemas',
      ...row,
    },
    { benchmark: 'start-in-process', name: 'start in process, milliseconds', what: 'in process, start to first answer, median', ...row },
    { benchmark: 'heap', name: 'heap per session', what: 'heap per live session at 200,000 sessions, after garbage collection', ...row },
  ]);
  const [titles, , ...lines] = stdout.split('\n\n')[0]!.split('\n');
  expect(titles).toBe('| what | measured | goal | met | beside |');
  expect(lines).toHaveLength(rows.length);
  for (const [index, { what, measured, goal, met }] of rows.entries()) {
    expect(lines[index]).toContain(`| ${what} | ${measured} | ${goal} | ${met ? 'yes' : 'NO'} |`);
  }
});

test('a session costs no more memory than it should: none keeps the request that made it', async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', 'bench/servers/fill-heap.mjs', '100000']);
  expect(JSON.parse(stdout)).toEqual({ sessions: 100_000, bytesPerSession: NUMBER });
  expect((JSON.parse(stdout) as { bytesPerSession: number }).bytesPerSession).toBeLessThanOrEqual(250);
});

test.each([
  [['--only', 'speed'], /^no benchmark is called speed: there are requests, .*sizes\n$/],
  [['--fast'], /^Unknown option '--fast'/],
])('%j is refused in one line', async (words, message) => {
  await expect(run(process.execPath, ['bench/run.mjs', ...words])).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(message) as string,
  });
});

test('the load generator for machines without wrk counts what is answered, and what is refused', async () => {
  await using etherpad = await startMockEtherpad();
  const send = async (path: string) => {
    const { stdout } = await run(process.execPath, [
      'bench/load-generator.mjs',
      JSON.stringify({ url: etherpad.url, paths: [path], connections: 5, seconds: 0.3 }),
    ]);
    return JSON.parse(stdout) as { requests: number; failures: number; seconds: number };
  };
  const right = await send(`/checkToken?apikey=${etherpad.apiKey}`);
  expect(right.requests).toBeGreaterThan(0);
  expect(right.failures).toBe(0);
  expect((await etherpad.requests.list({ code: 0, limit: 0 })).total).toBe(Math.min(right.requests, 1000));

  const wrong = await send('/checkToken?apikey=wrong');
  expect(wrong.failures).toBe(wrong.requests);
});
