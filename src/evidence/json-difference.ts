/** A place where two JSON values are not the same. */
export interface JsonDifference {
  /** Where: `data.sessions[0].id`, or `data["g.x$notes"]`; empty for the whole. */
  readonly path: string;
  /** What is there in the one and in the other; undefined for nothing. */
  readonly one: unknown;
  readonly other: unknown;
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

const below = (path: string, key: string): string => {
  if (!PLAIN_KEY.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How many differences of one pair are told: who sees so many needs no more. */
const MOST = 20;

/** Deeper than this, values are compared as texts. */
const DEEPEST = 100;

/**
 * Finds where two values that came from JSON differ. The order of keys counts, as it does for those who read a body as
 * text; it is told as a difference of the lists of keys.
 *
 * @returns at most 20 differences; none when the values are the same
 * @example findJsonDifferences({ data: null }, { data: {} }) // [{ path: 'data', one: null, other: {} }]
 */
export function findJsonDifferences(one: unknown, other: unknown): JsonDifference[] {
  const found: JsonDifference[] = [];
  const visit = (path: string, left: unknown, right: unknown, depth: number): void => {
    if (left === right || found.length >= MOST) return;
    if (depth < DEEPEST && Array.isArray(left) && Array.isArray(right)) {
      for (let index = 0; index < Math.max(left.length, right.length) && found.length < MOST; index++)
        visit(`${path}[${index}]`, left[index], right[index], depth + 1);
      return;
    }
    if (depth < DEEPEST && isObject(left) && isObject(right)) {
      const [leftKeys, rightKeys] = [Object.keys(left), Object.keys(right)];
      const before = found.length;
      for (const key of new Set([...leftKeys, ...rightKeys])) visit(below(path, key), left[key], right[key], depth + 1);
      if (found.length === before && leftKeys.join('\n') !== rightKeys.join('\n'))
        found.push({ path: `${path === '' ? 'the body' : path}, order of keys`, one: leftKeys, other: rightKeys });
      return;
    }
    if (JSON.stringify(left) !== JSON.stringify(right)) found.push({ path, one: left, other: right });
  };
  visit('', one, other, 0);
  return found;
}

/** What kind of value it is, in a word: `map` for a JSON object. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'map' : typeof value === 'string' ? 'text' : typeof value;
};

const SHOWN_CHARACTERS = 160;

/** A value as it is shown: as JSON, shortened; `nothing` where there is none. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;
}
