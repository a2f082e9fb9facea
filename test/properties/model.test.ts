import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../src/etherpad/api-error.ts';
import { type Emulation, EMULATIONS } from '../../src/etherpad/emulation.ts';
import type { Parameters } from '../../src/etherpad/etherpad-function.ts';
import { type NewWorld, newWorld } from '../etherpad/new-world.ts';
import { Model, type Outcome } from './model.ts';

const START = 1_700_000_000;

/** One thing a client or the time does. `pick` chooses among what was ever made; beyond the last it names nothing. */
type Operation =
  | { readonly does: 'createGroup' | 'createAuthor' | 'listAllGroups' | 'giveBack' }
  | { readonly does: 'createGroupIfNotExistsFor'; readonly mapper: string }
  | { readonly does: 'createSession'; readonly pick: number; readonly pickAuthor: number; readonly seconds: number }
  | {
      readonly does: 'getSessionInfo' | 'deleteSession' | 'listSessionsOfGroup' | 'listSessionsOfAuthor' | 'deleteGroup' | 'listPads';
      readonly pick: number;
    }
  | { readonly does: 'createGroupPad' | 'deletePad'; readonly pick: number; readonly padName: string }
  | { readonly does: 'wait'; readonly seconds: number };

const pick = fc.nat(7);
const padName = fc.constantFrom('notes', 'plan');
const does = <Name extends string>(...names: Name[]) => fc.constantFrom(...names);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: does('createGroup', 'createAuthor') }) },
  { weight: 1, arbitrary: fc.record({ does: does('listAllGroups', 'giveBack') }) },
  { weight: 2, arbitrary: fc.record({ does: does('createGroupIfNotExistsFor'), mapper: fc.constantFrom('', 'class-7b', 'constructor') }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: does('createSession'),
      pick,
      pickAuthor: pick,
      seconds: fc.oneof(fc.integer({ min: -2, max: 4 }), fc.integer({ min: 5, max: 300 })),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: does('getSessionInfo', 'deleteSession', 'listSessionsOfGroup', 'listSessionsOfAuthor', 'deleteGroup', 'listPads'),
      pick,
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: does('createGroupPad', 'deletePad'), pick, padName }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: does('wait'), seconds: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 200 })) }),
  },
);

const picked = (ids: readonly string[], index: number): string => ids[index % (ids.length + 1)] ?? 'x.unknown';

function outcomeOf(world: NewWorld, name: string, parameters: Parameters): Outcome {
  try {
    return { data: world.call(name, parameters) };
  } catch (error) {
    if (error instanceof ApiError) return { refusal: error.message };
    throw error;
  }
}

/** The id in an outcome that makes something. */
function made(outcome: Outcome, name: string): string {
  expect(outcome).toHaveProperty(['data', name]);
  return (outcome as { data: Record<string, string> }).data[name]!;
}

/** Asks the world, and the model what the world must say; where something is made, its id comes from the world. */
function compare(world: NewWorld, model: Model, emulate: Emulation, step: Operation): void {
  const groupIDs = model.groups.map(({ id }) => id);
  const call = (parameters: Parameters = {}): Outcome => outcomeOf(world, step.does, parameters);
  switch (step.does) {
    case 'createGroup':
      return model.addGroup(made(call(), 'groupID'));
    case 'createAuthor':
      return model.addAuthor(made(call(), 'authorID'));
    case 'createGroupIfNotExistsFor': {
      const groupID = made(call({ groupMapper: step.mapper }), 'groupID');
      const known = model.groupFor(step.mapper);
      expect(groupIDs.includes(groupID)).toBe(known !== undefined);
      if (known === undefined) model.addGroup(groupID, step.mapper);
      else expect(groupID).toBe(known);
      return;
    }
    case 'createSession': {
      const [groupID, authorID, validUntil] = [
        picked(groupIDs, step.pick),
        picked(model.authors, step.pickAuthor),
        model.now + step.seconds,
      ];
      const outcome = call({ groupID, authorID, validUntil: String(validUntil) });
      const refusal = model.refusalOfSession(groupID, authorID, validUntil);
      if (refusal === undefined) model.addSession(made(outcome, 'sessionID'), groupID, authorID, validUntil);
      else expect(outcome).toEqual({ refusal });
      return;
    }
    case 'getSessionInfo':
    case 'deleteSession': {
      const sessionID = picked(
        model.sessions.map(({ id }) => id),
        step.pick,
      );
      return expectSame(call({ sessionID }), model[step.does](sessionID));
    }
    case 'listSessionsOfGroup':
    case 'listPads':
    case 'deleteGroup': {
      const groupID = picked(groupIDs, step.pick);
      return expectSame(call({ groupID }), model[step.does](groupID));
    }
    case 'listSessionsOfAuthor': {
      const authorID = picked(model.authors, step.pick);
      return expectSame(call({ authorID }), model.listSessionsOfAuthor(authorID));
    }
    case 'listAllGroups':
      return expectSame(call(), model.listAllGroups());
    case 'createGroupPad': {
      const groupID = picked(groupIDs, step.pick);
      const outcome = call({ groupID, padName: step.padName });
      const refusal = model.refusalOfPad(groupID, step.padName);
      if (refusal !== undefined) return expectSame(outcome, { refusal });
      expect(made(outcome, 'padID')).toBe(`${groupID}$${step.padName}`);
      return model.addPad(groupID, step.padName);
    }
    case 'deletePad': {
      const padID = `${picked(groupIDs, step.pick)}$${step.padName}`;
      // an unknown group's id is no valid beginning of a pad's id
      const expected = padID.startsWith('x.') ? { refusal: 'padID did not match requirements' } : model.deletePad(padID);
      return expectSame(call({ padID }), expected);
    }
    case 'giveBack':
      world.state.giveBack(emulate === 'documented' ? world.clock.seconds : undefined);
      return;
    case 'wait':
      world.clock.seconds += step.seconds;
      model.now += step.seconds;
  }
}

/** The order of lists counts, and the order of keys in maps. */
const expectSame = (actual: Outcome, expected: Outcome): void => {
  expect(actual).toEqual(expected);
  if ('data' in actual && 'data' in expected) expect(idsIn(actual.data)).toEqual(idsIn(expected.data));
};

const idsIn = (data: unknown): unknown => (data !== null && typeof data === 'object' && !('sessions' in data) ? Object.keys(data) : data);

describe.each(EMULATIONS)('%s', (emulate) => {
  test('any sequence of calls is answered as a simple model answers it', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), (operations) => {
        const world = newWorld(emulate, START);
        const model = new Model(emulate, START);
        for (const step of operations) compare(world, model, emulate, step);
      }),
      { numRuns: 300 },
    );
  });
});

describe('while the clock only goes forward', () => {
  test('an expired session never comes back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ lasts: fc.integer({ min: 0, max: 500 }), wait: fc.integer({ min: 0, max: 200 }), givesBack: fc.boolean() }), {
          maxLength: 40,
        }),
        (steps) => {
          const world = newWorld('documented', START);
          const { groupID } = world.call('createGroup') as { groupID: string };
          const { authorID } = world.call('createAuthor') as { authorID: string };
          const all = new Map<string, number>();
          const expired = new Set<string>();
          for (const { lasts, wait, givesBack } of steps) {
            const validUntil = world.clock.seconds + lasts;
            const { sessionID } = world.call('createSession', { groupID, authorID, validUntil }) as { sessionID: string };
            all.set(sessionID, validUntil);
            world.clock.seconds += wait;
            if (givesBack) world.state.giveBack(world.clock.seconds);

            const { sessions } = world.call('listSessionsOfGroup', { groupID }) as { sessions: { id: string }[] };
            const listed = new Set(sessions.map(({ id }) => id));
            for (const [id, until] of all) {
              const isAlive = 'data' in outcomeOf(world, 'getSessionInfo', { sessionID: id });
              expect(isAlive).toBe(world.clock.seconds < until);
              expect(listed.has(id)).toBe(isAlive);
              expect(isAlive && expired.has(id)).toBe(false);
              if (!isAlive) expired.add(id);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('on real servers no session ever expires', () => {
    fc.assert(
      fc.property(fc.constantFrom<Emulation>('1.9.7', '2.5.3', '3.3.1'), fc.nat(1_000), fc.nat(1_000_000_000), (emulate, lasts, wait) => {
        const world = newWorld(emulate, START);
        const { groupID } = world.call('createGroup') as { groupID: string };
        const { authorID } = world.call('createAuthor') as { authorID: string };
        const validUntil = START + lasts;
        const { sessionID } = world.call('createSession', { groupID, authorID, validUntil }) as { sessionID: string };
        world.clock.seconds += wait;
        expect(world.call('getSessionInfo', { sessionID })).toEqual({ groupID, authorID, validUntil });
        expect(world.call('listSessionsOfAuthor', { authorID })).toEqual({ [sessionID]: { groupID, authorID, validUntil } });
        expect(world.call('deleteSession', { sessionID })).toBeNull();
      }),
    );
  });
});
