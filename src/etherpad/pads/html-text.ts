import {
  CHUNK,
  chunksOf,
  type HtmlDocument,
  type HtmlElement,
  type HtmlNode,
  HtmlTooComplexError,
  isElement,
  isText,
  plainName,
} from './html-tree.ts';

/** Elements without an end tag, those of old standards too. */
const VOID = new Set(
  'area base basefont bgsound br col command embed frame hr image img keygen link meta param source track wbr'.split(' '),
);

/** Elements whose text is written as it stands. */
const VERBATIM = new Set(['script', 'style']);

/** How many times longer than what was sent the document may become. */
const MOST_TIMES_LONGER = 8;
const MOST_OF_SHORT = 100_000;

/**
 * Where text is read as it stands, as in `<plaintext>`, these references are seen afterwards: they are rehype's.
 */
const escapeText = (text: string): string => (/[&<]/.test(text) ? text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;') : text);
const escapeValue = (text: string): string => text.replaceAll('&', '&#x26;').replaceAll('"', '&#x22;');

const isClass = ({ name }: { readonly name: string }): boolean => name === 'class';

/** Classes with one space between them. */
const joinClasses = (classes: readonly string[]): string =>
  classes
    .join(' ')
    .trim()
    .split(/[ \t\n\f\r]+/)
    .join(' ');

function startTag(element: HtmlElement): string {
  const { tagName, attrs } = element;
  const plain = plainName(element);
  if (attrs.length === 0 && plain.length === tagName.length) return `<${plain}>`;
  const named = Array.from(tagName.matchAll(/\.([^.#]+)/g), (match) => match[1]!);
  const all = named.length > 0 && !attrs.some(isClass) ? [{ name: 'class', value: '' }, ...attrs] : attrs;
  const attributes = all.map((attribute) => {
    const { prefix, name } = attribute;
    const value = isClass(attribute) ? joinClasses([...named, attribute.value]) : attribute.value;
    return ` ${prefix ? `${prefix}:` : ''}${name}="${escapeValue(value)}"`;
  });
  return `<${plain}${attributes.join('')}>`;
}

const hasEndTag = (element: HtmlElement): boolean =>
  element.childNodes.length > 0 || !VOID.has(plainName(element)) || element.namespaceURI.endsWith('/svg');

/**
 * A document as HTML, as rehype-stringify writes it for Etherpad, but that the text of templates is left out, which
 * nobody reads. The document is taken apart meanwhile.
 *
 * @param length how many characters of HTML were sent
 * @returns chunks of about 8,192 characters
 * @throws HtmlTooComplexError
 */
export function* writeHtml(document: HtmlDocument, length: number): Generator<string, void> {
  const most = MOST_OF_SHORT + length * MOST_TIMES_LONGER;
  let written = 0;
  let chunk = '';
  const open: { node: HtmlDocument | HtmlElement; next: number }[] = [{ node: document, next: 0 }];
  for (let place = open.at(-1); place !== undefined; place = open.at(-1)) {
    const { node } = place;
    const child: HtmlNode | undefined = node.childNodes[place.next];
    place.next += 1;
    if (child === undefined) {
      open.pop();
      if ('tagName' in node && hasEndTag(node)) chunk += `</${plainName(node)}>`;
      node.childNodes = [];
    } else if (isText(child)) {
      chunk += 'tagName' in node && VERBATIM.has(plainName(node)) ? child.value : escapeText(child.value);
    } else if (isElement(child)) {
      chunk += startTag(child);
      open.push({ node: child, next: 0 });
    } else {
      // what a comment says matters as little as which type of document it is, but both are there
      chunk += child.nodeName === '#comment' ? '<!---->' : '<!doctype html>';
    }
    if (chunk.length < CHUNK) continue;
    written += chunk.length;
    if (written > most) throw new HtmlTooComplexError('formats that are not closed repeat long attributes too often');
    yield* chunksOf(chunk);
    chunk = '';
  }
  yield chunk;
}
