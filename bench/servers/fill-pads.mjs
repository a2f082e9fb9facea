// Makes pads as requests make them, and prints what one costs in memory, and how long appending and reading take.
import { FUNCTIONS } from '../../dist/etherpad/functions.js';
import { readParameters } from '../../dist/http/etherpad/parameters.js';
import { Sandbox } from '../../dist/sandbox/sandbox.js';
import { median } from '../statistics.mjs';

const PADS = 10_000;
const REVISIONS = 10_000;
const SHORT = 10;
const ROUNDS = Number(process.argv[2]);
const PER_ROUND = 1_000;

const newSandbox = () =>
  new Sandbox({
    emulate: '3.3.1',
    createMissing: false,
    authentication: 'apikey',
    oauthClients: [],
    tokenLifetime: 3600,
    defaultPadText: 'Welcome to Etherpad!\n',
    apiKey: 'key',
    journalSize: 0,
  });
const caller = (sandbox) => (name, query) =>
  FUNCTIONS.find((row) => row.name === name).run(sandbox, readParameters(query, undefined, {}, sandbox.behaviour));

function heap() {
  // twice: what the first leaves behind the second takes
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function bytesPerPad() {
  const run = caller(newSandbox());
  // one of each first: what the first calls leave behind is no pad's
  run('createPad', 'padID=first&text=x');
  const before = heap();
  for (let index = 0; index < PADS; index++)
    run('createPad', `padID=pad-${index}&text=${String(index).padEnd(1_000, 'text ')}&more=${'x'.repeat(2_000)}`);
  const bytes = (heap() - before) / PADS;
  // asked only now, as what nobody asks of any more would be collected
  if (run('getStats', '').totalPads !== PADS + 1) throw new Error('pads are missing');
  return bytes;
}

function milliseconds(work) {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function appending() {
  const run = caller(newSandbox());
  const append = (padID) => run('appendText', `padID=${padID}&text=10+letters`);
  run('createPad', 'padID=long&text=x');
  for (let index = 0; index < REVISIONS; index++) append('long');
  const long = [];
  const short = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const names = Array.from({ length: PER_ROUND / SHORT }, (_none, index) => `short-${round}-${index}`);
    for (const name of names) {
      run('createPad', `padID=${name}&text=x`);
      for (let index = 0; index < SHORT; index++) append(name);
    }
    run('copyPad', `sourceID=long&destinationID=copy&force=true`);
    const measures = [
      () => long.push(milliseconds(() => names.forEach(() => Array.from({ length: SHORT }, () => append('copy'))))),
      () => short.push(milliseconds(() => names.forEach((name) => Array.from({ length: SHORT }, () => append(name))))),
    ];
    for (const measure of round % 2 === 0 ? measures : measures.toReversed()) {
      globalThis.gc();
      measure();
    }
  }
  // the first round only warms
  const ratio = median(long.slice(1).map((time, index) => short[index + 1] / time));
  const read = (rev) =>
    median(Array.from({ length: 50 }, () => milliseconds(() => JSON.stringify(run('getText', `padID=long&rev=${rev}`)))));
  return {
    appendRatio: ratio,
    longPerSecond: (PER_ROUND / median(long.slice(1))) * 1_000,
    shortPerSecond: (PER_ROUND / median(short.slice(1))) * 1_000,
    readMilliseconds: read(5_000),
    worstReadMilliseconds: read(5_099),
  };
}

console.log(JSON.stringify({ bytesPerPad: bytesPerPad(), ...appending() }));
