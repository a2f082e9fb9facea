import { expect, test } from 'vitest';
import { startLesson } from './lesson.ts';

test('without the option there is no such path', async () => {
  await using lesson = await startLesson();
  expect(await lesson.open(`/auth_session?sessionID=${lesson.sessionID}&padName=x`)).toMatchObject({
    status: 404,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
});

test('with it, the cookie is set, and the way leads to the pad', async () => {
  await using lesson = await startLesson({ authSession: true, basePath: '/etherpad', sandbox: 'w1' });
  const { base, padID, groupID, sessionID, open } = lesson;
  const reply = await open(`/auth_session?sessionID=${sessionID}&groupID=${groupID}&padName=notes&showChat=false&lang=de`, {});
  expect(reply).toMatchObject({
    status: 302,
    headers: {
      location: `${base}/p/${encodeURIComponent(padID)}?showChat=false&lang=de`,
      'set-cookie': [`sessionID=${sessionID}; Path=${base}`],
    },
  });
  const cookie = reply.headers['set-cookie']![0]!.split(';')[0]!;
  expect(await open(reply.headers.location!.slice(base.length), { Cookie: cookie })).toMatchObject({
    status: 200,
    body: expect.stringContaining('data-access="granted"'),
  });
  expect((await open(`/auth_session?sessionID=${sessionID}&padName=${encodeURIComponent(padID)}`, {})).headers.location).toBe(
    `${base}/p/${encodeURIComponent(padID)}`,
  );
});

test('a list of sessions goes into one cookie', async () => {
  await using lesson = await startLesson({ authSession: true });
  const { padID, sessionID, open } = lesson;
  const reply = await open(`/auth_session?sessionID=s.x,${sessionID}&padName=${encodeURIComponent(padID)}`, {});
  expect(reply.headers['set-cookie']).toEqual([`sessionID=s.x%2C${sessionID}; Path=/`]);
  expect(await open(`/p/${padID}/export/txt`, { Cookie: `sessionID=s.x%2C${sessionID}` })).toMatchObject({ status: 200 });
});

test('nothing gets into a header but what may stand there', async () => {
  await using lesson = await startLesson({ authSession: true });
  const reply = await lesson.open(
    '/auth_session?sessionID=a%0D%0AX-Evil:%201;%20Path=/x&padName=..%2F%2Fevil.example%0D%0AX:%202&x=%0D%0A',
    {},
  );
  expect(reply.status).toBe(302);
  expect(reply.headers).not.toHaveProperty('x-evil');
  expect(reply.headers).not.toHaveProperty('x');
  expect(reply.headers['set-cookie']).toEqual(['sessionID=a%0D%0AX-Evil%3A%201%3B%20Path%3D%2Fx; Path=/']);
  expect(reply.headers.location).toBe('/p/..%2F%2Fevil.example%0D%0AX%3A%202?x=%0D%0A');
});

test.each(['', '?sessionID=s.x', '?padName=x', '?sessionID=&padName=x'])('what is missing is told: %s', async (query) => {
  await using lesson = await startLesson({ authSession: true });
  expect(await lesson.open(`/auth_session${query}`, {})).toMatchObject({ status: 400, body: 'sessionID and padName are needed' });
});
