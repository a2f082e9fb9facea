import { readFile } from 'node:fs/promises';
import { checkSeed, type SeedDocument } from './state-document.ts';

/** A seed that cannot be used; the message names every problem and the line it is on. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/**
 * The state in a text of JSON. JSON is YAML, too, but the reader of YAML keeps the place of every word: for a large seed
 * it takes ten times as long.
 *
 * @returns undefined for other texts, and for a state with problems: the reader of YAML knows the lines that they are on
 */
function readJson(text: string): SeedDocument | undefined {
  let seed: unknown;
  try {
    seed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { document, problems } = checkSeed(seed);
  return problems.length === 0 ? document : undefined;
}

/**
 * Reads a seed: JSON or YAML with the shape of a state.
 *
 * @throws SeedError
 */
export async function readSeedFile(file: string): Promise<SeedDocument> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new SeedError(`cannot read the seed ${file} (${(error as NodeJS.ErrnoException).code}): check the path and its permissions`);
  }
  return readJson(text) ?? readYaml(text, file);
}

async function readYaml(text: string, file: string): Promise<SeedDocument> {
  const { isNode, LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  const parsed = parseDocument(text, { lineCounter, prettyErrors: false });
  const refuse = (problems: readonly { line: number; message: string }[]): never => {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    throw new SeedError(`the seed ${file} has ${count}: ${problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`);
  };
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
  if (parsed.errors.length > 0) refuse(parsed.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), message })));

  let seed: unknown;
  try {
    seed = parsed.toJS() ?? {};
  } catch (error) {
    // aliases that refer to nothing, or to far too much
    return refuse([{ line: 1, message: (error as Error).message }]);
  }
  const { document, problems } = checkSeed(seed);
  if (problems.length > 0) {
    const lineOf = (path: string): number => {
      // the innermost part of the path that stands in the file
      for (let keys = path.split('/').slice(1); ; keys = keys.slice(0, -1)) {
        const node = parsed.getIn(
          keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
          true,
        );
        if (isNode(node) && node.range) return lineAt(node.range[0]);
        if (keys.length === 0) return 1;
      }
    };
    refuse(problems.map(({ path, message }) => ({ line: lineOf(path), message: `${path} ${message}`.trim() })));
  }
  return document;
}
