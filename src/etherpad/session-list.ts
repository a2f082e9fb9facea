/** What a session holds to be a member of three lists at once. */
export interface Links<Member> {
  previousOfGroup: Member | undefined;
  nextOfGroup: Member | undefined;
  previousOfAuthor: Member | undefined;
  nextOfAuthor: Member | undefined;
  previousToExpire: Member | undefined;
  nextToExpire: Member | undefined;
}

/** The links that make a session a member of three lists at once: its group's, its author's, and those expiring with it. */
const LINKS = {
  group: { previous: 'previousOfGroup', next: 'nextOfGroup' },
  author: { previous: 'previousOfAuthor', next: 'nextOfAuthor' },
  expiry: { previous: 'previousToExpire', next: 'nextToExpire' },
} as const;

/**
 * Sessions in order of creation. The links live in the sessions themselves: appending and removing take constant time,
 * a list of 100,000 is never copied, and a member costs 16 bytes instead of the 40 of a Set.
 */
export class SessionList<Session extends Links<Session>> {
  readonly #previous: (typeof LINKS)[keyof typeof LINKS]['previous'];
  readonly #next: (typeof LINKS)[keyof typeof LINKS]['next'];
  #first: Session | undefined;
  #last: Session | undefined;

  constructor(of: keyof typeof LINKS) {
    this.#previous = LINKS[of].previous;
    this.#next = LINKS[of].next;
  }

  get first(): Session | undefined {
    return this.#first;
  }

  append(session: Session): void {
    session[this.#previous] = this.#last;
    if (this.#last === undefined) this.#first = session;
    else this.#last[this.#next] = session;
    this.#last = session;
  }

  /** The session must be a member. */
  remove(session: Session): void {
    const previous = session[this.#previous];
    const next = session[this.#next];
    if (previous === undefined) this.#first = next;
    else previous[this.#next] = next;
    if (next === undefined) this.#last = previous;
    else next[this.#previous] = previous;
    session[this.#previous] = undefined;
    session[this.#next] = undefined;
  }

  *[Symbol.iterator](): Generator<Session, void> {
    for (let session = this.#first; session !== undefined; session = session[this.#next]) yield session;
  }
}
