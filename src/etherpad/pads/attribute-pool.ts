/** What characters carry: a name and a value, as `['bold', 'true']`, `['list', 'bullet1']` or `['author', 'a.…']`. */
export type Attribute = readonly [name: string, value: string];

/** A pool as Etherpad writes it in JSON. */
export interface PoolDocument {
  readonly numToAttrib: Readonly<Record<string, Attribute>>;
  readonly nextNum: number;
}

const keyOf = ([name, value]: Attribute): string => `${name},${value}`;

/** Up to so many attributes are looked through one by one, which takes less memory than a map in each of many pads. */
const FEW = 8;

/**
 * The attributes of one pad, numbered in the order of their first use. Changesets name them by number, so an attribute
 * never leaves its pool.
 */
export class AttributePool {
  #attributes: Attribute[] = [];
  /** The numbers by name and value, once there are many. */
  #numbers: Map<string, number> | undefined;

  /** The number of an attribute, which joins the pool if it is not there yet. */
  put(attribute: Attribute): number {
    const known = this.numberOf(attribute);
    if (known !== undefined) return known;
    const number = this.#attributes.length;
    // an array that grows makes room for many more
    if (number < FEW) this.#attributes = [...this.#attributes, attribute];
    else this.#attributes.push(attribute);
    if (number === FEW) this.#numbers = new Map(this.#attributes.map((one, index) => [keyOf(one), index]));
    else this.#numbers?.set(keyOf(attribute), number);
    return number;
  }

  /** Undefined for an attribute that the pool does not have. */
  numberOf(attribute: Attribute): number | undefined {
    if (this.#numbers !== undefined) return this.#numbers.get(keyOf(attribute));
    const [name, value] = attribute;
    const index = this.#attributes.findIndex(([knownName, knownValue]) => knownName === name && knownValue === value);
    return index === -1 ? undefined : index;
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
