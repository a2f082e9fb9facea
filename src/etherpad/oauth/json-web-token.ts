import { type KeyObject, sign, verify } from 'node:crypto';

/** What an Etherpad signs its tokens with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The name of the key, in each token and among the served keys. */
  readonly id: string;
}

/** A token that was taken apart; nothing of it is believed yet. */
export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What was signed: header and payload as they were sent. */
  readonly signed: string;
  readonly signature: Buffer;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT, signed RS256, that says `at+jwt` as the access tokens of Etherpad 2.5.3 and 3.3.1 do. */
export function signToken(payload: object, { privateKey, id }: SigningKey): string {
  const signed = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: id })}.${encode(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Three parts of base64url with dots between them; the last may be empty. */
const SHAPE = /^([\w-]+\.[\w-]+)\.([\w-]*)$/;

/** Takes a token apart; undefined for a text that is no JWT. */
export function readToken(text: string): JsonWebToken | undefined {
  const [, signed, signature] = SHAPE.exec(text) ?? [];
  if (signed === undefined || signature === undefined) return undefined;
  const [header, payload] = signed.split('.').map(decode);
  return header && payload && { header, payload, signed, signature: Buffer.from(signature, 'base64url') };
}

/** Whether a token was signed with a key, and nothing of it was changed since. */
export const isSignedBy = ({ signed, signature }: JsonWebToken, { publicKey }: SigningKey): boolean =>
  verify('sha256', Buffer.from(signed), publicKey, signature);

/** The key that tokens are verified with, as `/oidc/jwks` serves it: by RFC 7517, with no `alg`. */
export function publicJsonWebKey({ publicKey, id }: SigningKey): object {
  const { kty, e, n } = publicKey.export({ format: 'jwk' });
  return { kty, use: 'sig', kid: id, e, n };
}
