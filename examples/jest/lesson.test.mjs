// Run it with: NODE_OPTIONS=--experimental-vm-modules npx jest (the application in ../open-lesson.mjs is an ES module)
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startMockEtherpad } from 'mock-etherpad';
import { isLessonOpen, openLesson } from '../open-lesson.mjs';

let etherpad;
let settings;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
  settings = { etherpadUrl: etherpad.url, apiKey: etherpad.apiKey };
});
beforeEach(() => etherpad.reset());
afterAll(() => etherpad.close());

test('a lesson opens one session', async () => {
  const { authorID } = await openLesson(settings, { classId: '7b', pupilId: 'ada', until: 4_000_000_000 });
  const { matched } = await etherpad.requests.verify({ function: 'createSession', parameters: { authorID } });
  expect(matched).toBe(1);
});

test('a lesson ends when it is over, and nobody waits for it', async () => {
  await etherpad.clock.freeze('2030-01-01T08:00:00Z');
  const lesson = await openLesson(settings, { classId: '7b', pupilId: 'ada', until: Date.parse('2030-01-01T08:45:00Z') / 1000 });
  await etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
  expect(await isLessonOpen(settings, lesson)).toBe(false);
});

test('a lesson tells when Etherpad is down', async () => {
  await etherpad.faults.add({ kind: 'html', status: 502, function: 'createSession' });
  await expect(openLesson(settings, { classId: '7b', pupilId: 'ada', until: 4_000_000_000 })).rejects.toThrow('Etherpad is not there');
});
