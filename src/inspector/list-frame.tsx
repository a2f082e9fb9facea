import type { ComponentChildren } from 'preact';
import { number } from './format.ts';
import { type LiveWindow, ROWS } from './window.ts';

interface FilterBoxProps {
  readonly list: LiveWindow<unknown>;
  readonly label: string;
}

export function FilterBox({ list, label }: FilterBoxProps) {
  return (
    <input
      type="search"
      class="filter"
      aria-label={label}
      placeholder={label}
      autocomplete="off"
      spellcheck={false}
      value={list.filter}
      onInput={(event) => list.setFilter(event.currentTarget.value)}
    />
  );
}

interface PagerProps {
  readonly list: LiveWindow<unknown>;
  readonly what: string;
  readonly onTurn?: () => void;
}

/** Which rows of how many are shown, and the way to the others. */
function Pager({ list, what, onTurn }: PagerProps) {
  const { loaded, offset } = list;
  if (loaded === undefined || loaded.total === 0) return null;
  const { total, rows } = loaded;
  const turn = (to: number) => () => {
    onTurn?.();
    list.setOffset(to);
  };
  const shown = total <= ROWS ? `${number(total)} in all` : `${number(offset + 1)}–${number(offset + rows.length)} of ${number(total)}`;
  return (
    <nav class="pager" aria-label={`Pages of ${what}`}>
      <span>{shown}</span>
      {total > ROWS && (
        <>
          <button type="button" class="button is-small" disabled={offset === 0} onClick={turn(0)}>
            Newest
          </button>
          <button type="button" class="button is-small" disabled={offset === 0} onClick={turn(Math.max(0, offset - ROWS))}>
            Newer
          </button>
          <button type="button" class="button is-small" disabled={offset + ROWS >= total} onClick={turn(offset + ROWS)}>
            Older
          </button>
        </>
      )}
    </nav>
  );
}

interface ListFrameProps extends PagerProps {
  /** What to say when there is nothing. */
  readonly empty: string;
  readonly children: ComponentChildren;
}

/** The rows, or why there are none. */
export function ListFrame({ list, what, empty, onTurn, children }: ListFrameProps) {
  const { loaded, filter } = list;
  return (
    <>
      {loaded !== undefined && loaded.total > 0 && children}
      {loaded === undefined && <p class="empty">Loading…</p>}
      {loaded?.total === 0 && <p class="empty">{filter.trim() === '' ? empty : `No ${what} match “${filter.trim()}”.`}</p>}
      <Pager list={list} what={what} {...(onTurn === undefined ? {} : { onTurn })} />
    </>
  );
}
