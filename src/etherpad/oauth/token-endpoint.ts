import { authenticateClient } from './client-authentication.ts';
import { type Grant, type OAuthClient, SCOPES } from './clients.ts';
import { signToken, type SigningKey } from './json-web-token.ts';
import { invalidRequest, OAuthRefusal } from './refusal.ts';
import { TokenForm } from './token-form.ts';

/** A request for a token, as far as its answer depends on it. */
export interface TokenRequest {
  /** The path below `/oidc`, in the letters that were sent. */
  readonly path: string;
  /** The body; undefined where there is none, and null where it is longer than 56 KiB. */
  readonly body: string | null | undefined;
  /** The header Content-Type; undefined without one. */
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
}

/** Who gives tokens out, and when. */
export interface TokenGiver {
  readonly clients: readonly OAuthClient[];
  /** The URL of the Etherpad, in `iss`. */
  readonly issuer: string;
  /** Unix time in whole seconds. */
  readonly now: number;
  /** How long a token is good, in seconds. */
  readonly lifetime: number;
  readonly key: SigningKey;
  /** 43 random letters, digits, `-` and `_`. */
  readonly randomText: () => string;
}

/** What the token endpoint answers, and what it would say to a developer. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Why it refuses. */
  readonly reason?: string;
  /** Etherpad's words for a refusal, in one line: `invalid_target: resource indicator must be an absolute URI`. */
  readonly message: string;
}

/** What else each grant reads of a form; anything that it does not read may come as often as it likes. */
const PARAMETERS: Readonly<Record<Grant, readonly string[]>> = {
  client_credentials: ['scope'],
  authorization_code: ['code', 'code_verifier', 'redirect_uri'],
};

const isKnownGrant = (name: string | undefined): name is Grant => name !== undefined && Object.hasOwn(PARAMETERS, name);

/** The type of body that is read. */
export const FORM = /^application\/x-www-form-urlencoded *(;|$)/i;

/** The scopes of its API: of all that is asked for, only these get into a JWT. */
const API_SCOPES: readonly string[] = ['openid'];

const invalidTarget = (description: string, reason: string): OAuthRefusal => new OAuthRefusal(400, 'invalid_target', description, reason);

const RESOURCE_ADVICE = 'send resource=…, any absolute URI such as http://etherpad:9001: Etherpad refuses without';

/** @throws OAuthRefusal for what is no resource, none or several */
function checkResources(resources: readonly string[]): void {
  for (const resource of resources.length === 0 ? [''] : resources) {
    if (!URL.canParse(resource)) throw invalidTarget('resource indicator must be an absolute URI', RESOURCE_ADVICE);
    if (new URL(resource).href.includes('#')) {
      throw invalidTarget('resource indicator must not contain a fragment component', 'leave # and what follows it out of resource');
    }
  }
  if (new Set(resources).size > 1) {
    throw invalidTarget('only a single resource indicator value is supported for this grant type', 'send resource once');
  }
}

const onlyKnown = (asked: readonly string[], known: readonly string[]): string | undefined =>
  asked.filter((scope) => known.includes(scope)).join(' ') || undefined;

/**
 * A good token for a client, without its asking.
 *
 * @example accessToken(client, giver) // 'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCIs…'
 */
export function accessToken({ id, claims }: OAuthClient, giver: TokenGiver, scope?: string): string {
  const { now, lifetime, issuer, key, randomText } = giver;
  const payload = {
    ...claims,
    jti: randomText(),
    sub: id,
    iat: now,
    exp: now + lifetime,
    scope,
    client_id: id,
    iss: issuer,
    aud: 'account',
  };
  return signToken(payload, key);
}

/** As long as Etherpad's, and easy to tell from all else: it is good for nothing, but still for nobody to see. */
const opaqueToken = ({ randomText }: TokenGiver): string => `opaque-${randomText()}`.slice(0, 43);

/** What `client_credentials` get: a JWT for a resource; for a scope and no resource, a token that the API does not take. */
function giveToken(form: TokenForm, client: OAuthClient, origin: string | undefined, giver: TokenGiver): Record<string, unknown> {
  const asked = [...new Set(form.values['scope']?.split(' '))];
  const sent = form.all('resource');
  // a web page's origin stands for the resource that it does not send
  const resources = sent.length === 0 && origin ? [origin] : sent;
  const isOpaque = resources.length === 0 && asked.length > 0;
  if (!isOpaque) checkResources(resources);
  const scope = onlyKnown(asked, isOpaque ? SCOPES : API_SCOPES);
  const token = isOpaque ? opaqueToken(giver) : accessToken(client, giver, scope);
  return { access_token: token, expires_in: giver.lifetime, token_type: 'Bearer', scope };
}

function readForm({ path, body, contentType }: TokenRequest): TokenForm {
  if (contentType === undefined) return new TokenForm('');
  if (body === undefined || !FORM.test(contentType)) {
    throw invalidRequest(
      `only application/x-www-form-urlencoded content-type bodies are supported on POST ${path}`,
      body === undefined && FORM.test(contentType) ? 'no body was sent' : `Content-Type is ${contentType.slice(0, 80)}: send a form`,
    );
  }
  if (body === null) {
    throw invalidRequest('failed to parse the request body', 'the form is larger than 56 KiB');
  }
  return new TokenForm(body);
}

function answerForm(form: TokenForm, request: TokenRequest, giver: TokenGiver): Record<string, unknown> {
  const client = authenticateClient(form, request.authorization, giver.clients);
  form.refuseRepeated(['grant_type']);
  form.refuseMissing(['grant_type']);
  const { grant_type: grant } = form.values;
  if (!isKnownGrant(grant)) {
    throw new OAuthRefusal(400, 'unsupported_grant_type', 'unsupported grant_type requested', 'send grant_type=client_credentials');
  }
  if (!client.grants.includes(grant)) {
    throw invalidRequest(
      'requested grant type is not allowed for this client',
      `client ${client.id} may use ${client.grants.join(', ')}, not ${grant}`,
    );
  }
  form.refuseRepeated(PARAMETERS[grant]);
  if (grant === 'client_credentials') return giveToken(form, client, request.origin, giver);
  form.refuseMissing(['code']);
  throw new OAuthRefusal(400, 'invalid_grant', 'grant request is invalid', 'nobody logs in to a mock, so it gave out no code');
}

const headerValue = (text: string): string => text.replaceAll(/["\\]/g, String.raw`\$&`);

/**
 * Answers `POST /oidc/token` as Etherpad 2.5.3 and 3.3.1 do.
 *
 * @returns a token, or a refusal with its HTTP status; the headers are those of this answer alone, without CORS
 */
export function answerTokenRequest(request: TokenRequest, giver: TokenGiver): TokenAnswer {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    return { status: 200, body: answerForm(readForm(request), request, giver), headers, message: 'ok' };
  } catch (refusal) {
    if (!(refusal instanceof OAuthRefusal)) throw refusal;
    const { status, error, message: description, reason } = refusal;
    const challenge = `Basic realm="${headerValue(giver.issuer)}", error="${error}", error_description="${headerValue(description)}"`;
    return {
      status,
      body: { error, error_description: description },
      headers: status === 401 && request.authorization !== undefined ? { ...headers, 'WWW-Authenticate': challenge } : headers,
      message: `${error}: ${description}`,
      reason,
    };
  }
}
