import type { ComponentChildren } from 'preact';
import { number } from './format.ts';
import { connection } from './connection.ts';
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
  /** What is left to say about how many there are: `2 expired`. */
  readonly remark?: string | undefined;
  /** How the rows are ordered: the newest first by default. */
  readonly order?: 'newest' | 'expiry';
  readonly onTurn?: () => void;
}

const TURNS = {
  newest: { first: 'Newest', back: 'Newer', on: 'Older' },
  expiry: { first: 'First', back: 'Sooner', on: 'Later' },
} as const;

/** Which rows of how many are shown, and the buttons that show others. */
function Pager({ list, what, remark, order = 'newest', onTurn }: PagerProps) {
  const { loaded, offset } = list;
  if (loaded === undefined || loaded.total === 0) return null;
  const { total, rows } = loaded;
  const labels = TURNS[order];
  const turn = (to: number) => () => {
    onTurn?.();
    list.setOffset(to);
  };
  const shown = total <= ROWS ? `${number(total)} in all` : `${number(offset + 1)}–${number(offset + rows.length)} of ${number(total)}`;
  return (
    <nav class="pager" aria-label={`Pages of ${what}`}>
      <span>
        {shown}
        {remark !== undefined && `, ${remark}`}
      </span>
      {total > ROWS && (
        <>
          <button type="button" class="button is-small" disabled={offset === 0} onClick={turn(0)}>
            {labels.first}
          </button>
          <button type="button" class="button is-small" disabled={offset === 0} onClick={turn(Math.max(0, offset - ROWS))}>
            {labels.back}
          </button>
          <button type="button" class="button is-small" disabled={offset + ROWS >= total} onClick={turn(offset + ROWS)}>
            {labels.on}
          </button>
        </>
      )}
    </nav>
  );
}

interface ListFrameProps extends PagerProps {
  /** What to say when there is nothing. */
  readonly empty: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The rows, or why there are none. */
export function ListFrame({ empty, children, ...rest }: ListFrameProps) {
  const { list, what } = rest;
  const { loaded, filter, loadedFilter } = list;
  const isGone = connection.value === 'gone';
  return (
    <>
      {isGone && loaded !== undefined && filter.trim() !== loadedFilter && (
        <p class="hint" role="status">
          The filter has to wait: the server does not answer.
        </p>
      )}
      {loaded !== undefined && loaded.total > 0 && children}
      {loaded === undefined && <p class="empty">{isGone ? 'Not loaded: the server does not answer.' : 'Loading…'}</p>}
      {loaded?.total === 0 && <div class="empty">{loadedFilter === '' ? empty : `No ${what} match “${loadedFilter}”.`}</div>}
      <Pager {...rest} />
    </>
  );
}
