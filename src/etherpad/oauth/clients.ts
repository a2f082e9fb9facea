import { createHash, timingSafeEqual } from 'node:crypto';

/** Ways to get a token that a client can be allowed. */
export const GRANTS = ['client_credentials', 'authorization_code'] as const;
export type Grant = (typeof GRANTS)[number];

/** A program that may ask for a token, as one of `sso.clients` in Etherpad's settings. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** What its tokens say beside the usual, Etherpad's `extraParams`: `{ admin: 'true' }`. */
  readonly claims: Readonly<Record<string, string>>;
  /** How it may get a token. */
  readonly grants: readonly Grant[];
}

/** A client as a user gives it. Without grants it may use `client_credentials`. */
export interface OAuthClientOptions {
  readonly id: string;
  readonly secret: string;
  readonly claims?: Readonly<Record<string, string>>;
  readonly grants?: readonly Grant[];
}

/** Scopes that Etherpad knows. */
export const SCOPES: readonly string[] = ['openid', 'profile', 'email', 'admin'];

/** The client when none is given: fixed and public. */
export const DEFAULT_OAUTH_CLIENT: OAuthClientOptions = { id: 'mock-etherpad', secret: 'mock-etherpad-secret' };

/** A client that cannot be used. The message never shows what may be a part of its secret. */
export class OAuthClientError extends Error {
  override readonly name = 'OAuthClientError';
}

/** The most clients of an Etherpad. */
const MOST_CLIENTS = 100;

/** What a token says of its own accord. */
const USUAL_CLAIMS = new Set(['jti', 'sub', 'iat', 'exp', 'nbf', 'scope', 'client_id', 'iss', 'aud']);

const PRINTABLE = /^[ -~]+$/;

const isGrant = (text: string): text is Grant => (GRANTS as readonly string[]).includes(text);

function readClaims(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const sign = pair.indexOf('=');
      return [pair.slice(0, sign), pair.slice(sign + 1)];
    }),
  );
}

/** The parts of `id:secret[:claim=value,…][:grant,…]`. */
function readText(text: string): OAuthClientOptions {
  const [id = '', secret, ...rest] = text.split(':');
  if (secret === undefined) throw new OAuthClientError('a client is given as id:secret, and no colon was found');
  const grants = rest.at(-1)?.split(',');
  const hasGrants = grants?.every(isGrant) === true;
  const claims = hasGrants ? rest.slice(0, -1) : rest;
  const [claimText] = claims;
  if (claims.length > 1 || (claimText !== undefined && claimText !== '' && !/^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/.test(claimText))) {
    throw new OAuthClientError(
      `what follows the secret of client ${JSON.stringify(id)} must be claim=value,… or a grant (${GRANTS.join(', ')}); ` +
        'a secret that has a colon in it can only be given in process or by control',
    );
  }
  return { id, secret, ...(claimText ? { claims: readClaims(claimText) } : {}), ...(hasGrants ? { grants } : {}) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads one client.
 *
 * @param given `id:secret[:claim=value,…][:grant,…]`, or an object
 * @throws OAuthClientError that says what is wrong and shows no secret
 * @example readClient('svc:svc-secret:admin=true') // { id: 'svc', secret: 'svc-secret', claims: { admin: 'true' }, grants: ['client_credentials'] }
 */
export function readClient(given: unknown): OAuthClient {
  const client: unknown = typeof given === 'string' ? readText(given) : given;
  if (!isRecord(client)) throw new OAuthClientError('a client is id:secret, or an object with id and secret');
  const { id, secret, claims = {}, grants = ['client_credentials'], ...others } = client;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new OAuthClientError(`a client has id, secret, claims and grants, but no ${JSON.stringify(unknown)}`);
  if (typeof id !== 'string' || !PRINTABLE.test(id))
    throw new OAuthClientError('the id of a client must be printable ASCII, and not empty');
  if (typeof secret !== 'string' || !PRINTABLE.test(secret)) {
    throw new OAuthClientError(`the secret of client ${JSON.stringify(id)} must be printable ASCII, and not empty`);
  }
  if (!isRecord(claims) || Object.values(claims).some((value) => typeof value !== 'string')) {
    throw new OAuthClientError(`the claims of client ${JSON.stringify(id)} must be an object of text: { admin: 'true' }`);
  }
  const usual = Object.keys(claims).find((name) => USUAL_CLAIMS.has(name));
  if (usual !== undefined)
    throw new OAuthClientError(`client ${JSON.stringify(id)} cannot have the claim ${usual}: each token has its own`);
  if (!Array.isArray(grants) || grants.length === 0 || !grants.every((grant) => typeof grant === 'string' && isGrant(grant))) {
    throw new OAuthClientError(`the grants of client ${JSON.stringify(id)} must be a list of ${GRANTS.join(' and ')}`);
  }
  return { id, secret, claims: { ...(claims as Record<string, string>) }, grants: [...grants] };
}

/**
 * Reads all clients of an Etherpad.
 *
 * @throws OAuthClientError for a client that cannot be used, when two have the same id, and when there are more than 100
 */
export function readClients(given: readonly unknown[]): OAuthClient[] {
  if (given.length > MOST_CLIENTS) throw new OAuthClientError(`an Etherpad has at most ${MOST_CLIENTS} clients, not ${given.length}`);
  const clients = given.map(readClient);
  const ids = new Set<string>();
  for (const { id } of clients) {
    if (ids.has(id)) throw new OAuthClientError(`two clients have the id ${JSON.stringify(id)}: leave one of them out`);
    ids.add(id);
  }
  return clients;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares without telling by the time it takes how far the two agree. */
export const isSecretOf = ({ secret }: OAuthClient, presented: string): boolean => timingSafeEqual(digest(secret), digest(presented));
