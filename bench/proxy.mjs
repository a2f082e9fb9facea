// What nginx costs in front of several mocks: the same calls straight to one mock, and through the configuration of
// examples/scale-out to four of them.
//   node bench/proxy.mjs [--quick] [--json]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const COMMAND = fileURLToPath(new URL('../dist/mock-etherpad.cjs', import.meta.url));
const CONFIGURATION = new URL('../examples/scale-out/nginx.conf', import.meta.url);
const REPLICAS = 4;
const SANDBOXES = 64;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
const ROUNDS = values.quick ? 3 : 9;
const SECONDS = values.quick ? 0.5 : 2;

try {
  execFileSync('nginx', ['-v'], { stdio: 'ignore' });
} catch {
  console.log('there is no nginx here (Debian: apt-get install nginx-light)');
  process.exit(values.json ? 1 : 0);
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

function startMock() {
  const child = spawn(process.execPath, [COMMAND, '--port', '0', '--json', '--log-level', 'silent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => child.stdout.once('data', (line) => resolve({ child, ...JSON.parse(line) })));
}

async function startProxy(replicas, folder) {
  const port = await freePort();
  let text = readFileSync(CONFIGURATION, 'utf8')
    .replace('listen 9001;', `listen 127.0.0.1:${port};`)
    .replace('worker_processes auto;', 'worker_processes 1;');
  for (const [index, { url }] of replicas.entries())
    text = text.replaceAll(`server etherpad-${index + 1}:9001 `, `server ${new URL(url).host} `);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${join(folder, what)};\n`).join('');
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(
    configuration,
    `daemon off;\npid ${join(folder, 'nginx.pid')};\nerror_log stderr error;\n${text.replace('http {\n', `http {\naccess_log off;\n${paths}`)}`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', configuration], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/api`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { child, url };
}

/** Asks again and again on connections that are kept; milliseconds of each answer. */
async function load(url, requests, connections, seconds) {
  const { port } = new URL(url);
  const latencies = [];
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from(
      { length: connections },
      (_, number) =>
        new Promise((resolve, reject) => {
          let turn = number;
          let asked = 0;
          let received = '';
          const socket = net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
          const next = () => {
            if (performance.now() >= until) {
              socket.destroy();
              resolve();
              return;
            }
            received = '';
            asked = performance.now();
            socket.write(requests[turn++ % requests.length]);
          };
          socket.setEncoding('latin1').on('connect', next).on('error', reject);
          socket.on('data', (chunk) => {
            received += chunk;
            const head = received.indexOf('\r\n\r\n');
            if (head === -1 || received.length < head + 4 + Number(/content-length: (\d+)/i.exec(received)[1])) return;
            if (!received.includes('{"code":0')) return reject(new Error(received));
            latencies.push(performance.now() - asked);
            next();
          });
        }),
    ),
  );
  return latencies;
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
const rounded = (number, digits = 2) => Number(number.toFixed(digits));

const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-proxy-'));
const mocks = [];
for (let count = 0; count < REPLICAS + 1; count++) mocks.push(await startMock());
const [alone, ...replicas] = mocks;
const proxy = await startProxy(replicas, folder);
const ways = { straight: alone.url, proxied: proxy.url };

/** getSessionInfo of one session in each sandbox. */
async function requestsFor(url) {
  const requests = [];
  for (let index = 1; index <= SANDBOXES; index++) {
    const at = `/sandbox/worker-${index}/api/1.3.0`;
    const call = async (path) => (await (await fetch(`${url}${at}/${path}apikey=${alone.apiKey}`)).json()).data;
    const { groupID } = await call('createGroup?');
    const { authorID } = await call('createAuthor?');
    const { sessionID } = await call(`createSession?groupID=${groupID}&authorID=${authorID}&validUntil=4000000000&`);
    requests.push(`GET ${at}/getSessionInfo?apikey=${alone.apiKey}&sessionID=${sessionID} HTTP/1.1\r\nHost: mock\r\n\r\n`);
  }
  return requests;
}
const requests = { straight: await requestsFor(ways.straight), proxied: await requestsFor(ways.proxied) };

const rows = [];
for (const connections of [1, 10, 100]) {
  const perSecond = { straight: [], proxied: [] };
  const latency = { straight: [], proxied: [] };
  for (const way of ['straight', 'proxied']) await load(ways[way], requests[way], connections, SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of round % 2 === 0 ? ['straight', 'proxied'] : ['proxied', 'straight']) {
      const latencies = await load(ways[way], requests[way], connections, SECONDS);
      perSecond[way].push(latencies.length / SECONDS);
      latency[way].push(median(latencies));
    }
  }
  rows.push({
    connections,
    straightPerSecond: Math.round(median(perSecond.straight)),
    proxiedPerSecond: Math.round(median(perSecond.proxied)),
    ratio: rounded(median(perSecond.straight.map((number, round) => perSecond.proxied[round] / number))),
    straightMilliseconds: rounded(median(latency.straight), 3),
    proxiedMilliseconds: rounded(median(latency.proxied), 3),
  });
}
const result = { date: new Date().toISOString().slice(0, 10), node: process.version, processors: cpus().length, replicas: REPLICAS, rows };
if (values.json) console.log(JSON.stringify(result));
else {
  console.log(
    `getSessionInfo, straight to one mock and through nginx to ${REPLICAS}, on ${result.processors} processors that all of them and the load share`,
  );
  console.table(rows);
}
for (const { child } of [proxy, ...mocks]) child.kill('SIGTERM');
await Promise.all([proxy, ...mocks].map(({ child }) => child.exitCode ?? new Promise((resolve) => child.on('exit', resolve))));
rmSync(folder, { recursive: true });
