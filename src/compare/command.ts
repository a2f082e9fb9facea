import { existsSync } from 'node:fs';
import { CannotCompare } from './cannot-compare.ts';
import { type CompareOptions, startComparison } from './compare.ts';
import type { CreateMock } from './mock-beside.ts';
import { replayRecording } from './replay.ts';
import { type Report, reportText } from './report.ts';

/** What the command does besides. */
export interface CompareCommandOptions extends CompareOptions {
  /** Prints JSON: a line when it listens, a line at the end. */
  readonly json: boolean;
  readonly failOnDifference: boolean;
}

/** Where to write, and how to learn that it should end. */
export interface CompareSurroundings {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Resolves when the user interrupts. */
  readonly ended: Promise<unknown>;
}

const printReport = (report: Report, json: boolean): string => (json ? `${JSON.stringify(report)}\n` : reportText(report));

const statusOf = ({ calls: { compared, differ, unanswered, failed } }: Report, failOnDifference: boolean): number =>
  failOnDifference && (compared === 0 || differ + unanswered + failed > 0) ? 1 : 0;

/** Whether the user names a file rather than a server. */
const isRecording = (named: string): boolean => !named.includes('://') && existsSync(named);

async function run(
  options: CompareCommandOptions,
  createMock: CreateMock,
  { stdout, stderr, ended }: CompareSurroundings,
): Promise<number> {
  const comparison = await startComparison(options, createMock, (reason) => {
    stderr.write(
      reason === undefined
        ? `${comparison.to} answers again.\n`
        : `${comparison.to} cannot be reached (${reason}): clients get HTTP 502, and these calls are not compared.\n`,
    );
  });
  const { url, to } = comparison;
  const as = options.as ?? 'each of its emulations';
  stdout.write(
    options.json
      ? `${JSON.stringify({ url, to, as: options.as ?? null })}\n`
      : `${url} forwards everything to ${to}, and compares its answers with the mock as ${as}.\nRun your tests against it. Press Ctrl+C to stop and get a report.\n`,
  );
  await ended;
  const report = await comparison.close();
  stdout.write(`${options.json ? '' : '\n'}${printReport(report, options.json)}`);
  return statusOf(report, options.failOnDifference);
}

async function replay(
  { url: file, as, json, failOnDifference }: CompareCommandOptions,
  createMock: CreateMock,
  { stdout }: CompareSurroundings,
): Promise<number> {
  const report = await replayRecording(file, as, createMock);
  stdout.write(printReport(report, json));
  return statusOf(report, failOnDifference);
}

/**
 * Runs a comparison until it is told to end, or sends a recording to the mock, and prints the report.
 *
 * @returns the exit status: with `failOnDifference` 1 when something differs, no call came by, or some got no answer; else 0;
 * 2 when it cannot run
 */
export async function compare(options: CompareCommandOptions, createMock: CreateMock, surroundings: CompareSurroundings): Promise<number> {
  try {
    return await (isRecording(options.url) ? replay : run)(options, createMock, surroundings);
  } catch (error) {
    if (!(error instanceof CannotCompare)) throw error;
    surroundings.stderr.write(`${error.message}\n`);
    if (options.json) surroundings.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
    return 2;
  }
}
