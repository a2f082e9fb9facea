import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMockEtherpad, type EtherpadControl, type MockEtherpadOptions, startMockEtherpad } from '../../src/index.ts';
import { OPTIONS } from '../../src/options.ts';

/** A server, how to control it, and how to stop it. */
export interface Started {
  readonly etherpad: EtherpadControl;
  stop(): Promise<void>;
}

export type Start = (options?: MockEtherpadOptions) => Promise<Started>;

export const COMMAND = join(import.meta.dirname, '../../dist/mock-etherpad.cjs');

/** What the command prints and how it ends. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const endOf = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Runs the built command until it ends by itself. */
export async function runCommand(words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { status: child.exitCode, stdout, stderr };
}

/** The command under way, once it listens. */
export async function startCommand(
  words: readonly string[] = [],
): Promise<{ url: string; apiKey: string; child: ChildProcess; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [COMMAND, '--port', '0', '--json', '--log-level', 'silent', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('exit', (status) => reject(new Error(`the command ended with ${status}: ${stderr} (is it built?)`)));
  });
  const { url, apiKey } = JSON.parse(line) as { url: string; apiKey: string };
  return {
    url,
    apiKey,
    child,
    async stop() {
      child.kill('SIGTERM');
      await endOf(child);
    },
  };
}

/** Options as the words of the command line. */
function wordsOf(options: MockEtherpadOptions, folder: string): string[] {
  return OPTIONS.flatMap(({ name, flag }) => {
    const value = options[name];
    if (value === undefined || value === false) return name === 'control' && value === false ? ['--no-control'] : [];
    const [word] = flag.split(' ') as [string];
    if (value === true) return name === 'control' ? [] : [word];
    if (Array.isArray(value)) return value.flatMap((one) => [word, String(one)]);
    if (typeof value !== 'object') return [word, String(value)];
    const file = join(folder, 'seed.json');
    writeFileSync(file, JSON.stringify(value));
    return [word, file];
  });
}

const startHere: Start = async (options = {}) => {
  const etherpad = await startMockEtherpad(options);
  return { etherpad, stop: () => etherpad.close() };
};

const startElsewhere: Start = async (options = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-'));
  const { url, stop } = await startCommand(wordsOf(options, folder));
  const { controlToken } = options;
  const etherpad = await connectMockEtherpad(url, controlToken === undefined ? {} : { controlToken });
  return {
    etherpad,
    async stop() {
      await etherpad.close();
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
};

/** Whether sources were changed to see which test notices: the built command cannot, it has none of the changes. */
const isMutated = process.env['MUTATED_AREA'] !== undefined;

/** Both ways to hold a server: every test of control runs in each, word for word. */
export const WAYS: readonly (readonly [way: string, start: Start])[] = [
  ['in process', startHere],
  ...(isMutated ? [] : [['in another process', startElsewhere] as const]),
];
