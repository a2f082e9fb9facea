import { describe, expect, test } from 'vitest';
import { type Emulation, startMockEtherpad } from '../../src/index.ts';
import type { Subject } from '../../src/verify/scenario.ts';
import { SUBJECTS } from '../../src/verify/scenarios/subjects.ts';
import { verify } from '../../src/verify/verify.ts';
import { alteringProxy, type Passing, type PassingAnswer } from './altering-proxy.ts';
import { keptSurroundings } from './surroundings.ts';

const subjects = (...names: string[]): readonly Subject[] => SUBJECTS.filter(({ name }) => names.includes(name));

/** Without the scenarios that wait: that is for the run of everything. */
const QUICK = SUBJECTS.map((subject) => ({
  ...subject,
  scenarios: subject.scenarios.filter(({ title }) => !/expired|never answered/.test(title)),
}));

describe.concurrent('an answer that is changed on its way', () => {
  const cases: readonly [
    what: string,
    emulate: Emulation,
    subject: string,
    alter: (request: Passing, answer: PassingAnswer) => void,
    request: RegExp,
    expected: RegExp,
    actual: RegExp,
  ][] = [
    [
      'another message',
      '3.3.1',
      'sessions',
      ({ target }, answer) => {
        if (target.includes('deleteSession')) answer.body = answer.body.replace('sessionID does not exist', 'no such session');
      },
      /^ {4}GET \/api\/1\.2\.15\/deleteSession\?apikey=…&sessionID=s\.[0-9a-f]{32}$/m,
      /^ {6}expected {2}200 application\/json; charset=utf-8 \{"code":1,"message":"sessionID does not exist","data":null\}$/m,
      /^ {6}actual {4}200 application\/json; charset=utf-8 \{"code":1,"message":"no such session","data":null\}$/m,
    ],
    [
      'another status',
      '1.9.7',
      'authors',
      (_request, answer) => {
        if (answer.body.includes('authorID does not exist')) answer.status = 400;
      },
      /^ {4}GET \/api\/1\.2\.15\/listPadsOfAuthor\?apikey=…&authorID=a\.unknown$/m,
      /^ {6}expected {2}200 /m,
      /^ {6}actual {4}400 /m,
    ],
    [
      'another order of keys',
      'documented',
      'group pads',
      ({ target }, answer) => {
        if (target.includes('listAllPads')) answer.body = answer.body.replace('"code":0,"message":"ok"', '"message":"ok","code":0');
      },
      /^ {4}GET \/api\/1\.2\.15\/listAllPads\?apikey=…$/m,
      /^ {6}differs {3}the body, order of keys: expected \["code","message","data"\], found \["message","code","data"\]$/m,
      /^ {6}actual {4}200 application\/json; charset=utf-8 …$/m,
    ],
    [
      'another Content-Type',
      '2.5.3',
      'API key',
      ({ target }, answer) => {
        if (target.includes('api_key=')) answer.headers['content-type'] = 'text/plain';
      },
      /^ {4}GET \/api\/1\.2\.15\/checkToken\?api_key=…$/m,
      /^ {6}expected {2}200 application\/json; charset=utf-8 \{"code":0,"message":"ok","data":null\}$/m,
      /^ {6}actual {4}200 text\/plain \{"code":0,"message":"ok","data":null\}$/m,
    ],
    [
      'a missing header',
      '3.3.1',
      '/rest',
      (_request, answer) => {
        delete answer.headers['access-control-allow-origin'];
      },
      /^ {4}GET \/rest\/1\.2\.15\/pad\/checkToken\?apikey=…$/m,
      /^ {6}expected .* access-control-allow-origin: \* /m,
      /^ {6}actual .* no access-control-allow-origin /m,
    ],
    [
      'an id of another shape',
      '3.3.1',
      'authors',
      ({ target }, answer) => {
        if (target.includes('createAuthor?')) answer.body = answer.body.replace('"a.', '"u.');
      },
      /^ {4}GET \/api\/1\.2\.15\/createAuthor\?apikey=…&name=mock-etherpad%20verify$/m,
      /^ {6}expected .*"authorID":"<a\. and 16 letters or digits>"/m,
      /^ {6}actual .*"authorID":"u\./m,
    ],
    [
      'one field too many',
      '2.5.3',
      'sessions',
      ({ target }, answer) => {
        if (target.includes('getSessionInfo')) answer.body = answer.body.replace('"validUntil"', '"id":"s.x","validUntil"');
      },
      /^ {4}GET \/api\/1\.2\.15\/getSessionInfo\?/m,
      /^ {6}expected .*"data":\{"groupID":"g\.\w+","authorID":"a\.\w+","validUntil":\d+\}\}$/m,
      /^ {6}actual .*"data":\{"groupID":"g\.\w+","authorID":"a\.\w+","id":"s\.x","validUntil":\d+\}\}$/m,
    ],
  ];

  test.each(cases)(
    '%s, before Etherpad %s, is shown: request, expected and actual answer',
    async (_what, emulate, subject, alter, request, expected, actual) => {
      await using etherpad = await startMockEtherpad({ emulate });
      await using proxy = await alteringProxy(etherpad.url, alter);
      const surroundings = keptSurroundings();

      expect(
        await verify(
          { url: proxy.url, apiKey: etherpad.apiKey, as: emulate },
          surroundings,
          QUICK.filter(({ name }) => name === subject),
        ),
      ).toBe(1);

      expect(surroundings.out()).toMatch(/^ {2}differs {3}/m);
      expect(surroundings.out()).toMatch(request);
      expect(surroundings.out()).toMatch(expected);
      expect(surroundings.out()).toMatch(actual);
      expect(surroundings.out()).toMatch(/ \d+ the same, [1-9]\d* differs?\.\n$/);
      expect(surroundings.out()).not.toContain(etherpad.apiKey);
    },
  );

  test('a request that hangs is given up, and its scenario differs', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '2.5.3' });
    const surroundings = keptSurroundings();
    const json = subjects('parameters').map((subject) => ({
      ...subject,
      scenarios: subject.scenarios.filter(({ title }) => title.startsWith('a JSON body')),
    }));

    expect(await verify({ url: etherpad.url, apiKey: etherpad.apiKey, as: '3.3.1' }, surroundings, json)).toBe(1);

    expect(surroundings.out()).toContain('      actual    no answer within 10000 ms\n');
    expect(surroundings.out()).toContain('1 scenario of Etherpad 3.3.1: 0 the same, 1 differs.\n');
  });

  test('an answer where silence is expected differs', async () => {
    await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    const surroundings = keptSurroundings();

    expect(await verify({ url: etherpad.url, apiKey: etherpad.apiKey, as: '2.5.3' }, surroundings, subjects('bodies'))).toBe(1);

    expect(surroundings.out()).toMatch(
      /differs {3}a JSON body is never answered, and nothing is done\n {4}POST [^\n]*\n {6}expected {2}no answer at all\n {6}actual {4}200 /,
    );
  });
});

describe.concurrent('a wrong --as', () => {
  const pairs: readonly [emulate: Emulation, as: Emulation, subject: string, title: string][] = [
    ['3.3.1', 'documented', 'sessions', 'getSessionInfo tells group, author and validUntil'],
    ['documented', '3.3.1', 'sessions', 'the lists of a group and an author that never had a session have nothing in them'],
    ['3.3.1', '1.9.7', 'groups', 'a deleted group still shows in listAllGroups'],
    ['1.9.7', '3.3.1', 'groups', 'deleteGroup works when a session of the group was deleted before'],
    ['2.5.3', '3.3.1', '/rest', 'getStats has the path that its version gives it'],
    ['1.9.7', '2.5.3', 'parameters', 'request headers are parameters only where all of them are merged'],
    ['2.5.3', '3.3.1', 'group pads', 'createGroupPad gives the id of the pad: that of its group, a dollar sign and its name'],
    ['3.3.1', '2.5.3', 'versions and paths', 'GET /api tells the current version without a key'],
  ];

  test.each(pairs)('a mock of %s that should be like %s differs in %s: %s', async (emulate, as, subject, title) => {
    await using etherpad = await startMockEtherpad({ emulate });
    const surroundings = keptSurroundings();
    expect(
      await verify(
        { url: etherpad.url, apiKey: etherpad.apiKey, as },
        surroundings,
        QUICK.filter(({ name }) => name === subject),
      ),
    ).toBe(1);
    expect(surroundings.out().split('\n')).toContain(`  differs   ${title}`);
    expect(surroundings.out().split('\n')[0]).toMatch(new RegExp(` is compared with Etherpad ${as}: \\d+ scenarios\\.$`));
  });
});

test.concurrent('--json gives one document with every difference, and no key', async () => {
  const apiKey = 'secret key & "more"';
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1', apiKey });
  await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
    // a server that echoes what it was sent
    if (target.includes('api_key='))
      answer.body = JSON.stringify({ code: 4, message: `wrong: ${target} ${apiKey} ${encodeURIComponent(apiKey)}`, data: null });
  });
  const surroundings = keptSurroundings();

  expect(await verify({ url: proxy.url, apiKey, as: '3.3.1', json: true }, surroundings, subjects('API key'))).toBe(1);

  const lines = surroundings.out().split('\n');
  expect(lines).toHaveLength(2);
  const document = JSON.parse(lines[0]!);
  expect(document).toMatchObject({
    url: proxy.url,
    as: '3.3.1',
    detected: false,
    end: 'complete',
    leftOut: 0,
    leftovers: { groups: [], authors: [] },
  });
  const differing = document.results.filter(({ outcome }: { outcome: string }) => outcome === 'differs');
  expect(document.differs).toBe(differing.length);
  expect(document.same).toBe(document.scenarios - differing.length);
  expect(differing[0]).toEqual({
    subject: 'API key',
    title: 'the key is read from the query, as apikey or api_key',
    outcome: 'differs',
    differences: [
      {
        request: 'GET /api/1.2.15/checkToken?api_key=…',
        expected: '200 application/json; charset=utf-8 {"code":0,"message":"ok","data":null}',
        actual: '200 application/json; charset=utf-8 {"code":4,"message":"wrong: /api/1.2.15/checkToken?api_key=… … …","data":null}',
        places: [],
        curl: `curl '${proxy.url}/api/1.2.15/checkToken?api_key='"$API_KEY"`,
        setUp: [],
        behaviours: [],
      },
    ],
  });
  expect(surroundings.out()).not.toMatch(/secret|more/);
});

test.concurrent('on a terminal the scenario under way stands in the last line, and control characters of an answer do nothing', async () => {
  await using etherpad = await startMockEtherpad({ emulate: '3.3.1' });
  await using proxy = await alteringProxy(etherpad.url, ({ target }, answer) => {
    if (target.includes('getStats')) answer.body = '\u001b[31mred\u0007\r\n';
  });
  const surroundings = keptSurroundings({ isTTY: true });

  expect(await verify({ url: proxy.url, apiKey: etherpad.apiKey, as: '3.3.1' }, surroundings, subjects('group pads'))).toBe(1);

  const { length } = subjects('group pads')[0]!.scenarios;
  expect(surroundings.out()).toContain(
    `\r\u001b[2K${length}/${length} getStats counts pads and editing connections\r\u001b[2K  differs   getStats counts`,
  );
  expect(surroundings.out()).toContain('actual    200 application/json; charset=utf-8 \\u001b[31mred\\u0007\\r\\n\n');
});

test.concurrent('away from a terminal there are plain lines only', async () => {
  await using etherpad = await startMockEtherpad();
  const surroundings = keptSurroundings();
  expect(await verify({ url: etherpad.url, apiKey: etherpad.apiKey }, surroundings, subjects('group pads'))).toBe(0);
  expect(surroundings.out()).not.toContain('\u001b');
  expect(surroundings.out()).not.toContain('\r');
});
