/** What `/oidc/me` answers: never a user, as nobody logs in to a mock. */
export interface UserInfoAnswer {
  readonly status: number;
  readonly body: { readonly error: string; readonly error_description: string };
  /** The headers WWW-Authenticate. */
  readonly challenges: readonly string[];
  readonly message: string;
}

const SCHEME = 'Bearer';

/**
 * Answers `/oidc/me` as Etherpad 2.5.3 and 3.3.1 do. A token of a client says nothing of a user, and counts as invalid.
 *
 * @param issuer the URL of the Etherpad
 */
export function answerUserInfo(authorization: string | undefined, issuer: string): UserInfoAnswer {
  const realm = `realm="${issuer.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  const refuse = (status: number, error: string, description: string): UserInfoAnswer => ({
    status,
    body: { error, error_description: description },
    challenges: [`${SCHEME} ${realm}, error="${error}", error_description="${description}"`],
    message: `${error}: ${description}`,
  });
  if (authorization === undefined) {
    const challenges = [`${SCHEME} ${realm}`, `DPoP ${realm}, algs="ES256 Ed25519 EdDSA"`];
    return { ...refuse(401, 'invalid_token', 'no access token provided'), challenges };
  }
  const [scheme = '', ...rest] = authorization.split(' ');
  if (rest.length !== 1) return refuse(400, 'invalid_request', 'invalid authorization header value format');
  if (scheme.toLowerCase() !== SCHEME.toLowerCase()) {
    return refuse(400, 'invalid_request', `authorization header scheme must be \`${SCHEME}\``);
  }
  return refuse(401, 'invalid_token', 'invalid token provided');
}
