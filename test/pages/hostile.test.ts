import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askRaw } from '../ask.ts';
import { startLesson } from './lesson.ts';

describe('pad names', () => {
  const names = [
    '"><script>alert(1)</script>',
    'a"; filename="evil.exe',
    "x'onload='y",
    'ümläut 漢字 😀'.replaceAll(' ', '_'),
    '\\..\\..\\x',
    '%0d%0aX-Evil:1',
    '../../etc/passwd',
    '..',
    '__proto__',
    'constructor',
    '\u202egnp.exe',
    '&#x27;',
  ];
  test.each(names)('%j are names, in headers and pages', async (name) => {
    await using lesson = await startLesson();
    const { groupID, open, call } = lesson;
    const { padID } = (await call('createGroupPad', { groupID, padName: name, text: 'inside' })) as { padID: string };
    const path = `/p/${encodeURIComponent(padID)}`;
    const text = await open(`${path}/export/txt`);
    expect(text).toMatchObject({ status: 200, body: 'inside\n' });
    const disposition = text.headers['content-disposition']!;
    expect(disposition).toMatch(
      /^attachment; filename="(?:[ -!#-[\]-~\u00a0-\u00ff]|\\["\\])*"(?:; filename\*=UTF-8''[\w!#$&+.^`|~%-]*)?$/,
    );
    expect(text.headers).not.toHaveProperty('x-evil');
    const page = await open(path);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('data-access="granted"') });
    expect(page.body.match(/<script/g)).toHaveLength(1);
    const file = await open(`${path}/export/etherpad`);
    expect(Object.keys(JSON.parse(file.body) as object)).toContain(`pad:${padID}`);
    const html = await open(`${path}/export/html`);
    expect(html.body).not.toContain('<script');
    expect(await open(`${path}/timeslider`)).toMatchObject({ status: 302, headers: { location: path } });
  });

  test('cannot write headers, pages or paths of their own', async () => {
    await using lesson = await startLesson();
    const evil = '%0D%0AX-Evil:%201';
    for (const path of [
      `/p/a${evil}`,
      `/p/a${evil}/export/txt`,
      `/p/a%20${evil}?x=${evil}`,
      `/p/${evil}/timeslider`,
      `/p/a/b${evil}/export/txt`,
    ]) {
      const reply = await lesson.open(path);
      expect(reply.headers).not.toHaveProperty('x-evil');
      expect(reply.headers.location ?? '').not.toMatch(/[\r\n]/);
    }
    const injected = await lesson.open('/p/a%20"><script>alert(1)<script>?"><script>alert(2)</script>');
    expect(injected.status).toBe(302);
    expect(injected.body).not.toContain('<script');
    const unknown = await lesson.open('/p/x/export/<script>alert(1)<script>');
    expect(unknown).toMatchObject({ status: 404, body: expect.not.stringContaining('<script') });
  });

  test('any text in the path gets an answer of a few kinds', async () => {
    await using lesson = await startLesson();
    const part = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
      fc.constantFrom('p', 'export', 'txt', 'html', 'timeslider', '..', '.', '%2e%2e', '%2F', '%', '%00', '', lesson.padID, 'r.x'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const { status } = await lesson.open(`/p/${parts.join('/')}`);
        expect([200, 302, 403, 404, 500]).toContain(status);
      }),
      { numRuns: 150 },
    );
    expect(await lesson.open(`/p/${lesson.padID}/export/txt`)).toMatchObject({ status: 200 });
  });
});

test('a query that repeats a name thousands of times is read at once', async () => {
  await using lesson = await startLesson();
  const started = performance.now();
  expect(await lesson.open(`/p/${lesson.padID}?${'a&'.repeat(7_000)}b=1`)).toMatchObject({ status: 200 });
  expect(performance.now() - started).toBeLessThan(500);
  const { requests } = await lesson.etherpad.requests.list({ limit: 1 });
  expect(requests[0]!.parameters).toMatchObject({ b: '1' });
});

describe('cookies', () => {
  test('of 4 kB, and with 1,000 ids, are read at once', async () => {
    await using lesson = await startLesson();
    const { padID, sessionID, open } = lesson;
    const filler = Array.from({ length: 1_000 }, (_, index) => `s.${index}`).join(',');
    const started = performance.now();
    expect(await open(`/p/${padID}/export/txt`, { Cookie: `sessionID=${filler},${sessionID}` })).toMatchObject({ status: 200 });
    const denied = await open(`/p/${padID}`, { Cookie: `sessionID=${filler}` });
    expect(denied.body).toContain('data-access="denied"');
    expect(denied.body).toContain('and 997 more ids of the cookie');
    expect(await open(`/p/${padID}`, { Cookie: `sessionID=${'x'.repeat(4096)}` })).toMatchObject({ status: 200 });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('full of HTML do no harm to the page', async () => {
    await using lesson = await startLesson();
    const { body } = await lesson.open(`/p/${lesson.padID}`, { Cookie: 'sessionID=</p><script>alert(1)</script>' });
    expect(body.match(/<script/g)).toHaveLength(1);
    expect(body).toContain('&#60;/p&#62;&#60;script&#62;');
  });

  test('do not get the API key into a page', async () => {
    await using lesson = await startLesson();
    const { etherpad, open, padID } = lesson;
    const page = await open(`/p/${padID}?apikey=${etherpad.apiKey}`, { Cookie: `sessionID=${etherpad.apiKey}` });
    expect(page.body).not.toContain(etherpad.apiKey);
    const { requests } = await etherpad.requests.list({ function: 'page' });
    expect(JSON.stringify(requests)).not.toContain(etherpad.apiKey);
  });
});

test('methods and bodies that pages do not take are refused, and the server goes on', async () => {
  await using lesson = await startLesson();
  const { origin, padID, open } = lesson;
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
    expect(await open(`/p/${padID}`, {}, method)).toMatchObject({ status: 404, body: expect.stringContaining(`Cannot ${method} /p/`) });
  }
  const posted = await askRaw(
    origin,
    `POST /p/${padID}/import HTTP/1.1\r\nHost: x\r\nContent-Type: not a type\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
  );
  expect(posted).toMatch(/^HTTP\/1\.1 404 /);
  expect(await open(`/p/${padID}/export/txt`)).toMatchObject({ status: 200 });
});
