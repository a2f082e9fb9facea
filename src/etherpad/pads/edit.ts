import type { Group } from '../state.ts';
import { ownCopy } from '../own-copy.ts';
import type { World } from '../world.ts';
import { Pad, SYSTEM_AUTHOR } from './pad.ts';
import { visitRoom } from './rooms.ts';
import { mergedRuns, type Run, textOfRuns } from './run.ts';

/** The author that a client names, if it names one: text, or a JSON value as the text it turns into. */
export function authorOf({ state }: World, authorId: unknown): string {
  if (!authorId) return '';
  const author = String(authorId);
  return state.findAuthor(author)?.authorID ?? ownCopy(author);
}

/** One kind of line feed, spaces instead of tabs and, on the old versions, of no-break spaces. */
export function cleanText(text: string, { behaviour }: World): string {
  const clean = text.replace(/\r\n?/g, '\n').replaceAll('\t', '        ');
  return behaviour.keepsNoBreakSpaces ? clean : clean.replaceAll('\u00a0', ' ');
}

/** Makes a revision by the sandbox's clock; a pad's new author then is among the pad's authors, and the pad among his. */
export function edit(world: World, pad: Pad, author: string, change: (author: string, time: number) => boolean): void {
  if (change(author, world.clock.milliseconds())) world.state.findAuthor(author)?.pads.add(pad.padID);
}

/** Who counts as the author of text: where every inserted character has an author, the system is one too. */
const effectiveAuthor = ({ behaviour }: World, text: string, author: string): string =>
  behaviour.insertsCarryAuthor && author === '' && text !== '' ? SYSTEM_AUTHOR : author;

/** Text with the attribute of its author, where the emulation gives it one. */
function runOf({ behaviour }: World, pad: Pad, text: string, author: string): Run[] {
  const attributes = behaviour.insertsCarryAuthor && author !== '' ? [pad.pool.put(['author', author])] : [];
  return [{ text, attributes }];
}

/** Replaces a pad's text. The same text by the same author makes no revision. */
export function setText(world: World, pad: Pad, given: string, givenAuthor: string): void {
  const clean = cleanText(given, world);
  const text = clean.endsWith('\n') ? clean : `${clean}\n`;
  const author = effectiveAuthor(world, text, givenAuthor);
  const runs = runOf(world, pad, text, author);
  edit(world, pad, author, (...by) => pad.replaceAll(runs, ...by));
}

/** Inserts text before the last line feed. Empty text makes no revision. */
export function appendText(world: World, pad: Pad, given: string, givenAuthor: string): void {
  const text = cleanText(given, world);
  if (text === '') return;
  const author = effectiveAuthor(world, text, givenAuthor);
  const runs = runOf(world, pad, text, author);
  edit(world, pad, author, (...by) => pad.append(runs, ...by));
}

/** The same runs, those without an author with the one that is given, where every inserted character has one. */
export function withAuthor({ behaviour }: World, pad: Pad, runs: readonly Run[], author: string): Run[] {
  if (!behaviour.insertsCarryAuthor) return [...runs];
  const isAuthor = (number: number): boolean => pad.pool.get(number)?.[0] === 'author';
  const completed = new Map<readonly number[], readonly number[]>();
  const complete = (attributes: readonly number[]): readonly number[] => {
    if (attributes.some(isAuthor)) return attributes;
    const number = pad.pool.put(['author', author || SYSTEM_AUTHOR]);
    return [...attributes, number].toSorted((one, other) => one - other);
  };
  return mergedRuns(
    runs.map(({ text, attributes: given }) => {
      const attributes = completed.get(given) ?? complete(given);
      completed.set(given, attributes);
      return { text, attributes };
    }),
  );
}

/** Replaces a pad's text as setHTML does: one revision leaves a line feed, the next inserts in front of it. */
export function importRuns(world: World, pad: Pad, given: readonly Run[], author: string): void {
  const runs = withAuthor(world, pad, given, author);
  setText(world, pad, '\n', author);
  edit(world, pad, effectiveAuthor(world, textOfRuns(runs), author), (...by) => pad.insertFront(runs, ...by));
}

/** Makes a revision with the text of an older one, in front of a line feed that stays. */
export function restoreRevision(world: World, pad: Pad, revision: number, author: string): void {
  const runs = withAuthor(world, pad, pad.runsAt(revision), author);
  edit(world, pad, author, (...by) => pad.replaceBody(runs, ...by));
}

/**
 * Makes a pad. Its first revision inserts the text, as it came, before the one line feed of an empty pad.
 *
 * @param text undefined for the server's default text, which no client wrote
 */
export function addPad(world: World, padID: string, group: Group | undefined, text: string | undefined, author: string): Pad {
  const { state, defaultPadText } = world;
  const pad = new Pad(ownCopy(padID), group);
  const content = text ?? cleanText(defaultPadText, world);
  const writer = text === undefined ? effectiveAuthor(world, content, '') : effectiveAuthor(world, content, author);
  const runs = content === '' ? [] : runOf(world, pad, content, writer);
  state.addPad(pad);
  edit(world, pad, author || writer, (...by) => pad.insertFront(runs, ...by));
  return pad;
}

/** Deletes a pad with all that belongs to it, once everybody has left it. */
export function removePad(world: World, pad: Pad): void {
  visitRoom(world, pad.padID);
  world.state.deletePad(pad);
}
