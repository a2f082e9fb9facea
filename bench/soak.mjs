// Runs a mock at full speed for a while, with sandboxes, faults and clock changes mixed, and tells whether it stays level.
//   npm run soak -- --minutes 10 [--json]
import { spawn } from 'node:child_process';
import http from 'node:http';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const COMMAND = fileURLToPath(new URL('../dist/mock-etherpad.cjs', import.meta.url));
const REPORTER = fileURLToPath(new URL('report-event-loop.cjs', import.meta.url));

const CLIENTS = 20;
const SANDBOXES = 40;
/** A sandbox is reset or deleted after about so many rounds, so that its state has a size that it keeps. */
const ROUNDS_UNTIL_RESET = 150;

/** Goals: milliseconds; and how much more memory the end may need than the time after warming up. */
const LONGEST_DELAY = 50;
const MOST_GROWTH = 1.15;

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const seconds = values.seconds === undefined ? Number(values.minutes ?? 10) * 60 : Number(values.seconds);
if (!(seconds > 0)) throw new Error('say how long: --minutes 10 or --seconds 30');

const child = spawn(
  process.execPath,
  ['--require', REPORTER, COMMAND, '--port', '0', '--json', '--log-level', 'error', '--max-sandboxes', String(SANDBOXES + 1)],
  {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  },
);
let stderr = '';
child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
const ended = new Promise((resolve) => child.on('exit', (status, signal) => resolve({ status, signal })));
const samples = [];
const started = performance.now();
child.on('message', (sample) => samples.push({ at: (performance.now() - started) / 1000, ...sample }));
const { url, apiKey } = await new Promise((resolve, reject) => {
  child.stdout.once('data', (line) => resolve(JSON.parse(line)));
  void ended.then(() => reject(new Error(`the mock did not start: ${stderr}`)));
});

const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
const { hostname, port } = new URL(url);
const latencies = [];
const counts = { requests: 0, faults: 0, resets: 0, control: 0 };
const surprises = [];

/** One request; undefined when the connection was reset, as some faults do. */
function ask(method, path, body) {
  counts.requests += 1;
  const asked = performance.now();
  return new Promise((resolve) => {
    const headers =
      body === undefined ? {} : { 'Content-Type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json' };
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const request = http.request(
      {
        hostname,
        port,
        method,
        path,
        headers: text === undefined ? headers : { ...headers, 'Content-Length': Buffer.byteLength(text) },
        agent,
      },
      (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (chunk) => (received += chunk));
        response.on('end', () => {
          latencies.push(performance.now() - asked);
          resolve({ status: response.statusCode, text: received, type: response.headers['content-type'] });
        });
        response.on('error', () => resolve(undefined));
      },
    );
    request.on('error', (error) => {
      counts.resets += 1;
      if (error.code !== 'ECONNRESET') surprises.push(`${path}: ${error.code}`);
      resolve(undefined);
    });
    request.end(text);
  });
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const chance = (share) => Math.random() < share;

/** A call; its data, or undefined when a fault, a reset or another client's doing came in between. */
async function call(sandbox, name, parameters = {}) {
  const form = new URLSearchParams({ apikey: apiKey, ...parameters }).toString();
  const path = `/sandbox/${sandbox}${pick(['', '/api/1.2.15', '/api/1.3.1'])}/${name}`;
  const answer = chance(0.5)
    ? await ask('GET', `${path}?${form}`)
    : await ask('POST', path, chance(0.5) ? form : { apikey: apiKey, ...parameters });
  if (answer === undefined) return undefined;
  try {
    const { code, data } = JSON.parse(answer.text);
    if (![0, 1, 2, 3, 4].includes(code)) surprises.push(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
    return code === 0 ? data : undefined;
  } catch {
    // pages and halves of answers come from faults
    if (answer.status < 200 || answer.status >= 600) surprises.push(`${name}: ${answer.status}`);
    return undefined;
  }
}

async function control(sandbox, method, path, body) {
  counts.control += 1;
  const answer = await ask(method, `/sandbox/${sandbox}/_mock${path}`, body);
  if (answer !== undefined && answer.status >= 500) surprises.push(`${method} ${path}: ${answer.status} ${answer.text}`);
}

const FAULTS = [
  { kind: 'code', code: 2 },
  { kind: 'latency', milliseconds: 5 },
  { kind: 'html' },
  { kind: 'contentType' },
  { kind: 'truncate' },
  { kind: 'drop' },
  { kind: 'lostAnswer' },
  { kind: 'code', code: 1, probability: 0.5, seed: 7 },
];

/** What a test does, and what it does to the mock. */
async function round(sandbox) {
  const nextYear = Math.floor(Date.now() / 1000) + 31_536_000;
  if (chance(0.1)) {
    counts.faults += 1;
    await control(sandbox, 'POST', '/faults', { ...pick(FAULTS), times: 2 });
  }
  if (chance(0.1)) await control(sandbox, 'PUT', '/clock', chance(0.5) ? { now: nextYear, frozen: true } : { frozen: false });
  if (chance(0.05)) await control(sandbox, 'DELETE', '/clock');
  const group = await call(sandbox, 'createGroupIfNotExistsFor', { groupMapper: `course-${Math.floor(Math.random() * 20)}` });
  const author = await call(sandbox, 'createAuthorIfNotExistsFor', { authorMapper: `user-${Math.floor(Math.random() * 50)}`, name: 'Ada' });
  if (group === undefined || author === undefined) return;
  const session = await call(sandbox, 'createSession', { ...group, ...author, validUntil: String(nextYear + 3_600) });
  for (let count = 0; count < 5; count++) await call(sandbox, 'getSessionInfo', { sessionID: session?.sessionID ?? 's.x' });
  await call(sandbox, pick(['listSessionsOfGroup', 'listPads', 'deleteGroup']), group);
  await call(sandbox, 'createGroupPad', { ...group, padName: `pad-${Math.floor(Math.random() * 10)}`, text: 'text '.repeat(50) });
  if (session !== undefined && chance(0.7)) await call(sandbox, 'deleteSession', session);
  if (chance(0.1)) await control(sandbox, 'POST', '/clock/advance', { seconds: 7_200 });
  if (chance(0.05)) await control(sandbox, 'PUT', `/snapshots/${pick(['one', 'two'])}`);
  if (chance(0.05)) await control(sandbox, 'POST', '/snapshots/one/restore');
  if (chance(0.05)) await control(sandbox, 'GET', '/requests?limit=20');
  if (chance(0.02)) await control(sandbox, 'PUT', '/emulation', { emulate: pick(['documented', '1.9.7', '3.3.1']) });
  if (chance(0.5 / ROUNDS_UNTIL_RESET)) await control(sandbox, 'POST', '/reset');
  if (chance(0.5 / ROUNDS_UNTIL_RESET)) await ask('DELETE', `/_mock/sandboxes/${sandbox}`);
}

const until = performance.now() + seconds * 1000;
const warm = performance.now() + Math.min(seconds * 200, 60_000);
async function client(number) {
  while (performance.now() < until) await round(`soak-${(number + Math.floor(Math.random() * SANDBOXES)) % SANDBOXES}`);
}
let begun = false;
const begin = setInterval(() => {
  if (begun || performance.now() < warm) return;
  begun = true;
  child.send('begin');
  latencies.length = 0;
}, 100);
const progress = setInterval(() => {
  const { rss, delay } = samples.at(-1) ?? {};
  if (!values.json && rss !== undefined)
    console.log(
      `${Math.round((performance.now() - started) / 1000)} s: ${counts.requests} requests, ${Math.round(rss / 1e6)} MB, event loop p99 ${delay.p99.toFixed(1)} ms`,
    );
}, 30_000);
await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
clearInterval(progress);
clearInterval(begin);
const last = new Promise((resolve) => child.once('message', resolve));
child.send('report');
const { delay } = await last;
agent.destroy();
child.kill('SIGTERM');
const { status } = await ended;

/** What is left after collecting garbage shows in the least of a while. */
const least = (part, from, to) => Math.min(...samples.filter(({ at }) => at >= from && at <= to).map((sample) => sample[part]));
const end = samples.at(-1).at;
const warmedUp = (warm - started) / 1000;
const quarter = (end - warmedUp) / 4;
const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
const memory = (part) => ({
  first: megabytes(least(part, warmedUp, warmedUp + quarter + 1)),
  last: megabytes(least(part, end - quarter - 1, end)),
});
const sorted = latencies.toSorted((one, other) => one - other);
const percentile = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] * 100) / 100;
const rounded = (number) => Math.round(number * 100) / 100;

const result = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  seconds: Math.round(seconds),
  ...counts,
  perSecond: Math.round(counts.requests / seconds),
  latency: { p50: percentile(0.5), p99: percentile(0.99), max: percentile(1) },
  eventLoopDelay: { p50: rounded(delay.p50), p99: rounded(delay.p99), max: rounded(delay.max) },
  residentMegabytes: memory('rss'),
  heapMegabytes: memory('heapUsed'),
};
const failures = [
  ...(result.eventLoopDelay.p99 < LONGEST_DELAY
    ? []
    : [`event-loop delay p99 is ${result.eventLoopDelay.p99} ms, not below ${LONGEST_DELAY} ms`]),
  // a short run is over before the memory has found its level
  ...(seconds < 60 || result.heapMegabytes.last <= result.heapMegabytes.first * MOST_GROWTH
    ? []
    : [`the heap grew from ${result.heapMegabytes.first} to ${result.heapMegabytes.last} MB`]),
  ...(status === 0 ? [] : [`the mock ended with ${status}`]),
  ...(stderr === '' ? [] : [`the mock wrote to stderr: ${stderr.slice(0, 2_000)}`]),
  ...surprises.slice(0, 5),
];
if (values.json) console.log(JSON.stringify({ ...result, failures }));
else {
  console.log(
    `${result.requests} requests in ${result.seconds} s (${result.perSecond} a second) by ${CLIENTS} clients in ${SANDBOXES} sandboxes; ${result.faults} faults, ${result.resets} connections reset, ${result.control} control calls`,
  );
  console.log(
    `event-loop delay: p50 ${result.eventLoopDelay.p50} ms, p99 ${result.eventLoopDelay.p99} ms, longest ${result.eventLoopDelay.max} ms`,
  );
  console.log(`answers: p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms, longest ${result.latency.max} ms`);
  console.log(
    `memory after warming up and at the end: resident ${result.residentMegabytes.first} and ${result.residentMegabytes.last} MB, heap ${result.heapMegabytes.first} and ${result.heapMegabytes.last} MB`,
  );
  for (const failure of failures) console.log(`FAILED: ${failure}`);
}
if (failures.length > 0) process.exitCode = 1;
