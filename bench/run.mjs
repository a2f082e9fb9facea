// The benchmarks: npm run bench [-- --quick] [--only NAME[,NAME]] [--json FILE]
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GENERATOR } from './load.mjs';

/** In the order of the table: a file each in cases/. */
const CASES = [
  'requests',
  'journal',
  'start-process',
  'start-in-process',
  'memory',
  'heap',
  'pads',
  'html',
  'many-sessions',
  'large-group',
  'waits',
  'inspector',
  'proxy',
  'compare',
  'sizes',
];

const HELP = `Usage: npm run bench -- [options]

  --quick        fewer rounds and fewer sessions, in less than 3 minutes
  --only NAMES   some of the benchmarks: ${CASES.join(', ')}
  --against DIST measures another build of the mock beside this one, in turn; DIST is its dist folder
  --json FILE    writes the results as JSON too
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      against: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const names = values.only?.split(',') ?? CASES;
  const unknown = names.filter((name) => !CASES.includes(name));
  if (unknown.length > 0) throw new Error(`no benchmark is called ${unknown.join(', ')}: there are ${CASES.join(', ')}`);
  return { ...values, names };
}

const say = (...words) => process.stderr.write(`${words.join(' ')} …\n`);

const verdict = ({ skipped, met }) => (skipped !== undefined ? 'skipped' : met === null ? '' : met ? 'yes' : 'NO');

function tableOf(rows) {
  const cells = rows.map((row) => [row.what, row.measured ?? '-', row.goal ?? '', verdict(row), row.skipped ?? row.beside.join('; ')]);
  const lines = [['what', 'measured', 'goal', 'met', 'beside'], ['---', '---', '---', '---', '---'], ...cells];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

async function main() {
  const { quick, names, against, json, help } = readOptions();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (!existsSync(fileURLToPath(new URL('../dist/mock-etherpad.cjs', import.meta.url))))
    throw new Error('there is no dist/: run npm run build first');
  const started = performance.now();
  const rows = [];
  for (const name of names) {
    const { run } = await import(`./cases/${name}.mjs`);
    for (const row of await run({ quick, say, against })) rows.push({ benchmark: name, ...row });
  }
  const about = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    generator: GENERATOR,
    quick,
    seconds: Math.round((performance.now() - started) / 1000),
  };
  process.stdout.write(
    `${tableOf(rows)}\n\n${about.date}, Node ${about.node}, ${about.cores} cores, load from ${about.generator}, ${about.seconds} s\n`,
  );
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...about, rows }, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
