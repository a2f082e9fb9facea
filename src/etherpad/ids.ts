import { customAlphabet, customRandom, random } from 'nanoid';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX_DIGITS = Buffer.from('0123456789abcdef');

/** A source of random bytes: nanoid's own, or a seeded one. */
type RandomBytes = (size: number) => Uint8Array;

/** Makes the ids of Etherpad's records, in the shapes that real servers give them. */
export interface Ids {
  /** `g.` and 16 letters or digits. */
  readonly group: () => string;
  /** `a.` and 16 letters or digits. */
  readonly author: () => string;
  /** `s.` and 32 lower-case hex digits. (Etherpad's manual says 16 characters; no server does.) */
  readonly session: () => string;
  /** `r.` and 32 lower-case hex digits. */
  readonly readOnly: () => string;
  /** 64 hex digits, given out with a new pad. */
  readonly deletionToken: () => string;
  /** 20 hex digits, of a saved revision. */
  readonly savedRevision: () => string;
}

/**
 * So many hex digits after a prefix, written into one text. nanoid puts its ids together letter by letter, and JavaScript
 * keeps all the steps in memory for as long as the id: ten times what the letters need.
 */
function hexDigits(prefix: string, length: number, bytes: RandomBytes): () => string {
  const id = Buffer.from(prefix.padEnd(prefix.length + length));
  return () => {
    const drawn = bytes(length);
    for (let index = 0; index < length; index++) id[prefix.length + index] = HEX_DIGITS[drawn[length - 1 - index]! & 15]!;
    return id.toString('latin1');
  };
}

/**
 * Ids from nanoid with Etherpad's alphabets.
 *
 * @param bytes where randomness comes from; nanoid's secure source by default
 * @example createIds().session() // 's.9f86d081884c7d659a2feaa0c55ad015'
 */
export function createIds(bytes?: RandomBytes): Ids {
  const sixteen = bytes === undefined ? customAlphabet(LETTERS_AND_DIGITS, 16) : customRandom(LETTERS_AND_DIGITS, 16, bytes);
  return {
    group: () => `g.${sixteen()}`,
    author: () => `a.${sixteen()}`,
    session: hexDigits('s.', 32, bytes ?? random),
    readOnly: hexDigits('r.', 32, bytes ?? random),
    deletionToken: hexDigits('', 64, bytes ?? random),
    savedRevision: hexDigits('', 20, bytes ?? random),
  };
}

/**
 * Bytes that a seed determines: the same seed gives the same ids in the same order. Not secure, and not meant to be.
 *
 * @param seed any text or number
 */
export function seededBytes(seed: string | number): RandomBytes {
  // FNV-1a spreads the seed, mulberry32 draws from it
  let state = 0x811c9dc5;
  for (const character of String(seed)) {
    state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  }
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return (size) => Uint8Array.from({ length: size }, next);
}
