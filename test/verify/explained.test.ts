import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Behaviour, behaviourOf } from '../../src/etherpad/emulation.ts';
import { type Emulation, EMULATIONS, startMockEtherpad } from '../../src/index.ts';
import { scenariosFor } from '../../src/verify/run-scenarios.ts';
import type { Finding } from '../../src/verify/shown-behaviours.ts';
import { SUBJECTS } from '../../src/verify/scenarios/subjects.ts';
import { verify, type VerifyOptions } from '../../src/verify/verify.ts';
import { alteringProxy } from './altering-proxy.ts';
import { keptSurroundings } from './surroundings.ts';

const run = promisify(execFile);

interface Document {
  readonly behaviours: readonly {
    behaviours: readonly { behaviour: keyof Behaviour; expected: unknown; found: unknown }[];
    differences: number;
    scenarios: string[];
  }[];
  readonly proposal?: readonly Finding[];
  readonly results: readonly {
    title: string;
    differences: readonly { curl: string; setUp: readonly { curl: string; gave: string }[] }[];
  }[];
}

/** Runs the command and reads its JSON document. */
async function verified(options: VerifyOptions): Promise<Document> {
  const surroundings = keptSurroundings();
  await verify({ ...options, json: true }, surroundings);
  return JSON.parse(surroundings.out()) as Document;
}

async function told(options: VerifyOptions): Promise<{ out: string; error: string; status: number }> {
  const surroundings = keptSurroundings();
  const status = await verify(options, surroundings);
  return { out: surroundings.out(), error: surroundings.error(), status };
}

describe.concurrent('differences are put together by the behaviour that they show', () => {
  test.each([
    ['documented', '3.3.1', 'sessions', ['sessionInfo', 'sessionList', 'wrongParametersStatus']],
    ['3.3.1', 'documented', 'sessions', ['sessionInfo', 'sessionList', 'wrongParametersStatus']],
    ['1.9.7', '3.3.1', 'groups', ['deletedGroupsLinger', 'deletedSessionsStayAsNull']],
    ['2.5.3', '3.3.1', 'group pads', ['givesDeletionToken']],
    ['3.3.1', '1.9.7', 'versions and paths', ['currentVersion', 'optionsOfApi']],
    ['1.9.7', '3.3.1', '/rest', ['restPaths', 'currentVersion']],
  ] as const)('a mock of %s that should be like %s, about %s: %j', { timeout: 30_000 }, async (emulate, as, only, names) => {
    await using etherpad = await startMockEtherpad({ emulate });
    const { behaviours, results } = await verified({ url: etherpad.url, apiKey: etherpad.apiKey, as, only });
    expect(behaviours.flatMap((group) => group.behaviours.map(({ behaviour }) => behaviour)).toSorted()).toEqual(
      expect.arrayContaining([...names].toSorted()),
    );
    for (const { behaviours: shown } of behaviours) {
      for (const { behaviour, expected, found } of shown) {
        expect([behaviour, expected]).toEqual([behaviour, behaviourOf(as)[behaviour]]);
        expect([behaviour, found]).toEqual([behaviour, behaviourOf(emulate)[behaviour]]);
      }
    }
    const count = results.flatMap(({ differences }) => differences).length;
    expect(behaviours.reduce((sum, { differences }) => sum + differences, 0)).toBe(count);
  });

  test('in words', async () => {
    await using etherpad = await startMockEtherpad({ emulate: 'documented' });
    const { out } = await told({
      url: etherpad.url,
      apiKey: etherpad.apiKey,
      as: '3.3.1',
      only: 'the lists of a group and an author that never had a session',
    });
    expect(out).toContain('      shows     sessionList: expected map, found array\n');
    expect(out).toContain(
      'Differences by the behaviour they show:\n  sessionList: expected map, found array: 2 differences in 1 scenario\n',
    );
  });

  test('what nothing known explains is kept apart', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
      if (target.includes('deleteSession')) answer.body = answer.body.replace('"ok"', '"fine"');
    });
    const { behaviours } = await verified({ url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1', only: 'deleteSession answers null' });
    expect(behaviours).toEqual([
      { behaviours: [], differences: 1, scenarios: ['sessions: deleteSession answers null, and the session is gone'] },
    ]);
  });
});

describe.concurrent('each difference can be repeated by hand', () => {
  test('its lines, run one after the other with the ids that they gave, show it again', async () => {
    const apiKey = 'a-key-for-tests';
    await using etherpad = await startMockEtherpad({ emulate: 'documented', apiKey });
    const { results } = await verified({ url: etherpad.url, apiKey, as: '3.3.1', only: 'deleteSession deletes one session' });
    const { curl, setUp } = results[0]!.differences[0]!;
    expect(setUp.map((step) => step.curl.replace(/^.*\/api\/1\.2\.15\/(\w+).*$/, '$1'))).toEqual([
      'createGroup',
      'createAuthor',
      'createSession',
      'createSession',
      'deleteSession',
    ]);
    const ids = new Map<string, string>();
    const again = async (line: string): Promise<string> => {
      expect(line).not.toContain(apiKey);
      const filled = [...ids].reduce((text, [old, made]) => text.replaceAll(old, made), line);
      return (await run('bash', ['-c', filled.replace('curl ', 'curl -s ')], { env: { ...process.env, API_KEY: apiKey } })).stdout;
    };
    for (const step of setUp) {
      const gave = await again(step.curl);
      const [[old] = [], [made] = []] = [/[gas]\.\w{16,}/.exec(step.gave) ?? undefined, /[gas]\.\w{16,}/.exec(gave) ?? undefined];
      if (old !== undefined) ids.set(old, made!);
    }
    expect(await again(curl)).toContain('{"code":0,"message":"ok","data":{"info":{');
  });

  test('the author of other scenarios is part of what was set up', async () => {
    await using etherpad = await startMockEtherpad({ emulate: 'documented' });
    const { results } = await verified({ url: etherpad.url, apiKey: etherpad.apiKey, as: '3.3.1', only: 'sessions' });
    for (const { differences } of results) {
      for (const { curl, setUp } of differences) {
        const before = setUp.map(({ gave }) => gave).join();
        for (const [id] of curl.matchAll(/[gas]\.[A-Za-z0-9]{16,32}/g)) if (!/0{16}/.test(id)) expect(before).toContain(id);
      }
    }
  });
});

describe.concurrent('--only', () => {
  test('runs a subject, or what has the text in its title, in any case', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    const options = { url: etherpad.url, apiKey: etherpad.apiKey, as: '3.3.1' as const };
    const count = scenariosFor(
      SUBJECTS.filter(({ name }) => name === 'validUntil'),
      '3.3.1',
    ).length;
    const titles = SUBJECTS.flatMap(({ scenarios }) => scenarios).filter(({ title }) => /validuntil/i.test(title)).length;
    const { out, status } = await told({ ...options, only: 'VALIDUNTIL' });
    expect(status).toBe(0);
    expect(Number(/: (\d+) scenarios about "VALIDUNTIL"\.$/m.exec(out)![1])).toBeGreaterThanOrEqual(Math.max(count, titles - 2));
    const one = await told({ ...options, only: 'deleteSession answers null' });
    expect(one.out).toMatch(/: 1 scenario about "deleteSession answers null"\.\n/);
    expect(one.out).toContain('1 scenario of Etherpad 3.3.1: 1 the same, 0 differ.');
  });

  test('says so when nothing has it', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    const { error, status } = await told({ url: etherpad.url, apiKey: etherpad.apiKey, as: '3.3.1', only: 'no such thing' });
    expect([status, error]).toEqual([
      2,
      'No scenario of Etherpad 3.3.1 has "no such thing" in its subject or title. Leave out --only to run all scenarios.\n',
    ]);
  });
});

describe.concurrent('a key of one letter', () => {
  test('garbles no word, and is not shown where it is the key', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey: 'a' });
    await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
      if (target.includes('deleteSession')) answer.body = JSON.stringify({ code: 4, message: `a bad key in ${target}`, data: null });
    });
    const { out } = await told({ url: proxy.url, apiKey: 'a', as: '3.3.1', only: 'deleteSession answers null' });
    expect(out).toMatch(/^ {4}GET \/api\/1\.2\.15\/deleteSession\?apikey=…&sessionID=s\.[0-9a-f]{32}$/m);
    expect(out).toMatch(/^ {6}expected {2}200 application\/json; charset=utf-8 \{"code":0,"message":"ok","data":null\}$/m);
    expect(out).toMatch(
      /^ {6}actual {4}200 application\/json; charset=utf-8 \{"code":4,"message":"a bad key in \/api\/1\.2\.15\/deleteSession\?apikey=…&sessionID=/m,
    );
    expect(out).toContain('Everything that was created is deleted again');
    expect(out).not.toContain('apikey=a');
  });
});

describe('long bodies', () => {
  test('are told by the places in which they differ', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
      if (target.includes('listSessionsOfGroup')) answer.body = answer.body.replace(/"validUntil":(\d)/, '"validUntil":9$1');
    });
    const { out } = await told({ url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1', only: 'the same arguments give another session' });
    expect(out).toMatch(
      /^ {6}expected {2}200 application\/json; charset=utf-8 …\n {6}actual {4}200 application\/json; charset=utf-8 …\n {6}differs {3}data\["s\.[0-9a-f]{32}"\]\.validUntil: expected \d+, found 9\d+$/m,
    );
  });
});

describe('a column for the table of emulations', () => {
  test.each(EMULATIONS)('of a mock of %s is that of its emulation, whatever it is compared with', { timeout: 60_000 }, async (emulate) => {
    await using etherpad = await startMockEtherpad({ emulate });
    const as: Emulation = emulate === '3.3.1' ? '2.5.3' : '3.3.1';
    const { proposal } = await verified({ url: etherpad.url, apiKey: etherpad.apiKey, as, column: true });
    const decided = proposal!.filter(({ state }) => state === 'found');
    for (const { behaviour, value } of decided) expect([behaviour, value]).toEqual([behaviour, behaviourOf(emulate)[behaviour]]);
    expect(proposal!.map(({ behaviour }) => behaviour)).toEqual(Object.keys(behaviourOf(emulate)));
    expect(proposal!.filter(({ state }) => state === 'new')).toEqual([]);
    expect(decided.length).toBeGreaterThan(proposal!.length / 2);
  });

  test(
    'is proposed by itself for a server that is newer than all: with a version of its own, what it has of others, and what is undecided',
    { timeout: 60_000 },
    async () => {
      await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
      let flips = 0;
      await using newer = await alteringProxy(etherpad.url, ({ target }, answer) => {
        answer.body = answer.body.replace(/"(currentVersion|version)":"1\.3\.1"/, '"$1":"1.4.0"');
        answer.body = answer.body.replace(/,"deletionToken":"\w+"/, '').replace(/\{"deletionToken":"\w+"\}/, 'null');
        if (target.includes('/deletePad'))
          answer.body = answer.body.replace(/\{.*invalid deletionToken.*\}/, '{"code":0,"message":"ok","data":null}');
        if (answer.body.startsWith('{"code":1,') && target.includes('getSessionInfo')) answer.status = 400;
        if (target.includes('/getAuthorName') && flips++ % 2 === 0) answer.body = '{"code":0,"message":"ok","data":7}';
      });
      const { out, status } = await told({ url: newer.url, apiKey: etherpad.apiKey });
      expect(status).toBe(1);
      const lines = out.split('\n');
      expect(lines[0]).toMatch(/^\S+ is compared with Etherpad 3\.3\.1, which it is most like: \d+ scenarios\.$/);
      const start = lines.indexOf(
        'A proposal for its column in src/etherpad/emulation.ts, beside that of 3.3.1; ? marks what is undecided:',
      );
      expect(start).toBeGreaterThan(0);
      const proposed = Object.fromEntries(
        lines.slice(start + 1, start + 1 + Object.keys(behaviourOf('3.3.1')).length).map((line) => line.trim().split(/: +(.*)/, 2)),
      );
      expect(Object.keys(proposed)).toEqual(Object.keys(behaviourOf('3.3.1')));
      expect(proposed['currentVersion']).toBe("'1.4.0',  // a value that no emulation has yet");
      expect(proposed['givesDeletionToken']).toBe('false,  // unlike 3.3.1, which has true');
      expect(proposed['sessionList']).toBe("'map',");
      expect(proposed['wrongParametersStatus']).toMatch(
        /^\?, {2}\/\/ undecided: \d+ of \d+ answers fit 400, \d+ of \d+ answers fit 200; 3\.3\.1 has 200$/,
      );
      expect(proposed['optionsOfApi']).toBe("{ type: 'text/plain', allow: 'GET, HEAD' },");
    },
  );
});
