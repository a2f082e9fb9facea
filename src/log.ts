import { type Logger, pino } from 'pino';
import type { LogLevel } from './options.ts';

/**
 * Logs to stderr: JSON lines, or readable ones on a terminal.
 *
 * Only what a request was for and how it ended is logged: its method, its path without the API key, its sandbox, its answer. No
 * query, header or parameter is.
 */
export async function createLogger(level: LogLevel, stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }): Promise<Logger> {
  if (stderr.isTTY !== true) return pino({ level, base: null }, stderr as unknown as pino.DestinationStream);
  const { default: pretty } = await import('pino-pretty');
  return pino(
    { level, base: null },
    pretty({ destination: stderr as NodeJS.WritableStream & NodeJS.WriteStream, translateTime: 'HH:MM:ss.l', singleLine: true }),
  );
}
