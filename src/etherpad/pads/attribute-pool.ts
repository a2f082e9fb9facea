/** What characters carry: a name and a value, as `['bold', 'true']`, `['list', 'bullet1']` or `['author', 'a.…']`. */
export type Attribute = readonly [name: string, value: string];

/** A pool as Etherpad writes it in JSON. */
export interface PoolDocument {
  readonly numToAttrib: Readonly<Record<string, Attribute>>;
  readonly nextNum: number;
}

const keyOf = ([name, value]: Attribute): string => `${name},${value}`;

/**
 * The attributes of one pad, numbered in the order of their first use. Changesets name them by number, so an attribute
 * never leaves its pool.
 */
export class AttributePool {
  readonly #attributes: Attribute[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of an attribute, which joins the pool if it is not there yet. */
  put(attribute: Attribute): number {
    const key = keyOf(attribute);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#attributes.length;
    this.#attributes.push(attribute);
    this.#numbers.set(key, number);
    return number;
  }

  /** Undefined for an attribute that the pool does not have. */
  numberOf(attribute: Attribute): number | undefined {
    return this.#numbers.get(keyOf(attribute));
  }

  get(number: number): Attribute | undefined {
    return this.#attributes[number];
  }

  get size(): number {
    return this.#attributes.length;
  }

  /** Its attributes in the order of their numbers. */
  attributes(): readonly Attribute[] {
    return this.#attributes;
  }

  copy(): AttributePool {
    const copy = new AttributePool();
    for (const attribute of this.#attributes) copy.put(attribute);
    return copy;
  }

  toJSON(): PoolDocument {
    return { numToAttrib: Object.fromEntries(this.#attributes.entries()), nextNum: this.#attributes.length };
  }
}
