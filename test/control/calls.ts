import { type EtherpadControl } from '../../src/index.ts';

/** What came back for a call, as far as a client sees it. */
export interface Called {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
  /** The decoded header that explains a failure, or null. */
  readonly reason: string | null;
  readonly date: string | null;
}

type Fields = Readonly<Record<string, string | number>>;

/** Calls a function by GET; `url` is a sandbox's or a server's. */
export async function call({ url, apiKey }: Pick<EtherpadControl, 'url' | 'apiKey'>, name: string, fields: Fields = {}): Promise<Called> {
  const query = new URLSearchParams({
    apikey: apiKey,
    ...Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, String(value)])),
  });
  const answer = await fetch(`${url}/api/1.2.15/${name}?${query.toString()}`);
  const reason = answer.headers.get('x-mock-etherpad-reason');
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: await answer.text(),
    reason: reason === null ? null : decodeURIComponent(reason),
    date: answer.headers.get('date'),
  };
}

/** Calls a function that must answer ok, and gives its data. */
export async function ok(etherpad: Pick<EtherpadControl, 'url' | 'apiKey'>, name: string, fields: Fields = {}): Promise<any> {
  const { body } = await call(etherpad, name, fields);
  const { code, message, data } = JSON.parse(body) as { code: number; message: string; data: unknown };
  if (code !== 0) throw new Error(`${name} answers ${code}: ${message}`);
  return data;
}

/** A session with a group and an author of its own. */
export async function createSession(
  etherpad: EtherpadControl,
  validUntil: number,
): Promise<{ groupID: string; authorID: string; sessionID: string }> {
  const { groupID } = (await ok(etherpad, 'createGroup')) as { groupID: string };
  const { authorID } = (await ok(etherpad, 'createAuthor', { name: 'Ada' })) as { authorID: string };
  const { sessionID } = (await ok(etherpad, 'createSession', { groupID, authorID, validUntil })) as { sessionID: string };
  return { groupID, authorID, sessionID };
}

export const GONE = JSON.stringify({ code: 1, message: 'sessionID does not exist', data: null });

/** A year that no test reaches by waiting. */
export const YEAR_2030 = 1_893_456_000;
