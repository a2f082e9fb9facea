import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve as absolute } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Linux counts a process's time in hundredths of a second. */
const MICROSECONDS_PER_TICK = 10_000;

/** The programs that are compared. Each prints one line of JSON with its `url` when it is told to listen on port 0. */
export const PROGRAMS = {
  mock: [here('../dist/mock-etherpad.cjs')],
  fastify: [here('servers/bare-fastify.mjs')],
  http: [here('servers/bare-http.cjs')],
  seeded: [here('servers/seeded-mock.mjs')],
};

/** The command of another build of the mock, to compare with this one. */
export function commandOf(folder) {
  const command = absolute(folder, 'mock-etherpad.cjs');
  if (!existsSync(command)) throw new Error(`there is no ${command}: give the dist folder of another build`);
  return [command];
}

/** Whether processes can be kept on one processor each: servers on the last, the load on the first. */
const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** A program and its words, kept on one processor where the system can do that: the load is another's. */
export const pinned = (processor, program, words) =>
  CAN_PIN ? ['taskset', ['--cpu-list', String(processor), program, ...words]] : [program, words];

const SERVERS = availableParallelism() - 1;

const running = new Set();

/** Ends every server that is still there, however the benchmarks end. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a server in a process of its own and waits until it listens.
 *
 * @param program one of PROGRAMS
 * @param options.nodeOptions what Node itself is started with
 */
export async function startServer(program, options = {}) {
  const { nodeOptions = [], words = ['--port', '0', '--json', '--log-level', 'silent'] } = options;
  const child = spawn(...pinned(SERVERS, process.execPath, [...nodeOptions, ...program, ...words]), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  running.add(child);
  const exited = new Promise((resolve) => child.once('exit', resolve)).then(() => running.delete(child));
  const told = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
    child.once('exit', (status) => reject(new Error(`${program[0]} ended with ${status} before it listened`)));
  });
  return {
    ...told,
    /** Asks a seeded mock to do something, and waits until it is done. */
    tell: (what) =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send(what);
      }),
    /** Microseconds of processor time so far, of the whole process; undefined where the system does not tell. */
    processorTime() {
      if (!existsSync(`/proc/${child.pid}/stat`)) return undefined;
      const [user, system] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
      return (Number(user) + Number(system)) * MICROSECONDS_PER_TICK;
    },
    /** Bytes of memory in use; undefined where the system does not tell. */
    memory() {
      if (!existsSync(`/proc/${child.pid}/status`)) return undefined;
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1024;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A port that nobody listens on. */
function findFreePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a program and ends it once it has answered one request.
 *
 * @returns milliseconds from the start of the process to its first answer
 */
export async function timeToFirstAnswer(program, node = process.execPath, environment = process.env) {
  const port = await findFreePort();
  const started = performance.now();
  const child = spawn(node, [...program, '--port', String(port)], { stdio: 'ignore', env: environment });
  running.add(child);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const taken = await new Promise((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`${program[0]} ended with ${status} before it answered`)));
    const ask = () => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'));
      socket.once('data', () => {
        resolve(performance.now() - started);
        socket.destroy();
      });
      socket.once('error', () => setTimeout(ask, 1));
    };
    ask();
  });
  // by its own door: what it keeps for the next start is written at the end
  child.kill('SIGTERM');
  await exited;
  running.delete(child);
  return taken;
}

/** Calls one of Etherpad's functions. */
export async function call({ url, apiKey }, name, parameters = {}) {
  const response = await fetch(`${url}/api/1.2.15/${name}?${new URLSearchParams({ apikey: apiKey, ...parameters })}`);
  const { code, message, data } = await response.json();
  if (code !== 0) throw new Error(`${name} answered ${code}: ${message}`);
  return data;
}
