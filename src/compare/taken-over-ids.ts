import { createIds, type Ids } from '../etherpad/ids.ts';

/** How an id looks: its letter and dot, if it has them, and what follows. */
const shapeOf = (id: string): string => /^[a-z]\./.exec(id)?.[0] ?? `${id.length}`;

/** The texts in a JSON value, in their order. */
function* textsIn(value: unknown): Generator<string, void> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) yield* textsIn(member);
}

/**
 * Ids for the mock beside a real server: those that the real one gave. So both have the same ids, and nothing that is
 * asked or answered needs to be translated.
 */
export class TakenOverIds {
  readonly #own = createIds();
  readonly #offered = new Map<string, string[]>();

  /** The ids that the mock draws: what was offered, or random ones when it makes more than the real server did. */
  readonly ids = Object.fromEntries(
    Object.entries(this.#own).map(([kind, draw]) => {
      const shape = shapeOf(draw());
      return [kind, () => this.#offered.get(shape)?.shift() ?? draw()];
    }),
  ) as unknown as Ids;

  /** Offers every id in the data of an answer, in place of those offered before. */
  offer(data: unknown): void {
    this.#offered.clear();
    for (const text of textsIn(data)) {
      const shape = shapeOf(text);
      const known = this.#offered.get(shape);
      if (known === undefined) this.#offered.set(shape, [text]);
      else known.push(text);
    }
  }
}
