import { isSecretOf, type OAuthClient } from './clients.ts';
import { readToken } from './json-web-token.ts';
import { invalidClient, invalidRequest } from './refusal.ts';
import type { TokenForm } from './token-form.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Parameters that say who asks: none of them may come twice. */
export const AUTHENTICATION_PARAMETERS = ['client_id', 'client_assertion', 'client_assertion_type', 'client_secret'] as const;

/** Who asks, and how it proves it: by a secret, or in another way, that no client of Etherpad's settings is registered with. */
interface Presented {
  readonly id: string | undefined;
  readonly secret?: string;
}

/** Id and secret are encoded as a form is (RFC 6749, appendix B). */
function decodeForm(text: string): string {
  const decoded = decodeURIComponent(text.replaceAll('+', '%20'));
  if (!/^[ -~]*$/.test(decoded)) throw new Error('not printable ASCII');
  return decoded;
}

function readBasic(authorization: string): { id: string; secret: string } {
  const [scheme = '', credentials = '', ...more] = authorization.split(' ');
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  if (more.length > 0 || scheme.toLowerCase() !== 'basic' || colon === -1) {
    throw invalidRequest('invalid authorization header value format', 'the header Authorization must be Basic and base64 of id:secret');
  }
  try {
    return { id: decodeForm(text.slice(0, colon)), secret: decodeForm(text.slice(colon + 1)) };
  } catch {
    throw invalidRequest(
      'client_id and client_secret in the authorization header are not properly encoded',
      'percent-encode id and secret before you make base64 of them: RFC 6749 asks for it',
    );
  }
}

/** What a JWT says of who made it. */
function readAssertion(assertion: string, type: string | undefined): string {
  const token = readToken(assertion);
  if (token === undefined) throw invalidRequest('invalid client_assertion format', 'client_assertion must be a JWT');
  const { sub } = token.payload;
  if (typeof sub !== 'string' || sub === '') throw invalidClient('the client_assertion has no sub, which names the client');
  if (type === undefined) throw invalidRequest('client_assertion_type must be provided', `send client_assertion_type=${ASSERTION_TYPE}`);
  if (type !== ASSERTION_TYPE) {
    throw invalidRequest(`client_assertion_type must have value ${ASSERTION_TYPE}`, `send client_assertion_type=${ASSERTION_TYPE}`);
  }
  return sub;
}

function presentedBy(form: TokenForm, authorization: string | undefined): Presented {
  const { client_id: id, client_secret: secret, client_assertion: assertion } = form.values;
  if ([authorization, assertion, secret].filter(Boolean).length > 1) {
    throw invalidRequest(
      'client authentication must only be provided using one mechanism',
      'send the secret in the form, or as Basic in the header Authorization, not both',
    );
  }
  if (secret !== undefined) return { id, secret };
  const claimed = (found: string): string => {
    if (id === undefined || id === found) return found;
    throw invalidRequest('client_id mismatch', 'the client_id of the form is not the one that the client proves to be');
  };
  if (authorization !== undefined) {
    const basic = readBasic(authorization);
    claimed(basic.id);
    if (basic.secret !== '') return basic;
    throw invalidRequest('client_secret must be provided in the Authorization header', 'Basic has an id and no secret');
  }
  if (assertion !== undefined) return { id: claimed(readAssertion(assertion, form.values['client_assertion_type'])) };
  return { id };
}

const listed = (clients: readonly OAuthClient[]): string => clients.map(({ id }) => id).join(', ') || 'none';

/**
 * Finds out who asks for a token.
 *
 * @throws OAuthRefusal as Etherpad 2.5.3 and 3.3.1 refuse
 */
export function authenticateClient(form: TokenForm, authorization: string | undefined, clients: readonly OAuthClient[]): OAuthClient {
  form.refuseRepeated(AUTHENTICATION_PARAMETERS);
  const { id, secret } = presentedBy(form, authorization);
  if (!id) {
    throw invalidRequest('no client authentication mechanism provided', 'send client_id and client_secret in the form, or both as Basic');
  }
  const client = clients.find((known) => known.id === id);
  if (client === undefined) throw invalidClient(`there is no client ${JSON.stringify(id.slice(0, 80))}; there is ${listed(clients)}`);
  if (secret === undefined) throw invalidClient(`client ${client.id} must send its secret`);
  if (!isSecretOf(client, secret)) throw invalidClient(`the secret of client ${client.id} is wrong`);
  return client;
}
