// Sends requests over kept connections for some seconds and prints what came of it: for machines without wrk.
import { Agent, get } from 'node:http';

const { url, paths, connections, seconds } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const started = performance.now();
const end = started + seconds * 1000;
let requests = 0;
let failures = 0;

const ask = (path) =>
  new Promise((resolve) => {
    get(`${url}${path}`, { agent }, (response) => {
      if (response.statusCode >= 400) failures += 1;
      response.resume().once('end', resolve);
    }).once('error', () => {
      failures += 1;
      resolve();
    });
  });

async function keepAsking() {
  while (performance.now() < end) {
    await ask(paths[requests % paths.length]);
    requests += 1;
  }
}

await Promise.all(Array.from({ length: connections }, keepAsking));
console.log(JSON.stringify({ requests, failures, seconds: (performance.now() - started) / 1000 }));
agent.destroy();
