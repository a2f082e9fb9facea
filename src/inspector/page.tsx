import { ClockPanel } from './clock-panel.tsx';
import { connection, ETHERPAD_URL, tokenAsked, tryNow } from './connection.ts';
import { CoveragePanel } from './coverage-panel.tsx';
import { FaultsPanel } from './faults-panel.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { NoticeLine } from './notice.tsx';
import { about, missing } from './overview.ts';
import { ResetPanel } from './reset-panel.tsx';
import { SandboxesPanel } from './sandboxes-panel.tsx';
import { SnapshotsPanel } from './snapshots-panel.tsx';
import { StatePanel } from './state-panel.tsx';
import { TokenForm } from './token-form.tsx';

const CONNECTION_TEXT = { connecting: 'connecting', live: 'live', gone: 'server gone' } as const;

function Head() {
  const { version, emulate, sandbox } = about.value ?? {};
  return (
    <header class="page-head">
      <a class="skip" href="#state">
        Skip to the sessions
      </a>
      <img src={new URL('inspector.svg', import.meta.url).href} alt="" width="32" height="32" />
      <h1>
        mock-etherpad <span class="version">{version}</span>
      </h1>
      <span class="spacer" />
      {sandbox !== undefined && sandbox !== null && <span class="chip is-place">sandbox {sandbox}</span>}
      {emulate !== undefined && <span class="chip is-place">answers as {emulate}</span>}
      <span class={`live is-${connection.value}`}>{CONNECTION_TEXT[connection.value]}</span>
    </header>
  );
}

const PARTS = [
  ['state', 'State'],
  ['requests', 'Requests'],
  ['clock', 'Clock'],
  ['faults', 'Faults'],
  ['snapshots', 'Snapshots'],
  ['sandboxes', 'Sandboxes'],
  ['reset', 'Reset'],
  ['coverage', 'Coverage'],
] as const;

/** On a phone, where everything is one below the other. */
function Jumps() {
  return (
    <nav class="jumps" aria-label="Parts of this page">
      {PARTS.map(([id, label]) => (
        <a key={id} href={`#${id}`}>
          {label}
        </a>
      ))}
    </nav>
  );
}

function Banner() {
  return (
    <div role="alert">
      {connection.value === 'gone' && (
        <p class="banner">
          <span>The server at {ETHERPAD_URL} is gone. What you see is what it told last; this page tries again by itself.</span>
          <button type="button" class="button is-small" onClick={tryNow}>
            Try now
          </button>
        </p>
      )}
      {connection.value === 'live' && missing.value !== undefined && (
        <p class="banner">
          <span>There is no sandbox {missing.value} at the moment: the first request to it makes it.</span>
        </p>
      )}
    </div>
  );
}

export function Page() {
  if (tokenAsked.value !== 'no') {
    return (
      <>
        <Banner />
        <TokenForm />
      </>
    );
  }
  return (
    <>
      <Head />
      <Jumps />
      <Banner />
      <main class="panels">
        <StatePanel />
        <JournalPanel />
        <div class="side">
          <ClockPanel />
          <FaultsPanel />
          <SnapshotsPanel />
          <SandboxesPanel />
          <ResetPanel />
        </div>
        <CoveragePanel />
      </main>
      <NoticeLine />
    </>
  );
}
