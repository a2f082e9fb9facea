import { randomBytes } from 'node:crypto';
import type { Request } from './request.ts';

const MAKES = /\/(?:create[A-Za-z]*|groups|authors|sessions)\/*(?:\?|$)/;
/** Functions that make a pad of the id that they are given, outside of any group too. */
const MAKES_PAD = /\/(?:createPad|copyPad|copyPadWithoutHistory|movePad|appendChatMessage)\/*(?:\?|$)/;
const SAVES_REVISION = /\/saveRevision\/*(?:\?|$)/;

const FINDS_OR_MAKES = /IfNotExistsFor/i;

/** What a run made on a server: all that it may touch, and has to delete. */
export class Belongings {
  /** Begins every mapper of this run, and of no other. */
  readonly mark = `mock-etherpad-verify-${randomBytes(6).toString('hex')}`;
  readonly groups = new Set<string>();
  readonly authors = new Set<string>();
  /** Pads outside of any group. */
  readonly pads = new Set<string>();
  /** How many authors called `API` Etherpad has made, one whenever a revision was saved. */
  authorsCalledAPI = 0;

  /** Reads from an answer what the request made. What a mapper without the mark leads to may be somebody else's. */
  observe({ method, target, body }: Request, answer: string): void {
    if (MAKES_PAD.test(target) && !answer.startsWith('{"code":1,'))
      this.#observePad(`${target.slice(target.indexOf('?') + 1)}&${body?.text ?? ''}`);
    if (SAVES_REVISION.test(target) && answer.startsWith('{"code":0,')) this.authorsCalledAPI += 1;
    if (method === 'DELETE' || !MAKES.test(target)) return;
    if (FINDS_OR_MAKES.test(target) && !`${target} ${body?.text ?? ''}`.includes(this.mark)) return;
    let data: unknown;
    try {
      ({ data } = JSON.parse(answer) as { data: unknown });
    } catch {
      return;
    }
    const fields = (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
    const note = (name: string, ids: Set<string>): void => {
      const id = fields[name];
      if (typeof id === 'string') ids.add(id);
    };
    note('groupID', this.groups);
    note('authorID', this.authors);
  }

  /** The id counts unless the answer is a refusal: a pad may be there whose answer was spoilt on its way. */
  #observePad(parameters: string): void {
    const values = new URLSearchParams(parameters);
    const padID = values.get('destinationID') ?? values.get('padID');
    if (padID?.startsWith(this.mark) === true && !padID.includes('$')) this.pads.add(padID);
  }
}
