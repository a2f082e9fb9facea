import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface ConfirmProps {
  /** The button that asks. */
  readonly label: string;
  /** What the button is called where its label alone does not say what it acts on. */
  readonly name?: string;
  /** What is asked: `Clear all requests?` */
  readonly question: string;
  /** The button that does it. */
  readonly yes: string;
  readonly isSmall?: boolean;
  readonly isDisabled?: boolean;
  readonly onYes: () => Promise<unknown>;
}

/** A button that asks before it does something that cannot be undone. Escape cancels. */
export function Confirm({ label, name = label, question, yes, isSmall = false, isDisabled = false, onYes }: ConfirmProps) {
  const isAsking = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  const size = isSmall ? ' is-small' : '';

  // before the next key: where the focus is, Escape is heard
  useLayoutEffect(() => {
    if (isAsking.value) cancel.current?.focus();
    else if (wasAsking.current) first.current?.focus();
    wasAsking.current = isAsking.value;
  }, [isAsking.value]);

  if (!isAsking.value) {
    return (
      <button
        type="button"
        class={`button${size}`}
        aria-label={name}
        disabled={isDisabled}
        ref={first}
        onClick={() => (isAsking.value = true)}
      >
        {label}
      </button>
    );
  }
  return (
    <span
      class="confirm"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key === 'Escape') isAsking.value = false;
      }}
    >
      <button type="button" class={`button${size}`} ref={cancel} onClick={() => (isAsking.value = false)}>
        Cancel
      </button>
      <button
        type="button"
        class={`button is-danger${size}`}
        onClick={() => {
          void onYes().finally(() => (isAsking.value = false));
        }}
      >
        {yes}
      </button>
    </span>
  );
}
