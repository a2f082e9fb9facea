import * as fc from 'fast-check';
import type { EtherpadControl } from '../../src/index.ts';
import { call, ok, YEAR_2030 } from './calls.ts';

/** What one client does next; the number chooses among what it has. */
export type Step =
  | { readonly do: 'create a group' | 'create a session' | 'let a call fail' | 'release the clock' | 'clear the journal' }
  | { readonly do: 'delete a group'; readonly which: number }
  | { readonly do: 'set the clock'; readonly to: number };

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'create a group' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'create a session' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'let a call fail' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'release the clock' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'clear the journal' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete a group' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('set the clock' as const), to: fc.integer({ min: YEAR_2030, max: YEAR_2030 * 2 }) }),
  },
);

/** One client, and what it must find in its sandbox: no more and no less than it did itself. */
export class Client {
  readonly #etherpad: EtherpadControl;
  readonly #groups: string[] = [];
  #clock: number | undefined;
  #sessions = 0;
  #faults = 0;
  #requests = 0;

  constructor(etherpad: EtherpadControl) {
    this.#etherpad = etherpad;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'create a group':
        this.#groups.push((await this.#ok('createGroup')).groupID);
        break;
      case 'create a session': {
        const [groupID] = this.#groups;
        if (groupID === undefined) break;
        const { authorID } = await this.#ok('createAuthor');
        await this.#ok('createSession', { groupID, authorID, validUntil: YEAR_2030 * 3 });
        this.#sessions += 1;
        break;
      }
      case 'let a call fail':
        await this.#etherpad.faults.add({ kind: 'code', code: 2, times: 1 });
        this.#faults += 1;
        this.#requests += 1;
        await call(this.#etherpad, 'createGroup');
        break;
      case 'release the clock':
        await this.#etherpad.clock.release();
        this.#clock = undefined;
        break;
      case 'clear the journal':
        await this.#etherpad.requests.clear();
        this.#requests = 0;
        break;
      case 'delete a group': {
        // the first group keeps the sessions
        const [groupID] = this.#groups.length > 1 ? this.#groups.splice(1 + (step.which % (this.#groups.length - 1)), 1) : [];
        if (groupID !== undefined) await this.#ok('deleteGroup', { groupID });
        break;
      }
      case 'set the clock':
        await this.#etherpad.clock.freeze(step.to);
        this.#clock = step.to;
        break;
    }
  }

  async #ok(name: string, fields: Readonly<Record<string, string | number>> = {}): Promise<any> {
    this.#requests += 1;
    return ok(this.#etherpad, name, fields);
  }

  /** What is in the sandbox, and what must be. */
  async compare(): Promise<{ found: object; expected: object }> {
    const { groupIDs } = (await this.#ok('listAllGroups')) as { groupIDs: string[] };
    const { sessions } = await this.#etherpad.state.export();
    const faults = await this.#etherpad.faults.list();
    const { total, requests } = await this.#etherpad.requests.list({ limit: 1 });
    const now = await this.#etherpad.clock.now();
    return {
      found: {
        groups: groupIDs.toSorted(),
        sessions: sessions.length,
        firedFaults: faults.filter(({ fired }) => fired === 1).length,
        requests: total,
        newest: requests[0]?.function,
        clock: Math.abs(now - Date.now() / 1000) < 60 ? 'real' : now,
      },
      expected: {
        groups: this.#groups.toSorted(),
        sessions: this.#sessions,
        firedFaults: this.#faults,
        requests: this.#requests,
        newest: 'listAllGroups',
        clock: this.#clock ?? 'real',
      },
    };
  }
}
