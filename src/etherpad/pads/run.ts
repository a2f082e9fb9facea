/** Characters in a row that carry the same attributes. A pad's text is a list of runs; its last character is a line feed. */
export interface Run {
  readonly text: string;
  /** Numbers of attributes in the pad's pool, ascending. */
  readonly attributes: readonly number[];
}
