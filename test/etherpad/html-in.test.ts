import { describe, expect, test } from 'vitest';
import type { Emulation } from '../../src/etherpad/emulation.ts';
import { newWorld } from './new-world.ts';

const REAL = ['1.9.7', '2.5.3', '3.3.1'] as const;
const OLD = ['1.9.7', '2.5.3'] as const;

/** What setHTML makes of HTML: the text as it is kept, and the changeset without its head and its characters. */
async function read(html: string, emulate: Emulation): Promise<{ text: string; operations: string; pool: string[] }> {
  const world = newWorld(emulate);
  world.call('createPad', { padID: 'x', text: 'x' });
  await world.call('setHTML', { padID: 'x', html });
  const changeset = world.call('getRevisionChangeset', { padID: 'x' }) as string;
  const { pool } = world.call('getAttributePool', { padID: 'x' }) as { pool: { numToAttrib: Record<number, [string, string]> } };
  return {
    text: world.state.findPad('x')!.text,
    operations: /^Z:\w+[<>]\w+?(?=[*|+$])([^$]*)\$/.exec(changeset)![1]!,
    pool: Object.values(pool.numToAttrib).map(([name, value]) => `${name} ${value}`),
  };
}

const textOf = async (html: string, emulate: Emulation = '3.3.1'): Promise<string> => (await read(html, emulate)).text;

describe('white space', () => {
  test.each([
    ['runs of it are one space', 'a \t\n  b', 'a b'],
    ['none is left at the edges of blocks', '<p>  a  </p>  <p>\n b </p>', 'a\nb'],
    [
      'one is left between inline elements, in the first that ends with it',
      'Need <span> more </span> space<i>  s </i> !',
      'Need more space s !',
    ],
    ['none beside a line break', 'a   <br>   b', 'a\nb'],
    ['one beside an image, which is something to see', '<p>a <img> b </p>', 'a  b'],
    ['one beside a control', '<p>a <input> b</p>', 'a  b'],
    ['what is not seen does not decide', '<p>a <template>x</template> <!-- c --> b</p>', 'a b'],
    ['a hidden element does not either', '<p>a<b hidden> x</b> </p>', 'a x'],
    ['as it is in preformatted text, with a line for each line', '<pre>a\n  b\n\nc\n</pre>', 'a\n  b\n\nc'],
    ['of preformatted text the first line feed is nothing, twice', '<pre>\n\n\na</pre>', '\na'],
    ['collapsed but not taken away in <nobr>', '<p>a</p><nobr>  b  </nobr>', 'a\n b '],
    ['vertical tabs and form feeds are white space', 'a\v\fb', 'a b'],
    ['a carriage return by reference is a line feed in the end', '<pre>a&#13;b</pre>', 'a\nb'],
    ['a tab by reference is a space', 'a&#9;b', 'a b'],
  ])('%s', async (_what, html, lines) => {
    for (const emulate of REAL) expect(await textOf(html, emulate)).toBe(`${lines}\n\n`);
  });

  test('no-break spaces stay between words, where the version keeps them', async () => {
    const html = '<p>&nbsp;100&nbsp;km&nbsp; a &nbsp;b&nbsp;</p><p><b>x</b>&nbsp;<i>y</i></p>';
    expect(await textOf(html, '3.3.1')).toBe(' 100\u00a0km  a  b \nx\u00a0y\n\n');
    for (const emulate of OLD) expect(await textOf(html, emulate)).toBe(' 100 km  a  b \nx y\n\n');
  });
});

describe('text', () => {
  test.each([
    ['references', '&lt;&amp;&eacute;&#x1F389;&copy', '<&é🎉©'],
    ['an unknown reference', '&foo;', '&foo;'],
    ['is composed', 'e\u0301', 'é'],
    ['of scripts and styles is nothing', 'a<script>b</script><style>c</style>d', 'ad'],
    ['of templates is nothing, of <noscript> it is', 'a<template>b</template><noscript>c</noscript>', 'ac'],
    ['of a head is nothing', '<html><head><title>t</title></head><body>b</body></html>', 'b'],
    ['of comments and declarations is nothing', '<!DOCTYPE html><?xml?>a<!-- b -->c<![CDATA[d]]>', 'ac'],
    [
      'of unknown elements, links and pictures with text',
      '<o:p>a</o:p><x-y>b</x-y><a href="http://c">d</a><svg><text>e</text></svg>',
      'abde',
    ],
    ['that is read as it stands is read so twice', '<xmp>a&b<c></xmp>', 'a&#x26;b&#x3C;c>'],
    ['of plain text holds the end of the document', 'a<plaintext>b', 'ab</plaintext></body></html>'],
    ['NUL is nothing', 'a\0b', 'ab'],
    ['of a selector for a name', '<p.list-bullet1>a</p.list-bullet1>b', 'a\nb'],
    ['lines longer than 2,010 characters are cut at 2,000', 'x'.repeat(2_011), `${'x'.repeat(2_000)}\n${'x'.repeat(11)}`],
    ['lines of 2,010 are not', 'x'.repeat(2_010), 'x'.repeat(2_010)],
  ])('%s', async (_what, html, lines) => {
    for (const emulate of REAL) expect(await textOf(html, emulate)).toBe(`${lines}\n\n`);
  });

  test('frames have no body but their set', async () => {
    expect(await textOf('<frameset><frame></frameset>')).toBe('\n');
  });

  test('thousands of marks on one letter are left as they are', async () => {
    const marks = 'a'.concat('\u0301\u0327'.repeat(500));
    expect(await textOf(marks)).toBe(`${marks}\n\n`);
  });
});

describe('formats', () => {
  test.each([
    ['<b>', '<b>x</b>', '*0+1', ['bold true']],
    ['<strong> and a style', '<strong>x</strong><i style="FONT-WEIGHT: bold">y</i>', '*0+1*0*1+1', ['bold true', 'italic true']],
    ['<ins>, <del> and styles', '<ins>x</ins><del>y</del>', '*0+1*1+1', ['underline true', 'strikethrough true']],
    ['line-through by style', '<u style="text-decoration: line-through">x</u>', '*1*0+1', ['underline true', 'strikethrough true']],
    ['formats come in the alphabetical order of their names', '<u><b>x</b></u>', '*1*0+1', ['underline true', 'bold true']],
    ['<strike> is none', '<strike>x</strike>', '|1+2', []],
    ['an empty element opens none', '<b></b>x', '|1+2', []],
    ['an element with a comment does', '<b><!-- --></b>x', '|1+2', ['bold true']],
    ['crossed elements', '<b>1<i>2</b>3</i>', '*0+1*0*1+1*1+1', ['bold true', 'italic true']],
    ['of the body', '<body style="font-style: italic">x</body>', '*0+1', ['italic true']],
    ["after LibreOffice's mark of an item they last", '<b><i class="Bullet_20_Symbols">-</i>x</b>y', '*0+2', ['bold true']],
  ])('%s', async (_what, html, operations, pool) => {
    const plain = (text: string): string => text.replace(/\|1\+1$/, '');
    const made = await read(html, '1.9.7');
    expect({ operations: plain(made.operations), pool: made.pool }).toEqual({ operations, pool });
  });

  test('with authors, all text has one', async () => {
    expect(await read('<p><b>x</b></p><p>y</p>', '3.3.1')).toEqual({
      text: 'x\ny\n\n',
      operations: '*0*1+1*0|2+3',
      pool: ['author a.etherpad-system', 'bold true'],
    });
  });
});

describe('lines', () => {
  test.each([
    ['<div>, <p>, <pre> and <li> are lines, headings and tables are not', '<h1>a</h1><table><tr><td>b</td><td>c</td></tr></table>', 'abc'],
    ['an empty block is an empty line', '<p></p>a<div></div>b', '\na\n\nb'],
    ['<br>', 'a<br><br>b', 'a\n\nb'],
    ['blocks in blocks', '<div><div>a</div></div>b', 'a\nb'],
  ])('%s', async (_what, html, lines) => {
    for (const emulate of REAL) expect(await textOf(html, emulate)).toBe(`${lines}\n\n`);
  });

  test('nothing but space: the text is one line feed', async () => {
    for (const emulate of REAL) expect(await textOf(' ', emulate)).toBe('\n');
  });
});

/** The list attribute and the start of each line that is an item, as `bullet1` and `number2 3`. */
async function lists(html: string, emulate: Emulation = '3.3.1'): Promise<string[]> {
  const { text, operations, pool } = await read(html, emulate);
  const markers = Array.from(operations.matchAll(/((?:\*\w+)+)\+1(?=[*|$]|$)/g), ([, names]) => names!.slice(1).split('*'));
  const found = markers
    .map((numbers) => numbers.map((number) => pool[Number.parseInt(number, 36)]!))
    .filter((attributes) => attributes.some((attribute) => attribute.startsWith('list ')));
  const items = found.map((attributes) =>
    ['list ', 'start '].flatMap((name) => attributes.filter((one) => one.startsWith(name)).map((one) => one.slice(name.length))).join(' '),
  );
  expect(text.split('\n').filter((line) => line.startsWith('*'))).toHaveLength(items.length);
  return items;
}

describe('lists', () => {
  test.each([
    ['nested', '<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>', ['bullet1', 'bullet2', 'bullet3']],
    [
      'of any depth are at most 16 deep',
      '<ul><li>x'.repeat(18),
      [...Array.from({ length: 16 }, (_none, index) => `bullet${index + 1}`), 'bullet16', 'bullet16'],
    ],
    ['in a list that is no item', '<ul><li>a</li><ul><li>b</li></ul></ul>', ['bullet1', 'bullet2']],
    ['a class names the list', '<ul class="x list-number3 y"><li>a</li></ul>', ['number3 1']],
    ['a class with another word does not', '<ul class="bullet"><li>a</li></ul>', ['bullet1']],
    ['indented', '<ul class="indent"><li>a</li></ul>', ['indent1']],
    ['indented, as the list inside says', '<ul><li>a</li><ul class="indent"><li>b</li></ul></ul>', ['indent1', 'indent2']],
    ['what an item says does not count', '<ul><li class="indent">a</li></ul>', ['bullet1']],
    ['line feeds of <pre> begin items', '<ul><li><pre>a\nb</pre></li></ul>', ['bullet1', 'bullet1']],
    ['line feeds of <textarea> begin none', '<ul><li><textarea>a\nb</textarea></li></ul>', ['bullet1']],
    [
      'numbered: the list counts, not the attribute',
      '<ol start="7"><li>a</li><li>b</li></ol><ol><li>c</li></ol>',
      ['number1 1', 'number1 1', 'number1 2'],
    ],
    ['numbered in numbered', '<ol><li>a<ol><li>b</li></ol></li><li>c</li></ol>', ['number1 1', 'number2 2', 'number1 2']],
    [
      'items of bullets count on when numbers have come',
      '<ol><li>a</li></ol><ul><li>b</li><li>c</li></ul><ol><li>d</li></ol>',
      ['number1 1', 'bullet1 1', 'bullet1 2', 'number1 4'],
    ],
    ['items of bullets before them count nothing', '<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>', ['bullet1', 'bullet1', 'number1 1']],
    ['an item with two paragraphs is two items', '<ul><li><p>a</p><p>b</p></li></ul>', ['bullet1', 'bullet1']],
    ['text beside the items is an item', '<ul>a<li>b</li>c</ul>', ['bullet1', 'bullet1', 'bullet1']],
    ['an item with a line break', '<ul><li>a<br>b</li></ul>', ['bullet1', 'bullet1']],
    ['an empty item', '<ul><li></li><li>b</li></ul>', ['bullet1', 'bullet1']],
  ])('%s', async (_what, html, expected) => {
    for (const emulate of REAL) expect(await lists(html, emulate)).toEqual(expected);
  });

  test('an item in no list is a bullet, where it is not malformed', async () => {
    expect(await lists('<li>a</li><li>b</li>')).toEqual(['bullet1', 'bullet1']);
    expect(await lists('<ul><li>a</ul><li>b')).toEqual(['bullet1', 'bullet1']);
  });
});

describe('malformed HTML', () => {
  const message = async (html: string, emulate: Emulation): Promise<string> =>
    read(html, emulate).then(
      () => 'ok',
      (error: Error) => error.message,
    );

  test('an item in no list, on the old versions', async () => {
    for (const emulate of OLD) expect(await message('<b>x</b><li>y</li>', emulate)).toBe('HTML is malformed');
    for (const emulate of ['documented', '3.3.1'] as const) expect(await message('<b>x</b><li>y</li>', emulate)).toBe('ok');
  });

  test.each([
    ["a line of Etherpad's editor", '<div class="ace-line">x</div>'],
    ['elements nested too deeply', '<div>'.repeat(10_000)],
    [
      'formats opened anew without end',
      ['<p>', ...Array.from({ length: 500 }, (_none, index) => `<b id=${index}>`)].join('').concat('<p>x'.repeat(5_000)),
    ],
    ['a long attribute repeated without end', `<p><b title="${'x'.repeat(100_000)}">`.concat('<p>x'.repeat(10_000))],
    ['a list that a class says is very deep', '<ul class="list-bullet100"><li>x</li></ul>'],
  ])('%s, on all', async (_what, html) => {
    for (const emulate of ['documented', ...REAL] as const) expect(await message(html, emulate)).toBe('HTML is malformed');
  });

  test('makes no revision, but the attributes that were met stay in the pool', async () => {
    const world = newWorld('2.5.3');
    world.call('createPad', { padID: 'x', text: 'x' });
    await expect(
      world.call('setHTML', { padID: 'x', html: '<ul><li>a</li></ul><i>b</i><div class="ace-line"><b>c</b></div>' }),
    ).rejects.toThrow('HTML is malformed');
    expect(world.call('getRevisionsCount', { padID: 'x' })).toEqual({ revisions: 0 });
    expect(world.call('getAttributePool', { padID: 'x' })).toMatchObject({
      pool: { numToAttrib: { 0: ['lmkr', '1'], 1: ['insertorder', 'first'], 2: ['list', 'bullet1'], 3: ['italic', 'true'] }, nextNum: 4 },
    });
  });
});

test.each([
  ['<li>x</li>', 'an item of a list is in no list, and this Etherpad looks for one'],
  ['<p class="ace-line">x</p>', "an element has the class ace-line, at which Etherpad's import breaks down"],
  ['<b>'.repeat(3_000), 'elements are nested more than 2000 deep'],
  ['<ul class="list-bullet100"><li>x</ul>', 'a class says that a list is more than 99 deep'],
])('the reason: %.12s', async (html, reason) => {
  await expect(read(html, '2.5.3')).rejects.toMatchObject({ message: 'HTML is malformed', reason });
});

test('the pad that is there when the HTML has been read gets it', async () => {
  const world = newWorld('3.3.1');
  world.call('createPad', { padID: 'x', text: 'x' });
  const setting = world.call('setHTML', { padID: 'x', html: '<b>y</b>' }) as Promise<null>;
  world.call('deletePad', { padID: 'x' });
  await expect(setting).rejects.toThrow('padID does not exist');
});

describe('names of elements with a class in them, as in a selector', () => {
  test.each([
    '<ul.list-indent3><li>x</li></ul>',
    '<UL.list-indent3><li>x</li></UL>',
    '<ul.a.list-indent3.b><li>x</li></ul>',
    '<ul#id.list-indent3><li>x</li></ul>',
    '<ul.list-indent3 class="z"><li>x</li></ul>',
    '<ul.z class="list-indent3"><li>x</li></ul>',
    '<ul.list-indent3 id="z"><li>x</li></ul>',
  ])('%s is a list of the third level', async (html) => {
    const [told, third] = await Promise.all([read(html, '3.3.1'), read('<ul class="list-indent3"><li>x</li></ul>', '3.3.1')]);
    expect(told).toEqual(third);
  });

  test('a name without one has none', async () => {
    expect((await read('<ul id="list-indent3"><li>x</li></ul>', '3.3.1')).pool).toEqual((await read('<ul><li>x</li></ul>', '3.3.1')).pool);
  });
});
