import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import type { World } from '../world.ts';
import * as edits from './edit.ts';
import { textWithLists } from './lists.ts';
import { requirePad } from './pad-id.ts';
import { requireRevision } from './revision-number.ts';
import { visitRoom } from './rooms.ts';

/** The newest text shows its lists; with a revision it is as it is kept, with the markers of the lists. */
export function getText(world: World, parameters: Parameters): { text: string } {
  const { pad, revision } = requireRevision(world, parameters);
  return { text: revision === undefined ? textWithLists(pad.runs, pad.pool) : pad.textAt(revision) };
}

type Edit = (world: World, pad: ReturnType<typeof requirePad>, text: string, author: string) => void;

/** @throws ApiError code 1 `text is not a string`, before the pad is looked for */
const editing =
  (edit: Edit) =>
  (world: World, { padID, text, authorId }: Parameters): null => {
    if (typeof text !== 'string') throw wrongParameters('text is not a string');
    const pad = requirePad(world, padID);
    edit(world, pad, text, edits.authorOf(world, authorId));
    visitRoom(world, pad.padID);
    return null;
  };

export const setText = editing(edits.setText);

export const appendText = editing(edits.appendText);
