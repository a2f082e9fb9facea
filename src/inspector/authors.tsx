import type { AuthorRow } from '../http/inspector/inspection.ts';
import { Id } from './copy.tsx';
import { counted } from './format.ts';
import { countedOrMore } from './groups.tsx';
import { ListFrame } from './list-frame.tsx';
import type { LiveWindow } from './window.ts';

export function Authors({ list }: { list: LiveWindow<AuthorRow> }) {
  return (
    <ListFrame list={list} what="authors" empty="No authors yet: createAuthor creates one.">
      <ul class="lines">
        {list.loaded?.rows.map(({ authorID, name, mapper, color, pads, sessions }) => (
          <li key={authorID}>
            <div class="line">
              <i class="dot is-large" style={{ backgroundColor: color }} />
              <span class="who">
                {(name ?? mapper) !== null && (
                  <span class="name">
                    {name ?? mapper}
                    {name !== null && mapper !== null && <span class="hint"> {mapper}</span>}
                  </span>
                )}
                <Id id={authorID} />
              </span>
              <span class="figures">
                {counted(pads, 'pad')}, {countedOrMore(sessions, 'session')}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </ListFrame>
  );
}
