// Makes sessions as requests make them, out of long query strings that no session may keep, and prints what one costs.
import { FUNCTIONS } from '../../dist/etherpad/functions.js';
import { readParameters } from '../../dist/http/etherpad/parameters.js';
import { Sandbox } from '../../dist/sandbox/sandbox.js';

const count = Number(process.argv[2]);
const sandbox = new Sandbox({
  emulate: 'documented',
  createMissing: false,
  authentication: 'apikey',
  oauthClients: [],
  tokenLifetime: 3600,
  defaultPadText: '',
  apiKey: 'key',
  journalSize: 0,
  journalBytes: 0,
});
const run = (name, query) =>
  FUNCTIONS.find((row) => row.name === name).run(sandbox, readParameters(query, undefined, {}, sandbox.behaviour));

const groupIDs = Array.from({ length: 1_000 }, () => run('createGroup', '').groupID);
const authorIDs = Array.from({ length: 10_000 }, () => run('createAuthor', '').authorID);

function heap() {
  // twice: what the first leaves behind the second takes
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const before = heap();
for (let index = 0; index < count; index++) {
  const validUntil = 4_000_000_000 - (index % 86_400);
  const query = `apikey=key&groupID=${groupIDs[index % groupIDs.length]}&authorID=${authorIDs[index % authorIDs.length]}&validUntil=${validUntil}&more=${'x'.repeat(200)}${index}`;
  run('createSession', query);
}
const bytesPerSession = (heap() - before) / count;
console.log(JSON.stringify({ sessions: sandbox.state.sessionCount, bytesPerSession }));
