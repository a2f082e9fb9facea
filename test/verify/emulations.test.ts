import { describe, expect, test } from 'vitest';
import { EMULATIONS, startMockEtherpad, type StateDocument } from '../../src/index.ts';
import { behaviourOf } from '../../src/etherpad/emulation.ts';
import { MOST_AUTHORS, MOST_GROUPS, MOST_PADS } from '../../src/verify/report.ts';
import { scenariosFor } from '../../src/verify/run-scenarios.ts';
import { SUBJECTS } from '../../src/verify/scenarios/subjects.ts';
import { verify } from '../../src/verify/verify.ts';
import { keptSurroundings } from './surroundings.ts';

/** What is somebody's before a run, and has to be the same after it. */
const SOMEBODYS: StateDocument = {
  groups: [
    { groupID: 'g.AAAAAAAAAAAAAAAA', mapper: '' },
    { groupID: 'g.BBBBBBBBBBBBBBBB', mapper: 'undefined' },
    { groupID: 'g.CCCCCCCCCCCCCCCC' },
  ],
  authors: [
    { authorID: 'a.AAAAAAAAAAAAAAAA', name: 'Ada', mapper: 'undefined' },
    { authorID: 'a.BBBBBBBBBBBBBBBB', mapper: '' },
  ],
  sessions: [
    { sessionID: `s.${'0'.repeat(31)}1`, groupID: 'g.AAAAAAAAAAAAAAAA', authorID: 'a.AAAAAAAAAAAAAAAA', validUntil: 99_999_999_999 },
  ],
  pads: [{ padID: 'g.AAAAAAAAAAAAAAAA$notes', text: 'hello\n' }],
};

const mine = (document: StateDocument) => ({
  groups: document.groups.filter(({ groupID }) => SOMEBODYS.groups.some((group) => group.groupID === groupID)),
  authors: document.authors.filter(({ authorID }) => SOMEBODYS.authors.some((author) => author.authorID === authorID)),
  sessions: document.sessions.filter(({ sessionID }) => SOMEBODYS.sessions.some((session) => session.sessionID === sessionID)),
  pads: document.pads.filter(({ padID }) => SOMEBODYS.pads.some((pad) => pad.padID === padID)),
});

describe.concurrent.each(EMULATIONS)('the mock as %s', (emulate) => {
  const { deletedSessionsStayAsNull } = behaviourOf(emulate);

  test('is found out and differs in nothing, below a base path; what is not deleted is told beforehand', async () => {
    await using etherpad = await startMockEtherpad({
      emulate,
      basePath: '/pad',
      apiKey: 'a key/with & "quotes"',
      seed: SOMEBODYS,
      journalSize: 5_000,
    });
    const before = mine(await etherpad.state.export());
    const surroundings = keptSurroundings();

    const status = await verify({ url: `${etherpad.url}/`, apiKey: etherpad.apiKey }, surroundings);

    const lines = surroundings.out().split('\n');
    const count = scenariosFor(SUBJECTS, emulate).length;
    expect(lines.filter((line) => /^ {2}(differs|left out) /.test(line))).toEqual([]);
    expect(surroundings.error()).toBe('');
    expect(status).toBe(0);
    expect(lines.filter((line) => line.startsWith('  same      '))).toHaveLength(count);
    expect(lines[0]).toBe(
      `${etherpad.url} is compared with Etherpad ${emulate}, detected by its answers to a few probes: ${count} scenarios.`,
    );
    expect(lines.at(-2)).toBe(`${count} scenarios of Etherpad ${emulate}: ${count} the same, 0 differ.`);

    const after = await etherpad.state.export();
    expect(mine(after)).toEqual(before);
    expect(after.sessions).toHaveLength(SOMEBODYS.sessions.length);
    expect(after.pads).toHaveLength(SOMEBODYS.pads.length);
    const groupsLeft = after.groups.length - SOMEBODYS.groups.length;
    if (deletedSessionsStayAsNull) expect(groupsLeft).toBeGreaterThan(0);
    else expect(groupsLeft).toBe(0);
    expect(surroundings.out().includes('Some empty groups stay too')).toBe(deletedSessionsStayAsNull);
    expect(after.authors.length - SOMEBODYS.authors.length).toBeLessThanOrEqual(MOST_AUTHORS);
    const { total: groupsMade } = await etherpad.requests.list({ function: 'createGroup', code: 0, limit: 1 });
    const { total: groupsFor } = await etherpad.requests.list({ function: 'createGroupIfNotExistsFor', code: 0, limit: 1 });
    expect(groupsMade + groupsFor).toBeLessThanOrEqual(MOST_GROUPS);
    const padsMade = await Promise.all(
      (['createPad', 'copyPad', 'copyPadWithoutHistory', 'movePad', 'appendChatMessage'] as const).map(async (name) => {
        const { total } = await etherpad.requests.list({ function: name, code: 0, limit: 1 });
        return total;
      }),
    );
    expect(padsMade.reduce((sum, made) => sum + made, 0)).toBeLessThanOrEqual(MOST_PADS);
    expect(surroundings.out()).toContain(`except ${groupsLeft === 0 ? '' : `${groupsLeft} groups that could not be deleted`}`);
    expect(lines.at(-3)).not.toContain('pad');
    expect(lines.at(-3)).toMatch(new RegExp(`(?:^|\\b)${after.authors.length - SOMEBODYS.authors.length} authors\\.$`));
  });
});

test.concurrent('in a sandbox, with a key that headers cannot carry: what needs it there is left out, all else is the same', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: 'Schlüssel ☃' });
  const { url, apiKey } = etherpad.sandbox('worker-1');
  const surroundings = keptSurroundings();

  expect(await verify({ url, apiKey, as: '3.3.1', json: true }, surroundings)).toBe(0);

  const document = JSON.parse(surroundings.out());
  const scenarios = scenariosFor(SUBJECTS, '3.3.1').length;
  expect(document).toMatchObject({
    url,
    as: '3.3.1',
    detected: false,
    end: 'complete',
    scenarios,
    same: scenarios - 7,
    differs: 0,
    leftOut: 7,
  });
  expect(document.results).toHaveLength(scenarios);
  expect(document.results[0]).toEqual({
    subject: 'sessions',
    title: 'createSession gives an id of "s." and 32 hex digits',
    outcome: 'same',
    differences: [],
  });
  expect(document.results.find(({ outcome }: { outcome: string }) => outcome === 'left out')).toEqual({
    subject: 'API key',
    title: 'the header Authorization may hold the bare key, where it is read at all',
    outcome: 'left out',
    differences: [],
    reason: 'this API key cannot be sent in a header',
  });
  expect(Object.keys(document.leftovers)).toEqual(['groups', 'pads', 'authors', 'authorsCalledAPI']);
  expect(await etherpad.state.export()).toEqual({ groups: [], authors: [], sessions: [], pads: [] });
});

const ENTRIES = ['API key', 'token'] as const;

test('every scenario is true of some emulation, and no two of one emulation have the same title', () => {
  const everywhere = new Set(
    EMULATIONS.flatMap((emulate) => ENTRIES.flatMap((entry) => scenariosFor(SUBJECTS, emulate, entry).map(({ scenario }) => scenario))),
  );
  expect(everywhere.size).toBe(SUBJECTS.flatMap(({ scenarios }) => scenarios).length);
  for (const emulate of EMULATIONS) {
    for (const entry of ENTRIES) {
      const titles = scenariosFor(SUBJECTS, emulate, entry).map(({ subject, scenario }) => `${subject}: ${scenario.title}`);
      expect(titles.length).toBeGreaterThanOrEqual(60);
      expect(new Set(titles).size).toBe(titles.length);
    }
  }
});
