import { writeHtml } from './html-text.ts';
import { bodyOf, chunksOf, HtmlTooComplexError, parseHtml } from './html-tree.ts';
import { type CollectedHtml, collectLines, type HtmlInRules } from './line-collector.ts';
import { minifyWhitespace } from './minify-whitespace.ts';
import { Slices } from './slices.ts';

/**
 * Reads HTML as Etherpad's import does: white space that is not seen is taken away, the rest is written down and read
 * again, an empty paragraph is put at the end, and all of it becomes lines (all versions).
 *
 * It works in slices, so that other requests are answered in between, however long and odd the HTML is.
 */
export async function readHtml(html: string, rules: HtmlInRules): Promise<CollectedHtml> {
  const slices = new Slices();
  try {
    const document = await parseHtml(chunksOf(html), html.length, slices);
    await slices.run(minifyWhitespace(document));
    const body = bodyOf(await parseHtml(writeHtml(document, html.length), html.length, slices));
    body?.childNodes.push({ ...body, nodeName: 'p', tagName: 'p', attrs: [], childNodes: [], parentNode: body });
    return await slices.run(collectLines(body, rules));
  } catch (error) {
    if (!(error instanceof HtmlTooComplexError)) throw error;
    return { runs: [], attributes: [], fault: error.message };
  }
}
