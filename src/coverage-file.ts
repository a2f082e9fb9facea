import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OptionError } from './options.ts';
import type { Coverage } from './sandbox/coverage.ts';

/** The two files of a coverage: what a user names, with the endings of JSON and of Markdown. */
const filesOf = (named: string): { json: string; markdown: string } => {
  const base = named.replace(/\.(json|md)$/, '');
  return { json: `${base}.json`, markdown: `${base}.md` };
};

/**
 * Makes sure at the start that a coverage can be written at the end.
 *
 * @throws OptionError when its folder cannot be written to
 */
export function checkCoverageFile(named: string): void {
  try {
    accessSync(dirname(filesOf(named).json), constants.W_OK);
  } catch (error) {
    throw new OptionError(
      `cannot write the coverage to ${named} (${(error as NodeJS.ErrnoException).code}): check that its folder exists`,
      'coverage',
    );
  }
}

/** Writes a coverage as JSON, and as a table in Markdown beside it. */
export async function writeCoverage(named: string, coverage: Coverage): Promise<void> {
  const { coverageTable } = await import('./sandbox/coverage-table.ts');
  const { json, markdown } = filesOf(named);
  await Promise.all([writeFile(json, `${JSON.stringify(coverage, null, 2)}\n`), writeFile(markdown, coverageTable(coverage))]);
}
