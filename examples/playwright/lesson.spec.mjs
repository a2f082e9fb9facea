import { isLessonOpen, openLesson } from '../open-lesson.mjs';
import { expect, test } from './etherpad-fixture.mjs';

// In a test of a web application, `page` clicks and the application calls Etherpad: configure it with the URL of the sandbox.
test('a lesson ends when it is over, and nobody waits for it', async ({ etherpad }) => {
  const settings = { etherpadUrl: etherpad.url, apiKey: etherpad.apiKey };
  await etherpad.clock.freeze('2030-01-01T08:00:00Z');
  const lesson = await openLesson(settings, { classId: '7b', pupilId: 'ada', until: Date.parse('2030-01-01T08:45:00Z') / 1000 });
  await etherpad.requests.waitFor({ function: 'createSession', times: 1 });
  await etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
  expect(await isLessonOpen(settings, lesson)).toBe(false);
});
