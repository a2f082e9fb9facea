import { useSignal } from '@preact/signals';
import type { SessionRow } from '../http/inspector/inspection.ts';
import { Id } from './copy.tsx';
import { GettingStarted } from './getting-started.tsx';
import { number, timeLeft } from './format.ts';
import { FilterBox, ListFrame } from './list-frame.tsx';
import { counts, second } from './overview.ts';
import { useWindow } from './window.ts';

/** What is left of a session by the mock's clock. */
function TimeLeft({ validUntil }: { validUntil: number }) {
  const { expired, text } = timeLeft(validUntil, second.value);
  return <span class={expired ? 'chip is-expired' : 'chip is-alive'}>{text}</span>;
}

/** A session. One that has expired is struck out. */
function Row({ session, isOfOneGroup }: { session: SessionRow; isOfOneGroup: boolean }) {
  const { sessionID, validUntil, groupID, groupMapper, authorID, authorMapper, authorName, authorColor } = session;
  const { expired } = timeLeft(validUntil, second.value);
  const name = authorName ?? authorMapper;
  return (
    <tr class={expired ? 'is-expired' : undefined} data-session={sessionID}>
      <td class="is-first">
        <Id id={sessionID} />
      </td>
      {!isOfOneGroup && (
        <td>
          {groupMapper !== null && <span class="name">{groupMapper}</span>}
          <Id id={groupID} />
        </td>
      )}
      <td>
        {name !== null && (
          <span class="name">
            <i class="dot" style={{ backgroundColor: authorColor }} />
            {name}
          </span>
        )}
        <Id id={authorID} />
      </td>
      <td class="is-last">
        <TimeLeft validUntil={validUntil} />
      </td>
    </tr>
  );
}

interface Sorting {
  readonly isByExpiry: boolean;
  readonly onSort: () => void;
}

interface SessionTableProps {
  readonly rows: readonly SessionRow[];
  /** Leaves out the column of groups. */
  readonly isOfOneGroup?: boolean;
  /** Makes the column of times sort the rows. */
  readonly sorting?: Sorting;
}

function TimeLeftHead({ sorting }: { sorting: Sorting | undefined }) {
  if (sorting === undefined) {
    return (
      <th scope="col" class="is-last">
        Time left
      </th>
    );
  }
  const { isByExpiry, onSort } = sorting;
  return (
    <th scope="col" class="is-last" aria-sort={isByExpiry ? 'ascending' : 'none'}>
      <button
        type="button"
        class="sort"
        title={isByExpiry ? 'Show the newest sessions first' : 'Show the session that expires next first'}
        onClick={onSort}
      >
        Time left <span aria-hidden="true">{isByExpiry ? '↑' : '↕'}</span>
      </button>
    </th>
  );
}

export function SessionTable({ rows, isOfOneGroup = false, sorting }: SessionTableProps) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col" class="is-first">
            Session
          </th>
          {!isOfOneGroup && <th scope="col">Group</th>}
          <th scope="col">Author</th>
          <TimeLeftHead sorting={sorting} />
        </tr>
      </thead>
      <tbody>
        {rows.map((session) => (
          <Row key={session.sessionID} session={session} isOfOneGroup={isOfOneGroup} />
        ))}
      </tbody>
    </table>
  );
}

function NoSessions() {
  const { expired = 0, groups = 0, authors = 0 } = counts.value ?? {};
  return (
    <>
      <p>No sessions yet: createSession creates one.</p>
      {counts.value !== undefined && expired + groups + authors === 0 && <GettingStarted />}
    </>
  );
}

export function Sessions() {
  const isByExpiry = useSignal(false);
  const list = useWindow<SessionRow>('inspector/sessions', false, isByExpiry.value ? 'sort=expiry' : '');
  const { expired = 0 } = counts.value ?? {};
  return (
    <>
      <FilterBox list={list} label="Filter sessions by ID, group or author" />
      <ListFrame
        list={list}
        what="sessions"
        order={isByExpiry.value ? 'expiry' : 'newest'}
        remark={list.loadedFilter === '' && expired > 0 ? `${number(expired)} expired` : undefined}
        empty={<NoSessions />}
      >
        <SessionTable
          rows={list.loaded?.rows ?? []}
          sorting={{ isByExpiry: isByExpiry.value, onSort: () => (isByExpiry.value = !isByExpiry.value) }}
        />
      </ListFrame>
    </>
  );
}
