import { shellWord } from '../evidence/shell-word.ts';
import type { JournalEntry } from '../sandbox/journal-record.ts';

const isText = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

/** Key, secret and token are not in the journal, and are not to be in a shell's history either. */
const KEY = '"apikey=$API_KEY"';
const SECRET = '--data-urlencode "client_secret=$CLIENT_SECRET"';
const TOKEN = '-H "Authorization: Bearer $TOKEN"';

/** Parameters as curl encodes them itself; a list is a parameter sent several times. */
const encoded = (parameters: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((text) => `--data-urlencode ${shellWord(`${encodeURIComponent(name)}=${String(text)}`)}`),
  );

/**
 * The command that sends a request again. It takes the API key, or what stands in its place, from the environment; for a
 * page or an export of a pad it sends the cookie of the session instead.
 *
 * @param url where clients reach the Etherpad, without a slash at the end
 * @param asksForToken whether it is a token that lets calls in
 * @example curlLine('http://127.0.0.1:9001', entry) // curl -G http://127.0.0.1:9001/createGroup --data-urlencode "apikey=$API_KEY"
 */
export function curlLine(
  url: string,
  {
    function: name,
    mount,
    method,
    path,
    parameters,
    access = null,
  }: Pick<JournalEntry, 'method' | 'path' | 'parameters'> & Partial<JournalEntry>,
  asksForToken = false,
): string {
  const sent = parameters ?? {};
  const target = url + path;
  const options = [...(/[[\]{}]/.test(path) ? ['-g'] : []), ...(/\/\.{1,2}(\/|$)/.test(path) ? ['--path-as-is'] : [])];
  const words = (...own: readonly string[]): string => ['curl', ...options, ...own].join(' ');
  const isOidc = mount === 'oidc';
  const entry = isOidc ? (name === 'token' ? [SECRET] : []) : [asksForToken ? TOKEN : `--data-urlencode ${KEY}`];
  if (method === 'POST' || method === 'DELETE') {
    const how = method === 'DELETE' ? ['-X DELETE'] : [];
    if (Object.values(sent).every(isText)) return words(...how, shellWord(target), ...entry, ...encoded(sent));
    return words(
      ...how,
      ...(asksForToken ? [shellWord(target), TOKEN] : [`${shellWord(`${target}?apikey=`)}"$API_KEY"`]),
      "-H 'Content-Type: application/json'",
      `--data ${shellWord(JSON.stringify(sent))}`,
    );
  }
  const how = method === 'GET' ? [] : method === 'HEAD' ? ['-I'] : [`-X ${shellWord(method)}`];
  if (access !== null) {
    const cookie = access.sessionID === null ? [] : [`-b ${shellWord(`sessionID=${access.sessionID}`)}`];
    return words('-G', ...how, ...cookie, shellWord(target), ...encoded(sent));
  }
  return words('-G', ...how, shellWord(target), ...entry, ...encoded(sent));
}

const VARIABLES = ['API_KEY', 'CLIENT_SECRET', 'TOKEN'] as const;

/** The variables of the environment that a curl line takes what is secret from. */
export const variablesOf = (line: string): (typeof VARIABLES)[number][] => VARIABLES.filter((name) => line.includes(`$${name}"`));
