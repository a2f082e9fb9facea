import type { JournalRecord } from '../control/journal.ts';
import type { Parameters } from '../etherpad/functions.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';

/** Names under which keys are sent, whether they are looked at or not. */
const KEY_NAMES = /^(x-)?api[-_]?key$|^authorization$/i;

const HIDDEN = '…';

/** A text without the API key in it. */
export const withoutKey = (text: string, apiKey: string): string => (text.includes(apiKey) ? text.replaceAll(apiKey, HIDDEN) : text);

function valueWithoutKey(value: unknown, apiKey: string): unknown {
  if (typeof value === 'string') return withoutKey(value, apiKey);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.includes(apiKey) ? (JSON.parse(text.replaceAll(apiKey, HIDDEN)) as unknown) : value;
}

/** What was sent, without the API key in any form, and without headers that only pass for parameters. */
function parametersOf({ parameters, request, destination, settings, sandbox }: Call): Parameters | null {
  if (parameters === undefined) return null;
  const kept: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const own = destination.kind === 'function' ? destination.function.parameters : [];
  for (const name in parameters) {
    const value = parameters[name];
    if (KEY_NAMES.test(name)) continue;
    if (sandbox.behaviour.headersAreParameters && request.headers[name] === value && !own.includes(name)) continue;
    kept[withoutKey(name, settings.apiKey)] = valueWithoutKey(value, settings.apiKey);
  }
  return kept;
}

/**
 * What the journal keeps of a request.
 *
 * @param milliseconds from its arrival to its answer, in real time
 */
export function recordOf(call: Call, answer: Answer, milliseconds: number): JournalRecord {
  const { destination, sandbox, settings } = call;
  const isNamed = destination.kind === 'function';
  return {
    at: sandbox.clock.milliseconds(),
    function: isNamed ? destination.function.name : null,
    mount: isNamed || destination.kind === 'no such function' ? destination.mount : null,
    method: call.method,
    path: withoutKey(call.path, settings.apiKey),
    parameters: parametersOf(call),
    code: answer.code ?? null,
    status: answer.status === 0 ? null : answer.status,
    message: answer.message === undefined ? null : withoutKey(answer.message, settings.apiKey),
    fault: answer.fault ?? null,
    reason: answer.reason === undefined ? null : withoutKey(answer.reason, settings.apiKey),
    milliseconds,
    data: answer.data,
  };
}
