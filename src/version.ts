import { readFileSync } from 'node:fs';

/** Filled in when the command is bundled, which spares it a file at every start. */
declare const BUNDLED_VERSION: string;

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

/** The version of mock-etherpad, from its package.json. */
export const version = typeof BUNDLED_VERSION === 'string' ? BUNDLED_VERSION : readVersion();
