import { customAlphabet, customRandom } from 'nanoid';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX_DIGITS = '0123456789abcdef';

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
  /** 64 hex digits, given out with a new pad. */
  readonly deletionToken: () => string;
}

/**
 * Ids from nanoid with Etherpad's alphabets.
 *
 * @param bytes where randomness comes from; nanoid's secure source by default
 * @example createIds().session() // 's.9f86d081884c7d659a2feaa0c55ad015'
 */
export function createIds(bytes?: RandomBytes): Ids {
  const generator = (alphabet: string, length: number): (() => string) =>
    bytes === undefined ? customAlphabet(alphabet, length) : customRandom(alphabet, length, bytes);
  const sixteen = generator(LETTERS_AND_DIGITS, 16);
  const thirtyTwo = generator(HEX_DIGITS, 32);
  return {
    group: () => `g.${sixteen()}`,
    author: () => `a.${sixteen()}`,
    session: () => `s.${thirtyTwo()}`,
    deletionToken: () => thirtyTwo() + thirtyTwo(),
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

