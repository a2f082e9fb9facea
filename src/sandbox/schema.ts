import { isFull, type Problem } from './problem.ts';

/** The part of JSON Schema that control calls are described in: one description checks them and documents them. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** At least this many properties. */
  readonly minProperties?: number;
  /** At most this many properties. */
  readonly maxProperties?: number;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** 1 for whole numbers of any size. */
  readonly multipleOf?: 1;
  readonly minLength?: number;
  readonly pattern?: string;
  /** ISO text from 1970 on, in UTC without a time zone; or a time from now, `+1h`. */
  readonly format?: 'moment';
  /** Any of these. */
  readonly anyOf?: readonly Schema[];
  readonly nullable?: boolean;
  readonly example?: unknown;
  readonly default?: unknown;
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const hasType = (value: unknown, type: NonNullable<Schema['type']>): boolean =>
  type === 'integer' ? Number.isSafeInteger(value) : type === 'number' ? Number.isFinite(value) : typeOf(value) === type;

const WITH_ARTICLE = {
  object: 'an object',
  array: 'an array',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
} as const;

/** ISO text: years before 0 and after 9999 have a sign and six digits, which the format `date-time` has not. */
export const ISO_TIME = /^[+-]?\d{4,6}(-\d\d){0,2}(T\d\d:\d\d(:\d\d(\.\d+)?)?(?<zone>Z|[+-]\d\d:\d\d)?)?$/;

/** The date that stands in ISO text; JavaScript reads 2030-02-31 as 3 March. */
const ISO_DATE = /^[+-]?\d{4,6}-\d\d-\d\d/;

/** Whether a date stands in the calendar. */
function isDate(date: string): boolean {
  const milliseconds = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(-19, -14) === date.slice(-5);
}

/**
 * The moment that ISO text means, in unix milliseconds; NaN for other text, and for a date that no calendar has. Without a
 * time zone it is UTC, as a test must not depend on where it runs.
 *
 * @example readIsoTime('2030-01-01T00:00:00Z') // 1893456000000
 */
export function readIsoTime(text: string): number {
  const match = ISO_TIME.exec(text);
  if (match === null) return Number.NaN;
  const [date] = ISO_DATE.exec(text) ?? [];
  if (date !== undefined && !isDate(date)) return Number.NaN;
  return Date.parse(match.groups!['zone'] === undefined && text.includes('T') ? `${text}Z` : text);
}

/** Seconds of the units in which a time from now is given. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const FROM_NOW = /^\+(\d{1,9})([smhd])$/;

/**
 * The moment that a text means, in unix milliseconds: ISO text, or a time from now.
 *
 * @param now unix milliseconds
 * @returns NaN for other text
 * @example readMoment('+1h', 1893456000000) // 1893459600000
 */
export function readMoment(text: string, now: number): number {
  const [, count, unit] = FROM_NOW.exec(text) ?? [];
  return count === undefined ? readIsoTime(text) : now + Number(count) * UNITS[unit!]! * 1000;
}

/** Milliseconds of the years 2001 to 2128: as seconds, nobody means a time so far away. */
const MILLISECONDS = { from: 1e12, to: 5e12 };

/** Whether a number that stands for unix seconds was probably meant as milliseconds. */
export const looksLikeMilliseconds = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds >= MILLISECONDS.from && seconds < MILLISECONDS.to;

/** What to write instead of milliseconds. */
export const insteadOfMilliseconds = (given: number): string =>
  `is the year ${new Date(given * 1000).getUTCFullYear()}, as these are seconds: milliseconds were probably meant, so write ${Math.floor(given / 1000)}; ISO text takes any year`;

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function checkObject(value: Readonly<Record<string, unknown>>, schema: Schema, path: string, problems: Problem[]): void {
  const properties = schema.properties ?? {};
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push({ path: `${path}/${escapePointer(name)}`, message: 'is missing' });
  }
  const names = Object.keys(value);
  for (const name of names) {
    if (isFull(problems)) return;
    const at = `${path}/${escapePointer(name)}`;
    if (Object.hasOwn(properties, name)) check(value[name], properties[name]!, at, problems);
    else if (typeof schema.additionalProperties === 'object') check(value[name], schema.additionalProperties, at, problems);
    else if (schema.additionalProperties !== true) {
      problems.push({ path: at, message: `is not known: there is ${Object.keys(properties).join(', ') || 'nothing to give'}` });
    }
  }
  const known = Object.keys(properties).join(', ');
  if (names.length < (schema.minProperties ?? 0)) problems.push({ path, message: `must have at least one of ${known}` });
  if (names.length > (schema.maxProperties ?? Number.POSITIVE_INFINITY)) problems.push({ path, message: `must have only one of ${known}` });
}

function check(value: unknown, schema: Schema, path: string, problems: Problem[]): void {
  if (value === null && schema.nullable === true) return;
  const add = (message: string): void => void problems.push({ path, message });
  if (schema.anyOf !== undefined) {
    const ofItsType = schema.anyOf.filter(({ type }) => type !== undefined && hasType(value, type));
    const attempts = (ofItsType.length > 0 ? ofItsType : schema.anyOf).map((one) => findProblems(value, one, path));
    if (attempts.every((found) => found.length > 0)) add(attempts.map((found) => found[0]!.message).join(', or '));
    return;
  }
  if (schema.type !== undefined && !hasType(value, schema.type))
    return add(`must be ${WITH_ARTICLE[schema.type]}, not ${typeOf(value) === 'number' ? String(value) : typeOf(value)}`);
  if (schema.enum !== undefined && !schema.enum.includes(value as string))
    return add(`must be one of ${schema.enum.join(', ')}, not ${JSON.stringify(value)}`);
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) add(`must be at least ${schema.minimum}, not ${value}`);
    if (schema.multipleOf === 1 && !Number.isInteger(value)) add(`must be a whole number, not ${value}`);
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) add(`must be at most ${schema.maximum}, not ${value}`);
  }
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) add('must not be empty');
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) add(`must match ${schema.pattern}`);
    if (schema.format !== undefined && !(readMoment(value, 0) >= 0))
      add(`is no ISO time from 1970 on: ${JSON.stringify(value)}; write it as 2030-01-01T00:00:00Z, or from now as +30m, +1h or +2d`);
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const [index, item] of value.entries()) {
      if (isFull(problems)) return;
      check(item, schema.items, `${path}/${index}`, problems);
    }
  }
  if (schema.type === 'object') checkObject(value as Record<string, unknown>, schema, path, problems);
}

/**
 * What is wrong with a value, with a JSON pointer to each place. It looks no further when there are more than it would
 * tell, see `isFull`.
 *
 * @example findProblems({ seconds: -1 }, { type: 'object', properties: { seconds: { type: 'number', minimum: 0 } } })
 * // [{ path: '/seconds', message: 'must be at least 0, not -1' }]
 */
export function findProblems(value: unknown, schema: Schema, path = ''): Problem[] {
  const problems: Problem[] = [];
  check(value, schema, path, problems);
  return problems;
}
