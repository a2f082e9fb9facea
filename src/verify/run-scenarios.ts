import { setTimeout as pause } from 'node:timers/promises';
import { behaviourOf, type Behaviour, type Emulation } from '../etherpad/emulation.ts';
import { showValue } from '../evidence/json-difference.ts';
import { type Client, PATIENCE, type Reply, SILENCE } from './client.ts';
import { curlOf, describeRequest } from './display.ts';
import { ANY_AUTHOR_ID, ANY_GROUP_ID, ANY_SESSION_ID, compare, type Expectation, type KnownSession, ok, padMade } from './expectation.ts';
import { ownPadMade } from './pad-expectations.ts';
import { get, isHeaderText, lettingItselfIn, type Request } from './request.ts';
import { AUTHOR_NAME, type Entry, type Scenario, type Steps, type Subject } from './scenario.ts';
import { Evidence, type Finding, type ShownBehaviour } from './shown-behaviours.ts';

/** A request that was answered otherwise than expected. */
export interface Difference {
  readonly request: string;
  readonly expected: string;
  readonly actual: string;
  /** Where the answer is long: the places in which it differs, with what is expected there and what was found. */
  readonly places: readonly { readonly path: string; readonly expected: string; readonly actual: string }[];
  /** The command that sends the request again. */
  readonly curl: string;
  /** What the scenario had made or changed before it: commands, and what they gave. */
  readonly setUp: readonly { readonly curl: string; readonly gave: string }[];
  /** The behaviours of the table of emulations that explain it; none when nothing known does. */
  readonly behaviours: readonly ShownBehaviour[];
}

/** How a scenario came out. Texts are fit to be shown: the API key is in none of them. */
export interface Result {
  readonly subject: string;
  readonly title: string;
  readonly outcome: 'same' | 'differs' | 'left out';
  readonly differences: readonly Difference[];
  /** Why it was left out. */
  readonly reason?: string;
}

/** All results, and whether there could have been more. */
export interface Run {
  readonly results: readonly Result[];
  /** `interrupted` by the signal; `lost` when the server could not be reached any more. */
  readonly end: 'complete' | 'interrupted' | 'lost';
  /** What the answers tell of each behaviour. */
  readonly findings: readonly Finding[];
}

/** What a run needs to know, and whom it tells. */
export interface RunOptions {
  readonly client: Client;
  /** The server's base URL, for commands that send requests again. */
  readonly url: string;
  /** The Etherpad that the server is to be like. */
  readonly emulation: Emulation;
  /** Makes texts fit to be shown. */
  readonly display: (text: string) => string;
  /** The server's clock less this machine's, in seconds. */
  readonly clockDifference: number;
  readonly signal?: AbortSignal;
  readonly onStart?: (scenario: { subject: string; title: string; number: number; of: number }) => void;
  readonly onResult?: (result: Result) => void;
}

/** Ends a scenario early. */
class EndOfScenario extends Error {
  override readonly name = 'EndOfScenario';
  readonly why: 'interrupted' | 'something it needs is missing' | 'the server is silent' | 'left out';

  constructor(why: EndOfScenario['why'], message = '') {
    super(message);
    this.why = why;
  }
}

const NEW_ID = { groupID: ANY_GROUP_ID, authorID: ANY_AUTHOR_ID, sessionID: ANY_SESSION_ID } as const;

/** A server that did not answer once may never answer: the shorter time it gets from then on, in milliseconds. */
const PATIENCE_AFTER_SILENCE = 2_000;

/** Requests that change nothing. */
const READS = /\/(?:get|list|check|info|name|pads\b|sessions\/|openapi)|^\/api\/?(\?|$)/i;

/** So many requests before a difference are told. */
const LONGEST_SET_UP = 20;

/** A day, in seconds. */
const A_DAY = 86_400;

/** What outlives one scenario. */
interface Shared {
  anyAuthor?: { readonly authorID: string; readonly made: Difference['setUp'][number] | undefined };
  names: number;
  /** How long an answer may take, in milliseconds. */
  patience: number;
  readonly evidence: Evidence;
}

class RunningSteps implements Steps {
  readonly differences: Difference[] = [];
  readonly #setUp: Difference['setUp'][number][] = [];
  /** Whether a request found nobody to answer it. */
  lost = false;
  readonly behaviour: Behaviour;
  readonly client: string;
  readonly #options: RunOptions;
  readonly #shared: Shared;

  constructor(options: RunOptions, shared: Shared) {
    this.#options = options;
    this.#shared = shared;
    this.behaviour = behaviourOf(options.emulation);
    this.client = options.client.entry.oauthClient?.id ?? '';
  }

  unique(word: string): string {
    return `${this.#options.client.made.mark}-${++this.#shared.names}-${word}`;
  }

  group(): Promise<string> {
    return this.gives(get('createGroup'), 'groupID');
  }

  author(name: string = AUTHOR_NAME): Promise<string> {
    return this.gives(get('createAuthor', { name }), 'authorID');
  }

  async anyAuthor(): Promise<string> {
    const { anyAuthor } = this.#shared;
    if (anyAuthor === undefined) {
      const authorID = await this.author();
      this.#shared.anyAuthor = { authorID, made: this.#setUp.at(-1) };
      return authorID;
    }
    // another scenario made it, and whoever repeats this one has to
    if (anyAuthor.made !== undefined && !this.#setUp.includes(anyAuthor.made)) this.#setUp.push(anyAuthor.made);
    return anyAuthor.authorID;
  }

  async session(of: { groupID?: string; authorID?: string; validUntil?: number } = {}): Promise<KnownSession> {
    const groupID = of.groupID ?? (await this.group());
    const authorID = of.authorID ?? (await this.anyAuthor());
    const validUntil = of.validUntil ?? this.now() + A_DAY;
    const sessionID = await this.gives(get('createSession', { groupID, authorID, validUntil: String(validUntil) }), 'sessionID');
    return { sessionID, groupID, authorID, validUntil };
  }

  async pad(groupID: string, padName: string, text = 'hello'): Promise<string> {
    const padID = `${groupID}$${padName}`;
    await this.expects(get('createGroupPad', { groupID, padName, text }), padMade(padID));
    return padID;
  }

  async ownPad(text = 'hello'): Promise<string> {
    const padID = this.unique('pad');
    await this.expects(get('createPad', { padID, text }), ownPadMade);
    return padID;
  }

  async expects(request: Request, expectation: Expectation): Promise<void> {
    await this.#ask(request, expectation);
  }

  async gives(request: Request, id: 'groupID' | 'authorID' | 'sessionID'): Promise<string> {
    const body = await this.#ask(request, ok({ [id]: NEW_ID[id] }));
    if (body === undefined) throw new EndOfScenario('something it needs is missing');
    return (JSON.parse(body) as { data: Record<string, string> }).data[id]!;
  }

  now(): number {
    return Math.floor(Date.now() / 1000) + this.#options.clockDifference;
  }

  async wait(milliseconds: number): Promise<void> {
    const { signal } = this.#options;
    await pause(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    this.#stopWhenAsked();
  }

  needsKeyInHeader(): void {
    if (!isHeaderText(this.#options.client.entry.apiKey)) throw new EndOfScenario('left out', 'this API key cannot be sent in a header');
  }

  #stopWhenAsked(): void {
    if (this.#options.signal?.aborted === true) throw new EndOfScenario('interrupted');
  }

  /** What only reads, or was refused, need not be done again. */
  #keepSetUp(request: Request, reply: Reply): void {
    if (READS.test(request.target) || reply.kind !== 'answer' || !reply.body.startsWith('{"code":0,')) return;
    const { client, display, url } = this.#options;
    this.#setUp.push({ curl: curlOf(lettingItselfIn(request, client.entry), url), gave: display(reply.body) });
  }

  /** @returns the answer's body where it is as expected */
  async #ask(request: Request, expectation: Expectation): Promise<string | undefined> {
    this.#stopWhenAsked();
    const { client, display } = this.#options;
    const expected = expectation(this.behaviour);
    const reply = await client.send(request, expected === 'silence' ? SILENCE : this.#shared.patience);
    const mismatch = compare(expected, reply);
    const behaviours = this.#shared.evidence.note(expectation, reply);
    const setUp = this.#setUp.slice(-LONGEST_SET_UP);
    this.#keepSetUp(request, reply);
    if (mismatch === undefined) return reply.kind === 'answer' ? reply.body : undefined;
    this.lost ||= reply.kind === 'broken';
    this.differences.push({
      request: display(describeRequest(request)),
      expected: display(mismatch.expected),
      actual: display(mismatch.actual),
      places: mismatch.places.map(({ path, one, other }) => ({
        path: display(path),
        expected: display(showValue(one)),
        actual: display(showValue(other)),
      })),
      curl: curlOf(lettingItselfIn(request, client.entry), this.#options.url),
      setUp,
      behaviours,
    });
    if (reply.kind === 'silence') {
      this.#shared.patience = PATIENCE_AFTER_SILENCE;
      throw new EndOfScenario('the server is silent');
    }
    return undefined;
  }
}

async function runScenario(subject: string, { title, run }: Scenario, steps: RunningSteps): Promise<Result | 'interrupted'> {
  const { differences } = steps;
  try {
    await run(steps);
  } catch (error) {
    if (!(error instanceof EndOfScenario)) throw error;
    if (error.why === 'interrupted') return 'interrupted';
    if (error.why === 'left out') return { subject, title, outcome: 'left out', differences, reason: error.message };
  }
  return { subject, title, outcome: differences.length === 0 ? 'same' : 'differs', differences };
}

/** Scenarios whose subject or title has a text in it, in any case. */
export const onlyAbout = (subjects: readonly Subject[], text: string): readonly Subject[] => {
  const has = (one: string): boolean => one.toLowerCase().includes(text.toLowerCase());
  return subjects
    .map((subject) => (has(subject.name) ? subject : { ...subject, scenarios: subject.scenarios.filter(({ title }) => has(title)) }))
    .filter(({ scenarios }) => scenarios.length > 0);
};

/** What lets a client's calls in. */
export const entryOf = ({ entry }: Client): Entry => (entry.oauthClient === undefined ? 'API key' : 'token');

/** The scenarios that are true of an Etherpad which lets calls in so, with their subjects. */
export const scenariosFor = (
  subjects: readonly Subject[],
  emulation: Emulation,
  entry: Entry = 'API key',
): readonly { subject: string; scenario: Scenario }[] => {
  const behaviour = behaviourOf(emulation);
  return subjects.flatMap(({ name, scenarios, entry: usual = entry }) =>
    scenarios
      .filter(({ when, entry: only = usual }) => only === entry && (when?.(behaviour) ?? true))
      .map((scenario) => ({ subject: name, scenario })),
  );
};

/**
 * Runs scenarios against a server, one after the other. What they make stays there: see `cleanUp`.
 *
 * @example
 * const { results } = await runScenarios(SUBJECTS, { client, emulation: '3.3.1', display: createDisplay(apiKey), clockDifference: 0 });
 */
export async function runScenarios(subjects: readonly Subject[], options: RunOptions): Promise<Run> {
  const { client, signal, onStart, onResult } = options;
  const scenarios = scenariosFor(subjects, options.emulation, entryOf(client));
  const evidence = new Evidence(behaviourOf(options.emulation));
  const shared: Shared = { names: 0, patience: PATIENCE, evidence };
  const endAs = (end: Run['end']): Run => ({ results, end, findings: evidence.findings() });
  const results: Result[] = [];
  for (const [index, { subject, scenario }] of scenarios.entries()) {
    if (signal?.aborted === true) return endAs('interrupted');
    onStart?.({ subject, title: scenario.title, number: index + 1, of: scenarios.length });
    const steps = new RunningSteps(options, shared);
    // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
    const result = await runScenario(subject, scenario, steps);
    if (result === 'interrupted') return endAs('interrupted');
    results.push(result);
    onResult?.(result);
    // oxlint-disable-next-line no-await-in-loop
    if (steps.lost && (await client.send(get('/api', ''))).kind !== 'answer') return endAs('lost');
  }
  return endAs('complete');
}

/** What could not be deleted. */
export interface Leftovers {
  readonly groups: readonly string[];
  /** Pads outside of any group. */
  readonly pads: readonly string[];
  /** Etherpad has no function that deletes an author. */
  readonly authors: readonly string[];
  /** How many authors called `API` there are more: Etherpad makes one whenever a revision is saved, and does not tell its id. */
  readonly authorsCalledAPI: number;
}

/**
 * Deletes the pads that a client made outside of groups, then its groups, and with them their sessions and pads. Where deleteGroup fails, which is how
 * some Etherpads are, pads and sessions are gone and the empty group stays.
 */
export async function cleanUp(client: Client): Promise<Leftovers> {
  const { groups, authors, pads } = client.made;
  for (const padID of pads) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
    const reply = await client.send(get('deletePad', { padID }));
    if (reply.kind !== 'answer') break;
    if (reply.body.startsWith('{"code":0,') || reply.body.includes('"padID does not exist"')) pads.delete(padID);
  }
  for (const groupID of groups) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
    const reply = await client.send(get('deleteGroup', { groupID }));
    if (reply.kind !== 'answer') break;
    if (reply.body.startsWith('{"code":0,') || reply.body.includes('"groupID does not exist"')) groups.delete(groupID);
  }
  return { groups: [...groups], pads: [...pads], authors: [...authors], authorsCalledAPI: client.made.authorsCalledAPI };
}
