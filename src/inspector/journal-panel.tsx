import { useSignal } from '@preact/signals';
import type { JournalEntry } from '../sandbox/journal-record.ts';
import { Code, statusText } from './code.tsx';
import { Confirm } from './confirm.tsx';
import { ask } from './connection.ts';
import { number, timeOfDay } from './format.ts';
import { FilterBox, ListFrame } from './list-frame.tsx';
import { attempt } from './notice.tsx';
import { counts } from './overview.ts';
import { RequestDialog } from './request-dialog.tsx';
import { summaryOf } from './summary.ts';
import { useWindow } from './window.ts';

function Request({ entry, onOpen }: { entry: JournalEntry; onOpen: () => void }) {
  const { id, at, function: name, method, path, status, fault, reason, message, code } = entry;
  const why = reason ?? (code === 0 ? null : message) ?? null;
  const summary = summaryOf(entry);
  return (
    <li data-request={id}>
      <button type="button" class="request" onClick={onOpen} aria-haspopup="dialog">
        <span class="when">{timeOfDay(at)}</span>
        <span class="what">{name ?? `${method} ${path}`}</span>
        <span class="outcome">
          <Code entry={entry} />
          <span class="status">{statusText(status)}</span>
        </span>
        {(summary.id !== undefined || summary.parameters.length > 0) && (
          <span class="sent">
            {summary.id !== undefined && <span class="main-id">{summary.id}</span>}
            {summary.parameters.length > 0 && <span class="parameters">{summary.parameters.join(' ')}</span>}
          </span>
        )}
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
  const isRefusedOnly = useSignal(false);
  const opened = useSignal<number | undefined>(undefined);
  const list = useWindow<JournalEntry>('inspector/requests', !isLive.value, isRefusedOnly.value ? 'only=refused' : '');
  const { requests = 0, kept = 0 } = counts.value ?? {};
  const rows = list.loaded?.rows ?? [];
  const isAll = list.filter.trim() === '' && !isRefusedOnly.value;

  /** Steps through the rows that are listed; through all requests where none are left out. */
  const step = (id: number): { newer?: number; older?: number } => {
    const newer = rows.findLast((row) => row.id > id)?.id ?? (isAll && id < requests ? id + 1 : undefined);
    const older = rows.find((row) => row.id < id)?.id ?? (isAll && id > requests - kept + 1 ? id - 1 : undefined);
    return { ...(newer === undefined ? {} : { newer }), ...(older === undefined ? {} : { older }) };
  };

  return (
    <section class="card journal" id="requests" aria-labelledby="requests-title">
      <header class="card-head">
        <h2 id="requests-title">
          Requests <span class="count">{number(requests)}</span>
        </h2>
        {requests > kept && <span class="hint">{kept === 0 ? 'none kept' : `last ${number(kept)} kept`}</span>}
        <div class="tools">
          <label class="switch">
            <input
              type="checkbox"
              checked={isRefusedOnly.value}
              onChange={(event) => (isRefusedOnly.value = event.currentTarget.checked)}
            />
            Refused only
          </label>
          <label class="switch">
            <input type="checkbox" checked={isLive.value} onChange={(event) => (isLive.value = event.currentTarget.checked)} />
            Live
          </label>
          <Confirm
            label="Clear"
            name="Clear requests"
            question="Clear all requests?"
            yes="Clear all"
            isSmall
            isDisabled={kept === 0}
            onYes={() => attempt('Cleared all requests.', () => ask('requests', { method: 'DELETE' }))}
          />
        </div>
      </header>
      <div class="card-body">
        <FilterBox list={list} label="Filter requests by function, parameter, code or reason" />
        <ListFrame
          list={list}
          what={isRefusedOnly.value ? 'refused requests' : 'requests'}
          empty={isRefusedOnly.value ? 'No request was refused.' : 'No requests yet.'}
          onTurn={() => (isLive.value = false)}
        >
          <ol class="requests" aria-label="Requests, newest first">
            {rows.map((entry) => (
              <Request key={entry.id} entry={entry} onOpen={() => (opened.value = entry.id)} />
            ))}
          </ol>
        </ListFrame>
      </div>
      {opened.value !== undefined && (
        <RequestDialog
          id={opened.value}
          {...step(opened.value)}
          onOpen={(id) => (opened.value = id)}
          onClose={() => (opened.value = undefined)}
        />
      )}
    </section>
  );
}
