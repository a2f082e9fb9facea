import { expect, test } from 'vitest';
import { firstCurlLine } from '../../src/inspector/first-curl-line.ts';
import { summaryOf } from '../../src/inspector/summary.ts';

const call = { ids: {}, parameters: null, access: null };

test.each([
  ['nothing', call, { id: undefined, parameters: [] }],
  [
    'the session before its group and its author, which are parameters',
    { ...call, ids: { groupID: 'g.1', authorID: 'a.1', sessionID: 's.1' }, parameters: { groupID: 'g.1', authorID: 'a.1' } },
    { id: 's.1', parameters: ['groupID=g.1', 'authorID=a.1'] },
  ],
  ['an id that was sent, once', { ...call, ids: { groupID: 'g.1' }, parameters: { groupID: 'g.1' } }, { id: 'g.1', parameters: [] }],
  [
    'the pad of a page, not the session of its visitor',
    { ids: { padID: 'p', sessionID: 's.1' }, parameters: {}, access: { granted: true, by: 'session' } as never },
    { id: 'p', parameters: [] },
  ],
  [
    'three parameters at most, long ones cut, each on one line',
    { ...call, parameters: { a: 'x'.repeat(100), b: 'one\n two', c: ['1', '2'], d: 'left out' } },
    { id: undefined, parameters: [`a=${'x'.repeat(60)}…`, 'b=one two', 'c=["1","2"]'] },
  ],
])('a request is told by %s', (_what, entry, summary) => {
  expect(summaryOf(entry)).toEqual(summary);
});

test.each([
  ['http://127.0.0.1:9001', 'secret', "curl 'http://127.0.0.1:9001/api/1.2.15/createGroup?apikey=secret'"],
  ['http://h/sandbox/one', "it's & more", "curl 'http://h/sandbox/one/api/1.2.15/createGroup?apikey=it%27s%20%26%20more'"],
  ['http://h', undefined, `curl 'http://h/api/1.2.15/createGroup?apikey='"$API_KEY"`],
])('the first curl line of %s with the key %s', (url, apiKey, line) => {
  expect(firstCurlLine(url, apiKey)).toBe(line);
});
