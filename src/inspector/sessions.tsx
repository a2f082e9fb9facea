import type { SessionRow } from '../http/inspector/inspection.ts';
import { Id } from './copy.tsx';
import { timeLeft } from './format.ts';
import { ListFrame } from './list-frame.tsx';
import { second } from './overview.ts';
import type { LiveWindow } from './window.ts';

/** What is left of a session by the mock's clock. */
function TimeLeft({ validUntil }: { validUntil: number }) {
  const { expired, text } = timeLeft(validUntil, second.value);
  return <span class={expired ? 'chip is-expired' : 'chip is-alive'}>{text}</span>;
}

/** A row is told apart when its session has expired. */
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

/** @param props.isOfOneGroup leaves out whose group it is */
export function SessionTable({ rows, isOfOneGroup = false }: { rows: readonly SessionRow[]; isOfOneGroup?: boolean }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col" class="is-first">
            Session
          </th>
          {!isOfOneGroup && <th scope="col">Group</th>}
          <th scope="col">Author</th>
          <th scope="col" class="is-last">
            Time left
          </th>
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

export function Sessions({ list }: { list: LiveWindow<SessionRow> }) {
  return (
    <ListFrame list={list} what="sessions" empty="No sessions yet: createSession makes one.">
      <SessionTable rows={list.loaded?.rows ?? []} />
    </ListFrame>
  );
}
