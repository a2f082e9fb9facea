import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MockEtherpad, startMockEtherpad } from '../../src/index.ts';
import { ask, type Reply } from '../ask.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const MEGABYTE = 1_000_000;
const fill = (part: string, length = MEGABYTE): string => part.repeat(Math.ceil(length / part.length));
const numbered = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_none, index) => part(index)).join('');

/** HTML that is nasty to read: what parsers, walks and patterns are slow at. */
const HOSTILE: Readonly<Record<string, string>> = {
  '100,000 nested elements': '<div>'.repeat(100_000),
  '100,000 nested formats': '<b>'.repeat(100_000),
  'nested lists without end': '<ul><li>'.repeat(50_000),
  '1 MB of <': fill('<'),
  '1 MB of &': fill('&'),
  '1 MB of references': fill('&#x1F600;'),
  '1 MB of spaces': fill(' '),
  'one line of 1 MB': fill('word '),
  '1 MB of line feeds, preformatted': `<pre>${fill('\n')}`,
  paragraphs: fill('<p>x'),
  'formats opened anew in each paragraph': `<p>${numbered(500, (index) => `<b id=${index}>`)}${fill('<p>x', 200_000)}`,
  'a long attribute opened anew': `<p><b title="${fill('x', 200_000)}">${fill('<p>x', 200_000)}`,
  'attributes without end': `<b ${numbered(100_000, (index) => `a${index} `)}>x`,
  'crossing formats': fill('<i><b><a><p>x</b>'),
  'end tags that close nothing': `${'<x>'.repeat(1_900)}${fill('</y>')}`,
  'text before tables': `<table>${fill('<b>x</b>')}`,
  'tables in tables': fill('<table>'),
  comments: fill('<!-->'),
  'a comment without end': `<!--${fill('<!-')}`,
  'a script without end': `<script>${fill('<!--<script')}`,
  'plain text': `<plaintext>${fill('<b>')}`,
  'marks on one letter': `a${fill('\u0301\u0327')}`,
  'deep items by class': fill('<ul class="list-bullet99"><li>a</ul>', 100_000),
};

describe('hostile HTML is answered, and so are others meanwhile', () => {
  let etherpad: MockEtherpad;
  beforeAll(async () => {
    etherpad = await startMockEtherpad({ emulate: '3.3.1' });
    await post('createPad', { text: 'x' });
  });
  afterAll(() => etherpad.close());

  const post = (name: string, parameters: Readonly<Record<string, string>>): Promise<Reply> =>
    ask(etherpad.url, {
      method: 'POST',
      path: `/api/1.3.0/${name}`,
      headers: FORM,
      body: new URLSearchParams({ apikey: etherpad.apiKey, padID: 'x', ...parameters }).toString(),
    });

  test.each(Object.keys(HOSTILE))('%s', { timeout: 60_000 }, async (what) => {
    const setting = post('setHTML', { html: HOSTILE[what]! });
    let longest = 0;
    do {
      const started = performance.now();
      expect((await ask(etherpad.url, { path: '/api' })).status).toBe(200);
      longest = Math.max(longest, performance.now() - started);
    } while ((await Promise.race([setting, delay(5)])) === undefined);
    const { status, body } = await setting;
    expect([200, body]).toContain(status);
    expect(JSON.parse(body)).toMatchObject({ message: expect.stringMatching(/^(?:ok|HTML is malformed)$/) as string });
    // the benchmarks measure it on a quiet machine
    expect(longest).toBeLessThan(5_000);
    expect((await ask(etherpad.url, { path: `/api/1.3.0/getText?apikey=${etherpad.apiKey}&padID=x` })).status).toBe(200);
  });
});
