const ID = /\b(?:[ga]\.[A-Za-z0-9]{16}|s\.[0-9a-f]{32})\b/g;
const SHAPES = { g: 'g\\.[A-Za-z0-9]{16}', a: 'a\\.[A-Za-z0-9]{16}', s: 's\\.[0-9a-f]{32}' } as const;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Ids that a page prints as a sample, and what they really are in this run. A sample is bound the first time that it is
 * printed, by its shape, and must be the same ever after.
 */
export class SampleIds {
  readonly #real = new Map<string, string>();

  /** The text with every bound sample replaced by the real id. */
  fill(text: string): string {
    return text.replace(ID, (sample) => this.#real.get(sample) ?? sample);
  }

  /** Binds the new samples of a printed text by what was really printed; leaves them alone where the rest differs. */
  bind(printed: string, really: string): void {
    const samples: string[] = [];
    const pattern = this.fill(printed)
      .split(new RegExp(`(${ID.source})`, 'g'))
      .map((part) => {
        if (part.match(ID) === null || [...this.#real.values()].includes(part)) return escaped(part);
        if (samples.includes(part)) return `\\${samples.indexOf(part) + 1}`;
        samples.push(part);
        return `(${SHAPES[part[0] as keyof typeof SHAPES]})`;
      })
      .join('');
    const match = new RegExp(`^${pattern}$`).exec(really);
    if (match !== null) samples.forEach((sample, index) => this.#real.set(sample, match[index + 1]!));
  }
}
