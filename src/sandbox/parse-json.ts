/**
 * Parses JSON. What JavaScript says of a mistake shows some of the text around it: secrets go out of the text first, as half of
 * one would not be found again.
 *
 * @param hide takes secrets out of a text
 * @throws SyntaxError
 */
export function parseJson(text: string, hide: (text: string) => string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const told = hide(text);
    if (told === text) throw error;
    JSON.parse(told);
    throw new SyntaxError('the JSON is malformed');
  }
}
