import type { Coverage, FunctionCoverage, Outcome } from '../sandbox/coverage.ts';
import { counted, number } from './format.ts';
import { useCoverage } from './window.ts';

/** The columns: a short name for each outcome, and what it means. */
const OUTCOMES: readonly (readonly [outcome: Outcome, short: string, meaning: string])[] = [
  ['ok', 'ok', 'code 0'],
  ['wrong parameters', 'refused', 'code 1, wrong parameters'],
  ['error', 'error', 'code 2, internal error'],
  ['no such function', 'missing', 'code 3, no such function'],
  ['wrong key', 'key', 'code 4, no or wrong key'],
  ['other answer', 'other', 'another answer, such as a page'],
  ['no answer', 'none', 'no answer'],
];

const OTHERS = [
  ['outcomes', 'Outcomes'],
  ['parameters', 'Parameters'],
  ['emulations', 'Emulations'],
  ['mounts', 'Mounts'],
  ['ways', 'Request formats'],
  ['keys', 'Key locations'],
  ['faults', 'Faults'],
  ['expiries', 'Expiries'],
] as const;

function FunctionRow({ of }: { of: FunctionCoverage }) {
  const isMet = of.calls > 0;
  return (
    <tr class={isMet ? undefined : 'is-never'} data-function={of.function}>
      <th scope="row">{of.function}</th>
      {OUTCOMES.map(([outcome]) => (
        <td key={outcome} class={of.outcomes[outcome] > 0 ? 'is-met' : undefined}>
          {of.outcomes[outcome] > 0 ? number(of.outcomes[outcome]) : '·'}
        </td>
      ))}
    </tr>
  );
}

/** What was never seen. Functions are left out: the table has them. */
function NeverMet({ neverMet }: Pick<Coverage, 'neverMet'>) {
  return (
    <dl class="never">
      {OTHERS.filter(([what]) => neverMet[what].length > 0).map(([what, title]) => (
        <div key={what}>
          <dt>{title} never seen</dt>
          <dd>{neverMet[what].join(', ')}</dd>
        </div>
      ))}
    </dl>
  );
}

export function CoveragePanel() {
  const coverage = useCoverage();
  if (coverage === undefined) return null;
  const { functions, calls, neverMet } = coverage;
  const met = functions.length - neverMet.functions.length;
  return (
    <section class="card coverage" id="coverage" aria-labelledby="coverage-title">
      <header class="card-head">
        <h2 id="coverage-title">
          Coverage{' '}
          <span class="count">
            {number(met)} of {number(functions.length)}
          </span>
        </h2>
        <span class="hint">functions called, {counted(calls, 'call')} in all sandboxes since the start</span>
      </header>
      <div class="card-body">
        <NeverMet neverMet={neverMet} />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- who has no mouse scrolls it with the keyboard */}
        <div class="across" tabIndex={0} role="group" aria-label="Functions by outcome">
          <table class="outcomes">
            <thead>
              <tr>
                <th scope="col">Function</th>
                {OUTCOMES.map(([outcome, short, meaning]) => (
                  <th key={outcome} scope="col" title={meaning}>
                    {short}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {functions.map((of) => (
                <FunctionRow key={of.function} of={of} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}
