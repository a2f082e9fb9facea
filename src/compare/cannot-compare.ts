/** Why nothing can be compared, and what to do, in one line. */
export class CannotCompare extends Error {
  override readonly name = 'CannotCompare';
}
