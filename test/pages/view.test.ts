import { expect, test } from 'vitest';
import { START, startLesson } from './lesson.ts';

test('an open page asks for itself, and gets nothing new while nothing changes', async () => {
  await using lesson = await startLesson({ emulate: 'documented' });
  const { padID, sessionID, open, call, etherpad } = lesson;
  const path = `/p/${padID}/view`;
  const first = await open(path);
  expect(first).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'private, no-cache' },
  });
  expect(first.body).toMatch(/^<main data-access="granted" .*<\/main>$/s);
  const known = { Cookie: `sessionID=${sessionID}`, 'If-None-Match': first.headers.etag! };
  expect(first.headers.etag).toMatch(/^W\//);
  expect(await open(path, known)).toMatchObject({ status: 304, body: '' });
  // who connects gets the page whatever he knows
  expect(await open(path, known, 'POST')).toMatchObject({ status: 200, body: first.body });
  await etherpad.clock.advance({ seconds: 10 });
  await call('createPad', { padID: 'other' });
  expect(await open(path, known)).toMatchObject({ status: 304 });
  await call('setText', { padID, text: 'Changed' });
  expect(await open(path, known)).toMatchObject({ status: 200, body: expect.stringContaining('Changed<br>') });
  await etherpad.clock.advance({ pastExpiryOf: sessionID });
  expect(await open(path, known)).toMatchObject({ status: 200, body: expect.stringContaining('data-access="denied"') });
});

test('a pad that is not there is made by who connects and may open it, and by nobody else', async () => {
  await using lesson = await startLesson();
  const { groupID, authorID, padID, open, call } = lesson;
  const fresh = `${groupID}$fresh`;
  await open(`/p/${fresh}/view`);
  await open(`/p/${fresh}/view`, {}, 'POST');
  await open('/p/r.none/view', undefined, 'POST');
  await open('/p/a$b/view', undefined, 'POST');
  expect(await call('listAllPads')).toEqual({ padIDs: [padID] });
  expect(await open(`/p/${fresh}/view`, undefined, 'POST')).toMatchObject({
    status: 200,
    body: expect.stringContaining('Welcome to Etherpad!'),
  });
  expect(await call('listAllPads')).toEqual({ padIDs: [fresh, padID].toSorted() });
  expect(await call('listPads', { groupID })).toEqual({ padIDs: [padID, fresh] });
  expect(await call('listPadsOfAuthor', { authorID })).toEqual({ padIDs: [fresh] });
});

test('a session that ends after the last date that JavaScript knows is shown by its second', async () => {
  await using lesson = await startLesson();
  const { groupID, authorID, padID, open, call } = lesson;
  const { sessionID } = await call('createSession', { groupID, authorID, validUntil: '9000000000000' });
  expect((await open(`/p/${padID}`, { Cookie: `sessionID=${sessionID}` })).body).toContain('second 9000000000000');
});

/** The facts of a page as text, by their names. */
const factsOf = (body: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(body.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g), ([, name, fact]) => [name, fact!.replace(/<[^>]*>/g, '')]),
  );

const statusOf = (body: string): string => /<p id="access" role="status">(.*?)<\/p>/.exec(body)![1]!;

test('a page says who reads what, and what lets him in', async () => {
  await using lesson = await startLesson();
  const { groupID, authorID, padID, sessionID, open, call } = lesson;
  const bySession = (await open(`/p/${padID}`)).body;
  expect(statusOf(bySession)).toBe('Open to Ada Lovelace');
  expect(factsOf(bySession)).toEqual({
    Pad: padID,
    Reader: `Ada Lovelace, ${authorID}`,
    Access: `by the session ${sessionID}, until 2030-01-01 10:00:00 UTC`,
    Mode: 'may read and write',
    Revision: '0',
  });
  const { authorID: nameless } = await call('createAuthor');
  const { sessionID: second } = await call('createSession', { groupID, authorID: nameless!, validUntil: String(START + 60) });
  const byNameless = (await open(`/p/${padID}`, { Cookie: `sessionID=${second}` })).body;
  expect(statusOf(byNameless)).toBe(`Open to ${nameless}`);
  expect(factsOf(byNameless)['Reader']).toBe(`an author without a name, ${nameless}`);

  const denied = (await open(`/p/${padID}`, {})).body;
  expect(statusOf(denied)).toBe('You do not have permission to access this pad');
  expect(factsOf(denied)).toEqual({});

  await call('setPublicStatus', { padID, publicStatus: 'true' });
  const guest = (await open(`/p/${padID}`, {})).body;
  expect(statusOf(guest)).toBe('Open to a guest');
  expect(factsOf(guest)).toMatchObject({ Reader: 'a guest', Access: 'by its public status', Revision: '0' });

  const { readOnlyID } = await call('getReadOnlyID', { padID });
  expect(factsOf((await open(`/p/${readOnlyID}`)).body)).toMatchObject({ Pad: readOnlyID, Mode: 'read only, by a read-only id' });
  expect(factsOf((await open('/p/new/view', {})).body)).toMatchObject({
    Pad: 'new',
    Access: 'to everybody: it belongs to no group',
    Revision: 'none: the pad does not exist yet',
  });
  expect((await open(`/p/${padID}`)).headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'$/,
  );
  expect(bySession).toContain('<title>notes | mock-etherpad</title>');
  expect(Array.from(bySession.matchAll(/<a href="([^"]*)">(.*?)<\/a>/g), ([, href, text]) => [href, text])).toEqual([
    [expect.stringMatching(/export\/txt$/), 'Export as text'],
    [expect.stringMatching(/export\/html$/), 'Export as HTML'],
    [expect.stringMatching(/export\/etherpad$/), 'Export as .etherpad'],
  ]);
});

test('names are judged as for the page', async () => {
  await using lesson = await startLesson();
  expect(await lesson.open('/p/a$b/view')).toMatchObject({ status: 404, body: 'Such a padname is forbidden' });
  expect(await lesson.open('/p/a%20b/view')).toMatchObject({ status: 302, headers: { location: 'a_b' } });
  expect(await lesson.open('/p/x/view', {}, 'DELETE')).toMatchObject({ status: 404 });
});

test('an open page makes no sandbox, and does not bring back one that was deleted', async () => {
  await using lesson = await startLesson({ sandbox: 'w1' });
  const { etherpad, padID, open } = lesson;
  expect(await open(`/p/${padID}/view`)).toMatchObject({ status: 200 });
  await etherpad.sandboxes.delete('w1');
  expect(await open(`/p/${padID}/view`)).toMatchObject({ status: 404, body: 'no such sandbox' });
  expect(await open('/p/x/view', {}, 'POST')).toMatchObject({ status: 404 });
  expect(await etherpad.sandboxes.list()).toEqual([]);
});

test('the timeslider is a page with the newest revisions, and leads back to the pad where Etherpad does', async () => {
  await using lesson = await startLesson({ emulate: '2.5.3' });
  const { etherpad, padID, open, call } = lesson;
  for (let count = 1; count <= 205; count++) await call('appendText', { padID, text: ` ${count}` });
  const { body } = await open(`/p/${padID}/timeslider`);
  const numbers = Array.from(body.matchAll(/<li value="(\d+)"><a href="\.\/(\d+)\/export\/txt">/g), ([, value, number]) => [
    Number(value),
    Number(number),
  ]);
  expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => [index + 6, index + 6]));
  expect(body).not.toContain('data-view');
  await etherpad.emulate('3.3.1');
  const location = `/p/${encodeURIComponent(padID)}`;
  expect(await open(`/p/${padID}/timeslider`)).toMatchObject({
    status: 302,
    headers: { location, 'content-type': 'text/plain; charset=utf-8' },
    body: `Found. Redirecting to ${location}`,
  });
  expect(await open(`/p/${padID}/timeslider`, { Accept: 'text/html,*/*' })).toMatchObject({
    status: 302,
    headers: { location, 'content-type': 'text/html; charset=utf-8', vary: 'Accept' },
    body: `<p>Found. Redirecting to ${location}</p>`,
  });
  expect((await open(`/p/${padID}/timeslider?embed=1`)).body).toContain('<h2>History</h2>');
});
