/** Text cut out of a request keeps the whole request in memory; a copy does not. */
export const ownCopy = (text: string): string => ` ${text}`.slice(1);
