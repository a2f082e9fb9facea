import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, FaultKind, FaultsMet } from '../control/faults.ts';
import type { Behaviour } from '../etherpad/emulation.ts';
import type { ApiVersion, EtherpadFunction } from '../etherpad/functions.ts';
import { usualRefusal } from '../etherpad/reasons.ts';
import { type Answer, answerEnvelope } from './answer.ts';
import { HTML_TYPE } from './envelope.ts';

/** What a fault spoils. */
interface Spoilt {
  readonly fault: Fault;
  readonly row: EtherpadFunction;
  readonly version: ApiVersion;
  readonly behaviour: Behaviour;
  /** Does what was asked. */
  readonly execute: () => Answer | Promise<Answer>;
}

const ownMessage = (code: 1 | 2 | 3 | 4, { row, version, behaviour }: Spoilt): string =>
  ({
    1: usualRefusal(row, version),
    2: behaviour.internalErrorMessage,
    3: 'no such function',
    4: 'no or wrong API Key',
  })[code];

const REASONS: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

/** The page of a proxy whose server is gone. */
function proxyPage(status: number): string {
  const title = `${status} ${REASONS[status] ?? 'Error'}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}

/** Nothing is sent, and the client sees its connection reset. */
const RESET: Answer = { status: 0, type: undefined, body: '', delivery: 'reset' };

const EFFECTS: Readonly<Record<FaultKind, (spoilt: Spoilt) => Answer | Promise<Answer>>> = {
  code: (spoilt) => answerEnvelope(spoilt.fault.code!, spoilt.fault.message ?? ownMessage(spoilt.fault.code!, spoilt), spoilt.behaviour),
  latency: ({ execute }) => execute(),
  html: ({ fault: { status = 502 } }) => ({ status, type: HTML_TYPE, body: proxyPage(status) }),
  contentType: async ({ fault: { contentType = 'text/plain' }, execute }) => ({ ...(await execute()), type: contentType }),
  truncate: async ({ execute }) => {
    const answer = await execute();
    return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  },
  drop: () => RESET,
  lostAnswer: async ({ execute }) => ({ ...(await execute()), delivery: 'reset' }),
};

/** Answers a call that meets a fault, a latency, or both. */
export function answerFaulty({ fault, latency }: FaultsMet, call: Omit<Spoilt, 'fault'>): Promise<Answer> {
  const spoil = async (): Promise<Answer> => {
    const answer = await (fault === undefined ? call.execute() : EFFECTS[fault.kind]({ ...call, fault }));
    const met = [latency, fault].flatMap((one) => (one === undefined ? [] : [one]));
    return {
      ...answer,
      fault: met.map(({ kind }) => kind).join(' + '),
      reason: [
        `${met.map(({ id, kind }) => `fault ${id} (${kind})`).join(' and ')} fired`,
        ...(answer.reason === undefined ? [] : [answer.reason]),
      ].join('; '),
    };
  };
  // a delay does not keep a process alive that closes
  return latency === undefined ? spoil() : delay(latency.milliseconds, undefined, { ref: false }).then(spoil);
}
