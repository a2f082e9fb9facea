/** A text as its history makes it: one entry for each character, with the numbers of its attributes. */
export interface InterpretedText {
  readonly characters: readonly { readonly character: string; readonly attributes: string }[];
}

export const START: InterpretedText = { characters: [{ character: '\n', attributes: '' }] };

export const textOf = ({ characters }: InterpretedText): string => characters.map(({ character }) => character).join('');

/**
 * Applies a changeset by the words of Etherpad's own description of it, character by character, with nothing of the
 * mock: `Z:` old length, `>` or `<` difference, operations, `$`, inserted characters.
 */
export function interpret({ characters }: InterpretedText, changeset: string): InterpretedText {
  const [, oldLength, , , operations, bank] = /^Z:([0-9a-z]+)([<>])([0-9a-z]+)([^$]*)\$([^]*)$/.exec(changeset)!;
  if (Number.parseInt(oldLength!, 36) !== characters.length) {
    throw new Error(`${changeset} is not for a text of ${characters.length}`);
  }
  const result: InterpretedText['characters'][number][] = [];
  let read = 0;
  let taken = 0;
  for (const [whole, attributes, lines, sign, count] of operations!.matchAll(/((?:\*[0-9a-z]+)*)(?:\|([0-9a-z]+))?([-+=])([0-9a-z]+)|./g)) {
    if (sign === undefined) throw new Error(`${changeset} has ${whole} in it`);
    const span = Number.parseInt(count!, 36);
    const spanned: string[] = [];
    for (let index = 0; index < span; index++) {
      if (sign === '+') {
        const character = bank![taken++]!;
        result.push({ character, attributes: attributes! });
        spanned.push(character);
      } else {
        const old = characters[read++]!;
        spanned.push(old.character);
        if (sign === '=') result.push(old);
      }
    }
    const lineFeeds = spanned.filter((character) => character === '\n').length;
    if (lineFeeds !== Number.parseInt(lines ?? '0', 36))
      throw new Error(`${changeset} counts ${lines ?? 0} line feeds, and there are ${lineFeeds}`);
    // what the three forms of editing remove at once may end within a line
    if (lines !== undefined && sign !== '-' && spanned.at(-1) !== '\n')
      throw new Error(`${changeset}: ${whole} does not end in a line feed`);
  }
  return { characters: [...result, ...characters.slice(read)] };
}
