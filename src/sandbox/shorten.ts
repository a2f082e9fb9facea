import { createHash } from 'node:crypto';
import type { Parameters } from '../etherpad/etherpad-function.ts';
import type { AccessRecord } from '../etherpad/access-record.ts';
import { isSecretName, type Secrets } from './secrets.ts';

/** All parameters of a request together may be so many times as long as the longest value. */
const VALUES = 4;

/** No number, and neither true, false nor null, is longer in JSON. */
const LONGEST_SCALAR = 24;

/**
 * The beginning of a text that is too long, with its length, and a digest that tells it from others. Shorten only what
 * holds no secret any more: half a key is not found again.
 *
 * @example shortened('a long text', 6) // 'a long… (11 characters, SHA-256 4c24bd2f5a44f2f2…)'
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const beginning = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${beginning}… (${text.length} characters, SHA-256 ${digest}…)`;
}

function roomBeside(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length;
  if (typeof value !== 'object' || value === null) return room - LONGEST_SCALAR;
  let left = room;
  if (Array.isArray(value)) {
    for (const item of value) if ((left = roomBeside(item, left - 1)) < 0) break;
  } else {
    for (const name in value) if ((left = roomBeside((value as Parameters)[name], left - name.length - 1)) < 0) break;
  }
  return left;
}

/** Whether there is more to parameters than JSON writes: what a prototype adds, which one Etherpad takes for parameters too. */
function areInherited(parameters: Parameters): boolean {
  const prototype = Object.getPrototypeOf(parameters) as object | null;
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/** Whether parameters can be written as they are; reads no more of them than the longest value may have characters. */
export const areShort = (parameters: Parameters, most: number): boolean => roomBeside(parameters, most) >= 0 && !areInherited(parameters);

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // longer than any text can be
    return '…';
  }
}

function shortenedValue(value: unknown, most: number): unknown {
  if (typeof value === 'string') return shortened(value, most);
  if (typeof value !== 'object' || value === null) return value;
  const json = jsonOf(value);
  return json.length <= most ? value : shortened(json, most);
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : jsonOf(value).length);

/**
 * Parameters without secrets, and each no longer than so many characters: of a longer one the beginning of its text or
 * JSON stays. Where there are too many, `…` tells how many are left out.
 */
export function shortenedParameters(parameters: Parameters, secrets: Secrets, most: number): Parameters {
  const kept: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let room = VALUES * most;
  let left = 0;
  for (const name in parameters) {
    if (isSecretName(name)) continue;
    if (room <= 0) {
      left += 1;
      continue;
    }
    const shortName = shortened(secrets.hide(name), most);
    const value = shortenedValue(secrets.hideInValue(parameters[name]), most);
    kept[shortName] = value;
    room -= shortName.length + lengthOf(value) + 1;
  }
  if (left > 0) kept['…'] = `${left} more`;
  return kept;
}

/** Who was let into a pad, with no text that has a secret in it or is longer than so many characters. */
export const shortenedAccess = (access: AccessRecord, secrets: Secrets, most: number): AccessRecord =>
  Object.fromEntries(
    Object.entries(access).map(([name, value]) => [name, typeof value === 'string' ? shortened(secrets.hide(value), most) : value]),
  ) as unknown as AccessRecord;
