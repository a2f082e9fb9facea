import type { Behaviour } from '../emulation.ts';
import type { Attribute } from './attribute-pool.ts';
import { attributeOf, type HtmlElement, type HtmlNode, isElement, isText } from './html-tree.ts';

/** The differences between the Etherpads that reading HTML asks for. */
export type HtmlInRules = Pick<Behaviour, 'keepsNoBreakSpaces' | 'bareListItem'>;

/** Characters in a row with the same attributes, in the alphabetical order of their names. */
export interface AttributedText {
  text: string;
  readonly attributes: readonly Attribute[];
}

/**
 * What comes of HTML: its text, and all attributes that were met, in the order in which a pool numbers them. Equal
 * attributes are one and the same, and so are equal lists of them.
 */
export interface CollectedHtml {
  readonly runs: readonly AttributedText[];
  readonly attributes: readonly Attribute[];
  /** What Etherpad breaks down on, after it has met these attributes; undefined for good HTML. */
  readonly fault: string | undefined;
}

/** Etherpad breaks down here, and says that the HTML is malformed. */
class MalformedHtmlError extends Error {
  override readonly name = 'MalformedHtmlError';
}

const BLOCKS = new Set(['div', 'p', 'pre', 'li']);

/** Lists get no deeper than this, unless a class says so. */
const DEEPEST_LIST = 16;

/** The deepest list that a class can name: each level is written with each item. */
const DEEPEST_NAMED_LIST = 99;

/** Lines that are longer than the limit and some are cut at the limit. */
const LINE_LIMIT = 2_000;
const LINE_TOLERANCE = 10;

/** LibreOffice's own marks of items, which are dropped. */
const SYMBOLS = new Set(['Numbering_20_Symbols', 'Bullet_20_Symbols']);

/** Which formats an element has, in the order in which they are looked for: by its name or by its style. */
const FORMATS: readonly { readonly attribute: Attribute; readonly names: readonly string[]; readonly style: RegExp }[] = [
  { attribute: ['bold', 'true'], names: ['b', 'strong'], style: /\bfont-weight:\s*bold\b/i },
  { attribute: ['italic', 'true'], names: ['i', 'em'], style: /\bfont-style:\s*italic\b/i },
  { attribute: ['underline', 'true'], names: ['u', 'ins'], style: /\btext-decoration:\s*underline\b/i },
  { attribute: ['strikethrough', 'true'], names: ['s', 'del'], style: /\btext-decoration:\s*line-through\b/i },
];

const LINE_MARKER: Attribute = ['lmkr', '1'];
const INSERT_ORDER: Attribute = ['insertorder', 'first'];

/** Of text without formats, and of line feeds. */
const NO_ATTRIBUTES: readonly Attribute[] = [];
const NONE: readonly number[] = [];

const byName = ([one]: Attribute, [other]: Attribute): number => (one < other ? -1 : 1);

/** An element that is being read, and what is to be put back behind it. */
interface OpenElement {
  readonly element: HtmlElement;
  readonly isBlock: boolean;
  /** The number of the line that it began in. */
  readonly line: number;
  /** The formats that the element around it has opened so far. */
  readonly outerFormats: readonly number[];
  /** The list around it, where it is a list; undefined for other elements. */
  readonly outerList: { readonly type: string | undefined } | undefined;
  next: number;
}

const nameOf = ({ tagName }: HtmlElement): string => tagName.toLowerCase();

/** To put so many marks on one letter into their order takes the square of their number: more are left as they are. */
const MOST_MARKS = 100;

/** The composed form (NFC) of text. */
function composed(text: string): string {
  for (const [marks] of text.matchAll(/\p{M}+/gu)) if (marks.length > MOST_MARKS) return text;
  return text.normalize('NFC');
}

/** Text as Etherpad keeps it: composed, and without other white space than spaces. */
const cleanText = (text: string, { keepsNoBreakSpaces }: HtmlInRules): string => {
  if (/^[ -~]*$/.test(text)) return text;
  const spaced = text
    .replace(/\n | ?\n/g, ' ')
    .replaceAll('\r', ' ')
    .replaceAll('\t', '        ');
  return composed(keepsNoBreakSpaces ? spaced : spaced.replaceAll('\u00a0', ' '));
};

/**
 * No-break spaces that only show a space: all but those that stand between two words without a space beside them
 * (Etherpad 3.3.1).
 */
const plainSpaces = (line: string): string =>
  line.replace(/[ \u00a0]+/g, (spaces, index: number) => {
    const isBetweenWords = /\S/.test(line.charAt(index - 1)) && /\S/.test(line.charAt(index + spaces.length));
    return isBetweenWords && !spaces.includes(' ') ? spaces : ' '.repeat(spaces.length);
  });

/**
 * Turns a tree of HTML into lines with attributes, by the rules of Etherpad's own collector: which elements begin a line,
 * how lists are numbered, and what is left over where markup is odd.
 */
class LineCollector {
  readonly #rules: HtmlInRules;
  readonly #attributes = new Map<string, Attribute>();
  /** The same list for the same formats, so that text with them is merged; by the formats, as bits. */
  readonly #formatLists = new Map<number, readonly Attribute[]>([[0, NO_ATTRIBUTES]]);
  /** Those of markers, by the list and the number of the item. */
  readonly #markerLists = new Map<string, readonly Attribute[]>();
  readonly #lines: AttributedText[][] = [[]];
  /** How many open elements have each format. */
  readonly #counts = FORMATS.map(() => 0);
  /** The attributes of text, in the alphabetical order of their names. */
  #textAttributes = NO_ATTRIBUTES;
  /** The formats that the element being read has opened, by their place in FORMATS. */
  #formats = NONE;
  #preformatted = 0;
  #list: string | undefined;
  #itemStart: number | undefined;
  /** Not a number once it has been counted on before the first numbered list, as in Etherpad. */
  #start = Number.NaN;
  #nesting = 0;

  constructor(rules: HtmlInRules) {
    this.#rules = rules;
  }

  get attributes(): Attribute[] {
    return [...this.#attributes.values()];
  }

  /** The attribute itself, or the same one as it was met before. */
  #meet(attribute: Attribute): Attribute {
    const key = attribute.join();
    const known = this.#attributes.get(key);
    if (known === undefined) this.#attributes.set(key, attribute);
    return known ?? attribute;
  }

  get #isAtBeginning(): boolean {
    return this.#lines.at(-1)!.length === 0;
  }

  #append(text: string, attributes: readonly Attribute[]): void {
    if (text === '') return;
    const line = this.#lines.at(-1)!;
    const last = line.at(-1);
    if (last?.attributes === attributes) last.text += text;
    else line.push({ text, attributes });
  }

  #mark(): void {
    if (!this.#isAtBeginning || this.#list === undefined) return;
    const key = `${this.#list} ${this.#itemStart || ''}`;
    let attributes = this.#markerLists.get(key);
    if (attributes === undefined) {
      const marker = [this.#meet(LINE_MARKER), this.#meet(INSERT_ORDER), this.#meet(['list', this.#list])];
      if (this.#itemStart) marker.push(this.#meet(['start', String(this.#itemStart)]));
      attributes = marker.toSorted(byName);
      this.#markerLists.set(key, attributes);
    }
    this.#append('*', attributes);
  }

  #beginLine(): void {
    this.#mark();
    this.#lines.push([]);
  }

  #ensureBeginning(): void {
    if (!this.#isAtBeginning) this.#beginLine();
  }

  #readText(given: string): void {
    const text = /^[\r\n]*$/.test(given) ? '' : given;
    const kept = this.#isAtBeginning ? text.replace(/^\n+/, '') : text;
    this.#mark();
    this.#append(cleanText(kept, this.#rules), this.#textAttributes);
  }

  /** Each line feed begins a line, but for one at the end. Yields after each line. */
  *#readPreformatted(text: string): Generator<void, void> {
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf('\n', start);
      if (start > 0) this.#beginLine();
      this.#mark();
      this.#append(cleanText(text.slice(start, end === -1 ? text.length : end), this.#rules), this.#textAttributes);
      yield;
      if (end === -1) return;
      start = end + 1;
    }
  }

  /** One more open element, or one less, with a format. */
  #count(format: number, change: 1 | -1): void {
    this.#counts[format]! += change;
    const formats = this.#counts.reduce((bits, count, index) => (count > 0 ? bits | (1 << index) : bits), 0);
    let attributes = this.#formatLists.get(formats);
    if (attributes === undefined) {
      this.#meet(FORMATS[format]!.attribute);
      attributes = FORMATS.flatMap(({ attribute }, index) => (this.#counts[index]! > 0 ? [attribute] : [])).toSorted(byName);
      this.#formatLists.set(formats, attributes);
    }
    this.#textAttributes = attributes;
  }

  #enterList(type: string): { type: string | undefined } {
    const level = Number(/[0-9]+/.exec(type)?.[0] ?? 0);
    if (level > DEEPEST_NAMED_LIST) throw new MalformedHtmlError(`a class says that a list is more than ${DEEPEST_NAMED_LIST} deep`);
    const outer = { type: this.#list };
    this.#nesting = (this.#nesting || 0) + 1;
    if (type.includes('number')) this.#start = (this.#start || 0) + 1;
    this.#list = type;
    return outer;
  }

  #leaveList(outer: string | undefined): void {
    if (this.#list !== undefined) this.#nesting -= 1;
    this.#list = outer;
    if (outer === undefined) this.#itemStart = undefined;
  }

  /** What a list's class says, or the kind of list and how deep it is. */
  #typeOf(element: HtmlElement): string {
    const className = attributeOf(element, 'class');
    const named = /(?:^| )list-([a-z]+[0-9]+)\b/.exec(className ?? '')?.[1];
    if (named !== undefined) return named;
    const level = Math.min(DEEPEST_LIST, (this.#nesting || 0) + 1);
    if (nameOf(element) === 'ol') return `number${level}`;
    const hint = className || element.childNodes.filter(isElement).find((child) => nameOf(child) === 'ul' && attributeOf(child, 'class'));
    const kind = typeof hint === 'object' ? attributeOf(hint, 'class')! : (hint ?? '');
    return `${kind.includes('indent') ? 'indent' : 'bullet'}${level}`;
  }

  #enterItem(element: HtmlElement): { type: string | undefined } | undefined {
    const isBare = this.#list === undefined;
    // Etherpad before 3 looks for the list of an item without asking whether there is one
    if (isBare && this.#rules.bareListItem === 'malformed')
      throw new MalformedHtmlError('an item of a list is in no list, and this Etherpad looks for one');
    const outer = isBare ? this.#enterList('bullet1') : undefined;
    this.#itemStart = this.#start || 0;
    const parent = element.parentNode !== null && 'tagName' in element.parentNode ? nameOf(element.parentNode) : '';
    if (this.#list!.includes('number') && parent !== 'ol') this.#start += 1;
    if (parent === 'ul') this.#start += 1;
    return outer;
  }

  /**
   * Begins an element.
   *
   * @returns undefined where its children are not read
   */
  #enter(element: HtmlElement): OpenElement | undefined {
    const outerFormats = this.#formats;
    this.#formats = NONE;
    const name = nameOf(element);
    const isBlock = BLOCKS.has(name);
    if (isBlock) this.#ensureBeginning();
    const line = this.#lines.length;
    const empty = { element, isBlock, line, outerFormats, outerList: undefined, next: element.childNodes.length };
    if (name === 'br') this.#beginLine();
    if (name === 'br' || name === 'script' || name === 'style' || element.childNodes.length === 0) {
      this.#close(empty);
      return undefined;
    }
    if (name === 'pre') this.#preformatted += 1;
    const className = attributeOf(element, 'class');
    // the formats of the element around it then last to the end, as in Etherpad
    if (SYMBOLS.has(className ?? '')) return undefined;
    const style = attributeOf(element, 'style') ?? '';
    for (const [index, { names, style: pattern }] of FORMATS.entries()) {
      if (!names.includes(name) && (style === '' || !pattern.test(style))) continue;
      this.#formats = [...this.#formats, index];
      this.#count(index, 1);
    }
    let outerList: OpenElement['outerList'];
    if (name === 'ul' || name === 'ol') outerList = this.#enterList(this.#typeOf(element));
    else if ((name === 'div' || name === 'p') && /(?:^| )ace-line\b/.test(className ?? '')) {
      throw new MalformedHtmlError("an element has the class ace-line, at which Etherpad's import breaks down");
    } else if (name === 'li') outerList = this.#enterItem(element);
    return { ...empty, outerList, next: 0 };
  }

  #leave(open: OpenElement): void {
    if (nameOf(open.element) === 'pre') this.#preformatted -= 1;
    for (const format of this.#formats) this.#count(format, -1);
    if (open.outerList !== undefined) this.#leaveList(open.outerList.type);
    this.#close(open);
  }

  #close({ isBlock, line, outerFormats }: OpenElement): void {
    if (isBlock) {
      if (this.#lines.length === line) this.#beginLine();
      else this.#ensureBeginning();
    }
    this.#formats = outerFormats;
  }

  /** Reads an element and all in it. Yields after each node. */
  *collect(root: HtmlElement): Generator<void, void> {
    const open: OpenElement[] = [];
    const begin = (element: HtmlElement): void => {
      const entered = this.#enter(element);
      if (entered !== undefined) open.push(entered);
    };
    begin(root);
    for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
      yield;
      const node: HtmlNode | undefined = current.element.childNodes[current.next];
      current.next += 1;
      if (node === undefined) {
        open.pop();
        this.#leave(current);
      } else if (isText(node)) {
        if (this.#preformatted > 0) yield* this.#readPreformatted(node.value);
        else this.#readText(node.value);
      } else if (isElement(node)) begin(node);
    }
  }

  /** All lines but the last, which nothing has begun, with line feeds between them. Yields after each line. */
  *runs(): Generator<void, AttributedText[]> {
    const runs: AttributedText[] = [];
    const add = (text: string, attributes: readonly Attribute[]): void => {
      const last = runs.at(-1);
      if (last?.attributes === attributes) last.text += text;
      else runs.push({ text, attributes });
    };
    let count = 0;
    for (const read of this.#lines.slice(0, -1)) {
      for (const line of this.#cut(this.#withPlainSpaces(read))) {
        if (count > 0) add('\n', NO_ATTRIBUTES);
        for (const { text, attributes } of line) add(text, attributes);
        count += 1;
      }
      yield;
    }
    return runs;
  }

  #withPlainSpaces(line: readonly AttributedText[]): readonly AttributedText[] {
    if (!this.#rules.keepsNoBreakSpaces || !line.some(({ text }) => text.includes('\u00a0'))) return line;
    const plain = plainSpaces(line.map(({ text }) => text).join(''));
    let end = 0;
    return line.map(({ text, attributes }) => {
      end += text.length;
      return { text: plain.slice(end - text.length, end), attributes };
    });
  }

  #cut(line: readonly AttributedText[]): (readonly AttributedText[])[] {
    const length = line.reduce((sum, { text }) => sum + text.length, 0);
    if (length <= LINE_LIMIT + LINE_TOLERANCE) return [line];
    const lines: AttributedText[][] = [[]];
    let free = LINE_LIMIT;
    for (const { text, attributes } of line) {
      for (let start = 0; start < text.length;) {
        if (free === 0) {
          lines.push([]);
          free = LINE_LIMIT;
        }
        const part = text.slice(start, start + free);
        lines.at(-1)!.push({ text: part, attributes });
        start += part.length;
        free -= part.length;
      }
    }
    return lines;
  }
}

/** Turns the body of a document into text with attributes. Yields after each node. */
export function* collectLines(body: HtmlElement | undefined, rules: HtmlInRules): Generator<void, CollectedHtml> {
  const collector = new LineCollector(rules);
  try {
    if (body === undefined) throw new MalformedHtmlError('the document has no body');
    yield* collector.collect(body);
    return { runs: yield* collector.runs(), attributes: collector.attributes, fault: undefined };
  } catch (error) {
    if (!(error instanceof MalformedHtmlError)) throw error;
    return { runs: [], attributes: collector.attributes, fault: error.message };
  }
}
