/** Levels of JSON that are read. What is nested deeper cannot be written again without overflowing the stack. */
const DEEPEST = 1_000;

export const TOO_DEEP = `the JSON is nested deeper than ${DEEPEST} levels`;

/** Whether arrays and objects in a value lie within each other more often than anyone means. */
export const isTooDeep = (value: unknown, levels = DEEPEST): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1)));
