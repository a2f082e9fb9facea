import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandOf, PROGRAMS, timeToFirstAnswer } from '../server-process.mjs';
import { decimals, interleave, median, medianRatio } from '../statistics.mjs';

const execute = promisify(execFile);

/** The most times the start of bare node:http, by Node's major version. */
const AT_MOST = { 20: 1.95, 24: 3.5 };

const OWN_MAJOR = process.versions.node.split('.')[0];

/** Another Node from npm, in a folder that is removed afterwards. */
async function installNode(major) {
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-bench-'));
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    await execute('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${major}`], {
      cwd: folder,
    });
    return { node: join(folder, 'node_modules', name, 'bin', 'node'), folder };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function measure(major, node, rounds, against) {
  const caches = mkdtempSync(join(tmpdir(), 'mock-etherpad-bench-'));
  // what one start keeps for the next one is kept for these starts only
  const environment = { ...process.env, NODE_COMPILE_CACHE: '', TMPDIR: caches };
  delete environment.NODE_COMPILE_CACHE;
  const results = await interleave(rounds, {
    mock: () => timeToFirstAnswer(PROGRAMS.mock, node, environment),
    http: () => timeToFirstAnswer(PROGRAMS.http, node, environment),
    fastify: () => timeToFirstAnswer(PROGRAMS.fastify, node, environment),
    ...(against === undefined ? {} : { other: () => timeToFirstAnswer(commandOf(against), node, environment) }),
  });
  rmSync(caches, { recursive: true });
  const ratio = medianRatio(results.mock, results.http);
  const atMost = AT_MOST[major];
  return {
    name: `process start, Node ${major}`,
    what: `process start to first answer on Node ${major}, against bare node:http`,
    value: ratio,
    measured: decimals(ratio),
    goal: atMost === undefined ? 'reported' : `<= ${decimals(atMost)}`,
    met: atMost === undefined ? null : ratio <= atMost,
    beside: [
      `${decimals(median(results.mock), 0)} ms`,
      `bare node:http ${decimals(median(results.http), 0)} ms`,
      `bare Fastify from node_modules ${decimals(medianRatio(results.fastify, results.http))}`,
      ...(against === undefined ? [] : [`${decimals(medianRatio(results.mock, results.other), 3)} of the other build`]),
    ],
  };
}

/** From the start of a process to its first answer. */
export async function run({ quick, say, against }) {
  const rounds = quick ? 9 : 31;
  const rows = [];
  for (const major of ['20', '24']) {
    say(`process start on Node ${major}`);
    if (major === OWN_MAJOR) {
      rows.push(await measure(major, process.execPath, rounds, against));
      continue;
    }
    try {
      const { node, folder } = await installNode(major);
      rows.push(await measure(major, node, rounds, against));
      rmSync(folder, { recursive: true });
    } catch (error) {
      const reason = `npm gives no Node ${major} for this machine: ${
        String(error.stderr ?? error.message)
          .trim()
          .split('\n')[0]
      }`;
      rows.push({
        name: `process start, Node ${major}`,
        what: `process start to first answer on Node ${major}, against bare node:http`,
        skipped: reason,
      });
    }
  }
  return rows;
}
