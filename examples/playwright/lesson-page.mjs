import { createServer } from 'node:http';
import { openLesson } from '../open-lesson.mjs';

/**
 * The page of the application: it opens a session for the pupil, gives the browser its id in the cookie that Etherpad reads,
 * and shows the pad in a frame. A cookie is for a host, whatever the port: that of the application reaches Etherpad as well
 * where both have the same host.
 *
 * @param etherpad URL and key of the Etherpad, and until when the lesson lasts in unix seconds
 */
export async function startLessonPage({ etherpadUrl, apiKey, until }) {
  const server = createServer(async (_request, response) => {
    const { groupID, authorID, sessionID } = await openLesson({ etherpadUrl, apiKey }, { classId: '7b', pupilId: 'ada', until });
    const query = new URLSearchParams({ apikey: apiKey, groupID, padName: 'minutes', text: 'Today: the engine', authorId: authorID });
    await fetch(`${etherpadUrl}/api/1.3.0/createGroupPad?${query}`);
    // the path keeps sandboxes apart; for an Etherpad of its own it is /
    response.setHeader('Set-Cookie', `sessionID=${sessionID}; Path=${new URL(etherpadUrl).pathname}`);
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Lesson</title>
      <iframe title="Pad" width="800" height="600" src="${etherpadUrl}/p/${groupID}$minutes?showControls=false"></iframe>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
