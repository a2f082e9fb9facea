// Writes what is derived from the tables and routes in src/: the OpenAPI documents, the tables in README.md and docs/, and
// the routes in CONTRIBUTING.md.
// usage: node scripts/generate.mjs [--check]   (after a build; --check writes nothing and fails where something differs)
import { readFileSync, writeFileSync } from 'node:fs';
import { behaviourOf, EMULATIONS } from '../dist/etherpad/emulation.js';
import { FUNCTIONS } from '../dist/etherpad/functions.js';
import { startMockEtherpad } from '../dist/index.js';
import { createServer } from '../dist/http/server.js';
import { OPTIONS, readSettings } from '../dist/options.js';
import { Sandboxes } from '../dist/sandbox/sandboxes.js';

const code = (text) => `\`${text}\``;
const row = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const functionsTable = () =>
  table(
    ['function', 'parameters', '`data`', 'since'],
    FUNCTIONS.filter(({ run }) => run !== undefined).map(({ name, parameters, laterParameters, data, since }) => [
      code(name),
      [...parameters, ...(laterParameters?.names ?? [])].map(code).join(', '),
      data === null ? 'null' : Object.keys(data).map(code).join(', '),
      since,
    ]),
  );

const optionsTable = () =>
  table(
    ['option', 'in the environment', 'in process', 'default', 'what it is'],
    OPTIONS.map(({ flag, environment, name, default: usual, help }) => [
      code(flag),
      code(environment),
      code(name),
      usual === undefined || usual === '' ? '' : code(usual),
      help,
    ]),
  );

/** The doc comment of each behaviour, in the order of the interface. */
function behaviourComments() {
  const source = readFileSync('src/etherpad/emulation.ts', 'utf8');
  const [, body] = /export interface Behaviour \{\n([\s\S]*?)\n\}/.exec(source);
  return [...body.matchAll(/\/\*\*([\s\S]*?)\*\/\s*(\w+)\??:/g)].map(([, comment, name]) => ({
    name,
    comment: comment.replace(/\n\s*\*\s?/g, ' ').trim(),
  }));
}

function behaviourValue(value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(code).join(', ');
  if (typeof value === 'object') return Object.values(value).map(code).join(', ');
  return code(value);
}

function emulationsTable() {
  const documented = behaviourComments();
  const names = Object.keys(behaviourOf('documented'));
  const missing = names.filter((name) => !documented.some((behaviour) => behaviour.name === name));
  if (missing.length > 0) throw new Error(`these behaviours have no doc comment: ${missing.join(', ')}`);
  return table(
    ['behaviour', ...EMULATIONS],
    documented.map(({ name, comment }) =>
      [`**${name}**: ${comment}`].concat(EMULATIONS.map((emulation) => behaviourValue(behaviourOf(emulation)[name]))),
    ),
  );
}

/** Every route, as Fastify prints them: Etherpad's, and those behind each door. */
async function printedRoutes() {
  const settings = readSettings({});
  const server = createServer({ ...settings, sandboxes: new Sandboxes(settings, 0), logger: undefined, isApiKey: () => false });
  await server.ready();
  const behindDoors = await Promise.all(Array.from(server.doors.values(), (door) => door.open()));
  // names are easier to read whole, wildcards are only told apart in parts
  const printed = [server.printRoutes(), ...behindDoors.map((instance) => instance.printRoutes({ commonPrefix: false }))];
  await server.close();
  return `\`\`\`text\n${printed.map((routes) => routes.trim()).join('\n\n')}\n\`\`\``;
}

/** Puts a table between `<!-- name -->` and `<!-- /name -->`. */
function fill(text, name, content) {
  const place = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);
  if (!place.test(text)) throw new Error(`there is no place for the table "${name}": write <!-- ${name} --> and <!-- /${name} -->`);
  return text.replace(place, () => `<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->`);
}

const current = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** What a mock serves as its document, as it is kept. */
const served = (path) => async () => {
  const etherpad = await startMockEtherpad();
  const document = await (await fetch(`${etherpad.url}${path}`)).json();
  await etherpad.close();
  return `${JSON.stringify(document, null, 2)}\n`;
};

const FILES = {
  'openapi/mock-etherpad.json': served('/openapi.json'),
  'openapi/control.json': served('/_mock/openapi.json'),
  'README.md': (text) => fill(fill(text, 'functions', functionsTable()), 'options', optionsTable()),
  'CONTRIBUTING.md': async (text) => fill(text, 'routes', await printedRoutes()),
  'docs/emulations.md': (text) => fill(text, 'behaviours', emulationsTable()),
};

const checking = process.argv.includes('--check');
for (const [file, generate] of Object.entries(FILES)) {
  const before = current(file);
  const after = await generate(before);
  if (before === after) continue;
  if (checking) {
    console.log(`${file} differs from what src/ says: run npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
    console.log(`wrote ${file}`);
  }
}
