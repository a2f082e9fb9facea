import { computed, signal } from '@preact/signals';
import type { Overview } from '../http/inspector/inspection.ts';
import { follow } from './connection.ts';

/** What the server told last, part by part. */
export const about = signal<Overview['about'] | undefined>(undefined);
export const counts = signal<Overview['counts'] | undefined>(undefined);
export const faults = signal<Overview['faults']>({ total: 0, faults: [] });
export const snapshots = signal<Overview['snapshots']>({ total: 0, snapshots: [] });
export const sandboxes = signal<Overview['sandboxes'] | undefined>(undefined);

/** The name of this page's sandbox while it does not exist. */
export const missing = signal<string | undefined>(undefined);

/** The clock as the server told it, and when, by the browser's own clock. */
export const clock = signal<(Overview['clock'] & { readonly toldAt: number }) | undefined>(undefined);

/** Rises whenever rows may have changed. */
export const revision = signal(0);

const TICK = 200;

/** What the mock's clock shows, in unix milliseconds. */
export function mockMilliseconds(): number {
  const told = clock.peek();
  if (told === undefined) return Date.now();
  return told.frozen ? told.milliseconds : told.milliseconds + performance.now() - told.toldAt;
}

/** The second that the mock's clock shows: everything that counts down depends on it. */
export const second = signal(0);

const showTime = (): void => {
  second.value = Math.floor(mockMilliseconds() / 1000);
};

export const isStanding = computed(() => clock.value?.frozen === true);

const PARTS: { readonly [Part in keyof Overview]: (told: Overview[Part]) => void } = {
  about: (told) => {
    missing.value = undefined;
    about.value = told;
  },
  clock: (told) => {
    clock.value = { ...told, toldAt: performance.now() };
    showTime();
  },
  counts: (told) => {
    counts.value = told;
    revision.value += 1;
  },
  faults: (told) => {
    faults.value = told;
  },
  snapshots: (told) => {
    snapshots.value = told;
  },
  sandboxes: (told) => {
    sandboxes.value = told;
  },
};

/** Begins to follow the server. */
export function look(): void {
  setInterval(showTime, TICK);
  void follow((event, data) => {
    if (event === 'missing') {
      missing.value = (data as { sandbox: string }).sandbox;
      counts.value = undefined;
      revision.value += 1;
    } else if (Object.hasOwn(PARTS, event)) PARTS[event as keyof Overview](data as never);
  });
}
