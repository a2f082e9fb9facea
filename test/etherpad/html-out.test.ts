import { beforeEach, describe, expect, test } from 'vitest';
import { findLinks } from '../../src/etherpad/pads/links.ts';
import type { Emulation } from '../../src/etherpad/emulation.ts';
import { type NewWorld, newWorld } from './new-world.ts';

const REAL = ['1.9.7', '2.5.3', '3.3.1'] as const;
const INDENT = '<ul class="indent" style="list-style-type: none;">';

const bodyOf = (world: NewWorld, parameters: Readonly<Record<string, unknown>>): string => {
  const { html } = world.call('getHTML', parameters) as { html: string };
  return /^<!DOCTYPE HTML><html><body>(.*)<\/body><\/html>$/su.exec(html)![1]!;
};

/** What getHTML says of a pad with this text, between `<body>` and the last line break. */
function lineOf(text: string, emulate: Emulation = '3.3.1'): string {
  const world = newWorld(emulate);
  world.call('createPad', { padID: 'x', text });
  return bodyOf(world, { padID: 'x' }).replace(/<br>$/, '');
}

/** What getHTML and getText say of a pad that has got this HTML. */
async function roundOf(html: string, emulate: Emulation = '3.3.1'): Promise<{ html: string; text: string }> {
  const world = newWorld(emulate);
  world.call('createPad', { padID: 'x', text: 'x' });
  await world.call('setHTML', { padID: 'x', html });
  return {
    html: bodyOf(world, { padID: 'x' }).replace(/<br>$/, ''),
    text: (world.call('getText', { padID: 'x' }) as { text: string }).text,
  };
}

describe('text as HTML', () => {
  test.each([
    ['the characters of HTML', `<b> & "x" 'y' a/b`, '&lt;b&gt; &amp; &quot;x&quot; &#x27;y&#x27; a&#x2F;b'],
    ['all but ASCII by number', 'é☃🎉\u200b\u0001', '&#233;&#9731;&#127881;&#8203;&#1;'],
    ['other white space as it is', 'a\u2028b\u3000c\td', 'a\u2028b\u3000c\td'],
    ['the first and the last space of a line', ' a b ', '&nbsp;a b&nbsp;'],
    ['runs of spaces but for their last', 'a   b', 'a&nbsp;&nbsp; b'],
    ['a line of spaces', '   ', '&nbsp;&nbsp;&nbsp;'],
    ['a form feed is nothing, a second one is', 'a\fb\fc', 'ab\fc'],
    ['lines', 'a\n\nb', 'a<br><br>b'],
    ['what only looks like a list', '* a\n1. b', '* a<br>1. b'],
  ])('%s', (_what, text, html) => {
    for (const emulate of REAL) expect(lineOf(text, emulate)).toBe(html);
  });

  test('no-break spaces are written as such where they are kept', () => {
    expect(lineOf('a\u00a0b \u00a0 c', '3.3.1')).toBe('a&nbsp;b &nbsp; c');
    expect(lineOf('a\u00a0b', '2.5.3')).toBe('a\u00a0b');
  });
});

describe('links', () => {
  test.each([
    ['http://example.org', ['http://example.org']],
    ['see https://example.org/a?b=c&d=e#f, ok', ['https://example.org/a?b=c&d=e#f']],
    ['www.example.org.', ['www.example.org']],
    ['mailto:ann@example.org ann@example.org', ['mailto:ann@example.org']],
    ['ftp://x.y/z (http://a.b/c).', ['ftp://x.y/z', 'http://a.b/c']],
    ['http://[::1]:80/ http://x/[1]', ['http://[::1]:80/', 'http://x/[1']],
    ['<http://a.b>', ['http://a.b']],
    ['tel:+49-1 geo:1,2;u=3 about:x', ['tel:+49-1', 'geo:1,2;u=3', 'about:x']],
    ['x-man://ls man://ls', ['x-man://ls', 'man://ls']],
    ['http://日本.example/ü', ['http://日本.example/ü']],
    ['http:// www. https:// mailto:', []],
    ['HTTP://x.y javascript:alert(1) x.org', []],
    ['http://a.bhttp://c.d', ['http://a.bhttp://c.d']],
    ['http://x.y!?', ['http://x.y']],
    ['', []],
  ])('%j', (text, links) => {
    expect(findLinks(text).map(({ start, end }) => text.slice(start, end))).toEqual(links);
  });

  test('addresses are escaped more than text', () => {
    expect(lineOf('a http://x.y/ü?<')).toBe(
      'a <a href="http&#x3a;&#x2F;&#x2F;x&#x2e;y&#x2F;&#xfc;" rel="noreferrer noopener">http:&#x2F;&#x2F;x.y&#x2F;&#252;</a>?&lt;',
    );
    expect(lineOf('http://日本')).toContain('href="http&#x3a;&#x2F;&#x2F;日本"');
  });

  test('a link cuts the formats around it', async () => {
    const { html } = await roundOf('<b>a http://<i>x.y</i> b</b>');
    expect(html).toBe(
      '<strong>a </strong><a href="http&#x3a;&#x2F;&#x2F;x&#x2e;y" rel="noreferrer noopener">' +
        '<strong>http:&#x2F;&#x2F;<em>x.y</em></strong></a><strong> b</strong><br>',
    );
  });

  test('a long line of nothing but beginnings of links takes no long time', () => {
    const started = performance.now();
    findLinks('http://!'.repeat(200_000));
    findLinks('www.'.concat('!'.repeat(1_000_000), ' ').repeat(2));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('formats', () => {
  test.each([
    ['nest in the alphabetical order of their names', '<s><u><i><b>x</b></i></u></s>', '<strong><em><s><u>x</u></s></em></strong><br>'],
    ['stay open while they last', '<b>a<i>b</i>c</b>d', '<strong>a<em>b</em>c</strong>d<br>'],
    ['close when one around them ends', '<b>a<i>b</i></b><i>c</i>', '<strong>a<em>b</em></strong><em>c</em><br>'],
  ])('%s', async (_what, html, expected) => {
    for (const emulate of REAL) expect((await roundOf(html, emulate)).html).toBe(expected);
  });
});

describe('lists', () => {
  test.each([
    ['bullets: the last item stays open', '<ul><li>a</li><li>b</li></ul>', '<ul class="bullet"><li>a</li><li>b</ul>', '\t* a\n\t* b\n\n'],
    [
      'nested, and back',
      '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>',
      '<ul class="bullet"><li>a<ul class="bullet"><li>b</ul><li>c</ul>',
      '\t* a\n\t\t* b\n\t* c\n\n',
    ],
    [
      'numbered in numbered',
      '<ol><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li><li>e</li></ol>',
      '<ol start="1" class="number"><li>a</li><li>b<ol start="2" class="number"><li>c</li><li>d</ol><li>e</ol>',
      '\t1. a\n\t2. b\n\t\t2.1. c\n\t\t2.2. d\n\t3. e\n\n',
    ],
    ['text around', 'x<ul><li>a</li></ul>y', 'x<br><ul class="bullet"><li>a</ul>y<br>', 'x\n\t* a\ny\n\n'],
    ['an empty item has no element', '<ul><li>a</li><li></li></ul>', '<ul class="bullet"><li>a</li></ul>', '\t* a\n\t* \n\n'],
    [
      'a list that begins deep',
      '<ul class="list-bullet2"><li>a</li></ul>',
      '<ul class="bullet"><li><ul class="bullet"><li>a</ul></li></ul>',
      '\t\t* a\n\n',
    ],
    [
      'numbers that begin deep count from nothing',
      '<ol class="list-number2"><li>a</li></ol>',
      '<ol start="1" class="number"><li><ol start="1" class="number"><li>a</ol></li></ol>',
      '\t\t0.1. a\n\n',
    ],
  ])('%s', async (_what, given, html, text) => {
    for (const emulate of ['1.9.7', '2.5.3'] as const) expect(await roundOf(given, emulate)).toEqual({ html, text });
    // where numbering goes on, only the first list of a level has a number of its own
    const continued = given.includes('list-number2') ? html.replace('<li><ol start="1"', '<li><ol') : html;
    expect(await roundOf(given)).toEqual({ html: continued, text });
  });

  test('numbers begin with their own start, or go on where bullets have interrupted them', async () => {
    const given = '<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul><ol><li>d</li></ol>';
    const html = (start: number): string =>
      `<ol start="1" class="number"><li>a</li><li>b</ol><ul class="bullet"><li>c</ul><ol start="${start}" class="number"><li>d</ol>`;
    expect((await roundOf(given, '2.5.3')).html).toBe(html(3));
    expect((await roundOf(given, '3.3.1')).html).toBe(html(3));
    const nested = '<ol><li>a<ol><li>b</li></ol></li><li>c<ol><li>d</li></ol></li></ol>';
    expect((await roundOf(nested, '2.5.3')).html).toContain('<li>c<ol start="3" class="number"><li>d</ol>');
    expect((await roundOf(nested, '3.3.1')).html).toContain('<li>c<ol class="number"><li>d</ol>');
    expect((await roundOf(nested, '3.3.1')).text).toBe('\t1. a\n\t\t1.1. b\n\t2. c\n\t\t2.1. d\n\n');
  });

  test('indented lines', async () => {
    const given = '<ul class="indent"><li>a</li><li>b</li></ul>';
    expect(await roundOf(given)).toEqual({ html: `${INDENT}<li>a</li><li>b</ul>`, text: '\ta\n\tb\n\n' });
    expect((await roundOf(given, '1.9.7')).html).toBe('<ul class="indent"><li>a</li><li>b</ul>');
  });
});

describe('at a revision', () => {
  let world: NewWorld;
  beforeEach(async () => {
    world = newWorld('3.3.1');
    world.call('createPad', { padID: 'x', text: 'first' });
    await world.call('setHTML', { padID: 'x', html: '<ul><li>second</li></ul>' });
  });

  test('HTML of each, and text with the markers of lists', () => {
    expect([0, 1, 2].map((rev) => bodyOf(world, { padID: 'x', rev }))).toEqual([
      'first<br>',
      '<br>',
      '<ul class="bullet"><li>second</ul><br>',
    ]);
    expect(world.call('getText', { padID: 'x', rev: 2 })).toEqual({ text: '*second\n\n' });
    expect(world.call('getText', { padID: 'x' })).toEqual({ text: '\t* second\n\n' });
  });

  test('refusals', () => {
    expect(() => world.call('getHTML', { padID: 'x', rev: 3 })).toThrow('rev is higher than the head revision of the pad');
    expect(() => world.call('getHTML', { padID: 'y' })).toThrow('padID does not exist');
  });
});
