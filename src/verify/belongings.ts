import { randomBytes } from 'node:crypto';
import type { Request } from './request.ts';

const MAKES = /\/(?:create[A-Za-z]*|groups|authors|sessions)\/*(?:\?|$)/;
const FINDS_OR_MAKES = /IfNotExistsFor/i;

/** What a run made on a server: all that it may touch, and has to delete. */
export class Belongings {
  /** Begins every mapper of this run, and of no other. */
  readonly mark = `mock-etherpad-verify-${randomBytes(6).toString('hex')}`;
  readonly groups = new Set<string>();
  readonly authors = new Set<string>();
  readonly sessions = new Set<string>();
  readonly pads = new Set<string>();

  /** Reads from an answer what the request made. What a mapper without the mark leads to may be somebody else's. */
  observe({ method, target, body }: Request, answer: string): void {
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
    note('sessionID', this.sessions);
    note('padID', this.pads);
  }
}
