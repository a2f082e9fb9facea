import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKey } from '../etherpad/oauth/json-web-token.ts';

/** 43 random letters, digits, `-` and `_`. */
export const randomText = (): string => randomBytes(32).toString('base64url');

let keyPair: Promise<{ readonly privateKey: KeyObject; readonly publicKey: KeyObject }> | undefined;

/**
 * A key to sign tokens with, of a name that no other has: by it an Etherpad knows its own tokens, and is rid of them when it
 * takes a new one. All keys of a process share the one pair of numbers that takes a tenth of a second to find, in a thread of
 * its own; nothing finds it before a token, or a server that asks for tokens, needs it.
 */
export async function newSigningKey(): Promise<SigningKey> {
  keyPair ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { ...(await keyPair), id: randomText() };
}
