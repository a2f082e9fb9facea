import { sample } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMULATIONS, type Emulation } from '../../src/etherpad/emulation.ts';
import { serveCommand } from '../command/running-command.ts';
import { findViolation, isNeverAnswered } from './contract.ts';
import { type NastyRequest, nastyRequests } from './nasty-requests.ts';
import { type NoReply, RawConnection, type RawReply } from './raw-connection.ts';

/** Another one each time; a failure names it, and BAD_INPUT_SEED brings the same requests back. */
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? Date.now() % 2 ** 31);
const REQUESTS = Number(process.env['BAD_INPUT_REQUESTS'] ?? 5_500);

const CONNECTIONS = 48;

/** After so many milliseconds a request hangs: a slow machine, with 48 requests at a time, is no mistake. */
const HANGS_AFTER = 60_000;
/** So long a request waits for an answer that Etherpad 2.5.3 never gives. */
const SILENCE = 150;

/** So many are shown. */
const VIOLATIONS = 10;

const LATER = 4_000_000_000;

/** What belongs together: one group with its author, session and pad, and words that stand nowhere else. */
interface Estate {
  readonly word: string;
  readonly ids: readonly string[];
}

async function makeEstate(url: string, apiKey: string, word: string): Promise<Estate> {
  const call = async (name: string, parameters: Record<string, string>): Promise<Record<string, string>> => {
    const answer = await fetch(`${url}/api/1.3.0/${name}?${new URLSearchParams({ apikey: apiKey, ...parameters }).toString()}`);
    const { code, data } = (await answer.json()) as { code: number; data: Record<string, string> };
    expect(code).toBe(0);
    return data;
  };
  const { groupID = '' } = await call('createGroupIfNotExistsFor', { groupMapper: `mapper-${word}` });
  const { authorID = '' } = await call('createAuthorIfNotExistsFor', { authorMapper: `mapper-${word}`, name: `name-${word}` });
  const { sessionID = '' } = await call('createSession', { groupID, authorID, validUntil: String(LATER) });
  const { padID = '' } = await call('createGroupPad', { groupID, padName: `pad-${word}`, text: `text-${word}` });
  return { word, ids: [groupID, authorID, sessionID, padID] };
}

/** Everything that is known of an estate, by asking for it in the usual way. */
async function readEstate(
  url: string,
  apiKey: string,
  { ids: [groupID = '', authorID = '', sessionID = '', padID = ''] }: Estate,
): Promise<unknown[]> {
  const questions = [
    `listSessionsOfGroup?groupID=${groupID}`,
    `listSessionsOfAuthor?authorID=${authorID}`,
    `getSessionInfo?sessionID=${sessionID}`,
    `listPads?groupID=${groupID}`,
    `getText?padID=${encodeURIComponent(padID)}`,
  ];
  return Promise.all(questions.map(async (question) => (await fetch(`${url}/api/1.3.0/${question}&apikey=${apiKey}`)).json()));
}

/** What tells a text that a client wrote: an id that requests know may have been written into it. */
const TELLS_WHAT_WAS_WRITTEN = /text|html|chat|name|pool|changeset|saved|export|users|authorsOfPad|^\/p\//i;

/**
 * Whether an answer tells of an estate that its request did not name, and that is not listed with all others.
 *
 * @param named the estates whose ids requests know
 */
function tellsOf(
  estates: readonly Estate[],
  named: ReadonlySet<Estate>,
  { target, bytes }: NastyRequest,
  reply: RawReply | NoReply,
): string | undefined {
  if (
    typeof reply === 'string' ||
    /listAll|group\/list(\W|$)|pad\/listAll|api\/2\/groups(\W|$)|api\/2\/pads(\?|$)|checkToken/i.test(target)
  )
    return undefined;
  const asked = decodeURIComponentSafely(bytes.toString('latin1'));
  const told = reply.body.toString('utf8');
  const isWritten = TELLS_WHAT_WAS_WRITTEN.test(decodeURIComponentSafely(target.split('?')[0]!));
  const foreign = estates.find((estate) => {
    const { word, ids } = estate;
    const marks = [`-${word}`, ...(isWritten && named.has(estate) ? [] : ids)];
    return marks.some((mark) => told.includes(mark)) && !ids.some((id) => asked.includes(id));
  });
  return foreign && `data of ${foreign.word} in the answer to another`;
}

function decodeURIComponentSafely(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Long runs of the same say nothing more. */
const shown = (bytes: Buffer): string =>
  JSON.stringify(
    bytes
      .toString('latin1')
      .replace(/(.{1,8}?)\1{20,}/gs, (all, one: string) => `${one}…(${all.length})`)
      .slice(0, 1_500),
  );
const shownReply = (reply: RawReply | NoReply): string =>
  typeof reply === 'string' ? reply : `HTTP ${reply.status} ${JSON.stringify(reply.headers)} ${shown(reply.body)}`;

describe(`bad input (seed ${SEED})`, () => {
  test.each(EMULATIONS)(
    '%s answers each of 5,500 nasty requests as it answers, and is the same process afterwards',
    async (emulation: Emulation) => {
      await using command = await serveCommand([
        '--emulate',
        emulation,
        '--log-level',
        'error',
        '--max-sandboxes',
        '60',
        '--body-limit',
        '500000',
      ]);
      const { url, apiKey } = command.listening;
      const port = Number(new URL(url).port);
      const estates = await Promise.all(
        [
          ['north', url],
          ['south', url],
          ['north-box', `${url}/sandbox/north-box`],
          ['south-box', `${url}/sandbox/south-box`],
        ].map(async ([word = '', at = '']) => ({ at, ...(await makeEstate(at, apiKey, word)) })),
      );
      const before = await Promise.all(estates.map((estate) => readEstate(estate.at, apiKey, estate)));
      for (const name of ['controlled-1', 'controlled-2', 'controlled-3']) await fetch(`${url}/sandbox/${name}/api`);

      const known = { apiKey, ids: [...estates[0]!.ids, ...estates[2]!.ids] };
      // deleting what was named is allowed, so what must stay is not named
      const named = new Set(estates.filter((_, index) => index % 2 === 0));
      const requests = sample(nastyRequests(known, emulation), { seed: SEED, numRuns: REQUESTS });
      const violations: string[] = [];
      const statuses = new Map<string, number>();
      let next = 0;

      const work = async (): Promise<void> => {
        const connection = new RawConnection(port);
        while (next < requests.length && violations.length < VIOLATIONS) {
          const index = next++;
          const request = requests[index]!;
          const patience = isNeverAnswered(request, emulation) ? SILENCE : HANGS_AFTER;
          const reply = await connection.exchange(request.bytes, patience, { isHead: request.method === 'HEAD', last: request.malformed });
          const violation =
            findViolation(request, reply, emulation) ??
            tellsOf(estates, named, request, reply) ??
            (connection.surplus.length > 0 ? `more than one answer: ${shown(connection.surplus)}` : undefined);
          if (violation !== undefined)
            violations.push(`${violation}\n  request ${index}: ${shown(request.bytes)}\n  answer: ${shownReply(reply)}`);
          const status = typeof reply === 'string' ? reply : String(reply.status);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        connection.close();
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, work));

      expect(violations, `BAD_INPUT_SEED=${SEED}, ${emulation}`).toEqual([]);
      // a generator that only ever gets refused tests nothing
      for (const status of ['200', '400', '401', '404', '405'])
        expect(statuses.get(status) ?? 0, `answers with ${status}`).toBeGreaterThan(10);
      expect(command.process.exitCode).toBeNull();
      const after = await Promise.all(estates.map((estate) => readEstate(estate.at, apiKey, estate)));
      for (const [index, estate] of estates.entries())
        if (!named.has(estate)) expect([estate.word, after[index]]).toEqual([estate.word, before[index]]);
      // the control side has kept its senses too
      expect(await (await fetch(`${url}/_mock/health`)).json()).toEqual({ status: 'pass' });
      expect(await (await fetch(`${url}/_mock/info`)).json()).toMatchObject({ emulate: emulation, sandbox: null });
      for (const name of ['controlled-1', 'controlled-2', 'controlled-3']) {
        const state = await fetch(`${url}/sandbox/${name}/_mock/state`);
        expect(state.status).toBe(200);
        expect((await fetch(`${url}/sandbox/${name}/_mock/requests`)).status).toBe(200);
      }

      command.process.kill('SIGTERM');
      const { status, stderr } = await command.ended;
      expect(stderr).toBe('');
      expect(status).toBe(0);
    },
  );
});
