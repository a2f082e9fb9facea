import { Confirm } from './confirm.tsx';
import { ask } from './connection.ts';
import { attempt } from './notice.tsx';

export function ResetPanel() {
  return (
    <section class="card reset" id="reset" aria-labelledby="reset-title">
      <header class="card-head">
        <h2 id="reset-title">Reset</h2>
      </header>
      <div class="card-body">
        <p class="hint">Restores the seed and real time, removes all faults and clears the requests. Snapshots are kept.</p>
        <div class="buttons">
          <Confirm
            label="Reset…"
            question="Reset everything?"
            yes="Reset everything"
            onYes={() => attempt('Everything was reset.', () => ask('reset', { method: 'POST' }))}
          />
        </div>
      </div>
    </section>
  );
}
