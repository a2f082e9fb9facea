import type { Behaviour } from '../emulation.ts';
import type { Line } from './lines.ts';
import { findLinks } from './links.ts';
import type { Run } from './run.ts';

/** What characters with an attribute are put into. */
export interface Mark {
  readonly open: string;
  readonly close: string;
}

/** The marks by the number of their attribute in the pad's pool. */
export type Marks = ReadonlyMap<number, Mark>;

// oxfmt-ignore
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;', '/': '&#x2F;' };

/** Everything but ASCII and white space as a decimal reference. */
const escapeText = (text: string): string =>
  text.replace(/[&<>"'/]|[^\x21-\x7e\s]/gu, (character) => ENTITIES[character] ?? `&#${character.codePointAt(0)};`);

/** Everything below U+0100 but digits and letters of ASCII as a hexadecimal reference. */
const escapeAddress = (text: string): string =>
  text.replace(
    /[\0-/:-@[-`{-\u00ff]/g,
    (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16).padStart(2, '0')};`,
  );

/**
 * Spaces that a browser would not show become `&nbsp;`: the first and the last of a line, and all of a run but its last.
 */
function keepSpaces(html: string, { keepsNoBreakSpaces }: Pick<Behaviour, 'keepsNoBreakSpaces'>): string {
  if (!html.includes(' ') && !html.includes('\u00a0')) return html;
  const parts = html.match(/<[^>]*>?|[ \u00a0]|[^ \u00a0<]+/g)!;
  let next: 'nothing' | 'a space' | 'content' = 'nothing';
  let first = -1;
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index]!;
    if (part.startsWith('<')) continue;
    first = index;
    if (part === ' ') {
      if (next !== 'content') parts[index] = '&nbsp;';
      next = 'a space';
    } else {
      if (part === '\u00a0' && keepsNoBreakSpaces) parts[index] = '&nbsp;';
      next = 'content';
    }
  }
  if (parts[first] === ' ') parts[first] = '&nbsp;';
  return parts.join('');
}

/** Gives out the runs of a line bit by bit. */
class RunReader {
  readonly #runs: readonly Run[];
  #index = 0;
  #taken = 0;

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  *take(length: number): Generator<Run, void> {
    let left = length;
    while (left > 0) {
      const { text, attributes } = this.#runs[this.#index]!;
      const end = Math.min(this.#taken + left, text.length);
      yield { text: text.slice(this.#taken, end), attributes };
      left -= end - this.#taken;
      this.#taken = end;
      if (end < text.length) continue;
      this.#index += 1;
      this.#taken = 0;
    }
  }
}

/** Runs with their marks. A mark stays open while it lasts, unless one around it ends. */
function writeRuns(runs: Iterable<Run>, marks: Marks): string {
  const open: Mark[] = [];
  let html = '';
  const closeFrom = (index: number): void => {
    while (open.length > index) html += open.pop()!.close;
  };
  for (const { text, attributes } of runs) {
    const wanted = attributes.map((number) => marks.get(number)).filter((mark) => mark !== undefined);
    const outermost = open.findIndex((mark) => !wanted.includes(mark));
    if (outermost !== -1) closeFrom(outermost);
    for (const mark of wanted) {
      if (open.includes(mark)) continue;
      open.push(mark);
      html += mark.open;
    }
    // form feeds say nothing in HTML; Etherpad takes the first of a run out
    html += escapeText(text.replace('\f', ''));
  }
  closeFrom(0);
  return html;
}

/** The content of a line as HTML, with its formats and links; a link cuts the formats around it. */
export function lineHtml({ text, runs }: Line, marks: Marks, behaviour: Pick<Behaviour, 'keepsNoBreakSpaces'>): string {
  const reader = new RunReader(runs);
  let html = '';
  let written = 0;
  for (const { start, end } of findLinks(text)) {
    html += writeRuns(reader.take(start - written), marks);
    html += `<a href="${escapeAddress(text.slice(start, end))}" rel="noreferrer noopener">`;
    html += writeRuns(reader.take(end - start), marks);
    html += '</a>';
    written = end;
  }
  return keepSpaces(html + writeRuns(reader.take(text.length - written), marks), behaviour);
}
