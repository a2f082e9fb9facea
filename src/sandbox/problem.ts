/** One thing that is wrong with what was asked, and where: `/sessions/3/groupID` in the input, or the empty text. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** How many problems are told at once. */
const MOST_TOLD = 100;

/** Whether there are more problems than are told: no need to look for others. */
export const isFull = (problems: readonly Problem[]): boolean => problems.length > MOST_TOLD;

/** The problems to tell: the first 100, and a last one that says so where there are more. */
export const toldOf = (problems: readonly Problem[]): readonly Problem[] =>
  isFull(problems)
    ? [...problems.slice(0, MOST_TOLD), { path: '', message: `and more: these are the first ${MOST_TOLD} problems` }]
    : problems;

/**
 * A control call that cannot be done; nothing was changed. Over HTTP it becomes `application/problem+json`.
 *
 * @example throw new ControlError(404, 'there is no snapshot before-login')
 */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  /** HTTP status: 400 bad input, 401 no control token, 403 another origin, 404 unknown name or id, 503 too many. */
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, title: string, problems: readonly Problem[] = []) {
    super([title, ...problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`))].join('\n  '));
    this.status = status;
    this.problems = problems;
  }

  /** The first line of the message. */
  get title(): string {
    return this.message.split('\n', 1)[0]!;
  }
}

export const badInput = (problems: readonly Problem[]): ControlError =>
  new ControlError(400, 'the input is invalid; nothing was changed:', toldOf(problems));
export const notFound = (title: string): ControlError => new ControlError(404, title);
