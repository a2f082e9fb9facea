import type { IncomingHttpHeaders } from 'node:http';
import etag from 'etag';
import fresh from 'fresh';
import { explainPadName, type Sent } from '../../etherpad/access-reasons.ts';
import { isPadID, sanitizedPadID } from '../../etherpad/pads/pad-id.ts';
import type { World } from '../../etherpad/world.ts';
import { HTML_TYPE } from '../etherpad/envelope.ts';
import { escapeHtml } from '../html.ts';
import { notFound, type PadAnswer, serverError, text } from './answer.ts';
import { loadAssets } from './assets.ts';
import { answerExport } from './exports.ts';
import { renderMain, renderPage } from './page.ts';
import type { PadPath } from './paths.ts';
import { tokenCookie } from './token.ts';
import { connectToPad, openPad, type Opened, viewOf } from './view.ts';

/** A request for something below `/p`. */
export interface PadRequest {
  readonly method: string;
  /** The path inside the Etherpad, as it came. */
  readonly path: string;
  /** What follows the question mark. */
  readonly query: string;
  /** The base path and the sandbox, which stand before the path. */
  readonly base: string;
  readonly headers: IncomingHttpHeaders;
  readonly world: World;
  /** Takes the API key out of a text. */
  readonly hide: (text: string) => string;
}

/** More about a denial: what only the request of the page itself tells. */
function hintFor({ access }: Opened, { headers }: PadRequest): string | undefined {
  if (access.granted || access.why.kind !== 'no cookie' || headers['sec-fetch-site'] !== 'cross-site') return undefined;
  return 'The request came from another site. A browser then sends only cookies that are SameSite=None and Secure, and many browsers only those that are Partitioned as well.';
}

async function answerPage(opened: Opened, place: 'pad' | 'timeslider', request: PadRequest): Promise<PadAnswer> {
  const { world, headers: sent, base } = request;
  const { access, reason } = opened;
  const assets = await loadAssets();
  const cookie = world.behaviour.givesTokenCookie ? tokenCookie(sent, base, world.clock.milliseconds()) : undefined;
  return {
    status: 200,
    type: HTML_TYPE,
    body: renderPage(viewOf(opened, world, place), assets, hintFor(opened, request)),
    headers: {
      'Content-Security-Policy': assets.policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }),
    },
    access,
    reason,
  };
}

/** As Express redirects: a line of text, or of HTML for who prefers it. */
function redirect(location: string, { headers: { accept = '' } }: PadRequest): PadAnswer {
  const words = `Found. Redirecting to ${location}`;
  const headers = { Location: location, Vary: 'Accept' };
  return /^\s*(?:text\/html|application\/xhtml)/.test(accept)
    ? text(302, `<p>${escapeHtml(words)}</p>`, headers)
    : { ...text(302, words, headers), type: 'text/plain; charset=utf-8' };
}

/**
 * Before any of its routes, Etherpad looks at the name of the pad: one that cannot be is forbidden, and so is whatever
 * ends in a slash; one with white space or colons leads to the clean name, unless a pad is called so.
 */
function answerName(id: string, { path, query, world, hide }: PadRequest): PadAnswer | undefined {
  const url = query === '' ? path : `${path}?${query}`;
  if (!isPadID(world, id) || url.endsWith('/')) {
    return { ...text(404, 'Such a padname is forbidden'), reason: explainPadName(id, hide) };
  }
  const clean = sanitizedPadID(world, id);
  if (clean === id) return undefined;
  const location = encodeURIComponent(clean) + new URL(`?${query}`, 'http://a').search;
  // neither part has a quote or an angle bracket left
  return text(302, `You should be redirected to <a href="${location}">${location}</a>`, { Location: location });
}

/** Who sent a request, by its cookies and the names in its query. */
const readerOf = ({ headers, query, hide }: PadRequest): Sent => ({
  hide,
  cookies: headers.cookie,
  queryNames: [...new URLSearchParams(query).keys()],
});

/** What Express says of a path that it has: it may be read. */
function allowed({ world }: PadRequest): PadAnswer {
  const { type, allow } = world.behaviour.optionsOfApi;
  return { ...text(200, allow, { Allow: allow }), type };
}

/**
 * What an open page asks for: itself, as its reader would see it now. By POST it connects, as Etherpad's editor does, which
 * makes a pad that is not there.
 */
function answerView(id: string, request: PadRequest): PadAnswer {
  const { method, headers, world } = request;
  const named = answerName(id, request);
  if (named !== undefined) return named;
  const reader = readerOf(request);
  if (method === 'POST') connectToPad(id, reader, world);
  const body = renderMain(viewOf(openPad(id, reader, world), world, 'pad'));
  const tag = etag(body, { weak: true });
  const answer = text(200, body, { ETag: tag, 'Cache-Control': 'private, no-cache' });
  return method !== 'POST' && fresh(headers, { etag: tag }) ? { ...answer, status: 304, body: '' } : answer;
}

/** Answers what is below `/p`. */
export async function answerPad(asked: PadPath, request: PadRequest): Promise<PadAnswer> {
  const { method, path, query, base, world } = request;
  if (asked.kind === 'nothing') return notFound(method, path);
  if (method === 'OPTIONS') return allowed(request);
  const isRead = method === 'GET' || method === 'HEAD';
  if (asked.kind === 'view' && (isRead || method === 'POST')) return answerView(asked.id, request);
  if (!isRead) return notFound(method, path);
  if (asked.kind === 'malformed') return serverError('the path has a percent sign that encodes nothing');
  const named = answerName(asked.id, request);
  if (named !== undefined) return named;
  const open = (): Opened => openPad(asked.id, readerOf(request), world);
  switch (asked.kind) {
    case 'export':
      return answerExport({ ...asked, path, method }, world, open);
    case 'timeslider': {
      const isEmbedded = new URLSearchParams(query).get('embed') === '1';
      if (world.behaviour.timeslider === 'page' || isEmbedded) return answerPage(open(), 'timeslider', request);
      return redirect(`${base}/p/${encodeURIComponent(asked.id)}`, request);
    }
    default:
      return answerPage(open(), 'pad', request);
  }
}
