import type { Behaviour } from '../emulation.ts';
import type { AttributePool } from './attribute-pool.ts';
import { lineHtml, type Mark, type Marks } from './html-line.ts';
import { linesOf } from './lines.ts';
import { ListTags } from './list-tags.ts';
import type { Run } from './run.ts';

/** The differences between the Etherpads that writing HTML asks for. */
export type HtmlRules = Pick<Behaviour, 'keepsNoBreakSpaces' | 'numberedListStart' | 'indentStyle'>;

const element = (name: string): Mark => ({ open: `<${name}>`, close: `</${name}>` });
const span = (name: string): Mark => ({ open: `<span class="${name}">`, close: '</span>' });

const FORMATS: Readonly<Record<string, Mark>> = {
  bold: element('strong'),
  italic: element('em'),
  underline: element('u'),
  strikethrough: element('s'),
};

/** The class of what an author wrote, in the HTML that shows differences. */
const classOf = (authorID: string): string => `author${authorID.replaceAll('.', '_')}`;

const REMOVED =
  ".removed {text-decoration: line-through; -ms-filter:'progid:DXImageTransform.Microsoft.Alpha(Opacity=80)'; " +
  'filter: alpha(opacity=80); opacity: 0.8; }\n';

const formatsOf = (pool: AttributePool): [number, Mark][] =>
  pool.attributes().flatMap(([name, value], number) => {
    const mark = value === 'true' ? FORMATS[name] : undefined;
    return mark === undefined ? [] : [[number, mark] as [number, Mark]];
  });

/** Runs with their attributes in the alphabetical order of their names, which is the order of their tags. */
export function inTagOrder(runs: readonly Run[], pool: AttributePool): Run[] {
  const name = (number: number): string => pool.get(number)?.[0] ?? '';
  return runs.map((run) => {
    if (run.attributes.length < 2) return run;
    return { text: run.text, attributes: run.attributes.toSorted((one, other) => (name(one) < name(other) ? -1 : 1)) };
  });
}

function write(runs: readonly Run[], pool: AttributePool, marks: Marks, rules: HtmlRules): string {
  const pieces: string[] = [];
  const tags = new ListTags(pieces, rules);
  const lines = linesOf(runs, pool);
  for (const [index, line] of lines.entries()) {
    const content = lineHtml(line, marks, rules);
    if (line.level > 0) tags.write(line, content, lines[index - 1], lines[index + 1]);
    else {
      tags.leave();
      pieces.push(content, '<br>');
    }
  }
  return pieces.join('');
}

/** The text of a pad as the HTML that stands inside of `<body>`. */
export const htmlOf = (runs: readonly Run[], pool: AttributePool, rules: HtmlRules): string =>
  write(inTagOrder(runs, pool), pool, new Map(formatsOf(pool)), rules);

/**
 * The same with what authors wrote and removed in their colours.
 *
 * @param runs with their attributes in the order of their tags
 * @param colorOf the colour of an author by its id, such as `#4caf50`; null for an author that is not known
 */
export function colouredHtmlOf(
  runs: readonly Run[],
  pool: AttributePool,
  rules: HtmlRules,
  colorOf: (authorID: string) => string | null,
): string {
  const marks = new Map(formatsOf(pool));
  let style = '';
  for (const [number, [name, value]] of pool.attributes().entries()) {
    if (name === 'author' && value !== '') {
      marks.set(number, span(classOf(value)));
      style += `.${classOf(value)} {background-color: ${colorOf(value)}}\n`;
    } else if (name === 'removed') {
      marks.set(number, span('removed'));
      style += REMOVED;
    }
  }
  return `<style>\n${style}</style>${write(runs, pool, marks, rules)}`;
}
