/** Levels of JSON that are read. What is nested deeper cannot be written again without overflowing the stack. */
const DEEPEST = 1_000;

/** How many values are read: as objects they take many times the memory of their text. */
const MOST_VALUES = 1_000_000;

const TOO_DEEP = `the JSON is nested deeper than ${DEEPEST} levels`;
const TOO_MANY = `the JSON has more than ${MOST_VALUES} values`;

const [QUOTE, COMMA, BRACKET, BACKSLASH, END_BRACKET, BRACE, END_BRACE] = Array.from('",[\\]{}', (character) => character.charCodeAt(0));

/**
 * Looks at JSON before it is parsed, whether it is malformed or not: how deep it goes and how many values it has.
 *
 * @returns what is too much of it; undefined for JSON that may be parsed
 */
export function overJsonBudget(json: Buffer): string | undefined {
  // a text that is shorter than the deepest JSON cannot be too deep
  if (json.length <= DEEPEST) return undefined;
  let depth = 0;
  let values = 0;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index];
    if (byte === QUOTE) {
      for (index++; index < json.length && json[index] !== QUOTE; index++) if (json[index] === BACKSLASH) index++;
    } else if (byte === BRACKET || byte === BRACE) {
      values += 1;
      if (++depth > DEEPEST) return TOO_DEEP;
    } else if (byte === END_BRACKET || byte === END_BRACE) depth -= 1;
    else if (byte === COMMA && ++values > MOST_VALUES) return TOO_MANY;
    if (values > MOST_VALUES) return TOO_MANY;
  }
  return undefined;
}
