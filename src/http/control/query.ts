import type { Schema } from '../../sandbox/schema.ts';

/**
 * Text of a query, read as its schema says; what cannot be read so stays text and is a problem. An empty value is none, as a
 * form sends it whose field was left empty.
 */
export function readQuery(query: string, { properties = {} }: Schema): Record<string, unknown> {
  const read = (name: string, text: string): unknown =>
    properties[name]?.type === 'integer' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  return Object.fromEntries(
    Array.from(new URLSearchParams(query))
      .filter(([name, text]) => text !== '' || !Object.hasOwn(properties, name))
      .map(([name, text]) => [name, read(name, text)]),
  );
}

/** A part of a path as it was meant; what cannot be decoded stays as it is. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
