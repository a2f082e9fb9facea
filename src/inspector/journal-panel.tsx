import { useSignal } from '@preact/signals';
import type { JournalEntry } from '../sandbox/journal-record.ts';
import { Code, statusText } from './code.tsx';
import { ask } from './connection.ts';
import { number, timeOfDay } from './format.ts';
import { FilterBox, ListFrame } from './list-frame.tsx';
import { attempt } from './notice.tsx';
import { counts } from './overview.ts';
import { RequestDialog } from './request-dialog.tsx';
import { useWindow } from './window.ts';

function Request({ entry, onOpen }: { entry: JournalEntry; onOpen: () => void }) {
  const { id, at, function: name, method, path, status, fault, reason, message, code } = entry;
  const why = reason ?? (code === 0 ? null : message) ?? null;
  return (
    <li data-request={id}>
      <button type="button" class="request" onClick={onOpen} aria-haspopup="dialog">
        <span class="when">{timeOfDay(at)}</span>
        <span class="what">{name ?? `${method} ${path}`}</span>
        <span class="outcome">
          <Code entry={entry} />
          <span class="status">{statusText(status)}</span>
        </span>
        {(fault !== null || why !== null) && (
          <span class="why">
            {fault !== null && <span class="chip is-fault">{fault}</span>} {why}
          </span>
        )}
      </button>
    </li>
  );
}

export function JournalPanel() {
  const isLive = useSignal(true);
  const opened = useSignal<number | undefined>(undefined);
  const list = useWindow<JournalEntry>('inspector/requests', !isLive.value);
  const { requests = 0, kept = 0 } = counts.value ?? {};
  return (
    <section class="card journal" id="requests" aria-labelledby="requests-title">
      <header class="card-head">
        <h2 id="requests-title">
          Requests <span class="count">{number(requests)}</span>
        </h2>
        {requests > kept && <span class="hint">{kept === 0 ? 'none are kept' : `the last ${number(kept)} are kept`}</span>}
        <label class="switch">
          <input type="checkbox" checked={isLive.value} onChange={(event) => (isLive.value = event.currentTarget.checked)} />
          Live
        </label>
        <button
          type="button"
          class="button is-small"
          disabled={kept === 0}
          onClick={() => void attempt('The journal is empty.', () => ask('requests', { method: 'DELETE' }))}
        >
          Clear
        </button>
      </header>
      <div class="card-body">
        <FilterBox list={list} label="Filter requests by function, parameter, code or reason" />
        <ListFrame list={list} what="requests" empty="No requests yet." onTurn={() => (isLive.value = false)}>
          <ol class="requests" aria-label="Requests, the newest first">
            {list.loaded?.rows.map((entry) => (
              <Request key={entry.id} entry={entry} onOpen={() => (opened.value = entry.id)} />
            ))}
          </ol>
        </ListFrame>
      </div>
      {opened.value !== undefined && (
        <RequestDialog id={opened.value} onOpen={(id) => (opened.value = id)} onClose={() => (opened.value = undefined)} />
      )}
    </section>
  );
}
