import type { Logger } from 'pino';
import type { Secrets } from './secrets.ts';

/** Tells of an error that nobody else can be told of. */
export type Report = (error: unknown) => void;

/** Writes errors of the mock itself into its log, without secrets. */
export const createReport =
  (logger: Logger, secrets: Secrets): Report =>
  (error) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    logger.error({ error: secrets.hide(stack) }, 'an error of the mock itself');
  };

/**
 * Something to be called by a timer or an emitter of events: what it throws would end the process, and is reported instead.
 *
 * @example socket.on('timeout', guarded(() => end(socket), report))
 */
export const guarded =
  <Words extends readonly unknown[]>(run: (...words: Words) => void, report: Report): ((...words: Words) => void) =>
  (...words) => {
    try {
      run(...words);
    } catch (error) {
      report(error);
    }
  };

/**
 * Runs something again and again, whatever it throws, and keeps no process alive by that.
 *
 * @returns ends it
 */
export function every(milliseconds: number, run: () => void, report: Report): () => void {
  const timer = setInterval(guarded(run, report), milliseconds).unref();
  return () => clearInterval(timer);
}
