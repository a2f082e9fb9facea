import { generateKeyPairSync } from 'node:crypto';
import type { SigningKey } from '../../../src/etherpad/oauth/json-web-token.ts';

/** A key to sign with, made once for a test file: it takes a tenth of a second. */
export const newSigningKey = (id = 'key-1'): SigningKey => ({ ...generateKeyPairSync('rsa', { modulusLength: 2048 }), id });
