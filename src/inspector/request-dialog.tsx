import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { RequestDetails } from '../http/inspector/inspection.ts';
import { Code, statusText } from './code.tsx';
import { ask, ETHERPAD_URL } from './connection.ts';
import { Id } from './copy.tsx';
import { CurlLine } from './curl-line.tsx';
import { curlLine } from './curl.ts';
import { Drawer } from './drawer.tsx';
import { asText, dateAndTime, timeOfDay } from './format.ts';
import { explain } from './notice.tsx';
import { about } from './overview.ts';

export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const GRANTED_BY = { session: 'by a session', public: 'the pad is public', open: 'the pad is open to everyone' } as const;

function Details({ request }: { request: RequestDetails }) {
  const { at, method, path, mount, parameters, ids, access, status, message, code, data, fault, reason, milliseconds } = request;
  const sent = Object.entries(parameters ?? {});
  const known = Object.entries(ids);
  const curl = curlLine(ETHERPAD_URL, request, about.value?.authentication === 'sso');
  return (
    <>
      <p class="outcome">
        <Code entry={request} />
        <span class="status">{statusText(status)}</span>
        {fault !== null && <span class="chip is-fault">{fault}</span>}
      </p>
      {reason !== null && <p class="reason">{reason}</p>}
      <Part title="Request">
        <Facts
          facts={[
            ['call', <code key="call">{`${method} ${path}`}</code>],
            ...(mount === null ? [] : [['mount', mount] as const]),
            ...(access === null ? [] : [['access', access.granted ? `granted: ${GRANTED_BY[access.by!]}` : 'denied'] as const]),
            ['at', `${dateAndTime(Date.parse(at)).date} ${timeOfDay(at)} UTC`],
            ['took', `${milliseconds} ms`],
          ]}
        />
      </Part>
      <Part title="Parameters">
        {parameters === null && <p class="hint">The parameters were not read.</p>}
        {parameters !== null && sent.length === 0 && <p class="hint">None besides the API key.</p>}
        {sent.length > 0 && <Facts facts={sent.map(([name, value]) => [name, <code key={name}>{asText(value)}</code>])} />}
      </Part>
      <Part title="Answer">
        {code === null && <p class="hint">{status === null ? 'No answer was sent.' : 'The answer has no code, message and data.'}</p>}
        {code !== null && (
          <Facts
            facts={[
              ['code', String(code)],
              ['message', message],
              ['data', <pre key="data">{asText(data)}</pre>],
            ]}
          />
        )}
      </Part>
      {known.length > 0 && (
        <Part title="IDs">
          <Facts facts={known.map(([name, id]) => [name, <Id key={name} id={id} />])} />
        </Part>
      )}
      <Part title="Send it again">
        <CurlLine line={curl} label="curl line" />
      </Part>
    </>
  );
}

type Loaded = { readonly request: RequestDetails } | { readonly problem: string };

interface RequestDialogProps {
  readonly id: number;
  /** The requests to step to; undefined where there is none. */
  readonly newer?: number;
  readonly older?: number;
  readonly onOpen: (id: number) => void;
  readonly onClose: () => void;
}

interface StepProps extends Pick<RequestDialogProps, 'onOpen'> {
  readonly to: number | undefined;
  readonly label: string;
  readonly arrow: string;
}

function Step({ to, label, arrow, onOpen }: StepProps) {
  return (
    <button
      type="button"
      class="button is-small"
      title={`${label} (${arrow})`}
      aria-label={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && onOpen(to)}
    >
      {arrow}
    </button>
  );
}

/** Which way an arrow key steps: up or left is newer, as the rows are listed. */
const STEPS: Readonly<Record<string, 'newer' | 'older'>> = {
  ArrowUp: 'newer',
  ArrowLeft: 'newer',
  ArrowDown: 'older',
  ArrowRight: 'older',
};

/** One request, opened. It stays as it is while the list below it goes on. */
export function RequestDialog({ id, newer, older, onOpen, onClose }: RequestDialogProps) {
  const loaded = useSignal<Loaded | undefined>(undefined);

  useEffect(() => {
    let isCurrent = true;
    ask<RequestDetails>(`inspector/requests/${id}`)
      .then((request) => isCurrent && (loaded.value = { request }))
      .catch((error: unknown) => isCurrent && (loaded.value = { problem: explain(error) }));
    return () => (isCurrent = false);
  }, [id]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const step = STEPS[event.key];
      const to = step && { newer, older }[step];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onOpen(to);
    };
    // on the document: a button that has just been disabled gets no keys
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [newer, older]);

  const request = loaded.value !== undefined && 'request' in loaded.value ? loaded.value.request : undefined;
  return (
    <Drawer
      titleId="request-title"
      title={
        <>
          <span class="hint">#{id}</span> {request === undefined ? 'Request' : (request.function ?? request.path)}
        </>
      }
      buttons={
        <>
          <Step to={newer} label="Newer request" arrow="↑" onOpen={onOpen} />
          <Step to={older} label="Older request" arrow="↓" onOpen={onOpen} />
        </>
      }
      fallback="#requests .filter"
      isLoading={loaded.value === undefined}
      problem={loaded.value !== undefined && 'problem' in loaded.value ? loaded.value.problem : undefined}
      onClose={onClose}
    >
      {request !== undefined && <Details request={request} />}
    </Drawer>
  );
}
