import { wrongParameters } from './api-error.ts';

/** parseFloat and parseInt disagree from 1e21 on, where numbers print with an exponent: Etherpad calls those floats too. */
const isInteger = (value: number): boolean => Number.parseFloat(String(value)) === Number.parseInt(String(value), 10);

/**
 * Reads `validUntil` as Etherpad does: a JSON number as it is, anything else through parseInt, so that `99999999999abc`
 * is a time and `1e12` is one second after 1970.
 *
 * @param value what the client sent: text, or a JSON value
 * @param now unix time in whole seconds
 * @returns unix time in seconds; `now` itself is accepted
 * @throws ApiError code 1: `validUntil is not a number`, `… a negative number`, `… a float value`, `… in the past`, checked
 *   in this order (Etherpad 1.9.7, 2.5.3 and 3.3.1)
 * @example readValidUntil('1999999999', 1700000000) // 1999999999
 */
export function readValidUntil(value: unknown, now: number): number {
  // no radix: `0xFFFFFFFFFF` is accepted by every version
  const validUntil = typeof value === 'number' ? value : Number.parseInt(value as string);
  if (Number.isNaN(validUntil)) throw wrongParameters('validUntil is not a number');
  if (validUntil < 0) throw wrongParameters('validUntil is a negative number');
  if (!isInteger(validUntil)) throw wrongParameters('validUntil is a float value');
  if (validUntil < now) throw wrongParameters('validUntil is in the past');
  return validUntil;
}
