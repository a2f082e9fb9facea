import { type Clock, seconds } from '../etherpad/clock.ts';
import { behaviourOf, type Emulation, EMULATIONS } from '../etherpad/emulation.ts';
import type { OAuthClient } from '../etherpad/oauth/clients.ts';
import type { SigningKey } from '../etherpad/oauth/json-web-token.ts';
import type { TokenGiver } from '../etherpad/oauth/token-endpoint.ts';
import { newSigningKey, randomText } from './signing-key.ts';

/** Etherpad's `authenticationMethod`: calls carry the API key, or a token that a client got (`sso`, its default since 2.0). */
export const AUTHENTICATIONS = ['apikey', 'sso'] as const;
export type AuthenticationMethod = (typeof AUTHENTICATIONS)[number];

/** The most seconds that a token can be good for: thirty years. */
export const LONGEST_LIFETIME = 1_000_000_000;

/** What to do where an emulation cannot ask for tokens. */
export const explainNoOAuth = (emulate: Emulation): string => {
  const able = EMULATIONS.filter((emulation) => behaviourOf(emulation).oauth);
  return `Etherpad ${emulate} has no OAuth: sso goes with ${able.join(', ')}, ${emulate} with the API key alone`;
};

/** How an Etherpad lets calls in. */
export interface AuthenticationSettings {
  readonly authentication: AuthenticationMethod;
  readonly oauthClients: readonly OAuthClient[];
  /** How long a token is good, in seconds. */
  readonly tokenLifetime: number;
}

/** Who may call an Etherpad, and the key that its tokens are signed with: as after a start, no token is out yet. */
export class Authentication {
  readonly settings: AuthenticationSettings;
  #key: SigningKey | undefined;
  #making: Promise<SigningKey> | undefined;

  constructor(settings: AuthenticationSettings) {
    this.settings = settings;
  }

  /** Whether calls are let in by token. */
  get asksForToken(): boolean {
    return this.settings.authentication === 'sso';
  }

  /** The key, once it was needed: without one there is no good token. */
  get key(): SigningKey | undefined {
    return this.#key;
  }

  /** The key, made when it is first needed. */
  async makeKey(): Promise<SigningKey> {
    this.#making ??= newSigningKey();
    this.#key = await this.#making;
    return this.#key;
  }

  /**
   * What gives tokens out now.
   *
   * @param issuer the URL that the Etherpad is asked at
   */
  async tokenGiver(issuer: string, clock: Clock): Promise<TokenGiver> {
    const key = await this.makeKey();
    const { oauthClients: clients, tokenLifetime: lifetime } = this.settings;
    return { clients, issuer, now: seconds(clock), lifetime, key, randomText };
  }
}

/** What no text may show of clients: their secrets, also as Basic writes them. */
export const secretsOf = (clients: readonly OAuthClient[]): string[] =>
  clients.flatMap(({ id, secret }) => [secret, Buffer.from(`${id}:${secret}`).toString('base64')]);
