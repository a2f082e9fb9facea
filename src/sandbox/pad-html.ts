import { ApiError } from '../etherpad/api-error.ts';
import { addPad } from '../etherpad/pads/edit.ts';
import { importHtml } from '../etherpad/pads/html.ts';
import { State } from '../etherpad/state.ts';
import type { World } from '../etherpad/world.ts';
import { exportPad, type PadDocument } from './pad-document.ts';
import { badInput } from './problem.ts';
import type { SeedDocument } from './state-document.ts';

/**
 * Reads the HTML of pads, which takes time and so is done before anything is changed.
 *
 * @throws ControlError for HTML that setHTML refuses
 * @returns the document, in which pads that had HTML have a history instead
 */
export async function withHtmlRead(document: SeedDocument, world: Omit<World, 'state'>): Promise<SeedDocument> {
  if (document.pads.every(({ html }) => html === undefined)) return document;
  const { clock, ids, behaviour, createsMissing, defaultPadText, maxSessions } = world;
  const scratch: World = { state: new State(), clock, ids, behaviour, createsMissing, defaultPadText, maxSessions };
  const pads: PadDocument[] = [];
  for (const [index, given] of document.pads.entries()) {
    const { html, author = '', ...rest } = given;
    if (html === undefined) pads.push(given);
    else {
      const pad = addPad(scratch, given.padID, undefined, '', author);
      await importHtml(scratch, () => pad, html, author).catch((error: unknown) => {
        throw error instanceof ApiError ? badInput([{ path: `/pads/${index}/html`, message: `is malformed: ${error.reason}` }]) : error;
      });
      const { text, pool, revisions } = exportPad(pad);
      pads.push({
        ...rest,
        ...(text === undefined ? {} : { text }),
        ...(pool === undefined ? {} : { pool }),
        ...(revisions === undefined ? {} : { revisions }),
      });
    }
  }
  return { ...document, pads };
}
