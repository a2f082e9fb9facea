import { type ApiError, wrongApiKey, wrongToken } from '../api-error.ts';
import type { Parameters } from '../etherpad-function.ts';
import { isSignedBy, type JsonWebToken, readToken, type SigningKey } from './json-web-token.ts';

/** What a call sent, as far as its token may be in it. */
export interface SentCall {
  readonly headers: Readonly<Record<string, unknown>> & { readonly authorization?: string | undefined };
  readonly parameters: Parameters;
}

/** What a call's token is measured by. */
export interface TokenRules {
  /** What this Etherpad signs with; undefined as long as it gave out no token. */
  readonly key: SigningKey | undefined;
  /** Unix time in whole seconds. */
  readonly now: number;
  /** Whether a text is the API key, which no call can use. */
  readonly isApiKey: (text: string) => boolean;
}

const BEARER = 'Bearer ';
const KEY_WAS_SENT = 'an API key was sent, but this Etherpad asks for a token';
const ADVICE = 'send the header Authorization: Bearer <token>, with a token from POST /oidc/token';

const KEY_NAME = /^(x-)?api[-_]?key$/i;

/** Where a token or a key was sent instead. */
function explainNothing({ headers, parameters }: SentCall): string {
  const [misplaced] = Object.entries(parameters).find(([, value]) => typeof value === 'string' && readToken(value) !== undefined) ?? [];
  if (misplaced !== undefined) return `a token was sent as parameter ${misplaced}, where Etherpad does not look: ${ADVICE}`;
  return Object.keys({ ...headers, ...parameters }).some((name) => KEY_NAME.test(name))
    ? `${KEY_WAS_SENT}: ${ADVICE}`
    : `no token was sent: ${ADVICE}`;
}

/** What is wrong with a text that is no token of this Etherpad, as far as its shape tells. */
function explainShape(authorization: string, isApiKey: TokenRules['isApiKey']): string {
  if (isApiKey(authorization.replace(/^bearer +/i, ''))) return `${KEY_WAS_SENT}: ${ADVICE}`;
  if (/^bearer /i.test(authorization) && !authorization.startsWith(BEARER)) return 'Bearer must be written with a capital B';
  if (/^Bearer {2,}/.test(authorization)) return 'exactly one space must stand between Bearer and the token';
  const [, scheme] = /^([A-Za-z]+) /.exec(authorization) ?? [];
  if (scheme !== undefined && scheme !== 'Bearer') return `${scheme.slice(0, 20)} was sent, but this Etherpad asks for a token: ${ADVICE}`;
  if (/^(Bearer )?opaque-/.test(authorization)) {
    return 'this is no JWT: a token that was asked for with scope and without resource is opaque, and the API does not take it';
  }
  return `what was sent is no JWT: ${ADVICE}`;
}

/** Tokens of a key that were found to be signed by it: clients send the same one with each call, and checking takes time. */
const signed = new WeakMap<SigningKey, Map<string, JsonWebToken>>();

/** The most tokens of a key that are remembered. */
const REMEMBERED = 100;

function remember(text: string, token: JsonWebToken, key: SigningKey): void {
  const known = signed.get(key) ?? new Map<string, JsonWebToken>();
  if (known.size === REMEMBERED) known.clear();
  signed.set(key, known.set(text, token));
}

/**
 * Checks the token of a call as Etherpad 2.5.3 and 3.3.1 do: signature and `exp` count, issuer and audience do not. Only the header Authorization is looked at.
 *
 * @returns the refusal, with its reason; undefined for a good token
 */
export function findTokenRefusal(call: SentCall, { key, now, isApiKey }: TokenRules): ApiError | undefined {
  const { authorization } = call.headers;
  if (!authorization) return wrongApiKey(explainNothing(call));
  const text = authorization.replace(BEARER, '');
  const known = key && signed.get(key)?.get(text);
  const token = known ?? readToken(text);
  if (token === undefined) return wrongToken(explainShape(authorization, isApiKey));
  if (known === undefined) {
    const { alg, kid } = token.header;
    if (alg !== 'RS256') return wrongToken('the token is not signed with RS256, the one way that Etherpad takes');
    if (key === undefined || kid !== key.id) {
      return wrongToken('the token is from another Etherpad, or from before the last start of this one');
    }
    if (!isSignedBy(token, key)) return wrongToken('the token is not as it was given out: its signature does not fit');
    remember(text, token, key);
  }
  const { exp } = token.payload;
  if (typeof exp === 'number' && exp <= now) return wrongToken(`the token expired ${now - exp} s ago`);
  return undefined;
}
