import { GRANTS, SCOPES } from './clients.ts';

/**
 * What `/oidc/.well-known/openid-configuration` and `/oidc/.well-known/oauth-authorization-server` tell, both the same, with
 * the names and in the order of Etherpad 2.5.3 and 3.3.1.
 *
 * @param issuer the URL of the Etherpad, without a slash at its end
 */
export const discoveryDocument = (issuer: string): object => ({
  authorization_endpoint: `${issuer}/oidc/auth`,
  claims_parameter_supported: false,
  claims_supported: ['sub', 'name', 'email', 'admin', 'sid', 'auth_time', 'iss'],
  code_challenge_methods_supported: ['S256'],
  end_session_endpoint: `${issuer}/oidc/session/end`,
  grant_types_supported: ['implicit', ...GRANTS.toReversed()],
  issuer,
  jwks_uri: `${issuer}/oidc/jwks`,
  authorization_response_iss_parameter_supported: true,
  response_modes_supported: ['form_post', 'fragment', 'query', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'],
  response_types_supported: ['code id_token', 'code', 'id_token', 'none'],
  scopes_supported: SCOPES,
  subject_types_supported: ['public'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_jwt', 'client_secret_post', 'private_key_jwt', 'none'],
  token_endpoint_auth_signing_alg_values_supported: ['HS256', 'RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'],
  token_endpoint: `${issuer}/oidc/token`,
  id_token_signing_alg_values_supported: ['PS256', 'RS256'],
  pushed_authorization_request_endpoint: `${issuer}/oidc/request`,
  request_uri_parameter_supported: false,
  userinfo_endpoint: `${issuer}/oidc/me`,
  authorization_signing_alg_values_supported: ['PS256', 'RS256'],
  dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
  claim_types_supported: ['normal'],
});
