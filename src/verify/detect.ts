import { behaviourOf, EMULATIONS, type Behaviour, type Emulation } from '../etherpad/emulation.ts';
import type { Client, Reply } from './client.ts';
import { bare, compare, describeReply, either, type Expectation, noSuchPath, noSuchVersion, ok, refused, wrongKey } from './expectation.ts';
import { form, get, isHeaderText, KEY, post, type Request, SECRET, TOKEN } from './request.ts';

/** Why nothing can be verified, and what to do, in one line. */
export class CannotVerify extends Error {
  override readonly name = 'CannotVerify';
}

/** A harmless question, and how each Etherpad answers it. */
interface Probe {
  readonly question: string;
  readonly request: Request;
  readonly expectation: Expectation;
}

const readsKeyHeader = ({ apiKeyHeaders, headersAreParameters }: Behaviour): boolean =>
  headersAreParameters || apiKeyHeaders.includes('apikey');

/** Together they tell every emulation from every other; none of them makes or changes anything. */
const PROBES: readonly Probe[] = [
  {
    question: 'GET /api',
    request: get('/api', ''),
    expectation: (behaviour) => bare({ currentVersion: behaviour.currentVersion })(behaviour),
  },
  {
    question: 'a wrong parameter',
    request: get('/api/1/getSessionInfo', { sessionID: 's.unknown' }),
    expectation: refused('sessionID does not exist'),
  },
  {
    question: 'a function at the root',
    request: get('/checkToken'),
    expectation: either(({ rootMount }) => rootMount, ok(null), noSuchPath),
  },
  {
    question: 'GET /api/2/checkToken',
    request: get('/api/2/checkToken'),
    expectation: either(({ api2 }) => api2 !== 'absent', ok(null), noSuchVersion),
  },
  {
    question: 'the key in a header',
    request: get('/api/1.2/checkToken', { apikey: undefined }, { apikey: KEY }),
    expectation: either(readsKeyHeader, ok(null), wrongKey),
  },
];

const CONNECTION_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused (ECONNREFUSED). Is Etherpad running there? Check host and port.',
  ENOTFOUND: 'there is no such host name (ENOTFOUND). Check the URL.',
  EAI_AGAIN: 'its host name cannot be looked up (EAI_AGAIN). Check the URL and your network.',
  ECONNRESET: 'the connection is closed without an answer (ECONNRESET). Is it http or https? Check the URL.',
  EHOSTUNREACH: 'there is no way to its host (EHOSTUNREACH). Check the URL and your network.',
};

const jsonOf = (body: string): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(body) as Readonly<Record<string, unknown>> | null) ?? {};
  } catch {
    return {};
  }
};

/** @throws CannotVerify where nobody answers */
function answered(url: string, reply: Reply): Extract<Reply, { kind: 'answer' }> {
  if (reply.kind === 'answer') return reply;
  if (reply.kind === 'silence')
    throw new CannotVerify(`Cannot reach ${url}: ${describeReply(reply)}. Check the URL, and whether the server is busy.`);
  throw new CannotVerify(`Cannot reach ${url}: ${CONNECTION_ERRORS[reply.code ?? ''] ?? `${reply.reason}. Check the URL.`}`);
}

/**
 * Gets a token, which then lets all requests in.
 *
 * @throws CannotVerify where there is none
 */
async function getToken(client: Client, id: string, url: string): Promise<void> {
  const fields = { grant_type: 'client_credentials', client_id: id, client_secret: SECRET, resource: url };
  const { status, body } = answered(url, await client.send(post('/oidc/token', form(fields))));
  const { access_token: token, error_description: why } = jsonOf(body);
  if (status === 200 && typeof token === 'string') {
    client.entry = { ...client.entry, token };
    return;
  }
  const advice =
    status === 404
      ? 'It has no OAuth: leave --oauth-client out, and pass --api-key.'
      : 'Check id and secret, and that the client may use client_credentials ("sso" in settings.json).';
  throw new CannotVerify(
    `${url} gives client ${id} no token: POST /oidc/token answers ${status}${typeof why === 'string' ? `, ${why}` : ''}. ${advice}`,
  );
}

/**
 * Makes sure that an Etherpad answers, and that it takes the key.
 *
 * @returns its clock less this machine's, in seconds
 * @throws CannotVerify
 */
export async function connect(client: Client, url: string): Promise<{ clockDifference: number }> {
  const { status, headers, body } = answered(url, await client.send(get('/api', '')));
  if (status >= 300 && status < 400 && headers['location'] !== undefined) {
    throw new CannotVerify(`${url} redirects to ${headers['location']}: give the base URL there, without /api.`);
  }
  if (status !== 200 || typeof jsonOf(body)['currentVersion'] !== 'string') {
    const what = `${status} ${headers['content-type'] ?? 'without a type'}`;
    throw new CannotVerify(`${url} is not an Etherpad: GET /api answers ${what}. Give the base URL, the part before /api.`);
  }
  if (client.entry.oauthClient !== undefined) await getToken(client, client.entry.oauthClient.id, url);
  const { token } = client.entry;
  // no key goes with a token: a server that asks for keys must not take it for one
  const request = token === undefined ? get('/api/1.2/checkToken') : get('/api/1.2/checkToken', '', { Authorization: `Bearer ${TOKEN}` });
  const check = answered(url, await client.send(request));
  const { code } = jsonOf(check.body);
  if (check.status === 401 || code === 4) {
    if (token !== undefined) {
      throw new CannotVerify(
        `${url} gives a token and does not take it: it asks for an API key. Pass it with --api-key instead of --oauth-client.`,
      );
    }
    const other = answered(url, await client.send(get('/api/1.2/checkToken', '', { Authorization: 'Bearer none' })));
    if (jsonOf(other.body)['message'] === 'no or wrong OAuth token') {
      throw new CannotVerify(
        `${url} asks for an OAuth token, not for an API key. Pass --oauth-client id:secret, with a client of "sso" in its settings.json that may use client_credentials; or set "authenticationMethod": "apikey" there.`,
      );
    }
    throw new CannotVerify(
      `${url} refuses the API key. Pass it with --api-key, or --api-key-file (Etherpad's APIKEY.txt); a newer Etherpad also needs "authenticationMethod": "apikey" in its settings.json.`,
    );
  }
  if (check.status !== 200 || code !== 0)
    throw new CannotVerify(`${url} is not an Etherpad: GET /api/1.2/checkToken answers ${check.status}.`);
  const date = Date.parse(check.headers['date'] ?? '');
  const clockDifference = Number.isNaN(date) ? 0 : Math.floor(date / 1000) - Math.floor(Date.now() / 1000);
  return { clockDifference };
}

/** The parts of a version as numbers: `1.3.1`. */
const partsOf = (version: string): number[] => version.split('.').map(Number);

/** Whether a version comes after another. */
function isAfter(version: string, other: string): boolean {
  const [parts, others] = [partsOf(version), partsOf(other)];
  const index = parts.findIndex((part, at) => part !== (others[at] ?? 0));
  return index !== -1 && parts[index]! > (others[index] ?? 0);
}

/** Whether a server says that its API is newer than that of every known Etherpad. */
const isNewerThanAll = (body: string): boolean => {
  const told = jsonOf(body)['currentVersion'];
  return (
    typeof told === 'string' &&
    /^\d+(\.\d+)*$/.test(told) &&
    EMULATIONS.every((emulation) => isAfter(told, behaviourOf(emulation).currentVersion))
  );
};

/**
 * Finds out which Etherpad a server is like: the one that answers every probe as the server does, or, for one that is newer
 * than all of them, the newest of those that answer most probes so.
 *
 * @param as what the user says that it should be like
 * @throws CannotVerify where none does, or several do
 */
export async function detectEmulation(client: Client, url: string, as?: Emulation): Promise<{ as: Emulation; isNewer: boolean }> {
  if (as !== undefined) {
    const { body } = answered(url, await client.send(get('/api', '')));
    return { as, isNewer: isNewerThanAll(body) };
  }
  let candidates: readonly Emulation[] = EMULATIONS;
  const agreed = new Map<Emulation, number>(EMULATIONS.map((emulation) => [emulation, 0]));
  const surprises: string[] = [];
  let isNewer = false;
  for (const { question, request, expectation } of PROBES) {
    const { token, apiKey } = client.entry;
    // a token lets a call in wherever the key is
    if (Object.values(request.headers).includes(KEY) && (token !== undefined || !isHeaderText(apiKey))) continue;
    // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
    const reply = answered(url, await client.send(request));
    const agrees = (emulation: Emulation): boolean => compare(expectation(behaviourOf(emulation)), reply) === undefined;
    isNewer ||= request.target === '/api' && isNewerThanAll(reply.body);
    if (!EMULATIONS.some(agrees)) surprises.push(`${question} is answered as by none of them`);
    for (const emulation of EMULATIONS.filter(agrees)) agreed.set(emulation, agreed.get(emulation)! + 1);
    candidates = candidates.filter(agrees);
  }
  if (isNewer) {
    const most = Math.max(...agreed.values());
    return { as: EMULATIONS.findLast((emulation) => agreed.get(emulation) === most)!, isNewer };
  }
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return { as: only, isNewer };
  const why =
    surprises.length > 0
      ? surprises.join(', ')
      : candidates.length > 1
        ? `it may be ${candidates.join(' or ')}`
        : 'it is partly like one and partly like another';
  throw new CannotVerify(
    `Cannot tell which Etherpad ${url} is like: ${why}. Pass --as with the one it should be like: ${EMULATIONS.join(', ')}.`,
  );
}
