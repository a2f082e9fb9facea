import type { Access } from '../../etherpad/access.ts';
import { escapeHtml } from '../html.ts';
import type { Assets } from './assets.ts';

/** A pad as its reader sees it. */
export interface PageView {
  readonly access: Access;
  /** Why it is denied. */
  readonly reason: string | undefined;
  /** The name of the session's author, where there is one. */
  readonly authorName: string | undefined;
  /** The number of the newest revision; undefined for a pad that is not there. */
  readonly revision: number | undefined;
  /** The text as getHTML gives it, without the document around it; undefined where nothing is shown. */
  readonly html: string | undefined;
  /** Where the page asks for what changed, from the page; undefined for a page that does not follow. */
  readonly view: string | undefined;
  /** The way from the page to what is below the pad's path: `notes/` from the pad, nothing from its timeslider. */
  readonly below: string;
  /** The newest revisions, for the timeslider. */
  readonly history?: readonly { readonly number: number; readonly author: string; readonly time: number }[];
}

const MODES = { true: 'read only, by a read-only id', false: 'may read and write' } as const;

/** What stands behind the group's id. */
export const padName = (id: string): string => id.slice(id.indexOf('$') + 1);

const isoTime = (milliseconds: number): string | undefined =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString().replace('.000Z', 'Z') : undefined;

function timeElement(milliseconds: number): string {
  const iso = isoTime(milliseconds);
  if (iso === undefined) return `second ${milliseconds / 1000}`;
  return `<time datetime="${iso}">${iso.replace('T', ' ').replace('Z', ' UTC')}</time>`;
}

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;

function readerOf({ access, authorName }: PageView): string {
  const session = access.granted ? access.session : undefined;
  if (session === undefined) return 'a guest';
  const { authorID } = session.author;
  return authorName === undefined ? `an author without a name, ${code(authorID)}` : `${escapeHtml(authorName)}, ${code(authorID)}`;
}

function openedBy({ access }: PageView): string {
  if (!access.granted) return '';
  switch (access.by) {
    case 'session':
      return `by the session ${code(access.session!.sessionID)}, until ${timeElement(access.session!.validUntil * 1000)}`;
    case 'public':
      return 'by its public status';
    case 'open':
      return 'to everybody: it belongs to no group';
  }
}

function statusOf(view: PageView): string {
  if (!view.access.granted) return 'You do not have permission to access this pad';
  const { session } = view.access;
  if (session === undefined) return 'Open to a guest';
  return `Open to ${escapeHtml(view.authorName ?? session.author.authorID)}`;
}

function factsOf(view: PageView): string {
  const { access, revision } = view;
  const rows = [
    ['Pad', code(access.id)],
    ['Reader', readerOf(view)],
    ['Access', openedBy(view)],
    ['Mode', MODES[`${access.readOnly}`]],
    ['Revision', revision === undefined ? 'none: the pad does not exist yet' : String(revision)],
  ];
  return rows.map(([term, description]) => `<div><dt>${term}</dt><dd>${description}</dd></div>`).join('');
}

function historyOf({ history = [], below }: PageView): string {
  const rows = history.map(({ number, author, time }) => {
    const by = author === '' ? 'by nobody' : `by ${code(author)}`;
    return `<li value="${number}"><a href="${below}${number}/export/txt">revision ${number}</a>, ${timeElement(time)} ${by}</li>`;
  });
  return rows.length === 0 ? '' : `<h2>History</h2><ol>${rows.join('')}</ol>`;
}

const hiddenUnless = (shown: boolean): string => (shown ? '' : ' hidden');

/**
 * The part of the page that follows its pad. Its children are always the same, shown or hidden, and the script of the
 * page takes over each one that changed.
 */
export function renderMain(view: PageView): string {
  const { access, reason, html, view: path, below, revision, history } = view;
  const { id, granted, readOnly } = access;
  const session = granted ? access.session : undefined;
  const attributes = Object.entries({
    'data-access': granted ? 'granted' : 'denied',
    'data-pad-id': id,
    'data-author-id': session?.author.authorID ?? '',
    'data-session-id': session?.sessionID ?? '',
    'data-read-only': String(readOnly),
    'data-revision': granted && revision !== undefined ? String(revision) : '',
    ...(path === undefined ? {} : { 'data-view': path }),
  }).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  const links = [
    ['txt', 'Export as text'],
    ['html', 'Export as HTML'],
    ['etherpad', 'Export as .etherpad'],
  ].map(([type, how]) => `<li><a href="${escapeHtml(below)}export/${type}">${how}</a></li>`);
  return `<main${attributes.join('')}>
<h1 id="name">${escapeHtml(padName(id))}</h1>
<p id="access" role="status">${statusOf(view)}</p>
<p id="reason"${hiddenUnless(!granted)}>${granted ? '' : escapeHtml(reason ?? '')}</p>
<section id="text" aria-label="Text of the pad" dir="auto"${hiddenUnless(granted && html !== undefined)}>${granted ? (html ?? '') : ''}</section>
<section id="history"${hiddenUnless(granted && history !== undefined)}>${granted ? historyOf(view) : ''}</section>
<dl id="facts"${hiddenUnless(granted)}>${granted ? factsOf(view) : ''}</dl>
<nav id="exports" aria-label="Exports"${hiddenUnless(granted && html !== undefined)}><ul>${granted ? links.join('') : ''}</ul></nav>
</main>`;
}

/** The whole page. @param hint more about a denial, which only the request for the page itself can tell */
export function renderPage(view: PageView, { style, script }: Assets, hint: string | undefined): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(padName(view.access.id))} | mock-etherpad</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${renderMain(view)}
${hint === undefined ? '' : `<p id="hint">${escapeHtml(hint)}</p>\n`}<footer>
<p>mock-etherpad shows this pad as its reader would see it, and is no editor.</p>
<p id="connection" role="status"></p>
</footer>
<script>${script}</script>
</body>
</html>
`;
}
