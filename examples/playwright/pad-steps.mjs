import { startLessonPage } from './lesson-page.mjs';

/**
 * What the two tests in this folder do: a pupil sees the pad in the frame of the application until the lesson is over.
 * Nobody waits for the end: the mock's clock is moved, and the page that is open falls to denied.
 *
 * @param page Playwright's page
 * @param etherpad a mock, or a sandbox of one
 */
export async function readPadUntilTheEnd(page, etherpad) {
  await etherpad.clock.freeze('2030-01-01T08:00:00Z');
  const settings = { etherpadUrl: etherpad.url, apiKey: etherpad.apiKey, until: Date.parse('2030-01-01T08:45:00Z') / 1000 };
  const lesson = await startLessonPage(settings);
  try {
    await page.goto(lesson.url);
    const pad = page.frameLocator('iframe');
    await pad.locator('main[data-access="granted"]').waitFor();
    await pad.getByText('Today: the engine').waitFor();

    // the browser opened the pad as the author of the session that the application made
    const authorID = await pad.locator('main').getAttribute('data-author-id');
    await etherpad.requests.verify({ function: 'page', access: { granted: true, by: 'session', authorID }, times: 1 });

    const sessionID = await pad.locator('main').getAttribute('data-session-id');
    await etherpad.clock.advance({ pastExpiryOf: sessionID });
    await pad.locator('main[data-access="denied"]').waitFor();
    await pad.getByText('the session of this cookie expired').waitFor();
  } finally {
    await lesson.close();
  }
}
