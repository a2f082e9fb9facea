import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PadDetails, PadMessage } from '../http/inspector/pads.ts';
import { ask, BASE } from './connection.ts';
import { Id } from './copy.tsx';
import { Drawer } from './drawer.tsx';
import { counted, dateAndTime, number } from './format.ts';
import { explain } from './notice.tsx';
import { revision as changes } from './overview.ts';
import { AuthorName } from './pad-author.tsx';
import { Facts, Part } from './request-dialog.tsx';

/** The shortest time between two looks at an open pad, in milliseconds. */
const PAUSE = 500;

const when = (milliseconds: number): string => {
  const { date, time } = dateAndTime(milliseconds);
  return `${date} ${time} UTC`;
};

/** A page of its own that runs nothing: what clients put into pads is theirs. */
const readerPage = (html: string): string =>
  `<!DOCTYPE html><html lang=""><head><meta charset="utf-8"><title>Text of the pad</title><link rel="stylesheet" href="${new URL('inspector.css', BASE).href}"></head><body class="reader">${html}</body></html>`;

function Message({ message: { text, time, author } }: { message: PadMessage }) {
  const milliseconds = Number(time);
  return (
    <li>
      <p class="hint">
        {author === null ? 'nobody' : <AuthorName author={author} />}
        <span>{Number.isSafeInteger(milliseconds) ? when(milliseconds) : String(time)}</span>
      </p>
      <p class="message">{text}</p>
    </li>
  );
}

interface DetailsProps {
  readonly pad: PadDetails;
  readonly onRevision: (revision: number | undefined) => void;
}

/** The way from one revision to another. */
function Revisions({ pad: { revision, revisions, savedRevisions }, onRevision }: DetailsProps) {
  const { number: at } = revision;
  const step = (label: string, to: number, isDisabled: boolean) => (
    <button type="button" class="button is-small" disabled={isDisabled} onClick={() => onRevision(to === revisions ? undefined : to)}>
      {label}
    </button>
  );
  return (
    <>
      <nav class="aside" aria-label="Revisions">
        {step('First', 0, at === 0)}
        {step('Older', at - 1, at === 0)}
        <span role="status">
          Revision {number(at)} of {number(revisions)}
          {savedRevisions.includes(at) && <span class="chip is-good">saved</span>}
        </span>
        {step('Newer', at + 1, at === revisions)}
        {step('Newest', revisions, at === revisions)}
      </nav>
      {savedRevisions.length > 0 && (
        <p class="aside">
          <span class="hint">Saved:</span>
          {savedRevisions.map((saved) => (
            <button
              key={saved}
              type="button"
              class="button is-small"
              aria-label={`Saved revision ${saved}`}
              onClick={() => onRevision(saved)}
            >
              {number(saved)}
            </button>
          ))}
        </p>
      )}
    </>
  );
}

function Details({ pad, onRevision }: DetailsProps) {
  const { padID, groupID, groupMapper, readOnlyID, isPublic, revision, chat } = pad;
  return (
    <>
      <Part title="Text">
        <Revisions pad={pad} onRevision={onRevision} />
        <iframe class="paper" title={`Text of revision ${revision.number}`} sandbox="" srcdoc={readerPage(revision.html)} />
        {revision.isCut && <p class="hint">Only the beginning is shown. getText and getHTML tell all of it.</p>}
        <Facts
          facts={[
            ['written', when(revision.time)],
            ['by', revision.author === null ? 'nobody' : <AuthorName key="author" author={revision.author} />],
            ['changeset', <code key="changeset">{revision.changeset}</code>],
          ]}
        />
      </Part>
      <Part title="Pad">
        <Facts
          facts={[
            ['padID', <Id key="pad" id={padID} />],
            ...(groupID === null ? [] : [['groupID', <Id key="group" id={groupID} />] as const]),
            ...(groupMapper === null ? [] : [['groupMapper', groupMapper] as const]),
            ...(readOnlyID === null ? [] : [['readOnlyID', <Id key="read-only" id={readOnlyID} />] as const]),
            ...(groupID === null ? [] : [['public', isPublic ? 'yes' : 'no'] as const]),
            ['authors', counted(pad.authors.total, 'author')],
          ]}
        />
      </Part>
      <Part title="Chat">
        {chat.total === 0 && <p class="hint">No messages.</p>}
        {chat.total > chat.rows.length && (
          <p class="hint">
            The newest {number(chat.rows.length)} of {number(chat.total)} messages.
          </p>
        )}
        {chat.total > 0 && (
          <ol class="chat">
            {chat.rows.map((message, index) => (
              <Message key={chat.total - chat.rows.length + index} message={message} />
            ))}
          </ol>
        )}
      </Part>
    </>
  );
}

type Loaded = { readonly pad: PadDetails } | { readonly problem: string };

/** One pad, opened: it follows what happens to the pad, and stays at a revision that was stepped to. */
export function PadDialog({ padID, onClose }: { padID: string; onClose: () => void }) {
  const loaded = useSignal<Loaded | undefined>(undefined);
  const asked = useSignal<number | undefined>(undefined);
  const changed = changes.value;
  const toShow = asked.value;
  const shown = useRef<number | undefined>(undefined);

  useEffect(() => {
    let isCurrent = true;
    const isFollowing = loaded.peek() !== undefined && shown.current === toShow;
    shown.current = toShow;
    const timer = setTimeout(
      () => {
        ask<PadDetails>(`inspector/pads/${encodeURIComponent(padID)}${toShow === undefined ? '' : `?rev=${toShow}`}`)
          .then((pad) => isCurrent && (loaded.value = { pad }))
          .catch((error: unknown) => isCurrent && (loaded.value = { problem: explain(error) }));
      },
      isFollowing ? PAUSE : 0,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [padID, toShow, changed]);

  const pad = loaded.value !== undefined && 'pad' in loaded.value ? loaded.value.pad : undefined;
  return (
    <Drawer
      titleId="pad-title"
      title={padID}
      fallback="#state .filter"
      isLoading={loaded.value === undefined}
      problem={loaded.value !== undefined && 'problem' in loaded.value ? loaded.value.problem : undefined}
      onClose={onClose}
    >
      {pad !== undefined && <Details pad={pad} onRevision={(revision) => (asked.value = revision)} />}
    </Drawer>
  );
}
