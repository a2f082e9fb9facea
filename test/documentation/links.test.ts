import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf } from './markdown.ts';

/** Links to the repository, which a reader of the published README follows too. */
const TO_REPOSITORY =
  /^https:\/\/(?:github\.com\/mock-etherpad\/mock-etherpad\/blob|raw\.githubusercontent\.com\/mock-etherpad\/mock-etherpad)\/main\//;

const pagesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));

test.each([...pagesIn('.'), ...pagesIn('docs')])('the links of %s lead somewhere', (page) => {
  const broken = linksOf(readFileSync(page, 'utf8')).filter((target) => {
    const isToRepository = TO_REPOSITORY.test(target);
    if (!isToRepository && /^https?:/.test(target)) return false;
    const [path = '', anchor] = target.replace(TO_REPOSITORY, '').split('#');
    const file = path === '' ? page : join(isToRepository ? '.' : dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('the README, which the package carries alone, links with whole addresses', () => {
  expect(linksOf(readFileSync('README.md', 'utf8')).filter((target) => !/^(https:|#)/.test(target))).toEqual([]);
});
