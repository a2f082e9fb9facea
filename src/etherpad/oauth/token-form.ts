import { parse, type ParsedUrlQuery } from 'node:querystring';
import { invalidRequest } from './refusal.ts';

const quoted = (names: readonly string[]): string =>
  names
    .map((name) => `'${name}'`)
    .join(', ')
    .replace(/, ([^,]*)$/, names.length > 2 ? ', and $1' : ' and $1');

const parameters = (names: readonly string[]): string => `parameter${names.length === 1 ? '' : 's'}`;

/** The parameters of a request for a token. An empty one counts as not sent. */
export class TokenForm {
  readonly #fields: ParsedUrlQuery;

  /** @param text a body of type `application/x-www-form-urlencoded` */
  constructor(text: string) {
    this.#fields = parse(text);
  }

  /** Each parameter that was sent once. */
  get values(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(
      Object.entries(this.#fields).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])),
    );
  }

  /** All values of one parameter. */
  all(name: string): readonly string[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value : value ? [value] : [];
  }

  /** @throws OAuthRefusal when one of these came more than once */
  refuseRepeated(names: readonly string[]): void {
    const repeated = names.filter((name) => Array.isArray(this.#fields[name]));
    if (repeated.length === 0) return;
    throw invalidRequest(`${quoted(repeated)} ${parameters(repeated)} must not be provided twice`, `send ${repeated.join(' and ')} once`);
  }

  /** @throws OAuthRefusal when one of these is missing, or empty */
  refuseMissing(names: readonly string[]): void {
    const missing = names.filter((name) => this.all(name).length === 0);
    if (missing.length === 0) return;
    throw invalidRequest(`missing required ${parameters(missing)} ${quoted(missing)}`, `send ${missing.join(' and ')} in the form`);
  }
}
