import { expect } from 'vitest';
import type { Reply } from './ask.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** HTTP statuses of the documented emulation's codes. */
export const STATUS = { 0: 200, 1: 400, 2: 500, 3: 404, 4: 401 } as const;

/**
 * Asserts a whole answer of the documented emulation: status, Content-Type, and the body to the last character, so that
 * its keys are in their order and none is missing.
 */
export function expectEnvelope(reply: Reply, code: keyof typeof STATUS, message: string, data: unknown = null): void {
  expect({ status: reply.status, type: reply.headers['content-type'], body: reply.body }).toEqual({
    status: STATUS[code],
    type: JSON_TYPE,
    body: JSON.stringify({ code, message, data }),
  });
}

/** What the data of the functions hold, all of them together. */
export interface Data {
  readonly groupID: string;
  readonly authorID: string;
  readonly sessionID: string;
  readonly validUntil: number;
  readonly padID: string;
  readonly readOnlyID: string;
  readonly info: { readonly id: string; readonly name: string };
  readonly sessions: readonly { readonly id: string }[];
  readonly groupIDs: readonly string[];
  readonly totalPads: number;
}

/** The data of an answer that must be ok. */
export function dataOf(reply: Reply): Data {
  const envelope = JSON.parse(reply.body) as { data: Data };
  expect(envelope).toMatchObject({ code: 0, message: 'ok' });
  return envelope.data;
}

/** The message of an answer. */
export const messageOf = (reply: Reply): string => (JSON.parse(reply.body) as { message: string }).message;
