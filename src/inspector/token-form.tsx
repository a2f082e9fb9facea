import { useEffect, useRef } from 'preact/hooks';
import { giveToken, tokenAsked } from './connection.ts';

/** Asks for the control token that the server was started with. */
export function TokenForm() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const give = (event: SubmitEvent): void => {
    event.preventDefault();
    giveToken(input.current!.value);
  };
  return (
    <main class="alone">
      <section class="card" aria-labelledby="token-title">
        <header class="card-head">
          <h1 id="token-title">Control token</h1>
        </header>
        <div class="card-body">
          <p>This server was started with a control token. This tab keeps it until you close it.</p>
          <form class="form is-line" onSubmit={give}>
            <label class="field">
              <span>Token</span>
              <input
                ref={input}
                type="password"
                required
                autocomplete="off"
                aria-describedby="token-problem"
                aria-invalid={tokenAsked.value === 'refused'}
              />
            </label>
            <button class="button is-main">Open</button>
          </form>
          <p id="token-problem" role="alert" class="problem">
            {tokenAsked.value === 'refused' && 'The server does not accept that token.'}
          </p>
        </div>
      </section>
    </main>
  );
}
