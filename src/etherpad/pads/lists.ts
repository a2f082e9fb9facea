import type { AttributePool } from './attribute-pool.ts';
import { type Line, linesOf } from './lines.ts';
import type { Run } from './run.ts';

/** The numbers of numbered items, by level. */
class Numbers {
  #counts = new Map<number, number>();
  #previousLevel = 0;

  /** A line that is no numbered item begins all numbering anew; deep in another list, its level is counted from 0. */
  interrupt(): void {
    this.#counts.clear();
  }

  enter(level: number): void {
    if (this.#counts.get(level) === undefined) this.#counts.set(level, 0);
  }

  /** The number of the next item of a level, with those of the levels above: `2.1. `. */
  next(level: number): string {
    if (level < this.#previousLevel) this.#counts.delete(this.#previousLevel);
    this.#previousLevel = level;
    this.#counts.set(level, (this.#counts.get(level) ?? 0) + 1);
    let number = '';
    for (let above = 1; above <= level; above++) {
      this.enter(above);
      number += `${this.#counts.get(above)}.`;
    }
    return `${number} `;
  }
}

function lineText({ text, list, level }: Line, numbers: Numbers): string {
  if (list !== 'number') numbers.interrupt();
  const content = list === 'bullet' ? `* ${text}` : text;
  if (level === 0) return `${content}\n`;
  numbers.enter(level);
  return `${'\t'.repeat(level)}${list === 'number' ? numbers.next(level) : ''}${content}\n`;
}

/**
 * The text of a pad with its lists shown, as getText without a revision and the export as text have it (all versions).
 *
 * @example two items, the second below the first // '\t* one\n\t\t* two\n'
 */
export function textWithLists(runs: readonly Run[], pool: AttributePool): string {
  const numbers = new Numbers();
  return linesOf(runs, pool)
    .map((line) => lineText(line, numbers))
    .join('');
}
