import type { Schema } from '../../sandbox/schema.ts';

/** Text of a query, read as its schema says; what cannot be read so stays text and is a problem. */
export function readQuery(query: string, { properties = {} }: Schema): Record<string, unknown> {
  const read = (name: string, text: string): unknown =>
    properties[name]?.type === 'integer' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  return Object.fromEntries(Array.from(new URLSearchParams(query), ([name, text]) => [name, read(name, text)]));
}

/** A part of a path as it was meant; what cannot be decoded stays as it is. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
