import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import type { World } from '../world.ts';
import type { Attribute } from './attribute-pool.ts';
import { differenceOf } from './diff.ts';
import * as edits from './edit.ts';
import { readHtml } from './html-in.ts';
import { colouredHtmlOf, htmlOf } from './html-out.ts';
import type { CollectedHtml } from './line-collector.ts';
import type { Pad } from './pad.ts';
import { requirePad } from './pad-id.ts';
import { readRevisionNumber, requireRevision } from './revision-number.ts';
import { visitRoom } from './rooms.ts';

export function getHTML(world: World, parameters: Parameters): { html: string } {
  const { pad, revision } = requireRevision(world, parameters);
  const runs = revision === undefined ? pad.runs : pad.runsAt(revision);
  return { html: `<!DOCTYPE HTML><html><body>${htmlOf(runs, pad.pool, world.behaviour)}</body></html>` };
}

/**
 * Puts what was read from HTML into a pad. HTML that Etherpad breaks down on leaves the attributes that were met until
 * then in the pad's pool, as there.
 */
function put(world: World, pad: Pad, { runs, attributes, fault }: CollectedHtml, author: string): void {
  const numbers = new Map(attributes.map((attribute) => [attribute, pad.pool.put(attribute)]));
  if (fault !== undefined) throw wrongParameters('HTML is malformed', fault);
  const lists = new Map<readonly Attribute[], readonly number[]>();
  const numbersOf = (list: readonly Attribute[]): readonly number[] => {
    let own = lists.get(list);
    if (own === undefined) lists.set(list, (own = list.map((attribute) => numbers.get(attribute)!).toSorted((one, other) => one - other)));
    return own;
  };
  edits.importRuns(
    world,
    pad,
    runs.map((run) => ({ text: run.text, attributes: numbersOf(run.attributes) })),
    author,
  );
}

/**
 * Replaces the text of a pad by what HTML says: one revision removes the text, the next inserts the other.
 *
 * @param findPad looks for the pad when the HTML has been read, which takes time
 * @throws ApiError code 1 `HTML is malformed`
 */
export async function importHtml(world: World, findPad: () => Pad, html: string, author: string): Promise<Pad> {
  const collected = await readHtml(edits.cleanText(html, world), world.behaviour);
  const pad = findPad();
  put(world, pad, collected, author);
  return pad;
}

export async function setHTML(world: World, { padID, html, authorId }: Parameters): Promise<null> {
  if (typeof html !== 'string') throw wrongParameters('html is not a string');
  requirePad(world, padID);
  const pad = await importHtml(world, () => requirePad(world, padID), html, edits.authorOf(world, authorId));
  visitRoom(world, pad.padID);
  return null;
}

/** The text of a pad with the colours of those who wrote and removed, from one revision up to another. */
export interface Difference {
  readonly html: string;
  readonly authors?: readonly string[];
}

/**
 * Both revisions are at most the newest; a missing end is, and 0 is taken for missing (all versions).
 *
 * @throws Error for a start that is missing, or behind the end: code 2
 */
export function createDiffHTML(world: World, { padID, startRev, endRev }: Parameters): Difference {
  const { behaviour, state } = world;
  const given = startRev === undefined ? undefined : readRevisionNumber(startRev);
  const end = endRev === undefined ? undefined : readRevisionNumber(endRev);
  const pad = requirePad(world, padID);
  const from = Math.min(given ?? Number.NaN, pad.head);
  const to = Math.min(end || pad.head, pad.head);
  if (!(from <= to)) throw new Error(`Invalid revision range. startRev: ${given} endRev: ${end}`);
  const { runs, authors } = differenceOf(pad, from, to);
  if (behaviour.diff === 'breaks down') throw new Error('Etherpad 2.5.3 breaks down when it has found what was removed');
  const html = colouredHtmlOf(runs, pad.pool, behaviour, (authorID) => state.findAuthor(authorID)?.colorId ?? null);
  return behaviour.diff === 'with authors' ? { html, authors } : { html };
}
