import { ask } from './connection.ts';
import { dateAndTime, duration } from './format.ts';
import { attempt, explain, fail } from './notice.tsx';
import { clock, counts, isStanding, second } from './overview.ts';

const MINUTE = 60;
const HOUR = 3_600;

const advance = (seconds: number): Promise<boolean> =>
  attempt(`The clock went forward by ${duration(seconds)}.`, () => ask('clock/advance', { method: 'POST', body: { seconds } }));

/** Goes to the first second in which the session that is next to expire is expired. */
async function passNextExpiry(): Promise<void> {
  let next: { sessionID: string } | null;
  try {
    next = await ask<{ sessionID: string } | null>('inspector/next-expiry');
  } catch (error) {
    return fail(explain(error));
  }
  if (next === null) return fail('No session is left to expire.');
  const { sessionID } = next;
  await attempt(`${sessionID} has expired.`, () => ask('clock/advance', { method: 'POST', body: { pastExpiryOf: sessionID } }));
}

async function setFrozen(frozen: boolean): Promise<void> {
  await attempt(frozen ? 'The clock stands still.' : 'The clock runs.', () => ask('clock', { method: 'PUT', body: { frozen } }));
}

async function release(): Promise<void> {
  await attempt('The clock shows real time.', () => ask('clock', { method: 'DELETE' }));
}

export function ClockPanel() {
  const { date, time } = dateAndTime(second.value * 1000);
  const { real = true } = clock.value ?? {};
  const mode = isStanding.value ? 'frozen' : real ? 'real time' : 'running, moved';
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
          <button type="button" class="button" disabled={(counts.value?.sessions ?? 0) === 0} onClick={() => void passNextExpiry()}>
            Past next expiry
          </button>
          <button type="button" class="button" onClick={() => void setFrozen(!isStanding.value)}>
            {isStanding.value ? 'Let it run' : 'Freeze'}
          </button>
          <button type="button" class="button" disabled={real} onClick={() => void release()}>
            Back to real time
          </button>
        </div>
      </div>
    </section>
  );
}
