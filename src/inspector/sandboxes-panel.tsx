import type { SandboxRow } from '../http/inspector/inspection.ts';
import { Confirm } from './confirm.tsx';
import { ask, BASE } from './connection.ts';
import { counted, number } from './format.ts';
import { attempt } from './notice.tsx';
import { about, missing, sandboxes } from './overview.ts';

/** The inspector of the server's default Etherpad: a sandbox's is two folders further down. */
export const serverPage = (): URL => new URL(about.value?.sandbox === null && missing.value === undefined ? './' : '../../../_mock/', BASE);

const pageOf = ({ name }: SandboxRow): string =>
  (name === null ? serverPage() : new URL(`../sandbox/${encodeURIComponent(name)}/_mock/`, serverPage())).href;

function SandboxLine({ row, here }: { row: SandboxRow; here: string | null }) {
  const name = row.name ?? 'default Etherpad';
  return (
    <li>
      <div class="line">
        <span class="who">
          {row.name === here ? (
            <span class="name" aria-current="page">
              {name} <span class="hint">(this page)</span>
            </span>
          ) : (
            <a class="name" href={pageOf(row)}>
              {name}
            </a>
          )}
          <span class="hint">
            {counted(row.sessions, 'session')}, {counted(row.requests, 'request')}
          </span>
        </span>
        <span class="chip">{row.emulate}</span>
        {row.name !== null && (
          <Confirm
            label="Delete"
            name={`Delete sandbox ${row.name}`}
            question={`Delete sandbox ${row.name}?`}
            yes="Delete it"
            isSmall
            onYes={() =>
              attempt(`Deleted sandbox ${row.name}.`, () => ask(`sandboxes/${encodeURIComponent(row.name!)}`, { method: 'DELETE' }))
            }
          />
        )}
      </div>
    </li>
  );
}

export function SandboxesPanel() {
  if (sandboxes.value === undefined) return null;
  const { total, server, sandboxes: listed } = sandboxes.value;
  const here = about.value?.sandbox ?? null;
  return (
    <section class="card sandboxes" id="sandboxes" aria-labelledby="sandboxes-title">
      <header class="card-head">
        <h2 id="sandboxes-title">
          Sandboxes <span class="count">{number(total)}</span>
        </h2>
      </header>
      <div class="card-body">
        <ul class="lines">
          {[server, ...listed].map((row) => (
            <SandboxLine key={row.name} row={row} here={here} />
          ))}
        </ul>
        {total > listed.length && <p class="hint">and {number(total - listed.length)} more</p>}
      </div>
    </section>
  );
}
