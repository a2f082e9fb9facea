import { beforeEach, describe, expect, test } from 'vitest';
import type { Emulation } from '../../src/etherpad/emulation.ts';
import { type NewWorld, newWorld } from './new-world.ts';

const REMOVED =
  ".removed {text-decoration: line-through; -ms-filter:'progid:DXImageTransform.Microsoft.Alpha(Opacity=80)'; " +
  'filter: alpha(opacity=80); opacity: 0.8; }\n';

let world: NewWorld;
const start = (emulate: Emulation): void => {
  world = newWorld(emulate);
  for (const author of ['a.ann', 'a.bob']) world.state.addAuthor(author, { name: author, timestamp: 0 });
};
const diff = (parameters: Readonly<Record<string, unknown>>, padID = 'x'): { html: string; authors?: string[] } =>
  world.call('createDiffHTML', { padID, ...parameters }) as { html: string; authors?: string[] };
const bodyOf = ({ html }: { html: string }): string => html.slice(html.indexOf('</style>') + '</style>'.length);

describe.each(['3.3.1', 'documented'] as const)('createDiffHTML of %s', (emulate) => {
  beforeEach(async () => {
    start(emulate);
    world.call('createPad', { padID: 'x', text: 'one two', authorId: 'a.ann' });
    world.call('setText', { padID: 'x', text: 'one', authorId: 'a.bob' });
    world.call('appendText', { padID: 'x', text: '\nmore', authorId: 'a.ann' });
    await world.call('setHTML', { padID: 'x', html: '<p><b>bold</b></p><ul><li>item</li></ul>', authorId: 'a.bob' });
    world.call('restoreRevision', { padID: 'x', rev: 1, authorId: 'a.ann' });
  });

  test('the colours of the authors, in the order of the pool', () => {
    const { html, authors } = diff({ startRev: 0, endRev: 1 });
    const colorOf = (author: string): string => world.state.findAuthor(author)!.colorId;
    expect(html).toBe(
      `<style>\n.authora_ann {background-color: ${colorOf('a.ann')}}\n.authora_bob {background-color: ${colorOf('a.bob')}}\n${REMOVED}</style>` +
        '<span class="authora_bob"><span class="removed">one two</span></span><br><span class="authora_bob">one</span><br>',
    );
    expect(authors).toEqual(['a.bob']);
  });

  test.each([
    ['appended text', 1, 2, 'one<br><span class="authora_ann">more</span><br>', ['a.ann']],
    ['nothing', 2, 2, 'one<br>more<br>', []],
    [
      'HTML in place of text',
      2,
      4,
      '<span class="authora_bob"><span class="removed">one</span></span><br><span class="authora_bob"><span class="removed">more</span></span><br>' +
        '<span class="authora_bob"><strong>bold</strong></span><br><ul class="bullet"><li><span class="authora_bob">item</span></ul><br>',
      ['a.bob'],
    ],
    [
      'text in place of HTML, whose last line feed stays',
      4,
      5,
      '<strong><span class="authora_ann"><span class="removed">bold</span></span></strong><br>' +
        '<ul class="bullet"><li><span class="authora_ann"><span class="removed">item</span></span></ul>' +
        '<span class="authora_bob">one</span><br><br>',
      ['a.ann'],
    ],
    [
      'what comes and goes is not there',
      1,
      5,
      '<span class="authora_bob"><span class="removed">one</span></span><br><span class="authora_bob">one</span><br><br>',
      ['a.ann', 'a.bob'],
    ],
  ])('%s', (_what, startRev, endRev, html, authors) => {
    const made = diff({ startRev, endRev });
    expect({ body: bodyOf(made), authors: made.authors }).toEqual({ body: html, authors });
  });

  test('the end is the newest revision where it is missing, 0 or higher', () => {
    const whole = diff({ startRev: 1, endRev: 5 });
    for (const endRev of [undefined, '0', '5', '99', '5.9']) expect(diff({ startRev: '1', endRev })).toEqual(whole);
    expect(bodyOf(diff({ startRev: '99', endRev: '100' }))).toBe('one<br><br>');
  });

  test('refusals and breakdowns', () => {
    expect(() => diff({ startRev: 'a', endRev: 1 })).toThrow('rev is not a number');
    expect(() => diff({ startRev: 0, endRev: '-1' })).toThrow('rev is not a negative number');
    expect(() => diff({ startRev: 0 }, 'y')).toThrow('padID does not exist');
    expect(() => diff({ endRev: 1 })).toThrow('Invalid revision range');
    expect(() => diff({ startRev: 3, endRev: 2 })).toThrow('Invalid revision range');
  });

  test('an author whom nobody knows has no colour', () => {
    world.call('appendText', { padID: 'x', text: '!', authorId: 'who.ever' });
    expect(diff({ startRev: 5 }).html).toContain('.authorwho_ever {background-color: null}\n');
  });

  test('the history of a copy without history breaks it down', () => {
    world.call('copyPadWithoutHistory', { sourceID: 'x', destinationID: 'copy' });
    expect(() => diff({ startRev: 0, endRev: 1 }, 'copy')).toThrow('characters');
    world.call('appendText', { padID: 'copy', text: 'more' });
    expect(() => diff({ startRev: 0, endRev: 2 }, 'copy')).toThrow('characters');
    expect(bodyOf(diff({ startRev: 1, endRev: 2 }, 'copy'))).toContain('more');
  });
});

test('1.9.7 tells no authors, and its text has none', () => {
  start('1.9.7');
  world.call('createPad', { padID: 'x', text: 'one', authorId: 'a.ann' });
  world.call('setText', { padID: 'x', text: 'two', authorId: 'a.bob' });
  const made = diff({ startRev: 0, endRev: 1 });
  expect(Object.keys(made)).toEqual(['html']);
  expect(bodyOf(made)).toBe('<span class="authora_bob"><span class="removed">one</span></span><br>two<br>');
});

test('2.5.3 breaks down, when the pool has got the attributes for it', () => {
  start('2.5.3');
  world.call('createPad', { padID: 'x', text: 'one' });
  world.call('setText', { padID: 'x', text: 'two', authorId: 'a.bob' });
  expect(() => diff({ startRev: 0, endRev: 1 })).toThrow('breaks down');
  expect(world.call('getAttributePool', { padID: 'x' })).toMatchObject({
    pool: { numToAttrib: { 0: ['author', 'a.bob'], 1: ['author', ''], 2: ['removed', 'true'] } },
  });
});
