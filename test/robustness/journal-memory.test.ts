import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ask } from '../ask.ts';
import { serveCommand } from '../command/running-command.ts';

const MEBIBYTE = 1024 * 1024;

/** The heap of JavaScript objects may take no more, in MB: a few of these requests, kept whole, are more. */
const HEAP = { NODE_OPTIONS: '--max-old-space-size=600' };

/** Bytes of memory that a process takes, as Linux counts them. */
const memoryOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;

const JSON_BODY = { 'Content-Type': 'application/json' };

test('bodies of 32 kB that become many megabytes, answered 401, leave the heap as it was', { timeout: 120_000 }, async () => {
  await using command = await serveCommand(['--log-level', 'silent'], HEAP);
  const { url } = command.listening;
  const bodies = [
    `{"list":[${'1,'.repeat(6_000_000)}1]}`,
    `{"text":"${'a'.repeat(30_000_000)}"}`,
    `{${Array.from({ length: 400_000 }, (_, index) => `"${index}":"1234567890123456789012345678901234567890"`).join(',')}}`,
  ].map((body) => gzipSync(body, { level: 9 }));
  for (let round = 0; round < 5; round++) {
    for (const body of bodies) {
      const { status } = await ask(url, {
        method: 'POST',
        path: '/api/1.2.15/createGroup',
        headers: { ...JSON_BODY, 'Content-Encoding': 'gzip' },
        body,
      });
      expect([400, 401, 413]).toContain(status);
    }
  }
  const journal = await fetch(`${url}/_mock/requests`);
  expect(journal.status).toBe(200);
  const { total } = (await journal.json()) as { total: number };
  expect(total).toBe(5 * bodies.length);
});

test('lists of 20,000 sessions leave memory as it was', { timeout: 120_000 }, async () => {
  await using command = await serveCommand(['--log-level', 'silent'], HEAP);
  const { url, apiKey } = command.listening;
  const groupID = 'g.s8oes9dhwrvt0zif';
  const authorID = 'a.s8oes9dhwrvt0zif';
  const sessions = Array.from({ length: 20_000 }, (_, index) => ({
    sessionID: `s.${String(index).padStart(32, '0')}`,
    groupID,
    authorID,
    validUntil: 4_000_000_000,
  }));
  const state = { groups: [{ groupID }], authors: [{ authorID }], sessions };
  const imported = await ask(url, { method: 'PUT', path: '/_mock/state', headers: JSON_BODY, body: JSON.stringify(state) });
  expect(imported.status).toBe(200);
  const list = async (count: number): Promise<number> => {
    for (let done = 0; done < count; done++) {
      const { body } = await ask(url, { path: `/api/1.2.15/listSessionsOfGroup?apikey=${apiKey}&groupID=${groupID}` });
      expect(body.length).toBeGreaterThan(2_000_000);
    }
    return memoryOf(command.process.pid!);
  };
  const before = await list(60);
  // kept whole, each of them took 1.7 MB
  expect((await list(120)) - before).toBeLessThan(80 * MEBIBYTE);

  const { total, requests } = (await (await fetch(`${url}/_mock/requests`)).json()) as { total: number; requests: { ids: object }[] };
  expect([total, requests.at(-1)!.ids]).toEqual([180, { groupID }]);
  const opened = async (id: number) => ((await (await fetch(`${url}/_mock/inspector/requests/${id}`)).json()) as { data: unknown }).data;
  expect(Object.keys(((await opened(180)) as { sessions: object }).sessions)).toHaveLength(20_000);
  expect(await opened(1)).toMatch(/^… \(\d{7} characters, no longer kept\)$/);
});
