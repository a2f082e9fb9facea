import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pinned } from './server-process.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const hasWrk = await run('wrk', ['--version']).then(
  () => true,
  // it prints its version and exits with 1
  ({ code }) => code === 1,
);

/** What sends the requests: wrk where it is installed, else a small generator on Node. */
export const GENERATOR = hasWrk ? 'wrk' : 'node:http';

async function runWrk(url, paths, connections, seconds) {
  const words = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
  const wrk = (...more) => run(...pinned(0, 'wrk', [...words, ...more]));
  if (paths.length === 1) return (await wrk(`${url}${paths[0]}`)).stdout;
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-bench-'));
  try {
    const file = join(folder, 'paths');
    writeFileSync(file, paths.join('\n'));
    return (await wrk('--script', here('load.lua'), url, '--', file)).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readWrk(text) {
  const [, requests, time, unit] = /(\d+) requests in ([\d.]+)(m?s)/.exec(text);
  const failures =
    Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0) + Number(/Socket errors: .* read (\d+)/.exec(text)?.[1] ?? 0);
  return { requests: Number(requests), seconds: Number(time) / (unit === 'ms' ? 1000 : 1), failures };
}

/**
 * Sends as many requests as a server answers, for some time.
 *
 * @param paths what to ask for, in turn
 * @param seconds a whole number
 * @returns requests per second, and microseconds of the server's processor time per request
 */
export async function load(server, paths, { connections = 10, seconds = 1 } = {}) {
  const before = server.processorTime();
  const result = hasWrk
    ? readWrk(await runWrk(server.url, paths, connections, seconds))
    : JSON.parse(
        (await run(process.execPath, [here('load-generator.mjs'), JSON.stringify({ url: server.url, paths, connections, seconds })]))
          .stdout,
      );
  if (result.failures > 0)
    throw new Error(`${result.failures} of ${result.requests} requests to ${server.url}${paths[0].split('?')[0]} failed`);
  const processor = before === undefined ? Number.NaN : (server.processorTime() - before) / result.requests;
  return { requests: result.requests, perSecond: result.requests / result.seconds, processor };
}
