import type { ComponentChildren } from 'preact';
import { fail, tell } from './notice.tsx';

/** Copies by selecting: browsers give a page that came over plain HTTP from another machine no clipboard. */
function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'out-of-sight';
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}

async function copy(text: string, what: string, button: HTMLElement): Promise<void> {
  try {
    if (navigator.clipboard === undefined) throw new Error('no clipboard');
    await navigator.clipboard.writeText(text);
  } catch {
    const isCopied = copySelected(text);
    button.focus();
    if (!isCopied) return fail(`The browser blocked copying ${what}.`);
  }
  tell(`Copied ${what}`);
}

/** An id that is copied with one click. */
export function Id({ id }: { id: string }) {
  return (
    <button
      type="button"
      class="id"
      aria-label={`Copy ${id}`}
      title={`Copy ${id}`}
      onClick={(event) => void copy(id, id, event.currentTarget)}
    >
      {id}
    </button>
  );
}

/** A button that copies a longer text. */
export function CopyButton({ text, what, children }: { text: string; what: string; children: ComponentChildren }) {
  return (
    <button type="button" class="button is-small" onClick={(event) => void copy(text, what, event.currentTarget)}>
      {children}
    </button>
  );
}
