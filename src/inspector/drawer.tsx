import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface DrawerProps {
  /** The id that its heading has. */
  readonly titleId: string;
  readonly title: ComponentChildren;
  /** Buttons in front of the one that closes it. */
  readonly buttons?: ComponentChildren;
  /** What gets the focus when whatever opened it is gone: a selector. */
  readonly fallback: string;
  /** Whether what it shows is on its way. */
  readonly isLoading: boolean;
  /** Why it cannot be shown. */
  readonly problem: string | undefined;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog at the side of the page. The focus goes back to what opened it. */
export function Drawer({ titleId, title, buttons, fallback, isLoading, problem, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    // the row that opened it may be gone: then the focus goes to the filter above the rows
    return () => (opener?.isConnected === true ? (opener as HTMLElement) : document.querySelector<HTMLElement>(fallback))?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div class="drawer-inside">
        <header class="drawer-head">
          <h2 id={titleId}>{title}</h2>
          {buttons}
          <button type="button" class="button is-small" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        <div class="drawer-body">
          {isLoading && <p class="empty">Loading…</p>}
          {problem !== undefined && <p class="empty">{problem}</p>}
          {children}
        </div>
      </div>
    </dialog>
  );
}
