import type { Emulation } from '../etherpad/emulation.ts';
import type { OAuthClientOptions } from '../etherpad/oauth/clients.ts';
import { Client } from './client.ts';
import { CannotVerify, connect, detectEmulation } from './detect.ts';
import { createDisplay } from './display.ts';
import { type Heading, jsonReport, textReport } from './report.ts';
import { cleanUp, entryOf, type Leftovers, onlyAbout, type Run, runScenarios, scenariosFor } from './run-scenarios.ts';
import type { Subject } from './scenario.ts';
import { SUBJECTS } from './scenarios/subjects.ts';

/** What to verify, and how. */
export interface VerifyOptions {
  /** The base URL of the server, the part before `/api`. */
  readonly url: string;
  readonly apiKey: string;
  /** The client that gets a token, where the server asks for one instead of the API key. */
  readonly oauthClient?: OAuthClientOptions | undefined;
  /** The Etherpad that it has to be like; found out by probes when it is not given. */
  readonly as?: Emulation | undefined;
  /** Sends at most 10 requests a second. */
  readonly gentle?: boolean | undefined;
  /** Runs only scenarios whose subject or title has this text in it. */
  readonly only?: string | undefined;
  /** Proposes a column for the table of emulations, also when the server's version is a known one. */
  readonly column?: boolean | undefined;
  /** Prints one JSON document at the end, instead of lines. */
  readonly json?: boolean | undefined;
}

/** Where to write, and how to learn that it should end. */
export interface VerifySurroundings {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  /** Resolves when the user interrupts. */
  readonly ended: Promise<unknown>;
}

/** The exit status of a run that was interrupted, as shells have it. */
export const INTERRUPTED = 130;

/** @throws CannotVerify for a text that is no base URL */
function readUrl(text: string): URL {
  const example = 'Give one such as http://127.0.0.1:9001';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new CannotVerify(`${JSON.stringify(text)} is not a URL. ${example}.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new CannotVerify(`${JSON.stringify(text)} is not a URL of http or https. ${example}.`);
  if (url.username !== '' || url.password !== '')
    throw new CannotVerify(`The URL has a user name in it, which would hide API keys in headers. ${example}.`);
  if (url.search !== '' || url.hash !== '')
    throw new CannotVerify(`${url.origin} is given with a query or fragment. ${example}: the API key goes into --api-key.`);
  return url;
}

/**
 * Compares a server, mock or real, with how an Etherpad answers, scenario by scenario. It touches only what it makes, and
 * deletes that again, also when it is interrupted.
 *
 * @param subjects the scenarios; all by default
 * @returns the exit status: 0 when all is the same, 1 when something differs, 2 when it cannot run, 130 when interrupted
 * @example await verify({ url: 'http://127.0.0.1:9001', apiKey }, { stdout, stderr, ended: new Promise(() => undefined) })
 */
export async function verify(
  options: VerifyOptions,
  surroundings: VerifySurroundings,
  subjects: readonly Subject[] = SUBJECTS,
): Promise<number> {
  const { stdout, stderr, ended } = surroundings;
  const display = createDisplay(options.apiKey, ...(options.oauthClient === undefined ? [] : [options.oauthClient.secret]));
  const interruption = new AbortController();
  void ended.then(() => interruption.abort());

  let client: Client | undefined;
  let reported = false;
  try {
    const base = readUrl(options.url);
    const url = `${base.origin}${base.pathname.replace(/\/+$/, '')}`;
    client = new Client(base, { apiKey: options.apiKey, oauthClient: options.oauthClient, gentle: options.gentle ?? false });
    const { clockDifference } = await connect(client, url);
    const { as, isNewer } = await detectEmulation(client, url, options.as);
    const asked = options.only === undefined ? subjects : onlyAbout(subjects, options.only);
    if (options.only !== undefined && scenariosFor(asked, as, entryOf(client)).length === 0) {
      throw new CannotVerify(
        `No scenario of Etherpad ${as} has ${JSON.stringify(options.only)} in its subject or title. Leave out --only to run all scenarios.`,
      );
    }

    const heading: Heading = {
      url,
      as,
      detected: options.as === undefined,
      scenarios: scenariosFor(asked, as, entryOf(client)).length,
      only: options.only,
      isNewer,
      proposes: isNewer || options.column === true,
    };
    const report = (options.json === true ? jsonReport : textReport)(stdout);
    report.begin(heading);
    void ended.then(() => (reported ? undefined : stderr.write('Interrupted: deleting what this run created.\n')));
    let run: Run | undefined;
    let leftovers: Leftovers;
    try {
      run = await runScenarios(asked, {
        client,
        url,
        emulation: as,
        display,
        clockDifference,
        signal: interruption.signal,
        onStart: report.start,
        onResult: report.result,
      });
    } finally {
      leftovers = await cleanUp(client);
    }
    report.end(heading, run, leftovers);
    reported = true;
    if (run.end === 'lost') {
      const { groups, pads } = leftovers;
      const left = [
        groups.length === 0 ? '' : ` Groups that are left there: ${groups.join(', ')}.`,
        pads.length === 0 ? '' : ` Pads that are left there: ${pads.join(', ')}.`,
      ].join('');
      throw new CannotVerify(`${url} no longer answers. Start it again, then repeat this run.${left}`);
    }
    if (run.end === 'interrupted') return INTERRUPTED;
    return run.results.some(({ outcome }) => outcome === 'differs') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof CannotVerify)) throw error;
    stderr.write(`${display(error.message)}\n`);
    if (options.json === true && !reported) stdout.write(`${JSON.stringify({ error: display(error.message) })}\n`);
    return 2;
  } finally {
    client?.close();
  }
}
