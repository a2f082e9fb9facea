/** A refusal of Etherpad's OAuth server, in its own words. */
export class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal';
  /** HTTP status. */
  readonly status: number;
  /** The error code of RFC 6749: `invalid_client`. */
  readonly error: string;
  /** What to do about it, in the mock's words. */
  readonly reason: string;

  /** @param description Etherpad's own text, in `error_description` */
  constructor(status: number, error: string, description: string, reason: string) {
    super(description);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}

/** Something about the request is not as it must be. */
export const invalidRequest = (description: string, reason: string): OAuthRefusal =>
  new OAuthRefusal(400, 'invalid_request', description, reason);

/** The client is not who it says; Etherpad tells no more, the reason does. */
export const invalidClient = (reason: string): OAuthRefusal =>
  new OAuthRefusal(401, 'invalid_client', 'client authentication failed', reason);
