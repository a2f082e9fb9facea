import TinyQueue from 'tinyqueue';
import { type Links, SessionList } from './session-list.ts';

/** Sessions that expire within the same 64 seconds share a list. */
const SECONDS_PER_LIST = 64;

/** So many numbers of lists that are gone are borne beside as many as there are lists. */
const STALE_NUMBERS = 64;

const listNumber = (seconds: number): number => Math.floor(seconds / SECONDS_PER_LIST);

/**
 * Finds expired sessions without looking at live ones: a list for every 64 seconds of `validUntil`, and a queue of these
 * lists, the one that expires first in front. Adding and removing take constant time, but for the first session of a list.
 */
export class ExpiryQueue<Session extends Links<Session> & { readonly validUntil: number }> {
  readonly #lists = new Map<number, SessionList<Session>>();
  /** The numbers of the lists. A list that became empty is gone, and its number stays until it is met. */
  #numbers = new TinyQueue<number>();
  /** The second in which the list that expires now was looked through. */
  #lookedAt: number | undefined;

  add(session: Session): void {
    const number = listNumber(session.validUntil);
    let list = this.#lists.get(number);
    if (list === undefined) {
      list = new SessionList<Session>('expiry');
      this.#lists.set(number, list);
      this.#numbers.push(number);
      if (this.#numbers.length > 2 * this.#lists.size + STALE_NUMBERS) this.#numbers = new TinyQueue([...this.#lists.keys()]);
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
   * The first session whose whole list has expired; undefined without one.
   *
   * @param now unix time in seconds
   */
  firstExpired(now: number): Session | undefined {
    const current = listNumber(now);
    for (let number = this.#numbers.peek(); number !== undefined && number < current; number = this.#numbers.peek()) {
      const first = this.#lists.get(number)?.first;
      if (first !== undefined) return first;
      this.#numbers.pop();
    }
    return undefined;
  }

  /**
   * The expired sessions of the list that expires now. It looks once in each second: who asks again in the same one does
   * not look through the list again.
   *
   * @param now unix time in seconds
   */
  expiringNow(now: number): Session[] {
    if (this.#lookedAt === now) return [];
    this.#lookedAt = now;
    return [...(this.#lists.get(listNumber(now)) ?? [])].filter(({ validUntil }) => validUntil <= now);
  }
}
