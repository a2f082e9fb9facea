import { overJsonBudget } from '../../json-budget.ts';

/** A body that cannot be read, and why. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  /** Whether it is too large, rather than malformed. */
  readonly tooLarge: boolean;

  constructor(message: string, options: { tooLarge: boolean } = { tooLarge: false }) {
    super(message);
    this.tooLarge = options.tooLarge;
  }
}

/** A body that the server could not read before it knew where the request goes. */
export class ServerBodyError extends Error {
  override readonly name = 'ServerBodyError';
}

/** @param limit bytes */
export const tooLarge = (limit: number): BodyError => new BodyError(`the body is larger than ${limit} bytes`, { tooLarge: true });

/** @throws BodyError for JSON that is too much to parse */
export function requireJsonBudget(json: Buffer): void {
  const problem = overJsonBudget(json);
  if (problem !== undefined) throw new BodyError(problem);
}
