import { seededBytes } from '../etherpad/ids.ts';
import type { FunctionName } from '../etherpad/functions.ts';
import { didYouMean } from './nearest-name.ts';
import { badInput, ControlError, notFound } from './problem.ts';
import { findProblems, type Schema } from './schema.ts';

/** What goes wrong. `code`, `html` and `drop` do nothing else; the others do what was asked, and spoil the answer. */
export type FaultKind = 'code' | 'latency' | 'html' | 'contentType' | 'truncate' | 'drop' | 'lostAnswer';

/** What a fault of any kind can have. */
interface AnyFault {
  /** The function it is for; `*`, the default, means any. `page` and `export` are for those of pads, which `*` is not. */
  readonly function?: FunctionName | 'page' | 'export' | 'token' | '*';
  /** How often it fires before it is spent; without it, always. */
  readonly times?: number;
  /** How many matching requests pass before it can fire. */
  readonly skip?: number;
  /** From 0 to 1: how likely a matching request meets it. */
  readonly probability?: number;
  /** Makes `probability` draw the same again. */
  readonly seed?: string | number;
}

/** What a fault of each kind has beside that. */
interface OfKind {
  /** `code` is what is answered; `message` the emulated Etherpad's own by default. */
  readonly code: { readonly code: 1 | 2 | 3 | 4; readonly message?: string };
  /** Real milliseconds that the answer waits. */
  readonly latency: { readonly milliseconds: number };
  /** The HTTP status, 502 by default. */
  readonly html: { readonly status?: number };
  /** `text/plain` by default. */
  readonly contentType: { readonly contentType?: string };
  readonly truncate: {};
  readonly drop: {};
  readonly lostAnswer: {};
}

type DetailName = 'code' | 'message' | 'milliseconds' | 'status' | 'contentType';

/**
 * A fault to add: a kind, what that kind needs, and when it fires.
 *
 * @example await etherpad.faults.add({ kind: 'code', code: 2, function: 'createSession', times: 1 });
 */
export type FaultSpecification = {
  readonly [Kind in FaultKind]: AnyFault & { readonly kind: Kind } & OfKind[Kind] & {
      readonly [Name in Exclude<DetailName, keyof OfKind[Kind]>]?: never;
    };
}[FaultKind];

/** A fault that was added. */
export type Fault = FaultSpecification & {
  readonly id: string;
  readonly function: string;
  /** How often it fired. */
  readonly fired: number;
};

interface Active {
  readonly id: string;
  readonly specification: FaultSpecification;
  readonly draw: () => number;
  skipped: number;
  fired: number;
}

/** How many faults there can be at a time: each request looks through them. */
const MOST_FAULTS = 1_000;

/** What only some kinds have, and whether they must. */
const DETAILS: Readonly<Record<FaultKind, { readonly needs?: readonly DetailName[]; readonly takes?: readonly DetailName[] }>> = {
  code: { needs: ['code'], takes: ['message'] },
  latency: { needs: ['milliseconds'] },
  html: { takes: ['status'] },
  contentType: { takes: ['contentType'] },
  truncate: {},
  drop: {},
  lostAnswer: {},
};

const COMMON = ['kind', 'function', 'times', 'skip', 'probability', 'seed'] as const;

export const FAULT_KINDS = Object.keys(DETAILS) as readonly FaultKind[];

export const FAULT_SCHEMA: Schema = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { type: 'string', enum: FAULT_KINDS, description: 'what goes wrong' },
    function: {
      type: 'string',
      minLength: 1,
      default: '*',
      description: 'the function it is for, * for any, page or export for those of pads',
    },
    code: { type: 'integer', enum: [1, 2, 3, 4], description: 'of kind code' },
    message: { type: 'string', description: "of kind code; the emulated Etherpad's own by default" },
    milliseconds: { type: 'number', minimum: 0, maximum: 600_000, description: 'of kind latency, in real time' },
    status: { type: 'integer', minimum: 200, maximum: 599, default: 502, description: 'of kind html' },
    contentType: { type: 'string', pattern: '^[ -~]+$', default: 'text/plain', description: 'of kind contentType' },
    times: { type: 'integer', minimum: 1, description: 'how often it fires before it is spent' },
    skip: { type: 'integer', minimum: 0, description: 'how many matching requests pass before it can fire' },
    probability: { type: 'number', minimum: 0, maximum: 1, description: 'how likely a matching request meets it' },
    seed: { anyOf: [{ type: 'string' }, { type: 'number' }], description: 'makes probability draw the same again' },
  },
};

/** What is asked for at a pad's own path, where there is no function. */
export const PAGES: ReadonlySet<string> = new Set(['page', 'export']);

function checkSpecification(specification: FaultSpecification, functions: readonly string[]): void {
  const problems = findProblems(specification, FAULT_SCHEMA);
  const { kind, function: name } = specification ?? {};
  const ofKind = Object.hasOwn(DETAILS, kind ?? '') ? DETAILS[kind] : undefined;
  if (ofKind !== undefined) {
    const taken = new Set<string>([...COMMON, ...(ofKind.needs ?? []), ...(ofKind.takes ?? [])]);
    for (const need of ofKind.needs ?? []) {
      if (specification[need] === undefined) problems.push({ path: `/${need}`, message: `is missing: a fault of kind ${kind} needs it` });
    }
    for (const given of Object.keys(specification)) {
      if (Object.hasOwn(FAULT_SCHEMA.properties!, given) && !taken.has(given)) {
        problems.push({ path: `/${given}`, message: `is not for a fault of kind ${kind}` });
      }
    }
  }
  if (typeof name === 'string' && name !== '*' && !PAGES.has(name) && !functions.includes(name)) {
    problems.push({
      path: '/function',
      message: `there is no function ${JSON.stringify(name)}${didYouMean(name, [...functions, ...PAGES]) || ': use a function of Etherpad in its own spelling, * for any, page, export or token'}`,
    });
  }
  if (problems.length > 0) throw badInput(problems);
}

/** Random numbers from 0 to 1, below which a fault fires. */
function randomNumbers(seed: string | number | undefined): () => number {
  if (seed === undefined) return Math.random;
  const bytes = seededBytes(seed);
  return () => bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32;
}

/** What a request meets: at most one fault, and a latency beside it. */
export interface FaultsMet {
  readonly fault: Fault | undefined;
  readonly latency: Fault | undefined;
}

const NONE: FaultsMet = { fault: undefined, latency: undefined };

const describe = ({ id, specification, fired }: Active): Fault => ({
  id,
  ...specification,
  function: specification.function ?? '*',
  fired,
});

/** The faults of one Etherpad, the oldest first. */
export class Faults {
  readonly #functions: readonly string[];
  #active: Active[] = [];
  #count = 0;

  /** @param functions the names that a fault can be for */
  constructor(functions: readonly string[]) {
    this.#functions = functions;
  }

  /** @throws ControlError 400 with every problem of the specification, 503 when there are too many faults */
  add(specification: FaultSpecification): Fault {
    checkSpecification(specification, this.#functions);
    if (this.#active.length >= MOST_FAULTS) {
      throw new ControlError(503, `there are ${MOST_FAULTS} faults already: remove some with DELETE /_mock/faults, or faults.clear()`);
    }
    const added: Active = {
      id: `fault-${++this.#count}`,
      specification: { ...specification },
      draw: randomNumbers(specification.seed),
      skipped: 0,
      fired: 0,
    };
    this.#active.push(added);
    return describe(added);
  }

  list(): Fault[] {
    return this.#active.map(describe);
  }

  clear(): void {
    this.#active = [];
  }

  /** @throws ControlError for an unknown id */
  remove(id: string): void {
    const index = this.#active.findIndex((active) => active.id === id);
    if (index === -1) throw notFound(`no fault has the id ${id}`);
    this.#active.splice(index, 1);
  }

  /** Finds what a call of a function meets, and counts it: the oldest fault that matches, and the oldest latency. */
  meet(name: string): FaultsMet {
    if (this.#active.length === 0) return NONE;
    let fault: Active | undefined;
    let latency: Active | undefined;
    for (const active of this.#active) {
      const isLatency = active.specification.kind === 'latency';
      if ((isLatency ? latency : fault) !== undefined || !this.#fires(active, name)) continue;
      active.fired += 1;
      if (isLatency) latency = active;
      else fault = active;
    }
    return { fault: fault && describe(fault), latency: latency && describe(latency) };
  }

  #fires(active: Active, name: string): boolean {
    const { function: wanted = '*', times = Number.POSITIVE_INFINITY, skip = 0, probability = 1 } = active.specification;
    if (wanted === '*' ? PAGES.has(name) : wanted !== name) return false;
    if (active.fired >= times) return false;
    if (active.skipped < skip) {
      active.skipped += 1;
      return false;
    }
    return probability === 1 || active.draw() < probability;
  }
}
