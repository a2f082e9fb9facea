import { useSignal } from '@preact/signals';
import type { Fault, FaultKind } from '../sandbox/faults.ts';
import { Confirm } from './confirm.tsx';
import { ask } from './connection.ts';
import { number } from './format.ts';
import { attempt } from './notice.tsx';
import { about, faults } from './overview.ts';

const KINDS: Readonly<Record<FaultKind, string>> = {
  code: 'return an error code',
  latency: 'delay the answer',
  html: 'return an HTML page',
  contentType: 'send a wrong Content-Type',
  truncate: 'truncate the answer',
  drop: 'drop the connection',
  lostAnswer: 'run the call, then drop the connection',
};

interface Field {
  readonly name: 'code' | 'message' | 'milliseconds' | 'status' | 'contentType' | 'times' | 'skip' | 'probability' | 'seed';
  readonly label: string;
  readonly placeholder?: string;
  /** Text by default. */
  readonly number?: { readonly min: number; readonly max?: number; readonly step?: number | 'any' };
  readonly required?: true;
}

const TIMES: Field = { name: 'times', label: 'Times', placeholder: 'always', number: { min: 1 } };

const OF_KIND: Readonly<Record<FaultKind, readonly Field[]>> = {
  code: [
    { name: 'code', label: 'Code', placeholder: '1 to 4', number: { min: 1, max: 4 }, required: true },
    { name: 'message', label: 'Message', placeholder: 'Etherpad’s own' },
  ],
  latency: [{ name: 'milliseconds', label: 'Milliseconds', number: { min: 0, max: 600_000, step: 'any' }, required: true }],
  html: [{ name: 'status', label: 'HTTP status', placeholder: '502', number: { min: 200, max: 599 } }],
  contentType: [{ name: 'contentType', label: 'Content-Type', placeholder: 'text/plain' }],
  truncate: [],
  drop: [],
  lostAnswer: [],
};

const SELDOM: readonly Field[] = [
  { name: 'skip', label: 'Skip the first', placeholder: '0', number: { min: 0 } },
  { name: 'probability', label: 'Probability', placeholder: '0 to 1', number: { min: 0, max: 1, step: 'any' } },
  { name: 'seed', label: 'Random seed', placeholder: 'any' },
];

function FieldInput({ field }: { field: Field }) {
  const { name, label, placeholder, number: range, required = false } = field;
  return (
    <label class="field">
      <span>{label}</span>
      {range === undefined ? (
        <input type="text" name={name} required={required} autocomplete="off" placeholder={placeholder ?? ''} />
      ) : (
        <input type="number" name={name} required={required} autocomplete="off" placeholder={placeholder ?? ''} {...range} />
      )}
    </label>
  );
}

/** What was filled in, in the shape of a fault. */
function readForm(form: HTMLFormElement, fields: readonly Field[]): object {
  const given = new FormData(form);
  const specification: Record<string, unknown> = { kind: given.get('kind'), function: given.get('function') };
  for (const { name, number: range } of fields) {
    const text = given.get(name);
    if (typeof text === 'string' && text !== '') specification[name] = range === undefined ? text : Number(text);
  }
  return specification;
}

function FaultForm() {
  const kind = useSignal<FaultKind>('code');
  const fields = [...OF_KIND[kind.value], TIMES, ...SELDOM];
  const add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    await attempt('Added the fault.', () => ask('faults', { method: 'POST', body: readForm(form, fields) }));
  };
  return (
    <form class="form" aria-label="Add a fault" onSubmit={(event) => void add(event)}>
      <label class="field">
        <span>Kind of fault</span>
        <select name="kind" value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value as FaultKind)}>
          {Object.entries(KINDS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Function</span>
        <select name="function">
          <option value="*">any</option>
          {about.value?.functions.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {OF_KIND[kind.value].map((field) => (
        <FieldInput key={field.name} field={field} />
      ))}
      <FieldInput field={TIMES} />
      <details>
        <summary>Skip and probability</summary>
        <div class="form">
          {SELDOM.map((field) => (
            <FieldInput key={field.name} field={field} />
          ))}
        </div>
      </details>
      <button class="button is-main">Add fault</button>
    </form>
  );
}

/** What a fault does, but for its kind and function: `code 4, 3 times`. */
function describe({ code, message, milliseconds, status, contentType, skip, probability }: Fault): string {
  return [
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(message === undefined ? [] : [`“${message}”`]),
    ...(milliseconds === undefined ? [] : [`${number(milliseconds)} ms`]),
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(contentType === undefined ? [] : [contentType]),
    ...(skip === undefined ? [] : [`skips ${number(skip)}`]),
    ...(probability === undefined ? [] : [`probability ${probability}`]),
  ].join(', ');
}

function FaultLine({ fault }: { fault: Fault }) {
  const { id, kind, function: name, fired, times } = fault;
  const details = describe(fault);
  const isSpent = times !== undefined && fired >= times;
  return (
    <li class={isSpent ? 'is-spent' : undefined} data-fault={id}>
      <div class="line">
        <span class="who">
          <span class="name">{KINDS[kind]}</span>
          <span class="hint">
            {name === '*' ? 'any function' : name}
            {details !== '' && `, ${details}`}
          </span>
        </span>
        <span class={fired > 0 ? 'chip is-fault' : 'chip'}>
          {times === undefined ? `fired ${number(fired)}×` : `fired ${number(fired)} of ${number(times)}`}
        </span>
        <button
          type="button"
          class="button is-small"
          aria-label={`Remove ${id}: ${KINDS[kind]}`}
          onClick={() => void attempt('Removed the fault.', () => ask(`faults/${encodeURIComponent(id)}`, { method: 'DELETE' }))}
        >
          Remove
        </button>
      </div>
    </li>
  );
}

export function FaultsPanel() {
  const { total, faults: listed } = faults.value;
  return (
    <section class="card faults" id="faults" aria-labelledby="faults-title">
      <header class="card-head">
        <h2 id="faults-title">
          Faults <span class="count">{number(total)}</span>
        </h2>
        <Confirm
          label="Clear"
          name="Clear faults"
          question="Remove all faults?"
          yes="Remove all"
          isSmall
          isDisabled={total === 0}
          onYes={() => attempt('Removed all faults.', () => ask('faults', { method: 'DELETE' }))}
        />
      </header>
      <div class="card-body">
        {total > 0 && (
          <ul class="lines">
            {listed.map((fault) => (
              <FaultLine key={fault.id} fault={fault} />
            ))}
          </ul>
        )}
        {total > listed.length && <p class="hint">and {number(total - listed.length)} more</p>}
        <FaultForm />
      </div>
    </section>
  );
}
