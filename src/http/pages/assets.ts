import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Beside the bundled command, beside the library's modules, and where a build leaves them for the sources. */
const PLACES = ['pad-page/', '../../pad-page/', '../../../dist/pad-page/'];

/** The style and the script of the page, which stand in it: it asks for no other file. */
export interface Assets {
  readonly style: string;
  readonly script: string;
  /** Lets in this style, this script, questions to the page's own server, and nothing else. Any page may frame it. */
  readonly policy: string;
}

async function readBuilt(): Promise<{ script: string; style: string }> {
  for (const place of PLACES) {
    try {
      // the sources have a style of this name, too, but no script
      const [script, style] = await Promise.all(
        ['pad-page.js', 'pad-page.css'].map((file) => readFile(new URL(`${place}${file}`, import.meta.url), 'utf8')),
      );
      return { script: script!.trim(), style: style!.trim() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error("the files of the pads' page are not beside this program: build it with npm run build");
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

async function load(): Promise<Assets> {
  const { style, script } = await readBuilt();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return { style, script, policy };
}

let assets: Promise<Assets> | undefined;

/** Reads them when the first page is asked for. */
export function loadAssets(): Promise<Assets> {
  if (assets === undefined) {
    assets = load();
    assets.catch(() => (assets = undefined));
  }
  return assets;
}
