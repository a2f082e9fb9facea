import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AuthorRow, GroupRow } from '../http/inspector/inspection.ts';
import { Authors } from './authors.tsx';
import { number } from './format.ts';
import { Groups } from './groups.tsx';
import { FilterBox } from './list-frame.tsx';
import { counts } from './overview.ts';
import { Pads } from './pads.tsx';
import { Sessions } from './sessions.tsx';
import { useWindow } from './window.ts';

const KINDS = ['sessions', 'groups', 'authors', 'pads'] as const;
type Kind = (typeof KINDS)[number];

const LABELS: Readonly<Record<Kind, string>> = { sessions: 'Sessions', groups: 'Groups', authors: 'Authors', pads: 'Pads' };

function GroupsPanel() {
  const list = useWindow<GroupRow>('inspector/groups');
  return (
    <>
      <FilterBox list={list} label="Filter groups by ID or mapper" />
      <Groups list={list} />
    </>
  );
}

function AuthorsPanel() {
  const list = useWindow<AuthorRow>('inspector/authors');
  return (
    <>
      <FilterBox list={list} label="Filter authors by ID, name or mapper" />
      <Authors list={list} />
    </>
  );
}

/** Sessions, groups, authors and pads. Only the list that is shown is kept up to date. */
export function StatePanel() {
  const shown = useSignal<Kind>('sessions');
  const tabs = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = (KINDS.indexOf(shown.value) + step + KINDS.length) % KINDS.length;
    shown.value = KINDS[to]!;
    (tabs.current?.children[to] as HTMLElement | undefined)?.focus();
  };

  return (
    <section class="card state" id="state" aria-labelledby="state-title">
      <h2 id="state-title" class="unseen">
        State
      </h2>
      <div class="tabs" role="tablist" aria-label="What to show" ref={tabs} onKeyDown={onKeyDown}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            role="tab"
            id={`tab-${kind}`}
            aria-controls="state-rows"
            aria-selected={shown.value === kind}
            tabIndex={shown.value === kind ? 0 : -1}
            onClick={() => (shown.value = kind)}
          >
            {LABELS[kind]} <span class="count">{counts.value === undefined ? '' : number(counts.value[kind])}</span>
          </button>
        ))}
      </div>
      <div role="tabpanel" id="state-rows" class="card-body" aria-labelledby={`tab-${shown.value}`}>
        {shown.value === 'sessions' && <Sessions />}
        {shown.value === 'groups' && <GroupsPanel />}
        {shown.value === 'authors' && <AuthorsPanel />}
        {shown.value === 'pads' && <Pads />}
      </div>
    </section>
  );
}
