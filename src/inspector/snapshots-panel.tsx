import { useSignal } from '@preact/signals';
import { ask } from './connection.ts';
import { counted, dateAndTime, number } from './format.ts';
import { attempt } from './notice.tsx';
import { snapshots } from './overview.ts';

export function SnapshotsPanel() {
  const name = useSignal('');
  const { total, snapshots: listed } = snapshots.value;
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = name.value.trim();
    if (await attempt(`Saved state and clock as ${given}.`, () => ask(`snapshots/${encodeURIComponent(given)}`, { method: 'PUT' })))
      name.value = '';
  };
  return (
    <section class="card snapshots" id="snapshots" aria-labelledby="snapshots-title">
      <header class="card-head">
        <h2 id="snapshots-title">
          Snapshots <span class="count">{number(total)}</span>
        </h2>
      </header>
      <div class="card-body">
        {total > 0 && (
          <ul class="lines">
            {listed.map(({ name: saved, savedAt, sessions }) => (
              <li key={saved}>
                <div class="line">
                  <span class="who">
                    <span class="name">{saved}</span>
                    <span class="hint">
                      {counted(sessions, 'session')}, {dateAndTime(savedAt).date} {dateAndTime(savedAt).time}
                    </span>
                  </span>
                  <button
                    type="button"
                    class="button is-small"
                    aria-label={`Restore ${saved}`}
                    onClick={() =>
                      void attempt(`Restored ${saved}.`, () => ask(`snapshots/${encodeURIComponent(saved)}/restore`, { method: 'POST' }))
                    }
                  >
                    Restore
                  </button>
                  <button
                    type="button"
                    class="button is-small"
                    aria-label={`Delete ${saved}`}
                    onClick={() =>
                      void attempt(`Deleted ${saved}.`, () => ask(`snapshots/${encodeURIComponent(saved)}`, { method: 'DELETE' }))
                    }
                  >
                    Delete
                  </button>
                </div>
              </li>
            ))}
          </ul>
        )}
        {total > listed.length && <p class="hint">and {number(total - listed.length)} more</p>}
        <form class="form is-line" aria-label="Save a snapshot" onSubmit={(event) => void save(event)}>
          <label class="field">
            <span>Name</span>
            <input
              type="text"
              required
              maxLength={200}
              pattern="[^\/]+"
              autocomplete="off"
              placeholder="before-login"
              value={name.value}
              onInput={(event) => (name.value = event.currentTarget.value)}
            />
          </label>
          <button class="button is-main">Save</button>
        </form>
      </div>
    </section>
  );
}
