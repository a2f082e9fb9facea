import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Count, GroupDetails, GroupRow } from '../http/inspector/inspection.ts';
import { ask, Refusal } from './connection.ts';
import { Id } from './copy.tsx';
import { counted, number } from './format.ts';
import { ListFrame } from './list-frame.tsx';
import { explain } from './notice.tsx';
import { revision } from './overview.ts';
import { SessionTable } from './sessions.tsx';
import type { LiveWindow } from './window.ts';

export const countedOrMore = ({ count, orMore }: Count, noun: string): string =>
  orMore ? `${number(count)} ${noun}s or more` : counted(count, noun);

type Opened = { readonly details: GroupDetails } | { readonly problem: string };

/** The pads and sessions of a group, loaded again when something changed, at most twice a second. */
function Contents({ groupID }: { groupID: string }) {
  const opened = useSignal<Opened | undefined>(undefined);
  const changed = revision.value;
  useEffect(() => {
    const timer = setTimeout(
      () => {
        ask<GroupDetails>(`inspector/groups/${encodeURIComponent(groupID)}`)
          .then((details) => (opened.value = { details }))
          .catch((error: unknown) => {
            // a server that is gone says nothing new about the group
            if (error instanceof Refusal || opened.peek() === undefined) opened.value = { problem: explain(error) };
          });
      },
      opened.peek() === undefined ? 0 : 500,
    );
    return () => clearTimeout(timer);
  }, [groupID, changed]);

  if (opened.value === undefined) return <p class="empty">Loading…</p>;
  if ('problem' in opened.value) return <p class="empty">{opened.value.problem}</p>;
  const { pads, sessions } = opened.value.details;
  return (
    <div class="contents">
      <h3>{counted(pads.total, 'pad')}</h3>
      {pads.total > 0 && (
        <ul class="pads">
          {pads.rows.map((padID) => (
            <li key={padID}>
              <Id id={padID} />
            </li>
          ))}
          {pads.total > pads.rows.length && <li class="hint">and {number(pads.total - pads.rows.length)} more</li>}
        </ul>
      )}
      <h3>{counted(sessions.total, 'session')}</h3>
      {sessions.total > 0 && <SessionTable rows={sessions.rows} isOfOneGroup />}
      {sessions.total > sessions.rows.length && (
        <p class="hint">Showing the newest {sessions.rows.length}. To see all of them, filter the sessions by this group.</p>
      )}
    </div>
  );
}

function Group({ group, isOpen, onToggle }: { group: GroupRow; isOpen: boolean; onToggle: () => void }) {
  const { groupID, mapper, pads, sessions } = group;
  return (
    <li>
      <div class="line">
        <button
          type="button"
          class="opener"
          aria-expanded={isOpen}
          aria-label={`Contents of group ${mapper ?? groupID}`}
          onClick={onToggle}
        >
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
        </button>
        <span class="who">
          {mapper !== null && <span class="name">{mapper}</span>}
          <Id id={groupID} />
        </span>
        <span class="figures">
          {counted(pads, 'pad')}, {countedOrMore(sessions, 'session')}
        </span>
      </div>
      {isOpen && <Contents groupID={groupID} />}
    </li>
  );
}

export function Groups({ list }: { list: LiveWindow<GroupRow> }) {
  const open = useSignal<string | undefined>(undefined);
  return (
    <ListFrame list={list} what="groups" empty="No groups yet: createGroup creates one.">
      <ul class="lines">
        {list.loaded?.rows.map((group) => (
          <Group
            key={group.groupID}
            group={group}
            isOpen={open.value === group.groupID}
            onToggle={() => (open.value = open.value === group.groupID ? undefined : group.groupID)}
          />
        ))}
      </ul>
    </ListFrame>
  );
}
