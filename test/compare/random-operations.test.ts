import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { restPathsOf } from '../../src/compare/api-call.ts';
import { FUNCTIONS } from '../../src/etherpad/functions.ts';
import { type Emulation, EMULATIONS, startMockEtherpad } from '../../src/index.ts';
import { type Question, multipart, send } from '../ask.ts';
import { comparing } from './comparing.ts';

const KEY = 'a-key-for-tests';

/** 4 emulations, 25 runs each, 50 operations in a run: 5,000. */
const RUNS = 25;
const OPERATIONS = 50;

/** What a client does: a call of a function, in some way, with picks of what was ever made; or time goes by. */
interface Operation {
  readonly name: string;
  readonly picks: readonly number[];
  readonly text: string;
  readonly way: 'query' | 'form' | 'multipart' | 'json' | 'post with a query';
  readonly mount: 'api' | 'rest' | 'api/2' | 'root';
  readonly key: 'right' | 'wrong' | 'none';
  readonly wait: number;
}

const operation: fc.Arbitrary<Operation> = fc.record({
  name: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...FUNCTIONS.map(({ name }) => name)) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('createGroup', 'createAuthor', 'createSession', 'createGroupPad', 'createGroupIfNotExistsFor', 'listSessionsOfGroup', 'deleteSession'), // oxfmt-ignore
    },
  ),
  picks: fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
  text: fc.oneof(fc.constantFrom('', 'one\ntwo', 'Ada', '1', '$', 'notes', 'ä ☃ &=%', '<b>x</b>'), fc.string({ maxLength: 12 })),
  way: fc.constantFrom('query', 'query', 'form', 'multipart', 'json', 'post with a query'),
  mount: fc.constantFrom('api', 'api', 'api', 'rest', 'api/2', 'root'),
  key: fc.oneof({ weight: 12, arbitrary: fc.constant('right' as const) }, { weight: 1, arbitrary: fc.constantFrom('wrong', 'none') }),
  wait: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 90 }) }),
});

/** Ids that answers gave, by the letter that they begin with. */
class Made {
  readonly #ids = new Map<string, string[]>([['p', ['notes', 'plan']]]);

  learn(body: string): void {
    for (const [id, letter] of body.matchAll(/\b([gasr])\.\w{16,32}(?:\$[\w.-]+)?/g)) {
      const ids = this.#ids.get(id.includes('$') ? 'p' : letter!) ?? [];
      if (!ids.includes(id)) ids.push(id);
      this.#ids.set(id.includes('$') ? 'p' : letter!, ids);
    }
  }

  pick(letter: string, pick: number): string {
    const ids = this.#ids.get(letter) ?? [];
    return ids[ids.length - 1 - (pick % (ids.length + 1))] ?? `${letter}.unknown`;
  }
}

function valueOf(parameter: string, { picks, text }: Operation, made: Made, now: number): string {
  switch (parameter) {
    case 'groupID':
      return made.pick('g', picks[0]!);
    case 'authorID':
    case 'authorId':
      return made.pick('a', picks[1]!);
    case 'sessionID':
      return made.pick('s', picks[2]!);
    case 'padID':
    case 'sourceID':
    case 'destinationID':
      return made.pick('p', picks[3]!);
    case 'roID':
      return made.pick('r', picks[3]!);
    case 'validUntil':
      return ['', 'abc', '-1', '1.5', '99999999999'][picks[0]!] ?? String(now + picks[1]! * 10 + 2);
    case 'rev':
    case 'startRev':
    case 'endRev':
    case 'start':
    case 'end':
      return String(picks[2]! % 4);
    case 'html':
      return `<p>${text}</p>`;
    default:
      return text;
  }
}

function questionOf(one: Operation, emulate: Emulation, made: Made, now: number): Question {
  const row = FUNCTIONS.find(({ name }) => name === one.name)!;
  const names = [...row.parameters, ...(row.laterParameters?.names ?? [])].filter(
    (_name, index) => (one.picks[index % 4]! + index) % 7 !== 6,
  );
  const values: [string, string][] = names.map((name) => [name, valueOf(name, one, made, now)]);
  if (one.key !== 'none') values.unshift(['apikey', one.key === 'right' ? KEY : 'another-key']);
  const paths = restPathsOf(row);
  const version = one.picks[0] === 9 ? '1' : '1.3.0';
  const at = {
    api: `/api/${version}/${row.name}`,
    rest: `/rest/${version}/${paths[one.picks[1]! % paths.length]!}`,
    'api/2': `/api/2/${row.api2?.path ?? row.name}`,
    root: `/${row.name}`,
  }[one.mount];
  const query = new URLSearchParams(values).toString();
  if (one.mount === 'api/2' && row.api2 !== undefined) return { method: row.api2.method, path: `${at}?${query}` };
  switch (one.way) {
    case 'query':
      return { path: `${at}?${query}` };
    case 'post with a query':
      return { method: 'POST', path: `${at}?${query}` };
    case 'form':
      return { method: 'POST', path: at, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: query };
    case 'multipart':
      return { method: 'POST', path: at, ...multipart(values) };
    case 'json':
      // 2.5.3 never answers one: another test asks it
      if (emulate === '2.5.3') return { path: `${at}?${query}` };
      return {
        method: 'POST',
        path: at,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(Object.fromEntries(values)),
      };
  }
}

describe.each(EMULATIONS)('a mock of %s, compared with the same emulation', (emulate) => {
  test(`differs in nothing over ${RUNS * OPERATIONS} random operations`, { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS }), async (operations) => {
        await using etherpad = await startMockEtherpad({ emulate, apiKey: KEY });
        const comparison = await comparing(etherpad.url, emulate);
        const made = new Made();
        for (const one of operations) {
          if (one.wait > 0) await etherpad.clock.advance({ seconds: one.wait });
          const { body } = await send(comparison.url, questionOf(one, emulate, made, await etherpad.clock.now())).reply;
          made.learn(body);
        }
        const { calls, differences } = await comparison.close();
        expect(differences).toEqual([]);
        expect(calls).toMatchObject({ compared: operations.length, same: operations.length, failed: 0, ofBefore: 0 });
      }),
      // what fails is told as it is: making it shorter would take minutes over real sockets
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});

test('calls that overlap are compared in the order in which they were answered', { timeout: 60_000 }, async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: KEY });
  const comparison = await comparing(etherpad.url, '3.3.1');
  const path = (name: string, parameters: Record<string, string> = {}): string =>
    `/api/1.3.0/${name}?${new URLSearchParams({ apikey: KEY, ...parameters }).toString()}`;
  const call = async (name: string, parameters: Record<string, string> = {}): Promise<Record<string, string>> =>
    (JSON.parse((await send(comparison.url, { path: path(name, parameters) }).reply).body) as { data: Record<string, string> }).data;
  const clients = Array.from({ length: 20 }, async (_nothing, number) => {
    const { groupID } = await call('createGroupIfNotExistsFor', { groupMapper: `class-${number % 4}` });
    const { authorID } = await call('createAuthorIfNotExistsFor', { authorMapper: `child-${number}`, name: 'Ada' });
    for (let lesson = 0; lesson < 10; lesson++) {
      const { sessionID } = await call('createSession', { groupID: groupID!, authorID: authorID!, validUntil: '4000000000' });
      await call('getSessionInfo', { sessionID: sessionID! });
      await call('listSessionsOfAuthor', { authorID: authorID! });
      await call('deleteSession', { sessionID: sessionID! });
    }
  });
  await Promise.all(clients);
  const { calls, differences } = await comparison.close();
  expect(differences).toEqual([]);
  expect(calls).toMatchObject({ compared: 20 * 42, same: 20 * 42 });
});
