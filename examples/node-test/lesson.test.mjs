import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startMockEtherpad } from 'mock-etherpad';
import { isLessonOpen, openLesson } from '../open-lesson.mjs';

let etherpad;
let settings;
before(async () => {
  etherpad = await startMockEtherpad();
  settings = { etherpadUrl: etherpad.url, apiKey: etherpad.apiKey };
});
beforeEach(() => etherpad.reset());
after(() => etherpad.close());

void test('a lesson opens one session', async () => {
  const { authorID } = await openLesson(settings, { classId: '7b', pupilId: 'ada', until: 4_000_000_000 });
  await etherpad.requests.verify({ function: 'createSession', parameters: { authorID }, times: 1 });
});

void test('a lesson ends when it is over, and nobody waits for it', async () => {
  await etherpad.clock.freeze('2030-01-01T08:00:00Z');
  const lesson = await openLesson(settings, { classId: '7b', pupilId: 'ada', until: Date.parse('2030-01-01T08:45:00Z') / 1000 });
  await etherpad.clock.advance({ beforeExpiryOf: lesson.sessionID });
  assert.equal(await isLessonOpen(settings, lesson), true);
  await etherpad.clock.advance({ pastExpiryOf: lesson.sessionID });
  assert.equal(await isLessonOpen(settings, lesson), false);
});

void test('a lesson tells when Etherpad is down', async () => {
  await etherpad.faults.add({ kind: 'html', status: 502, function: 'createSession' });
  await assert.rejects(openLesson(settings, { classId: '7b', pupilId: 'ada', until: 4_000_000_000 }), /Etherpad is not there \(HTTP 502\)/);
});
