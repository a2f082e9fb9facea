// The licences of what is bundled: MIT, BSD and ISC ask that their text goes with every copy.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** The folder of the package that a file belongs to: `node_modules/a/node_modules/@b/c`; undefined for a file of our own. */
const packageFolderOf = (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

/**
 * The packages of which something was bundled.
 *
 * @param metafiles what esbuild says it made of what
 * @returns their folders, relative to where esbuild ran
 */
export function findBundledPackages(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = bytesInOutput > 0 ? packageFolderOf(file) : undefined;
        if (folder !== undefined) folders.add(folder);
      }
    }
  }
  return [...folders];
}

/** The licence as it is everywhere, for a package that only names it. */
const mitOf = (author) => `MIT License

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length === 0) {
    const holder = typeof author === 'object' ? author.name : author;
    if (license !== 'MIT' || holder === undefined)
      throw new Error(`${folder} is bundled and has no licence text: find out what it asks for`);
    texts.push(mitOf(holder));
  }
  return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') };
}

/**
 * Writes down whose work is bundled, and under which licences.
 *
 * @param folders folders of packages
 * @returns the text, the same for the same packages in any order
 * @throws Error for a package that has no licence text and does not name MIT, whose text is known
 */
export function writeNotices(folders) {
  const notices = new Map(folders.map(noticeOf).map(({ title, text }) => [title, text]));
  const line = '-'.repeat(80);
  const parts = [...notices]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, text]) => `${line}\n${title}\n${line}\n\n${text}\n`);
  return `mock-etherpad contains parts of these packages, under the licences that follow.\n\n${parts.join('\n')}`;
}
