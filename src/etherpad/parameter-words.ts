import type { Parameters } from './etherpad-function.ts';

/** A value that somebody sent, as much of it as a line can show. */
export const shortened = (value: unknown): string => {
  const text = String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/** Whether two names differ in nothing but case and other characters than letters. */
export const looksLike = (one: string, other: string): boolean => letters(one) === letters(other);

/** Why a parameter was not found: it is missing, or one that looks like it was meant. */
export function explainMissing(name: string, parameters: Parameters): string {
  const similar = Object.keys(parameters).find((sent) => sent !== name && looksLike(sent, name));
  return similar === undefined ? `${name} is missing` : `${similar} is not read: did you mean ${name}?`;
}
