import type { Behaviour } from '../emulation.ts';
import type { Line } from './lines.ts';

type Rules = Pick<Behaviour, 'numberedListStart' | 'indentStyle'>;

/** What of a line decides about the lists around it. */
type Item = Pick<Line, 'text' | 'list' | 'level' | 'start'>;
type Level = Pick<Line, 'list' | 'level'>;

const NO_ITEM: Item = { text: '\n', list: undefined, level: 0, start: undefined };

const begins = (piece: string | undefined, ...tags: readonly string[]): boolean => tags.some((tag) => piece?.startsWith(tag));

const isSameList = (one: Level, other: Level): boolean => one.level === other.level && one.list === other.list;

/** An empty numbered item that follows is the beginning of a list inside, so that the item before it stays open. */
const staysOpenFor = (next: Item): boolean => next.list === 'number' && next.text === '';

/**
 * Where Etherpad continues numbering: how many items a level has had since the last line outside of lists. 0 for a level
 * whose list has been closed.
 */
class Counts {
  readonly #counts = new Map<number, number>();

  forget(): void {
    this.#counts.clear();
  }

  count(level: number): void {
    this.#counts.set(level, (this.#counts.get(level) ?? 0) + 1);
  }

  close(level: number): void {
    this.#counts.set(level, 0);
  }

  /** The number that a list begins with; the item's own where the level has not been counted yet. */
  startOf({ level, start }: Item): number | undefined {
    const count = this.#counts.get(level);
    if (count !== undefined) return count > 0 ? count + 1 : undefined;
    const own = Number(start);
    if (!Number.isFinite(own) || own <= 0) return undefined;
    this.#counts.set(level, own - 1);
    return own;
  }
}

/**
 * Puts the items of lists into their elements, as Etherpad's export does: what it leaves open, or closes twice, is so
 * here.
 */
export class ListTags {
  readonly #rules: Rules;
  readonly #pieces: string[];
  readonly #counts = new Counts();

  /** @param pieces what is written so far, and further on */
  constructor(pieces: string[], rules: Rules) {
    this.#pieces = pieces;
    this.#rules = rules;
  }

  /** A line outside of lists. */
  leave(): void {
    this.#counts.forget();
  }

  write(item: Item, content: string, previous: Item = NO_ITEM, next: Item = NO_ITEM): void {
    this.#begin(item, previous, next);
    if (content !== '') {
      this.#pieces.push('<li>', content);
      if (item.list === 'number') this.#counts.count(item.level);
      if (isSameList(item, next) && !staysOpenFor(next)) this.#pieces.push('</li>');
    }
    this.#end(item, next);
  }

  #begin(item: Item, previous: Item, next: Item): void {
    for (let level = item.list === previous.list ? previous.level : 0; level < item.level; level++) {
      if (begins(this.#pieces.at(-1), '<ul', '<ol', '</li>') && !staysOpenFor(next)) this.#pieces.push('<li>');
      this.#pieces.push(this.#beginning(item));
    }
  }

  #beginning(item: Item): string {
    if (item.list === 'number') {
      const start = this.#startOf(item);
      return start === undefined ? '<ol class="number">' : `<ol start="${start}" class="number">`;
    }
    return `<ul class="${item.list}"${item.list === 'indent' ? this.#rules.indentStyle : ''}>`;
  }

  #startOf(item: Item): number | undefined {
    if (this.#rules.numberedListStart === 'continued') return this.#counts.startOf(item);
    return item.start ? Number(item.start) : undefined;
  }

  #end(item: Item, next: Item): void {
    const isOtherList = item.list !== next.list;
    if (next.level !== 0 && next.level >= item.level && !isOtherList) return;
    for (let level = isOtherList ? 0 : next.level; level < item.level; level++) {
      if (item.list === 'number' && level + 1 > next.level) this.#counts.close(level + 1);
      if (begins(this.#pieces.at(-1), '</ul', '</ol')) this.#pieces.push('</li>');
      this.#pieces.push(item.list === 'number' ? '</ol>' : '</ul>');
    }
  }
}
