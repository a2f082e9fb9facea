import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';
import { call, ok, YEAR_2030 } from './calls.ts';
import { withoutHistory } from './short-state.ts';
import { runCommand, WAYS } from './ways.ts';

const YAML = `# a class and its lesson
groups:
  - groupID: g.class
    mapper: class-7b
authors:
  - { authorID: a.ada, name: Ada, mapper: user-1 }
sessions:
  - sessionID: s.lesson
    groupID: g.class
    authorID: a.ada
    validUntil: ${YEAR_2030}
pads:
  - padID: g.class$notes
    text: |
      Hello
`;

const DOCUMENT = {
  groups: [{ groupID: 'g.class', mapper: 'class-7b' }],
  authors: [{ authorID: 'a.ada', name: 'Ada', mapper: 'user-1' }],
  sessions: [{ sessionID: 's.lesson', groupID: 'g.class', authorID: 'a.ada', validUntil: YEAR_2030 }],
  pads: [{ padID: 'g.class$notes', text: 'Hello\n' }],
};

const WRONG_YAML = `groups:
  - groupID: g.class
  - groupID: g.class
authors:
  - authorID: a.ada
    colour: blue
sessions:
  - sessionID: s.lesson
    groupID: g.nobody
    authorID: a.ada
    validUntil: tomorrow
  - groupID: g.class
    authorID: a.ada
    validUntil: 1
chats: []
`;

const WRONG_JSON = `{
  "groups": [
    { "groupID": "" }
  ],
  "pads": {}
}
`;

let folder: string;
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mock-etherpad-seed-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(WAYS)('a seed, %s', (_way, start) => {
  test.each([
    ['YAML', () => file('seed.yaml', YAML)],
    ['JSON', () => file('seed.json', JSON.stringify(DOCUMENT, null, 2))],
    ['an object', () => DOCUMENT],
  ])('in %s is the state to begin with, and to go back to', async (_form, seed) => {
    const { etherpad, stop } = await start({ seed: seed() });
    expect(withoutHistory(await etherpad.state.export())).toEqual(DOCUMENT);
    await ok(etherpad, 'deleteGroup', { groupID: 'g.class' });
    await etherpad.reset();
    expect(withoutHistory(await etherpad.state.export())).toEqual(DOCUMENT);
    expect(withoutHistory(await etherpad.sandbox('other').state.export())).toEqual(DOCUMENT);
    await stop();
  });

  test('as docs/control.md shows it is taken', async () => {
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../../docs/control.md'), 'utf8'))!;
    const { etherpad, stop } = await start({ seed: file('documented.yaml', yaml!) });
    expect(withoutHistory(await etherpad.state.export())).toEqual(DOCUMENT);
    await stop();
  });

  test('that is empty is an empty state', async () => {
    const { etherpad, stop } = await start({ seed: file('empty.yaml', '') });
    expect(await etherpad.state.export()).toEqual({ groups: [], authors: [], sessions: [], pads: [] });
    await stop();
  });

  describe('--create-missing', () => {
    test('makes the group and the author that createSession names', async () => {
      const { etherpad, stop } = await start({ createMissing: true });
      const { sessionID } = await ok(etherpad, 'createSession', { groupID: 'g.new', authorID: 'a.new', validUntil: YEAR_2030 });
      expect(await etherpad.state.export()).toEqual({
        groups: [{ groupID: 'g.new' }],
        authors: [{ authorID: 'a.new' }],
        sessions: [{ sessionID, groupID: 'g.new', authorID: 'a.new', validUntil: YEAR_2030 }],
        pads: [],
      });
      await ok(etherpad, 'createSession', { groupID: 'g.new', authorID: 'a.new', validUntil: YEAR_2030 });
      expect(await ok(etherpad, 'listAllGroups')).toEqual({ groupIDs: ['g.new'] });
      await stop();
    });

    test('makes nothing when the call fails, and for no other function', async () => {
      const { etherpad, stop } = await start({ createMissing: true });
      expect((await call(etherpad, 'createSession', { groupID: 'g.new', authorID: 'a.new', validUntil: 1 })).body).toBe(
        '{"code":1,"message":"validUntil is in the past","data":null}',
      );
      expect((await call(etherpad, 'createSession', { groupID: '', authorID: 'a.new', validUntil: YEAR_2030 })).body).toBe(
        '{"code":1,"message":"groupID does not exist","data":null}',
      );
      expect((await call(etherpad, 'listSessionsOfGroup', { groupID: 'g.new' })).status).toBe(400);
      expect(await etherpad.state.export()).toMatchObject({ groups: [], authors: [] });
      await stop();
    });

    test('is off by default', async () => {
      const { etherpad, stop } = await start();
      expect((await call(etherpad, 'createSession', { groupID: 'g.new', authorID: 'a.new', validUntil: YEAR_2030 })).status).toBe(400);
      await stop();
    });
  });
});

describe('a bad seed is refused by the command, with exit 2 and one line that tells every problem', () => {
  test.each<[what: string, name: string, text: string, problems: string]>([
    [
      'wrong in many places',
      'wrong.yaml',
      WRONG_YAML,
      'has 6 problems: line 6: /authors/0/colour is not known: there is authorID, name, mapper, padIDs; line 11: /sessions/0/validUntil is no ISO time from 1970 on: "tomorrow"; write it as 2030-01-01T00:00:00Z, or from now as +30m, +1h or +2d; ' +
        'line 12: /sessions/1/sessionID is missing; line 15: /chats is not known: there is groups, authors, sessions, pads; ' +
        'line 3: /groups/1/groupID is a duplicate: "g.class"; line 9: /sessions/0/groupID is not a group of this state: g.nobody',
    ],
    [
      'wrong JSON',
      'wrong.json',
      WRONG_JSON,
      'has 2 problems: line 3: /groups/0/groupID must not be empty; line 5: /pads must be an array, not object',
    ],
    ['no YAML', 'broken.yaml', 'groups:\n  - groupID: "g\n', 'line 3: Missing closing "quote'],
    ['JSON cut short', 'broken.json', '{\n  "groups": [\n', 'line 3: '],
    ['a list', 'list.yaml', '- groups\n', 'has a problem: line 1: must be an object, not array'],
    ['a key twice', 'twice.yaml', 'groups: []\ngroups: []\n', 'line 2: Map keys must be unique'],
    ['an alias of nothing', 'alias.yaml', 'groups: *nothing\n', 'line 1: '],
  ])('%s', async (_what, name, text, problems) => {
    const path = file(name, text);
    const { status, stdout, stderr } = await runCommand(['--port', '0', '--seed', path]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(`the seed ${path} has `);
    expect(stderr).toContain(problems);
    // in process, with the same words
    const complaint = stderr.trimEnd();
    await expect(startMockEtherpad({ seed: path })).rejects.toMatchObject({ name: 'OptionError', message: complaint });
  });

  test('that is not there', async () => {
    const path = join(folder, 'nowhere.yaml');
    expect(await runCommand(['--port', '0', '--seed', path])).toEqual({
      status: 2,
      stdout: '',
      stderr: `cannot read the seed ${path} (ENOENT): check the path and its permissions\n`,
    });
  });

  test('in process it is an OptionError, for a file and for an object', async () => {
    await expect(startMockEtherpad({ seed: file('wrong.yaml', WRONG_YAML) })).rejects.toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining('line 6'),
    });
    await expect(startMockEtherpad({ seed: { groups: [{ groupID: '' }], chats: [] } as object })).rejects.toMatchObject({
      name: 'OptionError',
      message: 'the seed is invalid: /groups/0/groupID must not be empty; /chats is not known: there is groups, authors, sessions, pads',
    });
  });
});
