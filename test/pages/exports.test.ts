import { describe, expect, test } from 'vitest';
import { EMULATIONS } from '../../src/etherpad/emulation.ts';
import { startLesson, START } from './lesson.ts';

const FORBIDDEN = "403 - Can't touch this";

/** Express's page where there is no route. */
const cannotGet = (path: string, method = 'GET'): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot ${method} ${path}</pre>\n</body>\n</html>\n`;

describe.each(EMULATIONS)('as %s', (emulate) => {
  test('a pad is exported as text, as HTML and as .etherpad', async () => {
    await using lesson = await startLesson({ emulate });
    const { padID, open } = lesson;
    const text = await open(`/p/${padID}/export/txt`);
    expect(text).toMatchObject({
      status: 200,
      body: 'Dear class\n',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': `attachment; filename="${padID}.txt"`,
        'access-control-allow-origin': '*',
      },
    });
    const html = await open(`/p/${padID}/export/html`);
    expect(html.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="${padID}.html"`,
    });
    expect(html.body).toMatch(/^<!doctype html>\n/);
    expect(html.body).toContain('Dear class<br>');
    const etherpad = await open(`/p/${padID}/export/etherpad`);
    expect(etherpad.headers).toMatchObject({
      'content-type': 'application/octet-stream; charset=utf-8',
      'content-disposition': `attachment; filename="${padID}.etherpad"`,
    });
    expect(JSON.parse(etherpad.body)).toMatchObject({
      [`pad:${padID}`]: { atext: { text: 'Dear class\n' }, head: 0, chatHead: -1, publicStatus: false, savedRevisions: [] },
      [`pad:${padID}:revs:0`]: { changeset: expect.stringMatching(/^Z:1>a.*\+a\$Dear class$/), meta: { timestamp: START * 1000 } },
    });
  });

  test('who may not read is refused', async () => {
    await using lesson = await startLesson({ emulate });
    const { padID, open } = lesson;
    for (const type of ['txt', 'html', 'etherpad']) {
      expect(await open(`/p/${padID}/export/${type}`, {})).toMatchObject({
        status: 403,
        body: FORBIDDEN,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'access-control-allow-origin': '*',
          'x-mock-etherpad-reason': 'no cookie sessionID was sent: is it set for this host and path?',
        },
      });
    }
    await lesson.etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
    expect(await open(`/p/${padID}/export/txt`)).toMatchObject({
      status: 403,
      headers: { 'x-mock-etherpad-reason': 'the session of this cookie expired 0 s ago' },
    });
  });

  test('what is not there has no export', async () => {
    await using lesson = await startLesson({ emulate });
    const { groupID, open } = lesson;
    const path = `/p/${groupID}$nosuch/export/txt`;
    expect(await open(path)).toMatchObject({ status: 404, body: cannotGet(path), headers: { 'access-control-allow-origin': '*' } });
    const unknown = await open('/p/nosuch/export/foo');
    expect(unknown).toMatchObject({ status: 404, body: cannotGet('/p/nosuch/export/foo') });
    expect(unknown.headers).not.toHaveProperty('access-control-allow-origin');
    expect(await open('/p/nosuch/export')).toMatchObject({ status: 404, body: cannotGet('/p/nosuch/export') });
    expect(await open('/p/a/b/c/export/txt')).toMatchObject({ status: 404, body: cannotGet('/p/a/b/c/export/txt') });
    expect(await open('/p/nosuch/export/txt', {}, 'POST')).toMatchObject({ status: 404, body: cannotGet('/p/nosuch/export/txt', 'POST') });
  });

  test('a revision is exported as it was, and one above the head as the head', async () => {
    await using lesson = await startLesson({ emulate });
    const { padID, open, call } = lesson;
    await call('setText', { padID, text: 'Second' });
    await call('setText', { padID, text: 'Third' });
    const bodies = await Promise.all([0, 1, 2, 3, 99].map(async (rev) => (await open(`/p/${padID}/${rev}/export/txt`)).body));
    expect(bodies).toEqual(['Dear class\n', 'Second\n', 'Third\n', 'Third\n', 'Third\n']);
    expect((await open(`/p/${padID}/1/export/html`)).body).toContain('Second<br>');
    const whole = emulate === '1.9.7' || emulate === '2.5.3';
    const file = JSON.parse((await open(`/p/${padID}/1/export/etherpad`)).body) as Record<string, unknown>;
    expect(file[`pad:${padID}`]).toMatchObject(whole ? { head: 2, atext: { text: 'Third\n' } } : { head: 1, atext: { text: 'Second\n' } });
    expect(Object.keys(file).filter((key) => key.includes(':revs:'))).toHaveLength(whole ? 3 : 2);
  });

  test('a revision that is no number is an error', async () => {
    await using lesson = await startLesson({ emulate });
    const { padID, open } = lesson;
    const isOld = emulate === '1.9.7' || emulate === '2.5.3';
    for (const [rev, message] of [
      ['abc', 'rev is not a number'],
      ['-1', 'rev is not a negative number'],
    ] as const) {
      const reply = await open(`/p/${padID}/${rev}/export/html`);
      expect(reply.status).toBe(500);
      expect(reply.body).toBe(isOld ? '{"error":"Sorry, something bad happened!"}' : message);
      expect(reply.headers['content-type']).toBe(isOld ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8');
      expect('content-disposition' in reply.headers).toBe(isOld);
    }
    expect((await open(`/p/${padID}/0abc/export/txt`)).body).toBe('Dear class\n');
  });

  test('a format that needs a converter says so, to everybody', async () => {
    await using lesson = await startLesson({ emulate });
    const { padID, open } = lesson;
    const isOld = emulate === '1.9.7' || emulate === '2.5.3';
    const message = isOld
      ? 'This export is not enabled at this Etherpad instance. Set the path to Abiword or soffice (LibreOffice) in settings.json to enable this feature'
      : 'This export is not enabled at this Etherpad instance. Set the path to soffice (LibreOffice) in settings.json to enable this feature';
    for (const type of isOld ? ['pdf', 'doc', 'odt'] : ['doc', 'odt']) {
      const reply = await open(`/p/${padID}/export/${type}`, {});
      expect(reply).toMatchObject({ status: 200, body: message, headers: { 'content-type': 'text/html; charset=utf-8' } });
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    }
    const pdf = await open(`/p/${padID}/export/pdf`);
    const docx = await open(`/p/${padID}/export/docx`);
    if (isOld) return expect(docx).toMatchObject({ status: 404, body: cannotGet(`/p/${padID}/export/docx`) });
    expect(pdf).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${padID}.pdf"` },
    });
    expect(pdf.body).toContain('(Dear class) Tj');
    expect(docx).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
    });
    expect(docx.body.slice(0, 2)).toBe('PK');
    expect(await open(`/p/${padID}/export/pdf`, {})).toMatchObject({ status: 403, body: FORBIDDEN });
  });
});

test('a read-only id opens as its pad does, and its files do not name the pad', async () => {
  await using lesson = await startLesson();
  const { padID, open, call } = lesson;
  const { readOnlyID } = (await call('getReadOnlyID', { padID })) as { readOnlyID: string };
  expect(await open(`/p/${readOnlyID}/export/txt`, {})).toMatchObject({ status: 403 });
  expect(await open(`/p/${readOnlyID}/export/txt`)).toMatchObject({
    status: 200,
    headers: { 'content-disposition': `attachment; filename="${readOnlyID}.txt"` },
  });
  const file = await open(`/p/${readOnlyID}/export/etherpad`);
  expect(Object.keys(JSON.parse(file.body) as object)).toEqual(expect.arrayContaining([`pad:${readOnlyID}`, `pad:${readOnlyID}:revs:0`]));
  expect(file.body).not.toContain(padID);
  expect((await open(`/p/${readOnlyID}/export/html`)).body).not.toContain(padID);
  expect(await open('/p/r.unknown/export/txt')).toMatchObject({
    status: 403,
    headers: { 'x-mock-etherpad-reason': 'no pad has the read-only id r.unknown' },
  });
});

test('an .etherpad file holds authors, chat and saved revisions', async () => {
  await using lesson = await startLesson();
  const { padID, authorID, open, call } = lesson;
  await call('appendText', { padID, text: ' again', authorId: authorID });
  await call('appendChatMessage', { padID, text: 'hi', authorID });
  await call('saveRevision', { padID, rev: '0' });
  const file = JSON.parse((await open(`/p/${padID}/export/etherpad`)).body) as Record<string, any>;
  expect(file[`globalAuthor:${authorID}`]).toMatchObject({ name: 'Ada Lovelace', padIDs: padID });
  expect(file[`pad:${padID}:chat:0`]).toMatchObject({ text: 'hi', userId: authorID });
  expect(file[`pad:${padID}`]).toMatchObject({ head: 1, chatHead: 0, savedRevisions: [{ revNum: 0 }] });
  expect(file[`pad:${padID}:revs:0`].meta.atext.text).toBe('Dear class\n');
  expect(file[`pad:${padID}:revs:1`].meta).toEqual({ author: authorID, timestamp: START * 1000 });
});

test('HEAD tells as much as GET, and sends nothing', async () => {
  await using lesson = await startLesson();
  const { padID, open } = lesson;
  const get = await open(`/p/${padID}/export/txt`);
  const head = await open(`/p/${padID}/export/txt`, undefined, 'HEAD');
  expect(head).toMatchObject({ status: 200, body: '' });
  expect(head.headers['content-disposition']).toBe(get.headers['content-disposition']);
  expect(head.headers['content-length']).toBe(get.headers['content-length']);
});

test('OPTIONS tells that it may be read', async () => {
  await using lesson = await startLesson();
  const { padID, open } = lesson;
  for (const path of [`/p/${padID}`, `/p/${padID}/export/txt`, `/p/${padID}/timeslider`]) {
    expect(await open(path, {}, 'OPTIONS')).toMatchObject({ status: 200, body: 'GET, HEAD', headers: { allow: 'GET, HEAD' } });
  }
});

test('an export that a client has already is not sent again', async () => {
  await using lesson = await startLesson();
  const { padID, sessionID, open, call } = lesson;
  const cookie = { Cookie: `sessionID=${sessionID}` };
  const { etag } = (await open(`/p/${padID}/export/txt`)).headers;
  expect(etag).toMatch(/^W\/"b-/);
  const again = { ...cookie, 'If-None-Match': etag! };
  expect(await open(`/p/${padID}/export/txt`, again)).toMatchObject({ status: 304, body: '' });
  await call('setText', { padID, text: 'Changed' });
  expect(await open(`/p/${padID}/export/txt`, again)).toMatchObject({ status: 200, body: 'Changed\n' });
  expect(await open(`/p/${padID}/export/txt`, { 'If-None-Match': etag! })).toMatchObject({ status: 403 });
});

describe('names', () => {
  test('of no pad are forbidden, wherever they stand', async () => {
    await using lesson = await startLesson();
    const { padID, open } = lesson;
    const names = ['a$b', 'g.short$x', `${padID}$x`, 'x'.repeat(51), `g.${'a'.repeat(16)}$`];
    for (const name of names) {
      for (const path of [`/p/${name}`, `/p/${name}/export/txt`, `/p/${name}/export/nosuch`, `/p/${name}/timeslider`]) {
        expect([path, await open(path)]).toMatchObject([path, { status: 404, body: 'Such a padname is forbidden' }]);
      }
    }
    expect(await open(`/p/${padID}/`)).toMatchObject({ status: 404, body: 'Such a padname is forbidden' });
    expect(await open(`/p/${padID}?back=/`)).toMatchObject({ status: 404, body: 'Such a padname is forbidden' });
    expect(await open(`/p/${padID}/?a=b`)).toMatchObject({ status: 200 });
  });

  test('with white space or colons lead to the clean name, query and all', async () => {
    await using lesson = await startLesson();
    const { open, call } = lesson;
    expect(await open('/p/a%20b:c?userName=Ada%20L&x=%22%3E')).toMatchObject({
      status: 302,
      headers: { location: 'a_b_c?userName=Ada%20L&x=%22%3E', 'content-type': 'text/html; charset=utf-8' },
      body: 'You should be redirected to <a href="a_b_c?userName=Ada%20L&x=%22%3E">a_b_c?userName=Ada%20L&x=%22%3E</a>',
    });
    expect(await open('/p/a%20%09b/export/txt')).toMatchObject({ status: 302, headers: { location: 'a_b' } });
    await call('createPad', { padID: 'c_d' });
    expect((await open('/p/c%20d')).headers.location).toBe('c_d');
  });

  test('are read in any case of the path, decoded once', async () => {
    await using lesson = await startLesson();
    const { padID, open, call } = lesson;
    expect(await open(`/P/${padID.replace('$', '%24')}/EXPORT/txt`)).toMatchObject({ status: 200, body: 'Dear class\n' });
    await call('createPad', { padID: '100%25' });
    expect(await open('/p/100%2525/export/txt')).toMatchObject({
      status: 200,
      headers: { 'content-disposition': `attachment; filename="100%25.txt"; filename*=UTF-8''100%2525.txt` },
    });
  });

  test('that cannot be decoded are an error of the server, as on real ones', async () => {
    await using lesson = await startLesson();
    expect(await lesson.open('/p/%zz')).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"error":"Sorry, something bad happened!"}',
    });
  });
});
