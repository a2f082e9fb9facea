import { wrongParameters } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import { ownCopy } from '../own-copy.ts';
import type { World } from '../world.ts';
import { addPad, authorOf } from './edit.ts';
import type { ChatMessage, Pad } from './pad.ts';
import { isPadID, requirePad } from './pad-id.ts';

/** A message as getChatHistory tells it, with the name that its author has now. */
export interface ToldMessage {
  readonly text: string;
  readonly time: unknown;
  readonly userId: unknown;
  readonly userName: unknown;
}

const isInteger = (value: unknown): boolean =>
  Number.parseFloat(String(value)) === Number.parseInt(String(value), 10) && !Number.isNaN(Number(value));

/** The pad of a new message: where the emulation does so, an unknown one is made, with the default text. */
function padToChatIn(world: World, padID: unknown, authorID: unknown): Pad {
  const { state, behaviour } = world;
  const id = String(padID);
  const pad = state.findPad(id);
  if (pad !== undefined) return pad;
  if (!behaviour.chatMakesPads) throw wrongParameters('padID does not exist');
  if (!isPadID(world, id)) throw wrongParameters(`${id} is not a valid padId`);
  return addPad(world, id, undefined, undefined, authorOf(world, authorID));
}

const ownValue = (value: unknown): unknown => (typeof value === 'string' ? ownCopy(value) : value);

/** A time that is no integer, as text or number, is the sandbox's. */
export function appendChatMessage(world: World, { padID, text, authorID = null, time }: Parameters): null {
  if (typeof text !== 'string') throw wrongParameters('text is not a string');
  const pad = padToChatIn(world, padID, authorID);
  pad.chat.push({ text: ownCopy(text), time: isInteger(time) ? ownValue(time) : world.clock.milliseconds(), authorId: ownValue(authorID) });
  return null;
}

/** A message as the emulation tells it: what the client gave, or text and whole numbers as the API is documented. */
function tell({ state, behaviour }: World, { text, time, authorId }: ChatMessage): ToldMessage {
  const name = state.findAuthor(String(authorId))?.name;
  if (behaviour.chat === 'bare') return { text, time, userId: authorId, userName: name ?? null };
  return { text, userId: String(authorId ?? ''), userName: name ?? '', time: Math.trunc(Number(time)) };
}

/** The number of the newest message, -1 without one; or the message itself, null without one. */
export function getChatHead(world: World, { padID }: Parameters): { chatHead: number | ToldMessage | null } {
  const { chat } = requirePad(world, padID);
  if (world.behaviour.chat === 'bare') return { chatHead: chat.length - 1 };
  const newest = chat.at(-1);
  return { chatHead: newest === undefined ? null : tell(world, newest) };
}

/**
 * The messages from one number up to another, as JavaScript reads what was sent: texts are compared letter by letter,
 * and one is put at the end of `end` where 1 was to be added to it, so that `end=1` means 10 (all versions).
 */
function messagesBetween(world: World, pad: Pad, start: unknown, end: unknown): ToldMessage[] {
  const behindEnd = typeof end === 'number' ? end + 1 : `${String(end)}1`;
  const messages: ToldMessage[] = [];
  // a text that is no number's own name names no message
  for (let number = start as number; number < (behindEnd as number); number++) {
    if (number >= pad.chat.length) break;
    const message = /^(?:0|[1-9]\d*)$/.test(String(number)) ? pad.chat[number] : undefined;
    if (message !== undefined) messages.push(tell(world, message));
  }
  return messages;
}

/** All messages, unless both ends are given. A pad without chat has no message to begin with. */
export function getChatHistory(world: World, { padID, start, end }: Parameters): { messages: ToldMessage[] } {
  const from = start as number;
  const to = end as number;
  const isRange = Boolean(start) && Boolean(end);
  if (isRange) {
    if (from < 0) throw wrongParameters('start is below zero');
    if (to < 0) throw wrongParameters('end is below zero');
    if (from > to) throw wrongParameters('start is higher than end');
  }
  const pad = requirePad(world, padID);
  const chatHead = pad.chat.length - 1;
  if ((isRange ? from : 0) > chatHead) throw wrongParameters('start is higher than the current chatHead');
  if (isRange && to > chatHead) throw wrongParameters('end is higher than the current chatHead');
  return { messages: isRange ? messagesBetween(world, pad, start, end) : messagesBetween(world, pad, 0, chatHead) };
}
