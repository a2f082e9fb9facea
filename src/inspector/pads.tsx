import { useSignal } from '@preact/signals';
import type { PadRow } from '../http/inspector/pads.ts';
import { Id } from './copy.tsx';
import { counted, number } from './format.ts';
import { FilterBox, ListFrame } from './list-frame.tsx';
import { AuthorName } from './pad-author.tsx';
import { PadDialog } from './pad-dialog.tsx';
import { useWindow } from './window.ts';

function Authors({ authors }: { authors: PadRow['authors'] }) {
  if (authors.total === 0) return null;
  const more = authors.total - authors.rows.length;
  return (
    <span class="authors">
      {authors.rows.map((author) => (
        <AuthorName key={author.authorID} author={author} />
      ))}
      {more > 0 && <span class="hint">and {number(more)} more</span>}
    </span>
  );
}

function Pad({ pad, onOpen }: { pad: PadRow; onOpen: () => void }) {
  const { padID, groupID, groupMapper, authors, revisions, isPublic } = pad;
  const name = groupID === null ? padID : padID.slice(groupID.length + 1);
  return (
    <li data-pad={padID}>
      <div class="line">
        <span class="who">
          <button type="button" class="name pad-name" aria-haspopup="dialog" aria-label={`Open pad ${padID}`} onClick={onOpen}>
            {name}
          </button>
          {groupID !== null && <span class="hint">{groupMapper ?? groupID}</span>}
          <Id id={padID} />
          <Authors authors={authors} />
        </span>
        {isPublic && <span class="chip is-good">public</span>}
        {/* Etherpad counts from 0: a new pad has one revision, and its number is 0 */}
        <span class="figures">{counted(revisions + 1, 'revision')}</span>
      </div>
    </li>
  );
}

export function Pads() {
  const opened = useSignal<string | undefined>(undefined);
  const list = useWindow<PadRow>('inspector/pads');
  return (
    <>
      <FilterBox list={list} label="Filter pads by ID, group or author" />
      <ListFrame list={list} what="pads" empty="No pads yet: createPad and createGroupPad create one.">
        <ul class="lines">
          {list.loaded?.rows.map((pad) => (
            <Pad key={pad.padID} pad={pad} onOpen={() => (opened.value = pad.padID)} />
          ))}
        </ul>
      </ListFrame>
      {opened.value !== undefined && <PadDialog padID={opened.value} onClose={() => (opened.value = undefined)} />}
    </>
  );
}
