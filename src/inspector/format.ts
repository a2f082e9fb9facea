const pad = (number: number): string => String(number).padStart(2, '0');

const SECONDS = { day: 86_400, hour: 3_600, minute: 60 } as const;

/**
 * So many seconds, as two of their units.
 *
 * @example duration(272) // '4 min 32 s'
 */
export function duration(seconds: number): string {
  const days = Math.floor(seconds / SECONDS.day);
  const hours = Math.floor((seconds % SECONDS.day) / SECONDS.hour);
  const minutes = Math.floor((seconds % SECONDS.hour) / SECONDS.minute);
  if (days >= 1_000) return `${number(days)} d`;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${pad(minutes)} min`;
  if (minutes > 0) return `${minutes} min ${pad(seconds % SECONDS.minute)} s`;
  return `${seconds} s`;
}

/** So many seconds, as the largest of their units. */
const roughly = (seconds: number): string => duration(seconds).replace(/^(\S+ \S+) .*/, '$1');

/**
 * What is left of a session. It is alive in every second before `validUntil`.
 *
 * @param now unix time in whole seconds
 */
export function timeLeft(validUntil: number, now: number): { readonly expired: boolean; readonly text: string } {
  const left = Math.ceil(validUntil) - now;
  if (left > 0) return { expired: false, text: duration(left) };
  return { expired: true, text: left === 0 ? 'expired now' : `expired ${roughly(-left)} ago` };
}

/** A number with commas between thousands: `100,000`. */
export const number = (count: number): string => count.toLocaleString('en');

/** `1 session`, `2 sessions`. */
export const counted = (count: number, noun: string): string => `${number(count)} ${count === 1 ? noun : `${noun}s`}`;

/** A moment in UTC, as date and time of day; years beyond 9999 have a sign and six digits. */
export function dateAndTime(milliseconds: number): { readonly date: string; readonly time: string } {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  return { date, time: time.slice(0, 8) };
}

/** The time of day in an ISO text, with its milliseconds. */
export const timeOfDay = (iso: string): string => iso.slice(iso.indexOf('T') + 1, -1);

/** Text as it is, and other values as indented JSON. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? 'nothing'));
