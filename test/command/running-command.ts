import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The command as it is published: one bundled file, which `npm run build` makes. */
export const COMMAND = fileURLToPath(new URL('../../dist/mock-etherpad.cjs', import.meta.url));

/** What the command tells with `--json`. */
export interface Listening {
  readonly url: string;
  readonly apiKey: string;
  readonly emulate: string;
  readonly version: string;
}

export interface Ended {
  /** The exit status; null when a signal killed it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in a process of its own. */
export class RunningCommand implements AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    if (!existsSync(COMMAND)) throw new Error('the command is not built: run npm run build');
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MOCK_ETHERPAD_'));
    this.process = spawn(process.execPath, [COMMAND, ...words], { env: { ...Object.fromEntries(inherited), ...environment } });
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve) => {
      this.process.on('close', (status) => resolve({ status, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first line on stdout. */
  async firstLine(): Promise<string> {
    while (!this.#stdout.includes('\n')) {
      const more = new Promise<'more'>((resolve) => this.process.stdout.once('data', () => resolve('more')));
      const next = await Promise.race([more, this.ended]);
      if (next !== 'more' && !next.stdout.includes('\n')) throw new Error(`the command ended with ${next.status}: ${next.stderr}`);
    }
    return this.#stdout.slice(0, this.#stdout.indexOf('\n'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

/** Runs the command to its end. */
export const runCommand = (words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended> =>
  new RunningCommand(words, environment).ended;

/** A command that serves on a free port. */
export async function serveCommand(
  words: readonly string[] = [],
  environment?: Readonly<Record<string, string>>,
): Promise<RunningCommand & { readonly listening: Listening }> {
  const command = new RunningCommand(['--port', '0', '--json', ...words], environment);
  return Object.assign(command, { listening: JSON.parse(await command.firstLine()) as Listening });
}
