import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ask } from './connection.ts';
import { attempt } from './notice.tsx';

/** Asks twice: everything is gone afterwards, but for the snapshots. */
export function ResetPanel() {
  const isAsking = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);

  useEffect(() => {
    if (isAsking.value) cancel.current?.focus();
    else if (wasAsking.current) first.current?.focus();
    wasAsking.current = isAsking.value;
  }, [isAsking.value]);

  const reset = async (): Promise<void> => {
    await attempt('Everything is as it began.', () => ask('reset', { method: 'POST' }));
    isAsking.value = false;
  };

  return (
    <section class="card reset" id="reset" aria-labelledby="reset-title">
      <header class="card-head">
        <h2 id="reset-title">Reset</h2>
      </header>
      <div class="card-body">
        <p class="hint">Clears the state and seeds it again; real time, no faults, an empty journal. Snapshots stay.</p>
        {isAsking.value ? (
          <div
            class="buttons"
            role="group"
            aria-label="Reset everything?"
            onKeyDown={(event) => {
              if (event.key === 'Escape') isAsking.value = false;
            }}
          >
            <button type="button" class="button" ref={cancel} onClick={() => (isAsking.value = false)}>
              Keep it
            </button>
            <button type="button" class="button is-danger" onClick={() => void reset()}>
              Yes, reset everything
            </button>
          </div>
        ) : (
          <div class="buttons">
            <button type="button" class="button" ref={first} onClick={() => (isAsking.value = true)}>
              Reset…
            </button>
          </div>
        )}
      </div>
    </section>
  );
}
