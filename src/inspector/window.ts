import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Window } from '../http/inspector/inspection.ts';
import type { Coverage } from '../sandbox/coverage.ts';
import { ask } from './connection.ts';
import { about, revision, sandboxes } from './overview.ts';

/** How many rows a list shows. */
export const ROWS = 50;

/** The rows that were last shown of each list, unfiltered: what is left to show when the server is gone. */
const remembered = new Map<string, Window<unknown>>();

/** The shortest time between two updates of a list, in milliseconds. */
const SHORTEST_PAUSE = 250;

/** A list waits so many times as long as its last update took: however long that is, it stays a small part of the time. */
const PAUSE_FACTOR = 20;

/** How long typing goes on before the list is asked for, in milliseconds. */
const TYPING = 150;

/** Loads again when something changed: one load at a time, with a pause after it, and none while the page is hidden. */
class Refresher {
  readonly #load: (aborted: AbortSignal) => Promise<void>;
  #aborting: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;
  #isWanted = false;
  /** Whether somebody asked for the load that is planned or under way; otherwise something changed. */
  #isAskedFor = false;

  constructor(load: (aborted: AbortSignal) => Promise<void>) {
    this.#load = load;
    document.addEventListener('visibilitychange', this.#plan);
  }

  /** Something changed. */
  readonly want = (): void => {
    this.#isWanted = true;
    this.#plan();
  };

  /** Somebody asked for something else. */
  readonly wantNow = (delay: number): void => {
    this.#cancel();
    this.#isAskedFor = true;
    this.#notBefore = performance.now() + delay;
    this.want();
  };

  /** Gives up every load that is planned or under way, unless somebody asked for it. */
  hold(): void {
    if (!this.#isAskedFor) this.#cancel();
    // the load that somebody waits for goes on; the one planned after it does not
    else if (this.#aborting !== undefined) this.#isWanted = false;
  }

  stop(): void {
    this.#cancel();
    document.removeEventListener('visibilitychange', this.#plan);
  }

  #cancel(): void {
    this.#aborting?.abort();
    this.#aborting = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWanted = false;
  }

  readonly #plan = (): void => {
    // until the server says that this Etherpad exists, there is nothing to ask for; what it says next plans again
    if (about.peek() === undefined) return;
    if (!this.#isWanted || this.#aborting !== undefined || this.#timer !== undefined || document.hidden) return;
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#notBefore - performance.now()));
  };

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#isWanted = false;
    const aborting = new AbortController();
    this.#aborting = aborting;
    const started = performance.now();
    await this.#load(aborting.signal);
    if (this.#aborting !== aborting) return;
    this.#aborting = undefined;
    this.#isAskedFor = false;
    const ended = performance.now();
    this.#notBefore = ended + Math.max(SHORTEST_PAUSE, PAUSE_FACTOR * (ended - started));
    this.#plan();
  }
}

/** What was met of the API, in all sandboxes, kept up to date: undefined until it came once. */
export function useCoverage(): Coverage | undefined {
  const loaded = useSignal<Coverage | undefined>(undefined);
  const refresher = useRef<Refresher>(undefined);
  useEffect(() => {
    const made = new Refresher(async (aborted) => {
      try {
        loaded.value = await ask<Coverage>('inspector/coverage', { signal: aborted });
      } catch {
        // the state of the connection is shown elsewhere; the next change asks again
      }
    });
    refresher.current = made;
    made.wantNow(0);
    return () => made.stop();
  }, []);
  const changed = [revision.value, sandboxes.value];
  useEffect(() => refresher.current?.want(), changed);
  return loaded.value;
}

/** What was loaded, and what was asked for. */
interface Loaded<Row> {
  readonly window: Window<Row>;
  readonly filter: string;
  readonly offset: number;
}

/** A window of a list, kept up to date. */
export interface LiveWindow<Row> {
  /** Undefined until it was loaded once. */
  readonly loaded: Window<Row> | undefined;
  /** What the filter box contains. */
  readonly filter: string;
  /** The filter that the rows match: another one while rows are being loaded, or when the server does not answer. */
  readonly loadedFilter: string;
  /** Where the rows begin. */
  readonly offset: number;
  setFilter(filter: string): void;
  setOffset(offset: number): void;
}

function rememberedRows<Row>(path: string, options: string): Loaded<Row> | undefined {
  const window = remembered.get(`${path}?${options}`) as Window<Row> | undefined;
  return window && { window, filter: '', offset: 0 };
}

/**
 * @param path what to ask for: `inspector/sessions`
 * @param isHeld whether to leave the rows as they are, whatever changes
 * @param options what else the query contains: `sort=expiry`
 */
export function useWindow<Row>(path: string, isHeld = false, options = ''): LiveWindow<Row> {
  const loaded = useSignal(rememberedRows<Row>(path, options));
  const asked = useRef(options);
  const filter = useSignal('');
  const offset = useSignal(0);
  const refresher = useRef<Refresher>(undefined);

  useEffect(() => {
    const made = new Refresher(async (aborted) => {
      const of = { filter: filter.peek().trim(), offset: offset.peek() };
      const more = asked.current;
      const query = new URLSearchParams({ filter: of.filter, offset: String(of.offset), limit: String(ROWS) });
      try {
        const answer = await ask<Window<Row>>(`${path}?${query}${more === '' ? '' : `&${more}`}`, { signal: aborted });
        // the last page may have become shorter than where it began
        if (answer.rows.length === 0 && answer.total > 0) offset.value = Math.floor((answer.total - 1) / ROWS) * ROWS;
        loaded.value = { window: answer, ...of };
        if (of.filter === '' && of.offset === 0) remembered.set(`${path}?${more}`, answer);
      } catch {
        // the page says elsewhere that the server is gone, and the next change asks again
        if (!aborted.aborted && of.filter === '') loaded.value = rememberedRows<Row>(path, more) ?? loaded.peek();
      }
    });
    refresher.current = made;
    made.wantNow(0);
    return () => made.stop();
  }, [path]);

  const changed = revision.value;
  // at once, and not after the next frame: until then, an update could still come
  useLayoutEffect(() => {
    if (isHeld) refresher.current?.hold();
    else refresher.current?.want();
  }, [changed, isHeld]);

  useEffect(() => {
    if (asked.current === options) return;
    asked.current = options;
    offset.value = 0;
    refresher.current?.wantNow(0);
  }, [options]);

  return {
    loaded: loaded.value?.window,
    filter: filter.value,
    loadedFilter: loaded.value?.filter ?? '',
    offset: loaded.value?.offset ?? 0,
    setFilter(text) {
      filter.value = text;
      offset.value = 0;
      refresher.current?.wantNow(TYPING);
    },
    setOffset(to) {
      offset.value = to;
      refresher.current?.wantNow(0);
    },
  };
}
