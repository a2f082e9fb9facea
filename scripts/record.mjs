// Records how a running Etherpad answers the requests of a recording: node scripts/record.mjs --help
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `usage: node scripts/record.mjs <base URL> --api-key KEY --like FILE --out FILE [--only REGEX] [--silence MS]

Sends the requests of a recording to a running server, twice, and writes its answers in the same form. The server must be
fresh, of no use to anybody else, and its key the one that the tests replay with: some answers quote its beginning.

  --api-key KEY   the server's API key
  --like FILE     the recording whose requests are sent: test/recordings/3.3.1.json
  --out FILE      where to write; its name without .json is the version that answered: test/recordings/4.0.0.json
  --only REGEX    only sequences whose name matches
  --silence MS    how long a request stays without an answer to count as unanswered (default 3000)`;

class UsageError extends Error {}

function readArguments(words) {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        'api-key': { type: 'string' },
        like: { type: 'string' },
        out: { type: 'string' },
        only: { type: 'string', default: '' },
        silence: { type: 'string', default: '3000' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const [base, ...others] = positionals;
    if (base === undefined || others.length > 0) throw new UsageError('name one base URL');
    for (const name of ['api-key', 'like', 'out']) if (values[name] === undefined) throw new UsageError(`--${name} is missing`);
    if (resolve(values.like) === resolve(values.out)) throw new UsageError('--out is --like: the recording would be lost');
    if (!values.out.endsWith('.json')) throw new UsageError('--out must end in .json');
    const silence = Number(values.silence);
    if (!(silence > 0)) throw new UsageError('--silence is a number of milliseconds');
    const { origin, pathname } = new URL(base);
    if (pathname !== '/') throw new UsageError(`the paths of a recording begin at the root: name ${origin}`);
    const { like, out, 'api-key': apiKey } = values;
    return { origin, apiKey, like, out, only: new RegExp(values.only), silence };
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/** The recorder shares the reading of recordings with the tests, and is TypeScript as they are. */
async function loadRecorder() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [new URL('../test/recordings/record.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function recordAnswers({ origin, apiKey, like, out, only, silence }) {
  const model = JSON.parse(readFileSync(like, 'utf8'));
  const sequences = model.sequences.filter(({ name }) => only.test(name));
  if (sequences.length === 0) throw new Error(`no sequence of ${like} matches ${only}`);
  const { record, textOfRecording } = await loadRecorder();
  const answer = await fetch(`${origin}/api/1.2.15/checkToken?apikey=${encodeURIComponent(apiKey)}`).catch(({ cause }) => {
    throw new Error(`nobody answers at ${origin}: ${cause?.message}`);
  });
  if (answer.status === 401 || (await answer.text()).includes('"code":4'))
    console.error('The server refuses this API key: its answers will all say so.');
  const recorded = await record(
    origin,
    { sequences },
    {
      apiKey,
      now: () => Math.floor(Date.now() / 1000),
      wait: pause,
      nextSecond: () => pause(1_010 - (Date.now() % 1_000)),
      silence,
    },
  );
  writeFileSync(out, textOfRecording(basename(out, '.json'), new Date().toISOString(), recorded.sequences));
  const answers = sequences.reduce((sum, { steps }) => sum + steps.length, 0);
  console.log(`${answers} answers, ${recorded.same} of them as in ${like}: written to ${out}`);
  for (const { sequence, label, isLeftOpen } of recorded.unstable) {
    console.log(`another answer when asked again, ${isLeftOpen ? 'left open' : 'the first is kept'}: ${sequence} / ${label}`);
  }
}

try {
  const request = readArguments(process.argv.slice(2));
  if (request === undefined) console.log(USAGE);
  else await recordAnswers(request);
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
