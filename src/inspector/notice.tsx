import { signal } from '@preact/signals';
import { Refusal } from './connection.ts';

interface Notice {
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

/** The last thing that was done or could not be done, for a few seconds. */
const notice = signal<Notice | undefined>(undefined);

const SHOWN_FOR = { done: 2_500, failed: 8_000 } as const;

let hiding: ReturnType<typeof setTimeout> | undefined;

function show(kind: Notice['kind'], text: string): void {
  clearTimeout(hiding);
  notice.value = { kind, text };
  hiding = setTimeout(() => (notice.value = undefined), SHOWN_FOR[kind]);
}

/** Tells that something was done. */
export const tell = (text: string): void => show('done', text);

/** What a refusal says, with everything that is wrong. */
export function explain(error: unknown): string {
  if (!(error instanceof Refusal)) return 'The server does not answer.';
  const problems = error.problems.map(({ path, message }) => `${path.replace(/^\//, '')} ${message}`.trim());
  return problems.length === 0 ? error.message : problems.join('; ');
}

/** Does something, and tells how it went. */
export async function attempt(done: string, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    tell(done);
    return true;
  } catch (error) {
    show('failed', explain(error));
    return false;
  }
}

export const fail = (text: string): void => show('failed', text);

export function NoticeLine() {
  const { kind, text } = notice.value ?? {};
  return (
    <div class="notices">
      <p role="status">{kind === 'done' && <span class="notice">{text}</span>}</p>
      <p role="alert">{kind === 'failed' && <span class="notice is-failure">{text}</span>}</p>
    </div>
  );
}
