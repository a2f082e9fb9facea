import { findJsonDifferences } from '../evidence/json-difference.ts';
import { type Behaviour, behaviourOf, EMULATIONS } from '../etherpad/emulation.ts';
import type { Reply } from './client.ts';
import { compare, type Expectation } from './expectation.ts';

/** A behaviour by name. */
export type BehaviourName = keyof Behaviour;

/** What an answer shows of a behaviour: what was expected of it, and what was found. */
export interface ShownBehaviour {
  readonly behaviour: BehaviourName;
  readonly expected: unknown;
  readonly found: unknown;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The values that a behaviour has in any emulation, each once. */
export const valuesOf = (name: BehaviourName): readonly unknown[] => {
  const values: unknown[] = [];
  for (const emulation of EMULATIONS) {
    const value = behaviourOf(emulation)[name];
    if (!values.some((known) => same(known, value))) values.push(value);
  }
  return values;
};

const NAMES = Object.keys(behaviourOf('documented')) as readonly BehaviourName[];

/** Which behaviours an expectation asks for. */
function behavioursRead(expectation: Expectation, behaviour: Behaviour): BehaviourName[] {
  const read = new Set<string>();
  const watched = new Proxy(behaviour, {
    get(target, name: string) {
      read.add(name);
      return target[name as BehaviourName];
    },
  });
  expectation(watched);
  return NAMES.filter((name) => read.has(name));
}

const withValue = (behaviour: Behaviour, name: BehaviourName, value: unknown): Behaviour => ({ ...behaviour, [name]: value });

const fits = (expectation: Expectation, behaviour: Behaviour, reply: Reply): boolean =>
  compare(expectation(behaviour), reply) === undefined;

/** No answer has this in it by itself. */
const MARK = '\u{f8ff}a value that no emulation has\u{f8ff}';

/** The value of a behaviour that stands in the answer and is none of those known: a newer version, other words. */
function newValue(expectation: Expectation, behaviour: Behaviour, name: BehaviourName, reply: Reply): unknown {
  if (typeof behaviour[name] !== 'string' || reply.kind !== 'answer') return undefined;
  const expected = expectation(withValue(behaviour, name, MARK));
  if (expected === 'silence' || expected.status !== reply.status || !('json' in expected)) return undefined;
  let actual: unknown;
  try {
    actual = JSON.parse(reply.body) as unknown;
  } catch {
    return undefined;
  }
  const [only, ...others] = findJsonDifferences(expected.json, actual);
  return only?.one === MARK && others.length === 0 ? only.other : undefined;
}

/** What answers say of one behaviour. */
interface Witnesses {
  readonly values: readonly unknown[];
  /** Values that no emulation has. */
  readonly news: unknown[];
  /** For each answer that tells values apart, whether it fits a value. */
  readonly answers: ((value: unknown) => boolean)[];
}

/** So many answers are kept for one behaviour. */
const MOST_ANSWERS = 2_000;

/** What is known of one behaviour after a run. */
export interface Finding {
  readonly behaviour: BehaviourName;
  /** What the emulation that the server was compared with has. */
  readonly expected: unknown;
  /** `found`: one value that all answers fit. `new`: a value that no emulation has. `undecided`: no answer tells, or they disagree. */
  readonly state: 'found' | 'new' | 'undecided';
  readonly value?: unknown;
  /** How many answers tell one value from another. */
  readonly answers: number;
  /** Why it is undecided. */
  readonly why?: string;
}

/** Gathers what answers show of the behaviours of a server. */
export class Evidence {
  readonly #behaviour: Behaviour;
  readonly #witnesses = new Map<BehaviourName, Witnesses>();

  /** @param behaviour of the emulation that the server is compared with */
  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  /**
   * Looks at an answer under every value that the behaviours in it could have.
   *
   * @returns the behaviours that explain why it is not as expected; none when it is, or when none explains it
   */
  note(expectation: Expectation, reply: Reply): readonly ShownBehaviour[] {
    const behaviour = this.#behaviour;
    const read = behavioursRead(expectation, behaviour);
    const explained = fits(expectation, behaviour, reply) ? { behaviour, changes: [] } : this.#explain(expectation, read, reply);
    if (explained === undefined) return [];
    for (const name of read) {
      const { values, news, answers } = this.#witnessesOf(name);
      const found = explained.changes.find((change) => change.behaviour === name)?.found;
      if (found !== undefined && ![...values, ...news].some((value) => same(value, found))) news.push(found);
      const fitsValue = (value: unknown): boolean => fits(expectation, withValue(explained.behaviour, name, value), reply);
      if (answers.length < MOST_ANSWERS && !values.every(fitsValue)) answers.push(fitsValue);
    }
    return explained.changes;
  }

  /** What was found, one row for each behaviour of the table. */
  findings(): readonly Finding[] {
    return NAMES.map((name) => this.#findingOf(name));
  }

  #findingOf(behaviour: BehaviourName): Finding {
    const { values, news, answers } = this.#witnessesOf(behaviour);
    const about = { behaviour, expected: this.#behaviour[behaviour], answers: answers.length };
    if (answers.length === 0) return { ...about, state: 'undecided', why: 'no answer tells' };
    const counts = [...values, ...news].map((value) => ({ value, fitting: answers.filter((fitsValue) => fitsValue(value)).length }));
    const [only, ...others] = counts.filter(({ fitting }) => fitting === answers.length);
    if (only !== undefined && others.length === 0)
      return { ...about, state: news.includes(only.value) ? 'new' : 'found', value: only.value };
    const why = counts.map(({ value, fitting }) => `${fitting} of ${answers.length} answers fit ${JSON.stringify(value)}`);
    return { ...about, state: 'undecided', why: why.join(', ') };
  }

  #witnessesOf(name: BehaviourName): Witnesses {
    let witnesses = this.#witnesses.get(name);
    if (witnesses === undefined) this.#witnesses.set(name, (witnesses = { values: valuesOf(name), news: [], answers: [] }));
    return witnesses;
  }

  /** The fewest behaviours, one or two, that have to be otherwise for the answer to fit. */
  #explain(
    expectation: Expectation,
    read: readonly BehaviourName[],
    reply: Reply,
  ): { behaviour: Behaviour; changes: readonly ShownBehaviour[] } | undefined {
    const behaviour = this.#behaviour;
    const singles = read.flatMap((name) =>
      [...valuesOf(name), newValue(expectation, behaviour, name, reply)]
        .filter((value) => value !== undefined && !same(value, behaviour[name]))
        .map((found): ShownBehaviour => ({ behaviour: name, expected: behaviour[name], found })),
    );
    const changed = (changes: readonly ShownBehaviour[]): Behaviour =>
      changes.reduce((result, change) => withValue(result, change.behaviour, change.found), behaviour);
    for (const change of singles)
      if (fits(expectation, changed([change]), reply)) return { behaviour: changed([change]), changes: [change] };
    for (const [index, first] of singles.entries()) {
      for (const second of singles.slice(index + 1)) {
        if (first.behaviour === second.behaviour) continue;
        const changes = [first, second];
        if (fits(expectation, changed(changes), reply)) return { behaviour: changed(changes), changes };
      }
    }
    return undefined;
  }
}
