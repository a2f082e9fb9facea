import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));

/** Every import of a source file, for a type or for what runs, at the start or later. */
const IMPORT = /(?:\bfrom|\bimport\(?)\s*'([^']+)'/g;

/** What each room may import beside its own files. Files outside of all rooms put the rooms together. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  etherpad: [],
  sandbox: ['etherpad'],
  control: ['sandbox', 'etherpad', 'version.ts'],
  http: ['control', 'sandbox', 'etherpad', 'version.ts'],
  evidence: [],
  verify: ['evidence', 'etherpad', 'version.ts'],
  compare: ['evidence', 'sandbox', 'etherpad'],
  inspector: ['evidence', 'http', 'sandbox', 'etherpad'],
};

const FILES = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file));

/** The files that a file imports, named from src/. */
const importsOf = (file: string): string[] =>
  Array.from(readFileSync(join(SOURCES, file), 'utf8').matchAll(IMPORT), ([, named]) => named!)
    .filter((named) => named.startsWith('.'))
    .map((named) => normalize(join(dirname(file), named)).replaceAll('\\', '/'));

const GRAPH = new Map(FILES.map((file) => [file, importsOf(file)]));

const roomOf = (file: string): string => file.split('/', 1)[0]!;

/** The first way that leads from a file back to itself. */
function findCircle(): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const imported of GRAPH.get(file) ?? []) {
      const circle = visit(imported, [...way, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of FILES) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

test('every import is of a file that is there', () => {
  const missing = [...GRAPH].flatMap(([file, imported]) => imported.filter((one) => !GRAPH.has(one)).map((one) => `${file} -> ${one}`));
  expect(missing).toEqual([]);
  expect(GRAPH.get('index.ts')).toContain('mock-etherpad.ts');
});

test.each(Object.entries(ROOMS))('%s imports nothing but its own files and %j', (room, open) => {
  const files = FILES.filter((file) => roomOf(file) === room);
  expect(files.length).toBeGreaterThan(3);
  const wrong = files.flatMap((file) =>
    GRAPH.get(file)!
      .filter((imported) => roomOf(imported) !== room && !open.includes(roomOf(imported)))
      .map((imported) => `${file} -> ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test('no import leads back to where it began', () => {
  expect(findCircle()).toBeUndefined();
});

test('only http imports fastify', () => {
  const importing = FILES.filter((file) => /'(fastify|@fastify\/[^']+)'/.test(readFileSync(join(SOURCES, file), 'utf8')));
  expect(importing.length).toBeGreaterThan(0);
  expect(importing.filter((file) => roomOf(file) !== 'http')).toEqual([]);
});
