import { assert, asyncProperty, constantFrom, infiniteStream, nat, string } from 'fast-check';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { EMULATIONS } from '../../src/index.ts';
import { startMockEtherpad } from '../../src/mock-etherpad.ts';
import { ask, multipart, type Question } from '../ask.ts';

/** So many characters of a key, one after the other, are a part of it. */
const PART = 6;

/** Where texts are cut off: in reasons, in the log, in headers. */
const CUTS = [0, 10, 60, 80, 500, 512] as const;

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'Content-Type': 'text/json' };
const CONTROL = { 'Content-Type': 'application/json' };

/** Everything that refuses a text and may tell of it. */
const PLACES: readonly ((text: string, apiKey: string) => Question)[] = [
  (text) => ({ path: `/api/1.3.0/${text}` }),
  (text) => ({ path: `/api/${text}/createGroup` }),
  (text) => ({ path: `/rest/1.3.0/${text}` }),
  (text) => ({ path: `/api/2/${text}` }),
  (text) => ({ path: `/${text}` }),
  (text) => ({ path: `/sandbox/${text}/api` }),
  (text) => ({ path: `/p/a$${text}` }),
  (text) => ({ path: `/p/${text}$x` }),
  (text) => ({ path: `/p/r.${text}` }),
  (text) => ({ path: '/p/g.aaaaaaaaaaaaaaaa$x', headers: { Cookie: `sessionID=${text}` } }),
  (text) => ({ path: '/p/g.aaaaaaaaaaaaaaaa$x', headers: { Cookie: `sessionID=s.a,${text},${text}` } }),
  (text) => ({ path: '/p/g.aaaaaaaaaaaaaaaa$x', headers: { Cookie: `${text}sessionID=1` } }),
  ...['groupID', 'authorID', 'validUntil'].map((name) => (text: string, apiKey: string): Question => ({
    path: `/api/1.3.0/createSession?apikey=${apiKey}&groupID=g&authorID=a&validUntil=1&${name}=${text}`,
  })),
  (text, apiKey) => ({ path: `/api/1.3.0/getSessionInfo?apikey=${apiKey}&sessionID=${text}` }),
  (text, apiKey) => ({ path: `/api/1.3.0/getText?apikey=${apiKey}&padID=${text}` }),
  (text, apiKey) => ({ path: `/api/1.3.0/getText?apikey=${apiKey}&padID=${text}&padID=${text}` }),
  (text, apiKey) => ({ path: `/api/1.3.0/createGroupPad?apikey=${apiKey}&groupID=g.x&padName=${text}` }),
  (text, apiKey) => ({ path: `/api/1.3.0/createPad?apikey=${apiKey}&padID=${text}$x` }),
  (text, apiKey) => ({ path: `/api/1.3.0/copyPad?apikey=${apiKey}&sourceID=${text}&destinationID=${text}` }),
  (text, apiKey) => ({ method: 'POST', path: `/api/1.3.0/getText?apikey=${apiKey}`, headers: FORM, body: `padID=${text}` }),
  (text, apiKey) => ({ method: 'POST', path: `/api/1.3.0/getText?apikey=${apiKey}`, ...multipart([['padID', text]]) }),
  ...['{"padID":"', '{"padID":["', '', '{"a":1}', '{"a":tru', '"'].map((beginning) => (text: string, apiKey: string): Question => ({
    method: 'POST',
    path: `/api/1.3.0/getText?apikey=${apiKey}`,
    headers: JSON_TYPE,
    body: `${beginning}${text}${beginning.endsWith('["') ? '"]}' : ''}`,
  })),
  (text, apiKey) => ({
    method: 'POST',
    path: `/api/1.3.0/getText?apikey=${apiKey}`,
    headers: { 'Content-Type': `text/${text}` },
    body: 'x',
  }),
  (text, apiKey) => ({
    method: 'POST',
    path: `/api/1.3.0/getText?apikey=${apiKey}`,
    headers: { 'Content-Type': `text/json; charset=${text}` },
    body: '{}',
  }),
  (text, apiKey) => ({
    method: 'POST',
    path: `/api/1.3.0/getText?apikey=${apiKey}`,
    headers: { ...JSON_TYPE, 'Content-Encoding': text },
    body: '{}',
  }),
  ...['', '{"now":"', '{"a":', '{"', '[1,'].map((beginning) => (text: string): Question => ({
    method: 'PUT',
    path: '/_mock/clock',
    headers: CONTROL,
    body: `${beginning}${text}`,
  })),
  (text) => ({ method: 'PUT', path: '/_mock/emulation', headers: CONTROL, body: JSON.stringify({ emulate: text, [text]: text }) }),
  (text) => ({ path: `/_mock/requests?${text}=${text}&limit=${text}` }),
];

/** Whether a text shows a part of the key, in any case. */
const partIn = (text: string, apiKey: string): string | undefined => {
  const lower = text.toLowerCase();
  const key = apiKey.toLowerCase();
  for (let start = 0; start + PART <= key.length; start++) {
    const part = key.slice(start, start + PART);
    if (lower.includes(part)) return part;
  }
  return undefined;
};

const keys = string({ unit: constantFrom(...Array.from('qzjxkvQZJXKV579')), minLength: PART, maxLength: 100 });

describe('no part of the key is told, of whatever length it is and wherever a text is cut off', () => {
  test.each(EMULATIONS)('%s', async (emulate) => {
    await assert(
      asyncProperty(keys, infiniteStream(nat(100)), async (apiKey, spread) => {
        const lines: string[] = [];
        const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
        await using etherpad = await startMockEtherpad({ apiKey, emulate, journalSize: 2_000 }, logger);
        const questions = CUTS.flatMap((cut) =>
          PLACES.map((place) => {
            const before = Math.max(0, cut - (spread.next().value % apiKey.length));
            return place(`${'b'.repeat(before)}${apiKey}${'a'.repeat(spread.next().value)}`, apiKey);
          }),
        );
        for (let index = 0; index < questions.length; index += 50) {
          const replies = await Promise.all(questions.slice(index, index + 50).map((question) => ask(etherpad.url, question)));
          for (const [offset, { status, headers, body }] of replies.entries()) {
            // the page of a pad names the pad that was asked for, and so does what leads to it
            const { location: _, ...others } = headers;
            const told = status >= 400 || body.startsWith('{"code":') ? body : /<p id="reason".*/.exec(body)?.[0];
            const shown = `${told ?? ''} ${JSON.stringify(others)}`;
            expect(partIn(shown, apiKey), `${JSON.stringify(questions[index + offset])} -> ${shown}`).toBe(undefined);
          }
        }
        expect(partIn(lines.join(''), apiKey), 'log').toBe(undefined);
        expect(lines.length).toBeGreaterThan(100);
        expect(partIn(JSON.stringify(await etherpad.requests.list()), apiKey), 'journal').toBe(undefined);
        const seen = await ask(etherpad.url, { path: '/_mock/inspector/requests?limit=200' });
        expect(partIn(seen.body, apiKey), 'inspector').toBe(undefined);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('an answer that a fault cuts in half shows no half of the key', async () => {
    await using etherpad = await startMockEtherpad({ apiKey: 'q'.repeat(8) + 'zjxkv'.repeat(8) });
    await etherpad.faults.add({ kind: 'truncate' });
    for (let before = 0; before < 100; before += 3) {
      const padID = `${'b'.repeat(before)}${etherpad.apiKey}$$`;
      const { body } = await ask(etherpad.url, { path: `/api/1.3.0/getText?apikey=${etherpad.apiKey}&padID=${padID}` });
      expect(body).toMatch(/^\{"code":1/);
      expect(partIn(body, etherpad.apiKey)).toBe(undefined);
    }
  });
});

describe('X-Mock-Etherpad-Reason', () => {
  const reasonOf = async (type: string): Promise<string> => {
    await using etherpad = await startMockEtherpad();
    await etherpad.faults.add({ kind: 'latency', milliseconds: 0, times: 1 });
    const { headers } = await ask(etherpad.url, {
      path: `/api/1.3.0/createGroupIfNotExistsFor?apikey=${etherpad.apiKey}&${type}=1`,
    });
    return String(headers['x-mock-etherpad-reason']);
  };

  test('is as it is where it is short', async () => {
    expect(await reasonOf('groupmapper')).toMatch(/^fault \S+ \(latency\) fired; groupmapper is not read: did you mean groupMapper\?$/);
  });

  test.each(['1', '%0A', 'é', '😀', '%F0%9F%98%80', '%25', '%EF%BF%BF'])(
    'has at most 512 bytes, cut between two characters: %s',
    async (filling) => {
      for (let count = 440; count < 530; count += 7) {
        const wide = encodeURI(decodeURIComponent(filling)).length;
        const reason = await reasonOf(`groupmapper${encodeURIComponent(decodeURIComponent(filling)).repeat(Math.ceil(count / wide))}`);
        expect(reason.length).toBeLessThanOrEqual(512);
        expect(reason.length).toBeGreaterThan(490);
        expect(() => decodeURIComponent(reason)).not.toThrow();
        if (reason.length > 500) expect(decodeURIComponent(reason)).toMatch(/(…|\?)$/u);
      }
    },
  );
});
