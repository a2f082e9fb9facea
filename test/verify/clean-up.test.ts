import { describe, expect, test } from 'vitest';
import { EMULATIONS, startMockEtherpad } from '../../src/index.ts';
import { SUBJECTS } from '../../src/verify/scenarios/subjects.ts';
import { verify } from '../../src/verify/verify.ts';
import { alteringProxy } from './altering-proxy.ts';
import { keptSurroundings } from './surroundings.ts';

describe.concurrent.each(EMULATIONS)('interrupted while it compares with %s', (emulate) => {
  test.each([1, 3, 8, 20, 47, 130, 420, 520])(
    'after %i requests, it finishes the one under way, deletes what it made and ends with 130',
    async (requests) => {
      await using etherpad = await startMockEtherpad({ emulate });
      const surroundings = keptSurroundings();
      let answers = 0;
      await using proxy = await alteringProxy(etherpad.url, () => {
        if (++answers === requests + 2) surroundings.interrupt();
      });

      const withoutWaiting = SUBJECTS.filter(({ name }) => name !== 'validUntil').map((subject) => ({
        ...subject,
        scenarios: subject.scenarios.filter(({ title }) => !title.startsWith('an expired session')),
      }));
      expect(await verify({ url: proxy.url, apiKey: etherpad.apiKey, as: emulate }, surroundings, withoutWaiting)).toBe(130);

      const { sessions, pads } = await etherpad.state.export();
      expect({ sessions, pads }).toEqual({ sessions: [], pads: [] });
      const deletions = proxy.passed.filter(({ target }) => target.includes('/deleteGroup'));
      expect(proxy.passed.slice(requests + 2).every(({ target }) => /\/delete(?:Group|Pad)\?/.test(target))).toBe(true);
      expect(surroundings.error()).toBe('Interrupted: deleting what this run created.\n');
      expect(surroundings.out()).toMatch(/^Interrupted after \d+ of \d+ scenarios\.$/m);
      if (emulate !== '1.9.7') {
        const { groups } = await etherpad.state.export();
        expect(groups).toEqual([]);
        if (requests > 3) expect(deletions.length).toBeGreaterThan(0);
      }
    },
  );
});

test.concurrent('interrupted while it waits for a session to expire, it ends at once', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
  const surroundings = keptSurroundings();
  await using proxy = await alteringProxy(etherpad.url, ({ target }) => {
    if (target.includes('createSession')) setTimeout(surroundings.interrupt, 100);
  });
  const started = performance.now();
  const expiry = SUBJECTS.slice(0, 1).map((subject) => ({
    ...subject,
    scenarios: subject.scenarios.filter(({ title }) => title.startsWith('an expired session')),
  }));

  expect(await verify({ url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1' }, surroundings, expiry)).toBe(130);

  expect(performance.now() - started).toBeLessThan(3_000);
  expect(await etherpad.state.export()).toMatchObject({ groups: [], sessions: [] });
});

test.concurrent('what deleteGroup does not delete is named', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
  await etherpad.faults.add({ function: 'deleteGroup', kind: 'code', code: 2 });
  const surroundings = keptSurroundings();

  expect(
    await verify(
      { url: etherpad.url, apiKey: etherpad.apiKey, as: '3.3.1' },
      surroundings,
      SUBJECTS.filter(({ name }) => name === 'authors' || name === 'group pads'),
    ),
  ).toBe(0);

  const { groups, authors } = await etherpad.state.export();
  expect(groups.length).toBeGreaterThan(0);
  expect(surroundings.out()).toContain(
    `Everything that was created is deleted again, except ${groups.length} groups that could not be deleted (${groups.map(({ groupID }) => groupID).join(', ')}) and ${authors.length} authors.\n`,
  );
});

test.concurrent('pads that deletePad does not delete are named, in lines and as JSON', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '2.5.3' });
  await etherpad.faults.add({ function: 'deletePad', kind: 'code', code: 2 });
  const chat = SUBJECTS.filter(({ name }) => name === "pads' chat");
  const [inLines, asJson] = [keptSurroundings(), keptSurroundings()];
  const { url, apiKey } = etherpad;

  expect(await verify({ url, apiKey, as: '2.5.3' }, inLines, chat)).toBe(0);

  const padIDs = (await etherpad.state.export()).pads.map(({ padID }) => padID);
  expect(padIDs).toHaveLength(4);
  for (const padID of padIDs) expect(padID).toMatch(/^mock-etherpad-verify-[0-9a-f]{12}-\d+-(?:pad|chat)$/);
  const told = /except 4 pads that could not be deleted \((.*)\) and 1 author\.$/m.exec(inLines.out());
  expect(told?.[1]?.split(', ').toSorted()).toEqual(padIDs.toSorted());

  expect(await verify({ url, apiKey, as: '2.5.3', json: true }, asJson, chat)).toBe(0);

  const { leftovers } = JSON.parse(asJson.out()) as { leftovers: { groups: string[]; pads: string[]; authorsCalledAPI: number } };
  const second = (await etherpad.state.export()).pads.map(({ padID }) => padID).filter((padID) => !padIDs.includes(padID));
  expect([leftovers.groups, leftovers.pads.toSorted(), leftovers.authorsCalledAPI]).toEqual([[], second.toSorted(), 0]);
});

test.concurrent('a pad is deleted though the answer to its making was lost on the way', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
  await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
    if (target.includes('/createPad')) answer.body = 'lost';
  });

  const text = SUBJECTS.filter(({ name }) => name === "pads' text");
  expect(await verify({ url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1' }, keptSurroundings(), text)).toBe(1);

  expect((await etherpad.state.export()).pads).toEqual([]);
});

test.concurrent('a group that a mapper of somebody else leads to is not deleted, also where Etherpad would refuse such a mapper', async () => {
  await using etherpad = await startMockEtherpad({
    emulate: '3.3.1',
    seed: { groups: [{ groupID: 'g.AAAAAAAAAAAAAAAA', mapper: 'undefined' }] },
  });
  await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
    if (target.includes('groupMapper=')) return;
    // as Etherpad did long ago: a missing mapper is one like any other
    answer.body = answer.body.replace(
      '{"code":1,"message":"groupMapper is not a string","data":null}',
      '{"code":0,"message":"ok","data":{"groupID":"g.AAAAAAAAAAAAAAAA"}}',
    );
  });

  expect(
    await verify(
      { url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1' },
      keptSurroundings(),
      SUBJECTS.filter(({ name }) => name === 'groups'),
    ),
  ).toBe(1);

  expect((await etherpad.state.export()).groups).toEqual([{ groupID: 'g.AAAAAAAAAAAAAAAA', mapper: 'undefined' }]);
});

test.concurrent('--gentle sends at most 10 requests a second, clean-up included', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
  await using proxy = await alteringProxy(etherpad.url, () => undefined);

  expect(
    await verify(
      { url: proxy.url, apiKey: etherpad.apiKey, gentle: true },
      keptSurroundings(),
      SUBJECTS.filter(({ name }) => name === 'group pads'),
    ),
  ).toBe(0);

  const times = proxy.passed.map(({ at }) => at);
  expect(times.length).toBeGreaterThan(40);
  for (const [index, at] of times.entries()) {
    const inThatSecond = times.slice(index).filter((other) => other - at < 1_000).length;
    // what the network delays comes closer together: one more is the proxy's, not the sender's
    expect(inThatSecond).toBeLessThanOrEqual(11);
  }
  expect((times.length - 1) / ((times.at(-1)! - times[0]!) / 1_000)).toBeLessThanOrEqual(10);
});
