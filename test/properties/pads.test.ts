import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportState, importState, readStateDocument } from '../../src/sandbox/state-document.ts';
import { ApiError } from '../../src/etherpad/api-error.ts';
import { EMULATIONS, type Emulation } from '../../src/etherpad/emulation.ts';
import type { Parameters } from '../../src/etherpad/etherpad-function.ts';
import { type NewWorld, newWorld } from '../etherpad/new-world.ts';
import { interpret, START, textOf } from './changeset-interpreter.ts';

const GROUP = 'g.aaaaaaaaaaaaaaaa';
const AUTHORS = ['a.ann', 'a.bob', 'a.nobody', ''];
const PADS = ['one', 'two', `${GROUP}$three`, 'a pad:four', `g.bbbbbbbbbbbbbbbb$five`];

const pad = fc.constantFrom(...PADS);
const authorId = fc.constantFrom(...AUTHORS);
const text = fc.oneof(
  fc.constantFrom('', '\n', 'one\ntwo', 'x\n', '\n\n', 'a\tb\u00a0c\r\nd\re', '*', '日本\n🎉', 'Z:1>1+1$x'),
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é', '🎉'), maxLength: 12 }),
);
const html = fc.constantFrom(
  '',
  'x',
  '<b>bold</b> and <i>italic</i>',
  '<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>end',
  '<p>one</p><p>two<br></p>',
  '<li>in no list</li>',
);
const rev = fc.constantFrom('0', '1', '2', '5', 'x', '-1', '1.5');

type Step = readonly [name: string, parameters: Parameters];
const step = (name: string, parameters: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Step> =>
  fc.record(parameters).map((values) => [name, values] as const);

const EDITS = fc.oneof(
  { weight: 2, arbitrary: step('createPad', { padID: pad, text: fc.option(text), authorId }) },
  { weight: 1, arbitrary: step('createGroupPad', { groupID: fc.constant(GROUP), padName: fc.constant('three'), text, authorId }) },
  { weight: 4, arbitrary: step('setText', { padID: pad, text, authorId }) },
  { weight: 5, arbitrary: step('appendText', { padID: pad, text, authorId }) },
  { weight: 2, arbitrary: step('setHTML', { padID: pad, html, authorId }) },
  { weight: 2, arbitrary: step('restoreRevision', { padID: pad, rev, authorId }) },
  { weight: 1, arbitrary: step('saveRevision', { padID: pad, rev }) },
  { weight: 2, arbitrary: step('appendChatMessage', { padID: pad, text, authorID: authorId, time: fc.constantFrom('1', 'x', 5) }) },
  { weight: 1, arbitrary: step('copyPad', { sourceID: pad, destinationID: pad, force: fc.constantFrom('true', 'false') }) },
  {
    weight: 1,
    arbitrary: step('copyPadWithoutHistory', { sourceID: pad, destinationID: pad, force: fc.constantFrom('true', 'false'), authorId }),
  },
  { weight: 1, arbitrary: step('movePad', { sourceID: pad, destinationID: pad, force: fc.constantFrom('true', 'false') }) },
  { weight: 1, arbitrary: step('getReadOnlyID', { padID: pad }) },
  { weight: 1, arbitrary: step('setPublicStatus', { padID: pad, publicStatus: fc.constantFrom('true', 'no', 7) }) },
  { weight: 1, arbitrary: step('deletePad', { padID: pad }) },
);

/** What a function answers; Etherpad's refusals and its own errors are answers too. */
async function answer(world: NewWorld, name: string, parameters: Parameters): Promise<unknown> {
  try {
    return await world.call(name, parameters);
  } catch (error) {
    if (error instanceof ApiError) return { refused: error.message };
    if (error instanceof TypeError) return { failed: error.message };
    throw error;
  }
}

async function worldAfter(emulate: Emulation, steps: readonly Step[]): Promise<NewWorld> {
  const world = newWorld(emulate);
  world.state.addGroup(GROUP);
  for (const authorID of ['a.ann', 'a.bob']) world.state.addAuthor(authorID, { name: authorID, timestamp: 0 });
  for (const [name, parameters] of steps) {
    world.clock.seconds += 1;
    // oxlint-disable-next-line no-await-in-loop -- each step finds what the one before it left
    await answer(world, name, parameters);
  }
  return world;
}

const READS = [
  'getText',
  'getHTML',
  'getRevisionsCount',
  'getLastEdited',
  'getAttributePool',
  'listAuthorsOfPad',
  'listSavedRevisions',
  'getChatHistory',
  'getChatHead',
];

/** All that can be read of a pad by its id. */
async function readAll(world: NewWorld, padID: string): Promise<unknown> {
  const { head } = world.state.findPad(padID)!;
  const revisions = Array.from({ length: head + 1 }, (_none, number) => [
    answer(world, 'getText', { padID, rev: number }),
    answer(world, 'getHTML', { padID, rev: number }),
    answer(world, 'getRevisionChangeset', { padID, rev: number }),
  ]);
  return Promise.all([...READS.map((name) => answer(world, name, { padID })), ...revisions.flat()]);
}

const padIDsOf = (world: NewWorld): string[] => Array.from(world.state.pads(), ({ padID }) => padID);

describe.each(EMULATIONS)('after any program of operations on pads of %s', (emulate) => {
  const program = fc.array(EDITS, { maxLength: 40 });

  test('the changesets, applied in their order, give every text', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        const world = await worldAfter(emulate, steps);
        for (const padID of padIDsOf(world)) {
          const { revisions } = world.call('getRevisionsCount', { padID }) as { revisions: number };
          let interpreted = START;
          for (let number = 0; number <= revisions; number++) {
            interpreted = interpret(interpreted, world.call('getRevisionChangeset', { padID, rev: number }) as string);
            expect(world.call('getText', { padID, rev: number })).toEqual({ text: textOf(interpreted) });
          }
          expect(world.state.findPad(padID)!.text).toBe(textOf(interpreted));
          const runs = world.state.findPad(padID)!.runs.flatMap((run) => Array.from({ length: run.text.length }, () => run.attributes));
          const attributes = interpreted.characters.map((one) =>
            one.attributes
              .split('*')
              .slice(1)
              .map((number) => Number.parseInt(number, 36))
              .toSorted((a, b) => a - b),
          );
          expect(runs).toEqual(attributes);
        }
      }),
    );
  });

  test('a copy reads as the pad that was copied, and changes alone', async () => {
    await fc.assert(
      fc.asyncProperty(program, pad, async (steps, sourceID) => {
        const world = await worldAfter(emulate, steps);
        const source = world.state.findPad(sourceID);
        fc.pre(source !== undefined);
        world.call('copyPad', { sourceID, destinationID: 'copy' });
        const before = await readAll(world, sourceID);
        expect(await readAll(world, 'copy')).toEqual(before);
        world.call('appendText', { padID: 'copy', text: 'more', authorId: 'a.ann' });
        await answer(world, 'appendChatMessage', { padID: 'copy', text: 'more', authorID: 'a.ann' });
        world.call('saveRevision', { padID: 'copy' });
        expect(await readAll(world, sourceID)).toEqual(before);
        expect(await readAll(world, 'copy')).not.toEqual(before);
      }),
    );
  });

  test('a snapshot and an import of the export read as the state that they were made of', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        const world = await worldAfter(emulate, steps);
        const exported = exportState(world.state);
        // only a chat of old makes a pad in no group whose id says otherwise
        fc.pre(exported.pads.every(({ padID }) => !padID.startsWith('g.b')));
        const written = JSON.parse(JSON.stringify(exported)) as unknown;
        for (const state of [importState(readStateDocument(written), world), world.state.copy()]) {
          expect(exportState(state)).toEqual(exported);
          const other = Object.assign(newWorld(emulate), { state });
          for (const padID of padIDsOf(world)) expect(await readAll(other, padID)).toEqual(await readAll(world, padID));
          for (const authorID of ['a.ann', 'a.bob'])
            expect(other.call('listPadsOfAuthor', { authorID })).toEqual(world.call('listPadsOfAuthor', { authorID }));
        }
      }),
    );
  });

  test('the texts of a history longer than what is kept whole', async () => {
    const edits = fc.array(
      fc.oneof(
        step('appendText', { padID: fc.constant('long'), text, authorId }),
        step('setText', { padID: fc.constant('long'), text, authorId }),
      ),
      { minLength: 150, maxLength: 320, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(edits, async (steps) => {
        const world = await worldAfter(emulate, [['createPad', { padID: 'long' }], ...steps]);
        const { revisions } = world.call('getRevisionsCount', { padID: 'long' }) as { revisions: number };
        let interpreted = START;
        for (let number = 0; number <= revisions; number++) {
          interpreted = interpret(interpreted, world.call('getRevisionChangeset', { padID: 'long', rev: number }) as string);
          expect(world.call('getText', { padID: 'long', rev: number })).toEqual({ text: textOf(interpreted) });
        }
      }),
      { numRuns: 5 },
    );
  });
});
