import type { DefaultTreeAdapterTypes, Parser as Parse5, Token } from 'parse5';
import type { Slices } from './slices.ts';

export type HtmlDocument = DefaultTreeAdapterTypes.Document;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlParent = DefaultTreeAdapterTypes.ParentNode;

/** Etherpad reads HTML by recursion: its stack overflows between 2,000 and 5,000 levels. */
const DEEPEST = 2_000;

/** About how many characters are read at once. */
export const CHUNK = 8_192;

/** The most elements that come of one chunk, formats that are opened anew included. */
const MOST_OF_CHUNK = 20_000;

/** The most elements of a document: more than this and half of its characters come only of formats that are opened anew. */
const MOST_OF_SHORT = 10_000;

/** HTML that costs far more than its length. Etherpad itself breaks down on it. */
export class HtmlTooComplexError extends Error {
  override readonly name = 'HtmlTooComplexError';
}

export const isElement = (node: HtmlNode): node is HtmlElement => 'tagName' in node;
export const isText = (node: HtmlNode): node is DefaultTreeAdapterTypes.TextNode => node.nodeName === '#text';

const PLAIN_NAMES = new Map<string, string>();

/** How many names of elements are kept: HTML has fewer. */
const MOST_NAMES = 1_000;

/**
 * The name that Etherpad's rehype goes by: in `<p.x>` and `<p#x>` what follows the `p` is a class and an id, as in a
 * selector.
 */
export function plainName({ tagName }: HtmlElement): string {
  const known = PLAIN_NAMES.get(tagName);
  if (known !== undefined) return known;
  const name = /^[^.#]*/.exec(tagName)![0].toLowerCase();
  if (PLAIN_NAMES.size < MOST_NAMES) PLAIN_NAMES.set(tagName, name);
  return name;
}

/** Undefined for an attribute that the element does not have. */
export const attributeOf = (element: HtmlElement, name: string): string | undefined =>
  element.attrs.find((attribute) => attribute.name === name)?.value;

const childNamed = (parent: HtmlParent, ...names: readonly string[]): HtmlElement | undefined =>
  parent.childNodes.filter(isElement).find(({ tagName }) => names.includes(tagName));

/** The element that `document.body` is. */
export function bodyOf(document: HtmlDocument): HtmlElement | undefined {
  const html = childNamed(document, 'html');
  return html === undefined ? undefined : childNamed(html, 'body', 'frameset');
}

/** Cuts HTML into chunks. */
export function* chunksOf(html: string): Generator<string, void> {
  for (let start = 0; start < html.length; start += CHUNK) yield html.slice(start, start + CHUNK);
}

/**
 * Reads HTML as browsers do, in slices.
 *
 * @param chunks the HTML, cut anywhere
 * @param length how many characters of HTML were sent
 * @throws HtmlTooComplexError
 */
export async function parseHtml(chunks: Iterable<string>, length: number, slices: Slices): Promise<HtmlDocument> {
  // only setHTML needs it: it is loaded when it is first asked for
  const { Parser, defaultTreeAdapter } = await import('parse5');
  const most = MOST_OF_SHORT + length / 2;
  let elements = 0;
  let before = 0;
  const treeAdapter = {
    ...defaultTreeAdapter,
    createElement(tagName: string, namespaceURI: HtmlElement['namespaceURI'], attributes: Token.Attribute[]): HtmlElement {
      elements += 1;
      if (elements > most || elements - before > MOST_OF_CHUNK)
        throw new HtmlTooComplexError('formats that are not closed are opened again in too many elements');
      return defaultTreeAdapter.createElement(tagName, namespaceURI, attributes);
    },
    onItemPush(): void {
      if (parser.openElements.stackTop > DEEPEST) throw new HtmlTooComplexError(`elements are nested more than ${DEEPEST} deep`);
    },
  };
  const parser: Parse5<DefaultTreeAdapterTypes.DefaultTreeAdapterMap> = new Parser({ scriptingEnabled: false, treeAdapter });
  for (const chunk of chunks) {
    before = elements;
    parser.tokenizer.write(chunk, false);
    if (slices.isOver) await slices.rest();
  }
  parser.tokenizer.write('', true);
  return parser.document;
}
