import { readFileSync } from 'node:fs';

/** One fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The heading that it stands below. */
  readonly heading: string;
}

export const readPage = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The fenced blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { language: string; lines: string[] } | undefined;
  for (const line of page.split('\n')) {
    if (open === undefined) {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
      const fence = /^```(\w*)$/.exec(line);
      if (fence !== null) open = { language: fence[1]!, lines: [] };
    } else if (line === '```') {
      blocks.push({ language: open.language, text: open.lines.join('\n'), heading });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  return blocks;
}

/** A command of a `console` block, and what the page says it prints. */
export interface Printed {
  readonly command: string;
  readonly output: string;
}

/** The commands of a `console` block: lines that begin with a dollar, each with the lines that follow it. */
export const commandsOf = ({ text }: Block): Printed[] =>
  text
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [command, ...output] = part.trimEnd().split('\n');
      return { command: command!, output: output.join('\n') };
    });

/** The name by which a page links to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** The names of all headings of a page. */
export const anchorsOf = (page: string): string[] => [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

/** Where the links of a page lead, fenced blocks left out. */
export const linksOf = (page: string): string[] =>
  [...page.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
