import type { Emulation } from '../etherpad/emulation.ts';
import { looksLikeMilliseconds } from '../sandbox/schema.ts';
import { exportState, type SeedDocument } from '../sandbox/state-document.ts';
import type { ApiCall, SentValues } from './api-call.ts';
import { nameBehaviours, type ShownPart, type Side, sideOf } from './behaviours.ts';
import { type Exchange, type GivenAnswer, headerOf, type NoAnswer } from './exchange.ts';
import { findParts, type Part } from './find-parts.ts';
import { MockBeside, type MockBesideOptions } from './mock-beside.ts';
import { ThereBefore } from './there-before.ts';

/** What came of a call: the mock's answer and how it differs, or why both cannot be compared. */
export type Outcome =
  | { readonly kind: 'compared'; readonly mock: GivenAnswer | NoAnswer; readonly parts: readonly ShownPart[] }
  | { readonly kind: 'unanswered' | 'abandoned' | 'of before' };

/** Who waits so long for nothing, in milliseconds, has been answered with silence. */
const SILENT_AFTER = 1_000;

/** Calls whose answers depend on the second in which they are asked. */
const READS_THE_CLOCK = /^(getSessionInfo|listSessionsOf)|\/export\//;
const ACTS_BY_THE_CLOCK = /^(create|delete)Session$/;

/** Compares a real server with the mock as one Etherpad, call by call. */
export class Comparison {
  readonly emulation: Emulation;
  readonly #mock: MockBeside;
  readonly #before: ThereBefore;

  private constructor(emulation: Emulation, mock: MockBeside) {
    this.emulation = emulation;
    this.#mock = mock;
    this.#before = new ThereBefore(mock.sandbox);
  }

  static async start(options: MockBesideOptions): Promise<Comparison> {
    return new Comparison(options.emulation, await MockBeside.start(options));
  }

  /** Asks the mock what the real server was asked. One call has to be over before the next. */
  async compare(exchange: Exchange, call: ApiCall, values: SentValues): Promise<Outcome> {
    const { request, real } = exchange;
    if (real.kind === 'lost') return { kind: 'unanswered' };
    if (real.kind === 'silence' && real.milliseconds < SILENT_AFTER) return { kind: 'abandoned' };
    const side = sideOf(real);
    const second = this.#secondOf(real);
    this.#setClock(second);
    if (!this.#before.takeOver(call, values, side)) return { kind: 'of before' };

    this.#mock.ids.offer(side.code === 0 ? side.data : undefined);
    let mock = await this.#mock.answer(request);
    let parts = this.#difference(call, real, side, mock);
    const isRefusedByMock = side.code === 0 && sideOf(mock).code === 1;
    if (parts.length > 0 && (READS_THE_CLOCK.test(call.name) || (ACTS_BY_THE_CLOCK.test(call.name) && isRefusedByMock))) {
      // both looked at their clocks, which may show neighbouring seconds: that is no difference
      for (const neighbour of [second - 1, second + 1]) {
        this.#setClock(neighbour);
        const again = await this.#mock.answer(request);
        const others = this.#difference(call, real, side, again);
        if (others.length > 0) continue;
        [mock, parts] = [again, others];
        break;
      }
    }
    this.#before.note(values, side.data, sideOf(mock).data);
    return { kind: 'compared', mock, parts: nameBehaviours({ call, request, values, second }, parts, { real, mock }) };
  }

  /** What the mock knows by now: with the real server's ids, as a state that a mock can begin with. */
  seed(): SeedDocument {
    const state = exportState(this.#mock.sandbox.state);
    // some clients send milliseconds, which a seed takes for a mistake
    const sessions = state.sessions.map(({ validUntil, ...session }) => ({
      ...session,
      validUntil: looksLikeMilliseconds(validUntil) ? new Date(validUntil * 1000).toISOString() : validUntil,
    }));
    return { ...state, sessions };
  }

  close(): Promise<void> {
    return this.#mock.close();
  }

  #difference(call: ApiCall, real: GivenAnswer | NoAnswer, { code, message, data }: Side, mock: GivenAnswer | NoAnswer): readonly Part[] {
    const parts = findParts(call, real, mock);
    if (parts.length === 0 || real.kind !== 'answer' || code !== 0) return parts;
    if (call.name === 'getStats') return this.#before.withoutCounts(parts);
    const { data: mocks } = sideOf(mock);
    const kept = this.#before.without(data, mocks);
    if (kept === data) return parts;
    return findParts(call, { ...real, body: Buffer.from(JSON.stringify({ code, message, data: kept })) }, mock);
  }

  /** The second in which the real server answered, by its own clock where it tells. */
  #secondOf(real: GivenAnswer | NoAnswer): number {
    const date = real.kind === 'answer' ? Date.parse(headerOf(real.rawHeaders, 'date') ?? '') : Number.NaN;
    return Math.floor((Number.isNaN(date) ? Date.now() : date) / 1000);
  }

  #setClock(second: number): void {
    this.#mock.sandbox.clock.set({ milliseconds: second * 1000, frozen: true });
  }
}
