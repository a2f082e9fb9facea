import { type Links, SessionList } from './session-list.ts';

/** Sessions that expire within the same 64 seconds share a list. */
const SECONDS_PER_LIST = 64;

/** How many lists one call looks at, so that a session from 1970 does not make it walk half a century at once. */
const LISTS_PER_CALL = 10_000;

const listNumber = (seconds: number): number => Math.floor(seconds / SECONDS_PER_LIST);

/**
 * Finds expired sessions without looking at live ones: a list for every 64 seconds of `validUntil`, visited once its
 * time has passed. Adding and removing take constant time.
 */
export class ExpiryQueue<Session extends Links<Session> & { readonly validUntil: number }> {
  readonly #lists = new Map<number, SessionList<Session>>();
  /** The oldest list that may hold a session. */
  #oldest = Number.POSITIVE_INFINITY;

  add(session: Session): void {
    const number = listNumber(session.validUntil);
    let list = this.#lists.get(number);
    if (list === undefined) {
      list = new SessionList<Session>('expiry');
      this.#lists.set(number, list);
      this.#oldest = Math.min(this.#oldest, number);
    }
    list.append(session);
  }

  remove(session: Session): void {
    const number = listNumber(session.validUntil);
    const list = this.#lists.get(number);
    if (list === undefined) return;
    list.remove(session);
    if (list.first === undefined) this.#lists.delete(number);
  }

  /**
   * The first session whose whole list has expired, or undefined when none was found in this step.
   *
   * @param now unix time in seconds
   */
  firstExpired(now: number): Session | undefined {
    if (this.#lists.size === 0) this.#oldest = Number.POSITIVE_INFINITY;
    const end = Math.min(listNumber(now), this.#oldest + LISTS_PER_CALL);
    for (; this.#oldest < end; this.#oldest++) {
      const first = this.#lists.get(this.#oldest)?.first;
      if (first !== undefined) return first;
    }
    return undefined;
  }

  /** Whether lists that have expired are still to be looked at. */
  isBehind(now: number): boolean {
    return this.#lists.size > 0 && this.#oldest < listNumber(now);
  }
}
