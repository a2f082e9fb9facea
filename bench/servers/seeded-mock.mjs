// A mock in a process of its own that fills itself with sessions when it is told to.
import { randomBytes } from 'node:crypto';
import { startMockEtherpad } from '../../dist/index.js';

const VALID_UNTIL = 4_000_000_000;
const etherpad = await startMockEtherpad();
const { url, apiKey } = etherpad;

const groups = Array.from({ length: 1_000 }, (_, index) => ({ groupID: `g.${String(index).padStart(16, '0')}` }));
const authors = Array.from({ length: 10_000 }, (_, index) => ({ authorID: `a.${String(index).padStart(16, '0')}` }));

/** Replaces the state by one with so many sessions, spread over groups and authors, or all in one group. */
async function fill({ sessions: count, inOneGroup = false }) {
  const sessions = Array.from({ length: count }, (_, index) => ({
    sessionID: `s.${randomBytes(16).toString('hex')}`,
    groupID: groups[inOneGroup ? 0 : index % groups.length].groupID,
    authorID: authors[index % authors.length].authorID,
    validUntil: VALID_UNTIL - (index % 86_400),
  }));
  await etherpad.state.import({ groups, authors, sessions });
  const step = Math.max(1, Math.floor(count / 1_000));
  return {
    groupID: groups[0].groupID,
    authorID: authors[0].authorID,
    sessionIDs: sessions.filter((_, index) => index % step === 0).map(({ sessionID }) => sessionID),
  };
}

process.on('message', async (what) => process.send(await fill(what)));
process.stdout.write(`${JSON.stringify({ url, apiKey })}\n`);
