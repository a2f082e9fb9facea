import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../src/etherpad/api-error.ts';
import { EMULATIONS, type Emulation } from '../../src/etherpad/emulation.ts';
import { type NewWorld, newWorld } from '../etherpad/new-world.ts';
import { interpret, START, textOf } from './changeset-interpreter.ts';

const TAGS =
  'b i u s strong em ins del span div p pre ul ol li br hr img a font h1 blockquote table tr td textarea select option button svg math ' +
  'title style script noscript template iframe xmp plaintext nobr dl dt dd form body html head frameset o:p a.b x-y applet foreignObject';
const ATTRIBUTES = [
  'style="font-weight: bold"',
  "style='text-decoration: underline'",
  'class="list-number2"',
  'class="indent"',
  'class="Bullet_20_Symbols"',
  'class="ace-line"',
  'hidden',
  'nowrap',
  'start=3',
  'id=x',
];
const word = fc.constantFrom('a', 'b c', ' ', '\n', '  x ', '&nbsp;', '&amp', '&#9;', '<', '&', 'é', '🎉', '\u00a0', '\0', 'http://x.y/z.');
const name = fc.constantFrom(...TAGS.split(' '));

/** Markup as anyone may send it: tags that are not closed or not opened, elements in the wrong place, comments. */
const { markup } = fc.letrec<{ markup: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    fc.constantFrom('<!-- c -->', '<!DOCTYPE html>', '<?xml?>', '<![CDATA[x]]>', '<!--'),
    name.map((tag) => `</${tag}>`),
    fc.tuple(name, fc.constantFrom(...ATTRIBUTES)).map(([tag, attribute]) => `<${tag} ${attribute}>`),
    fc.tuple(name, tie('markup')).map(([tag, inside]) => `<${tag}>${inside}</${tag}>`),
  ),
  markup: fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
}));

async function padOf(html: string, emulate: Emulation): Promise<NewWorld> {
  const world = newWorld(emulate);
  world.call('createPad', { padID: 'x', text: 'x' });
  await world.call('setHTML', { padID: 'x', html });
  return world;
}

/** What getHTML says, without the empty lines at the end, of which each import adds one. */
const bodyOf = (world: NewWorld): string =>
  (world.call('getHTML', { padID: 'x' }) as { html: string }).html.replace(/^.*?<body>/su, '').replace(/(?:<br>)*<\/body><\/html>$/, '');

describe.each(EMULATIONS)('HTML of %s', (emulate) => {
  test('any markup becomes text, or is malformed', async () => {
    await fc.assert(
      fc.asyncProperty(markup, async (html) => {
        const world = newWorld(emulate);
        world.call('createPad', { padID: 'x', text: 'x' });
        try {
          await world.call('setHTML', { padID: 'x', html });
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
          expect((error as ApiError).message).toBe('HTML is malformed');
        }
        const { revisions } = world.call('getRevisionsCount', { padID: 'x' }) as { revisions: number };
        let interpreted = START;
        for (let rev = 0; rev <= revisions; rev++) {
          interpreted = interpret(interpreted, world.call('getRevisionChangeset', { padID: 'x', rev }) as string);
        }
        expect(textOf(interpreted)).toBe(world.state.findPad('x')!.text);
        const { nextNum } = (world.call('getAttributePool', { padID: 'x' }) as { pool: { nextNum: number } }).pool;
        const used = interpreted.characters.flatMap(({ attributes }) => attributes.split('*').slice(1));
        for (const number of used) expect(Number.parseInt(number, 36)).toBeLessThan(nextNum);
        expect(bodyOf(world)).not.toMatch(/<(?!\/?(?:strong|em|u|s|a|ul|ol|li|br)\b)/);
      }),
    );
  });

  test('getHTML is read as it was written: formats and lines', async () => {
    const inline = fc.tuple(fc.constantFrom('b', 'i', 'u', 's', 'span'), fc.constantFrom('a', 'b c', ' d', 'é &amp; x', 'http://x.y/z'));
    const line = fc.array(inline, { maxLength: 4 }).map((parts) => parts.map(([tag, text]) => `<${tag}>${text}</${tag}>`).join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
        const first = bodyOf(await padOf(lines.map((one) => `<p>${one}</p>`).join(''), emulate));
        expect(bodyOf(await padOf(first, emulate))).toBe(first);
      }),
    );
  });

  test('getHTML is read as it was written: nested lists of bullets', async () => {
    const { list } = fc.letrec<{ list: string; item: string }>((tie) => ({
      item: fc
        .tuple(fc.constantFrom('a', '<b>b</b>c', 'd e'), fc.option(tie('list'), { nil: '', maxDepth: 3 }))
        .map(([text, inside]) => `<li>${text}${inside}</li>`),
      list: fc.array(tie('item'), { minLength: 1, maxLength: 4 }).map((items) => `<ul>${items.join('')}</ul>`),
    }));
    await fc.assert(
      fc.asyncProperty(list, async (html) => {
        const first = bodyOf(await padOf(html, emulate));
        expect(bodyOf(await padOf(first, emulate))).toBe(first);
      }),
    );
  });

  test('other lists, which Etherpad numbers anew and whose empty items it drops, come to rest', async () => {
    const { content } = fc.letrec<{ content: string; list: string }>((tie) => ({
      list: fc
        .tuple(fc.constantFrom('ul', 'ol', 'ul class="indent"'), fc.array(tie('content'), { minLength: 1, maxLength: 3 }))
        .map(([tag, items]) => `<${tag}>${items.map((item) => `<li>${item}</li>`).join('')}</${tag.slice(0, 2)}>`),
      content: fc
        .array(fc.oneof({ depthSize: 'small' }, fc.constantFrom('a', ' ', 'b c', '<br>', '<p>d</p>'), tie('list')), { maxLength: 3 })
        .map((parts) => parts.join('')),
    }));
    await fc.assert(
      fc.asyncProperty(content, async (html) => {
        let before = '';
        let now = html;
        for (let round = 0; now !== before && round < 20; round++) {
          before = now;
          now = bodyOf(await padOf(before, emulate));
        }
        expect(now).toBe(before);
      }),
    );
  });
});
