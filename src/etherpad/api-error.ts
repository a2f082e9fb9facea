/** Etherpad's answer codes: 0 ok, 1 wrong parameters, 2 internal error, 3 no such function, 4 no or wrong API key. */
export type Code = 0 | 1 | 2 | 3 | 4;

/**
 * A refusal in Etherpad's own words.
 *
 * @example throw new ApiError(1, 'groupID does not exist')
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: Exclude<Code, 0>;
  /** What Etherpad does not say of it, where only the function that refuses knows it. */
  readonly reason: string | undefined;

  /**
   * @param options.cause the unexpected exception that a function ended with
   * @param options.reason what Etherpad does not say of it
   */
  constructor(code: Exclude<Code, 0>, message: string, options: { readonly cause?: unknown; readonly reason?: string | undefined } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason;
  }
}

/** Code 1: the caller's parameters are wrong. */
export const wrongParameters = (message: string, reason?: string): ApiError => new ApiError(1, message, { reason });

/** Code 3, decided before the API key is looked at (all versions). */
export const noSuchFunction = (): ApiError => new ApiError(3, 'no such function');

/** Code 3 of the documented API; a real Etherpad answers an unknown version with an HTML page. */
export const noSuchVersion = (): ApiError => new ApiError(3, 'no such api version');

/** Code 4, with the capital K that every real server writes. */
export const wrongApiKey = (reason?: string): ApiError => new ApiError(4, 'no or wrong API Key', { reason });

/** Code 4, for an Authorization that is there and no good, where tokens let calls in (2.5.3, 3.3.1). */
export const wrongToken = (reason: string): ApiError => new ApiError(4, 'no or wrong OAuth token', { reason });
