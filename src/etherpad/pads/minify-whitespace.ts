import {
  attributeOf,
  type HtmlDocument,
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  isElement,
  isText,
  plainName,
} from './html-tree.ts';

/** How white space of an element's text counts: as one space, as one space that is never taken away, or as it is. */
type WhiteSpace = 'normal' | 'nowrap' | 'pre';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Elements at whose edges white space is nothing. */
const BLOCKS = words(
  'address article aside blockquote body br caption center col colgroup dd dialog dir div dl dt figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre ' +
    'section summary table tbody td tfoot th thead tr ul wbr xmp',
);

/** Elements that are something to see themselves, so that white space beside them is seen. */
const CONTENT = words('audio canvas embed iframe img math object picture svg video button input select textarea');

/** Elements that are not seen where they stand: what follows them decides. */
const SKIPPED = words(
  'area base basefont dialog datalist head link meta noembed noframes param rp script source style template track title',
);

const PREFORMATTED = words('listing plaintext script style xmp pre textarea');

const isBlock = (node: HtmlNode): boolean => isElement(node) && BLOCKS.has(plainName(node));
const isContent = (node: HtmlNode | undefined): boolean => node !== undefined && isElement(node) && CONTENT.has(plainName(node));
const isIgnored = ({ nodeName }: HtmlNode): boolean => nodeName === '#comment' || nodeName === '#documentType';
const isSkipped = (element: HtmlElement): boolean => attributeOf(element, 'hidden') !== undefined || SKIPPED.has(plainName(element));

/** Whether white space in front of a node is nothing (true) or seen (false); undefined where the node does not decide it. */
type Edge = boolean | undefined;
const NO_EDGES: readonly Edge[] = [];

/** @param edges those of its children, of which the first that decides it does so for what is neither block nor content */
function edgeOf(node: HtmlNode, edges: readonly Edge[]): Edge {
  if (isText(node)) return /^[ \t\n\f\r]*$/.test(node.value) ? undefined : false;
  if (!isElement(node)) return isIgnored(node) ? undefined : false;
  if (isContent(node)) return false;
  if (isBlock(node)) return true;
  return isSkipped(node) ? undefined : edges.find((edge) => edge !== undefined);
}

function whiteSpaceOf(element: HtmlElement, around: WhiteSpace): WhiteSpace {
  const name = plainName(element);
  if (PREFORMATTED.has(name)) return 'pre';
  if (name === 'nobr') return 'nowrap';
  if ((name === 'td' || name === 'th') && attributeOf(element, 'nowrap') !== undefined) return 'nowrap';
  return around;
}

const collapse = (text: string): string => text.replace(/[\t\n\v\f\r ]+/g, ' ');

/** Where the walk stands in an element's children. */
interface Place {
  readonly parent: HtmlParent;
  readonly whiteSpace: WhiteSpace;
  /** Whether white space is nothing at the end of the element. */
  readonly after: boolean;
  /** Per child, whether white space is nothing at the child's end. */
  readonly afterChild: readonly boolean[];
  /** Whether white space is nothing where the walk stands. */
  before: boolean;
  next: number;
  readonly kept: HtmlNode[];
}

function placeIn(parent: HtmlParent, outer: Pick<Place, 'before' | 'after' | 'whiteSpace'>, edges: readonly Edge[]): Place {
  const isEdge = !('tagName' in parent) || isBlock(parent);
  const after = isEdge || outer.after;
  const afterChild: boolean[] = [];
  let following = after;
  for (let index = edges.length - 1; index >= 0; index--) {
    afterChild[index] = following;
    following = edges[index] ?? following;
  }
  const whiteSpace = 'tagName' in parent ? whiteSpaceOf(parent, outer.whiteSpace) : outer.whiteSpace;
  return { parent, whiteSpace, after, afterChild, before: isEdge || outer.before, next: 0, kept: [] };
}

/** The edges of the children of every parent that has some, the parents in the order in which they begin. */
function* edgesOf(document: HtmlDocument): Generator<void, (readonly Edge[])[]> {
  const all: Edge[][] = [[]];
  const open: { readonly parent: HtmlParent; readonly edges: Edge[]; next: number }[] = [{ parent: document, edges: all[0]!, next: 0 }];
  for (let place = open.at(-1); place !== undefined; place = open.at(-1)) {
    yield;
    const node = place.parent.childNodes[place.next];
    place.next += 1;
    if (node === undefined) {
      open.pop();
      if ('tagName' in place.parent) open.at(-1)!.edges.push(edgeOf(place.parent, place.edges));
    } else if (isElement(node) && node.childNodes.length > 0) {
      const edges: Edge[] = [];
      all.push(edges);
      open.push({ parent: node, edges, next: 0 });
    } else place.edges.push(edgeOf(node, NO_EDGES));
  }
  return all;
}

/** Shortens a text. @returns false for a text of which nothing is left */
function minifyText(node: HtmlNode & { value: string }, place: Place, after: boolean): boolean {
  const value = collapse(node.value);
  const start = place.before && value.startsWith(' ') ? 1 : 0;
  const endsInSpace = value.length > start && value.endsWith(' ');
  const end = endsInSpace && after ? value.length - 1 : value.length;
  if (start === end) return false;
  node.value = value.slice(start, end);
  place.before = endsInSpace && !after;
  return true;
}

/**
 * Takes white space away that is not seen, as rehype-minify-whitespace does for Etherpad: one space is left of each run,
 * and none at the edges of blocks. Yields after each node.
 */
export function* minifyWhitespace(document: HtmlDocument): Generator<void, void> {
  const edges = yield* edgesOf(document);
  let begun = 0;
  const begin = (parent: HtmlParent, outer: Pick<Place, 'before' | 'after' | 'whiteSpace'>): Place =>
    placeIn(parent, outer, edges[begun++]!);
  const places = [begin(document, { before: false, after: false, whiteSpace: 'normal' })];
  for (let place = places.at(-1); place !== undefined; place = places.at(-1)) {
    yield;
    const { parent, kept } = place;
    const node = parent.childNodes[place.next];
    if (node === undefined) {
      parent.childNodes = kept;
      places.pop();
      const outer = places.at(-1);
      if (outer === undefined) return;
      outer.before = (place.before || place.after) && !isContent(outer.kept.at(-1));
      continue;
    }
    const after = place.afterChild[place.next]!;
    place.next += 1;
    if (isElement(node) && node.childNodes.length > 0) {
      kept.push(node);
      places.push(begin(node, { before: place.before, after, whiteSpace: place.whiteSpace }));
      continue;
    }
    let isKept = true;
    if (isElement(node)) place.before = isBlock(node) || place.before || after;
    else if (isText(node) && place.whiteSpace === 'normal') isKept = minifyText(node, place, after);
    else if (!isIgnored(node)) {
      if (isText(node) && place.whiteSpace === 'nowrap') node.value = collapse(node.value);
      place.before = false;
    }
    if (isKept) kept.push(node);
    if (isContent(kept.at(-1))) place.before = false;
  }
}
