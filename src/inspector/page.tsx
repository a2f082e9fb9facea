import { useEffect } from 'preact/hooks';
import { ClockPanel } from './clock-panel.tsx';
import { connection, ETHERPAD_URL, tokenAsked, tryNow } from './connection.ts';
import { CoveragePanel } from './coverage-panel.tsx';
import { FaultsPanel } from './faults-panel.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { FirstRequest } from './getting-started.tsx';
import { NoticeLine } from './notice.tsx';
import { about, missing } from './overview.ts';
import { ResetPanel } from './reset-panel.tsx';
import { SandboxesPanel, serverPage } from './sandboxes-panel.tsx';
import { SnapshotsPanel } from './snapshots-panel.tsx';
import { StatePanel } from './state-panel.tsx';
import { TokenForm } from './token-form.tsx';

const CONNECTION_TEXT = { connecting: 'connecting', live: 'live', gone: 'offline' } as const;

const SKIPS = [
  ['state', 'sessions'],
  ['requests', 'requests'],
  ['clock', 'clock'],
  ['faults', 'faults'],
] as const;

/** The first stops of Tab: every id is a button, so that the controls behind the lists are far away. */
function SkipLinks() {
  return (
    <nav aria-label="Skip links">
      {SKIPS.map(([id, label]) => (
        <a key={id} class="skip" href={`#${id}`}>
          Skip to {label}
        </a>
      ))}
    </nav>
  );
}

function Head() {
  const { version, emulate } = about.value ?? {};
  const sandbox = missing.value ?? about.value?.sandbox ?? null;
  useEffect(() => {
    document.title = sandbox === null ? 'mock-etherpad inspector' : `${sandbox} – mock-etherpad inspector`;
  }, [sandbox]);
  return (
    <header class="page-head">
      {missing.value === undefined && <SkipLinks />}
      <img src={new URL('inspector.svg', import.meta.url).href} alt="" width="32" height="32" />
      <h1>
        mock-etherpad <span class="version">{version}</span>
      </h1>
      <span class="spacer" />
      {sandbox !== null && <span class="chip is-place">sandbox {sandbox}</span>}
      {emulate !== undefined && missing.value === undefined && <span class="chip is-place">emulates {emulate}</span>}
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

/** Shown on narrow screens, where the panels are in one column. */
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

/** Lies over the bottom of the page: nothing moves when the server goes or comes back. */
function Banner() {
  return (
    <div role="alert" class="banner-place">
      {connection.value === 'gone' && (
        <p class="banner">
          <span>No connection to {ETHERPAD_URL}. The page shows the last known state and keeps trying to reconnect.</span>
          <button type="button" class="button is-small" onClick={tryNow}>
            Try now
          </button>
        </p>
      )}
    </div>
  );
}

/** Looking at a sandbox does not create it, so that a page can be open before the tests begin. */
function UnknownSandbox({ name }: { name: string }) {
  return (
    <main class="alone">
      <section class="card unknown" aria-labelledby="unknown-title">
        <header class="card-head">
          <h2 id="unknown-title">There is no sandbox called “{name}”</h2>
        </header>
        <div class="card-body">
          <p>It has not been created yet, or it was deleted. The first request to it creates it, and this page then shows it:</p>
          <FirstRequest />
          <p>
            <a href={serverPage().href}>Inspect the default Etherpad</a>
          </p>
        </div>
      </section>
    </main>
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
  if (missing.value !== undefined) {
    return (
      <>
        <Head />
        <Banner />
        <UnknownSandbox name={missing.value} />
        <NoticeLine />
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
