/**
 * What a terminal would act on, as it would be written in code: everything is on one line, and no answer moves the cursor.
 *
 * @example visible('red\u001b[31m') // 'red\\u001b[31m'
 */
export const visible = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[^\\]$/, `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
