import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, ETHERPAD_URL } from './connection.ts';
import { CurlLine } from './curl-line.tsx';
import { firstCurlLine } from './first-curl-line.ts';

/** A curl line that makes the first request. */
export const FirstRequest = ({ apiKey }: { apiKey?: string | undefined }) => (
  <CurlLine line={firstCurlLine(ETHERPAD_URL, apiKey)} label="A first request" />
);

/** What a client needs: shown while there is nothing else to show. */
export function GettingStarted() {
  const apiKey = useSignal<string | undefined>(undefined);
  useEffect(() => {
    ask<{ apiKey: string }>('info')
      .then((info) => (apiKey.value = info.apiKey))
      // the connection's state is shown at the top of the page; without the key, the line takes it from the environment
      .catch(() => undefined);
  }, []);
  return (
    <div class="start">
      <p>Point your client at this Etherpad, or try a first request:</p>
      <dl class="facts">
        <div>
          <dt>Base URL</dt>
          <dd>
            <code>{ETHERPAD_URL}</code>
          </dd>
        </div>
        {apiKey.value !== undefined && (
          <div>
            <dt>API key</dt>
            <dd>
              <code>{apiKey.value}</code>
            </dd>
          </div>
        )}
      </dl>
      <FirstRequest apiKey={apiKey.value} />
    </div>
  );
}
