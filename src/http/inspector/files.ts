import { readFile } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { ControlError } from '../../sandbox/problem.ts';

/** The files that the page loads, with their types. */
export const INSPECTOR_FILES = {
  'inspector.js': 'text/javascript; charset=utf-8',
  'inspector.css': 'text/css; charset=utf-8',
  'inspector.svg': 'image/svg+xml; charset=utf-8',
} as const;

export type InspectorFile = keyof typeof INSPECTOR_FILES;

/** Lets the page load and ask only what comes from this server, and lets no other page frame it. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
} as const;

/** Beside the bundled command, beside the library's modules, and where a build leaves them for the sources. */
const PLACES = ['inspector/', '../../inspector/', '../../../dist/inspector/'].map((place) => new URL(place, import.meta.url));

const kept = new Map<string, Promise<string>>();

async function read(file: string): Promise<string> {
  for (const place of PLACES) {
    try {
      // the sources have a page and a style of these names, too, but no script
      await readFile(new URL('inspector.js', place));
      return await readFile(new URL(file, place), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new ControlError(404, "the inspector's files are not beside this program: build it with npm run build");
}

/** Reads a file of the page when it is first asked for. */
async function textOf(file: string): Promise<string> {
  let text = kept.get(file);
  if (text === undefined) {
    text = read(file);
    kept.set(file, text);
    text.catch(() => kept.delete(file));
  }
  return text;
}

export const sendFile = async (reply: FastifyReply, file: InspectorFile): Promise<FastifyReply> =>
  reply
    .headers(HEADERS)
    .type(INSPECTOR_FILES[file])
    .send(await textOf(file));

/**
 * The page itself. Its files are named relative to it, so that it works behind whatever prefix leads to this server.
 *
 * @param isFolder whether it was asked for with a slash at the end
 */
export async function sendPage(reply: FastifyReply, isFolder: boolean): Promise<FastifyReply> {
  const page = await textOf('index.html');
  return reply
    .headers(HEADERS)
    .type('text/html; charset=utf-8')
    .send(isFolder ? page : page.replaceAll('"./', '"./_mock/'));
}
