/** The fewest characters of a text that V8 cuts out without copying them. */
const SHORTEST_CUT = 13;

/** Whether a text that was cut out of another is so short that it keeps nothing of it. */
export const isOwn = (text: string): boolean => text.length < SHORTEST_CUT;

/** Text cut out of a request keeps the whole request in memory; a copy does not. */
export const ownCopy = (text: string): string => (isOwn(text) ? text : ` ${text}`.slice(1));
