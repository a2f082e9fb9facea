import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };

const readText = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface LockedPackage {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
}

describe('package.json', () => {
  test('names the repository, which a provenance statement is checked against', () => {
    const { repository, homepage, bugs } = packageJson;
    const page = /^git\+(https:\/\/github\.com\/[\w.-]+\/[\w.-]+)\.git$/.exec(repository.url)?.[1];
    expect(page).toBeDefined();
    expect({ type: repository.type, homepage, bugs }).toEqual({
      type: 'git',
      homepage: `${page}#readme`,
      bugs: { url: `${page}/issues` },
    });
  });
});

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readText('package-lock.json')) as { packages: Record<string, LockedPackage> };
  const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);

  test('has the integrity of every package', () => {
    expect(installed.length).toBeGreaterThan(200);
    expect(installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([path]) => path)).toEqual([]);
  });

  test('names no registry: whoever installs has one of their own', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

describe('workflows', () => {
  const files = readdirSync(new URL('../../.github/workflows/', import.meta.url));

  test.each(files)('%s names every action by its commit, and says which version that is', (file) => {
    const text = readText(`.github/workflows/${file}`);
    expect(Object.keys((parse(text) as { jobs: object }).jobs)).not.toEqual([]);
    const uses = text.split('\n').filter((line) => line.includes('uses:'));
    expect(uses).not.toEqual([]);
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    expect(text).not.toMatch(/registry/i);
  });
});
