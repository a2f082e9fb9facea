import type { JournalRecord } from '../../sandbox/journal-record.ts';
import type { Parameters } from '../../etherpad/etherpad-function.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { envelope } from './envelope.ts';

/** What was sent, without the headers that pass for parameters on one version and are none of its function's. */
function sentParameters({ parameters, request: { headers }, destination, sandbox }: Call): Parameters | null {
  if (parameters === undefined) return null;
  if (!sandbox.behaviour.headersAreParameters) return parameters;
  const own = destination.kind === 'function' ? destination.function.parameters : [];
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => headers[name] !== value || own.includes(name)));
}

/** The envelope as it was written; where a fault spoilt it, as Etherpad writes it. */
const envelopeOf = ({ code, message = '', data, fault, body }: Answer): string | null =>
  code === undefined ? null : fault === undefined ? body : envelope(code, message, data);

/**
 * What the journal keeps of a request: no more than it takes to describe it when somebody looks.
 *
 * @param milliseconds from its arrival to its answer, in real time
 */
export function recordOf(call: Call, answer: Answer, milliseconds: number): JournalRecord {
  const { destination } = call;
  const isNamed = destination.kind === 'function';
  return {
    at: call.sandbox.clock.milliseconds(),
    function: isNamed ? destination.function.name : null,
    mount: isNamed || destination.kind === 'no such function' ? destination.mount : null,
    method: call.method,
    path: call.path,
    parameters: sentParameters(call),
    code: answer.code ?? null,
    status: answer.delivery === undefined ? answer.status : null,
    message: answer.message ?? null,
    fault: answer.fault ?? null,
    reason: answer.reason ?? null,
    milliseconds,
    envelope: envelopeOf(answer),
  };
}
