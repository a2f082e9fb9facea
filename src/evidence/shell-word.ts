/**
 * A text as one word of a POSIX shell.
 *
 * @example shellWord("it's") // `'it'\''s'`
 */
export const shellWord = (text: string): string => (/^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
