import { expect, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';

/** The links of a text, as a browser at that URL follows them. */
const linksOf = (text: string, at: string): string[] =>
  Array.from(text.matchAll(/(?: at |href=")(\/[^\s",]+)/g), ([, path]) => new URL(path!, at).href);

test.each(['', '/pad', '/a/b'])('what is at the root leads to what there is, below %j', async (basePath) => {
  await using etherpad = await startMockEtherpad({ basePath, emulate: '3.3.1' });
  for (const base of [etherpad.url, etherpad.sandbox('one').url]) {
    const links = linksOf(await (await fetch(`${base}/`)).text(), base);
    expect(links).toEqual([`${base}/api/openapi.json`, `${base}/api`, `${base}/_mock/`]);
    for (const link of links) expect((await fetch(link)).status).toBe(200);
    const page = await fetch(`${base}/api-docs/`);
    const [document] = linksOf(await page.text(), page.url);
    expect(document).toBe(`${base}/api-docs.json`);
    expect((await fetch(document!)).status).toBe(200);
  }
});

test('without control there is no inspector to lead to', async () => {
  await using etherpad = await startMockEtherpad({ control: false });
  expect(await (await fetch(etherpad.url)).text()).not.toContain('_mock');
});
