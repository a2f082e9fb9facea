import { wrongParameters } from './api-error.ts';
import type { Parameters } from './etherpad-function.ts';
import type { Author } from './state.ts';
import { unusedId } from './unused-id.ts';
import type { World } from './world.ts';

/** @throws ApiError code 1 `authorID does not exist`, for missing and empty ids too */
export function requireAuthor({ state }: World, authorID: unknown): Author {
  const author = state.findAuthor(String(authorID));
  if (author === undefined) throw wrongParameters('authorID does not exist');
  return author;
}

const asText = (name: unknown): string => (typeof name === 'object' && !Array.isArray(name) ? JSON.stringify(name) : String(name));

/** The documented API has text for a name; real servers keep a JSON number or object as it came. */
const storedName = ({ behaviour }: World, name: unknown): unknown => (behaviour.keepsValuesAsGiven ? name : asText(name));

const hasName = (name: unknown): boolean => Boolean(name);

function addAuthor(world: World, name: unknown, mapper?: string): Author {
  const { state, ids, clock } = world;
  const authorID = unusedId(ids.author, (id) => state.findAuthor(id) !== undefined);
  return state.addAuthor(authorID, {
    mapper,
    name: hasName(name) ? storedName(world, name) : undefined,
    timestamp: clock.milliseconds(),
  });
}

export const createAuthor = (world: World, { name }: Parameters): { authorID: string } => ({
  authorID: addAuthor(world, name).authorID,
});

/**
 * A missing mapper is the text `undefined`, an array is its elements joined by commas (1.9.7, 2.5.3, 3.3.1). An absent
 * or empty name keeps the old one.
 */
export function createAuthorIfNotExistsFor(world: World, { authorMapper, name }: Parameters): { authorID: string } {
  const { state, clock } = world;
  const mapper = String(authorMapper);
  const author = state.findAuthorFor(mapper);
  if (author === undefined) return { authorID: addAuthor(world, name, mapper).authorID };
  if (hasName(name)) state.renameAuthor(author, storedName(world, name), clock.milliseconds());
  return { authorID: author.authorID };
}

/** Null for an unknown author, with code 0: no version refuses it. */
export function getAuthorName({ state, behaviour }: World, { authorID }: Parameters): unknown {
  const author = state.findAuthor(String(authorID));
  if (author === undefined) return null;
  if (behaviour.authorName === 'bare') return author.name ?? null;
  const { colorId, name, timestamp } = author;
  // a seed, or another emulation before this one, may have left a name that is no text
  return { info: { id: author.authorID, colorId, name: name === undefined ? '' : asText(name), timestamp } };
}

/** In the order of contribution, but for pads with a whole number for a name: they come first, as JavaScript orders keys. */
export const listPadsOfAuthor = (world: World, { authorID }: Parameters): { padIDs: string[] } => ({
  padIDs: Object.keys(Object.fromEntries(Array.from(requireAuthor(world, authorID).pads, (padID) => [padID, 1]))),
});
