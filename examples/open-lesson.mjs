// The application that these examples test: it lets a pupil into the pads of a class for some time.

/** Calls a function of Etherpad, as a small hand-written client does. */
async function callEtherpad({ etherpadUrl, apiKey }, name, fields) {
  const query = new URLSearchParams({ apikey: apiKey, ...fields });
  const answer = await fetch(`${etherpadUrl}/api/1.2.15/${name}?${query}`);
  if (!answer.headers.get('content-type')?.startsWith('application/json')) throw new Error(`Etherpad is not there (HTTP ${answer.status})`);
  const { code, message, data } = await answer.json();
  if (code !== 0) throw new Error(`Etherpad refuses ${name}: ${message}`);
  return data;
}

/** Opens a session for a pupil, until so many unix seconds. */
export async function openLesson(etherpad, { classId, pupilId, until }) {
  const { groupID } = await callEtherpad(etherpad, 'createGroupIfNotExistsFor', { groupMapper: classId });
  const { authorID } = await callEtherpad(etherpad, 'createAuthorIfNotExistsFor', { authorMapper: pupilId });
  const { sessionID } = await callEtherpad(etherpad, 'createSession', { groupID, authorID, validUntil: until });
  return { groupID, authorID, sessionID };
}

/** Whether a pupil is still let in. */
export async function isLessonOpen(etherpad, { sessionID }) {
  try {
    await callEtherpad(etherpad, 'getSessionInfo', { sessionID });
    return true;
  } catch (error) {
    if (error.message === 'Etherpad refuses getSessionInfo: sessionID does not exist') return false;
    throw error;
  }
}
