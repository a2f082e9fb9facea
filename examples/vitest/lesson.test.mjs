import { describe } from 'vitest';
import { expect, test } from 'mock-etherpad/vitest';
import { isLessonOpen, openLesson } from '../open-lesson.mjs';

/** What the application is configured with. */
const settingsOf = (etherpad) => ({ etherpadUrl: etherpad.url, apiKey: etherpad.apiKey });

// each test has a sandbox of its own, so they may run at the same time
describe.concurrent('a lesson', () => {
  test('opens one session', async ({ etherpad }) => {
    const { authorID } = await openLesson(settingsOf(etherpad), { classId: '7b', pupilId: 'ada', until: 4_000_000_000 });
    await expect(etherpad).toHaveReceived({ function: 'createSession', parameters: { authorID }, times: 1 });
    await expect(etherpad).not.toHaveReceived({ function: 'deleteSession' });
  });

  test('ends when it is over, and nobody waits for it', async ({ etherpad }) => {
    await etherpad.clock.freeze('2030-01-01T08:00:00Z');
    const until = Date.parse('2030-01-01T08:45:00Z') / 1000;
    const lesson = await openLesson(settingsOf(etherpad), { classId: '7b', pupilId: 'ada', until });
    await etherpad.clock.advance({ beforeExpiryOf: lesson.sessionID });
    expect(await isLessonOpen(settingsOf(etherpad), lesson)).toBe(true);
    await etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
    expect(await isLessonOpen(settingsOf(etherpad), lesson)).toBe(false);
  });

  test('tells when Etherpad is down', async ({ etherpad }) => {
    await etherpad.faults.add({ kind: 'html', status: 502, function: 'createSession' });
    await expect(openLesson(settingsOf(etherpad), { classId: '7b', pupilId: 'ada', until: 4_000_000_000 })).rejects.toThrow(
      'Etherpad is not there (HTTP 502)',
    );
  });
});
