import { useRef } from 'preact/hooks';
import { ask } from './connection.ts';
import { dateAndTime, duration } from './format.ts';
import { attempt, explain, fail } from './notice.tsx';
import { clock, counts, isStanding, second } from './overview.ts';

const MINUTE = 60;
const HOUR = 3_600;

const advance = (seconds: number): Promise<boolean> =>
  attempt(`Moved the clock forward by ${duration(seconds)}.`, () => ask('clock/advance', { method: 'POST', body: { seconds } }));

/** Moves the clock to the second in which the next session expires. */
async function expireNext(): Promise<void> {
  let next: { sessionID: string } | null;
  try {
    next = await ask<{ sessionID: string } | null>('inspector/next-expiry');
  } catch (error) {
    return fail(explain(error));
  }
  if (next === null) return fail('All sessions have expired.');
  const { sessionID } = next;
  await attempt(`${sessionID} has expired.`, () => ask('clock/advance', { method: 'POST', body: { pastExpiryOf: sessionID } }));
}

async function setFrozen(frozen: boolean): Promise<void> {
  await attempt(frozen ? 'Froze the clock.' : 'The clock is running.', () => ask('clock', { method: 'PUT', body: { frozen } }));
}

async function release(): Promise<void> {
  await attempt('Back to real time.', () => ask('clock', { method: 'DELETE' }));
}

/** A date and a time of day for the clock, in UTC like everything that it shows. */
function SetForm() {
  const input = useRef<HTMLInputElement>(null);
  const set = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const now = `${input.current!.value}Z`;
    await attempt(`Set the clock to ${now}.`, () => ask('clock', { method: 'PUT', body: { now } }));
  };
  /** Begins with what the clock shows: only the part that is to change has to be typed. */
  const fill = (): void => {
    if (input.current!.value === '') input.current!.value = new Date(second.value * 1000).toISOString().slice(0, -5);
  };
  return (
    <form class="form is-line" aria-label="Set the clock" onSubmit={(event) => void set(event)}>
      <label class="field">
        <span>Date and time (UTC)</span>
        <input type="datetime-local" step={1} required ref={input} onFocus={fill} />
      </label>
      <button class="button">Set</button>
    </form>
  );
}

export function ClockPanel() {
  const { date, time } = dateAndTime(second.value * 1000);
  const { real = true } = clock.value ?? {};
  const mode = isStanding.value ? 'frozen' : real ? 'real time' : 'running, offset';
  return (
    <section class="card clock" id="clock" aria-labelledby="clock-title">
      <header class="card-head">
        <h2 id="clock-title">Clock</h2>
        <span class={real ? 'chip' : 'chip is-moved'}>{mode}</span>
      </header>
      <div class="card-body">
        <p class="time">
          <span class="date">{date}</span> <span class="of-day">{time}</span> <span class="zone">UTC</span>
        </p>
        <p class="hint">
          second <code>{second.value}</code>
        </p>
        <div class="buttons">
          <button type="button" class="button" onClick={() => void advance(MINUTE)}>
            +1 minute
          </button>
          <button type="button" class="button" onClick={() => void advance(HOUR)}>
            +1 hour
          </button>
          <button type="button" class="button" disabled={(counts.value?.sessions ?? 0) === 0} onClick={() => void expireNext()}>
            Expire next session
          </button>
          <button type="button" class="button" onClick={() => void setFrozen(!isStanding.value)}>
            {isStanding.value ? 'Resume' : 'Freeze'}
          </button>
          <button type="button" class="button" disabled={real} onClick={() => void release()}>
            Back to real time
          </button>
        </div>
        <SetForm />
      </div>
    </section>
  );
}
