import { CopyButton } from './copy.tsx';
import { variablesOf } from './curl.ts';

/** What a variable of the environment holds. */
const HELD = { API_KEY: 'the API key', CLIENT_SECRET: 'the client’s secret', TOKEN: 'a token' } as const;

/** A curl line to read, to select and to copy. @param label what it is to someone who hears the page */
export function CurlLine({ line, label }: { line: string; label: string }) {
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without a mouse, it is read and selected from here */}
      <pre class="curl" tabIndex={0} aria-label={label}>
        {line}
      </pre>
      <p class="aside">
        <CopyButton text={line} what="the curl line">
          Copy curl line
        </CopyButton>
        {variablesOf(line).map((name) => (
          <span key={name} class="hint">
            Set {HELD[name]} in your environment as <code>{name}</code>.
          </span>
        ))}
      </p>
    </>
  );
}
