import type { JournalEntry } from '../sandbox/journal-record.ts';

/** As one word of a POSIX shell. */
const quoted = (text: string): string => (/^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

const isText = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

/** The API key is not in the journal, and is not to be in a shell's history either. */
const KEY = '"apikey=$API_KEY"';

/** Parameters as curl encodes them itself; a list is a parameter sent several times. */
const encoded = (parameters: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((text) => `--data-urlencode ${quoted(`${encodeURIComponent(name)}=${String(text)}`)}`),
  );

/**
 * The command that sends a request again. It takes the API key from the environment.
 *
 * @param url where clients reach the Etherpad, without a slash at the end
 * @example curlLine('http://127.0.0.1:9001', entry) // curl -G http://127.0.0.1:9001/createGroup --data-urlencode "apikey=$API_KEY"
 */
export function curlLine(url: string, { method, path, parameters }: Pick<JournalEntry, 'method' | 'path' | 'parameters'>): string {
  const sent = parameters ?? {};
  const target = url + path;
  const options = [...(/[[\]{}]/.test(path) ? ['-g'] : []), ...(/\/\.{1,2}(\/|$)/.test(path) ? ['--path-as-is'] : [])];
  const words = (...own: readonly string[]): string => ['curl', ...options, ...own].join(' ');
  if (method === 'POST' || method === 'DELETE') {
    const how = method === 'DELETE' ? ['-X DELETE'] : [];
    if (Object.values(sent).every(isText)) return words(...how, quoted(target), `--data-urlencode ${KEY}`, ...encoded(sent));
    return words(
      ...how,
      `${quoted(`${target}?apikey=`)}"$API_KEY"`,
      "-H 'Content-Type: application/json'",
      `--data ${quoted(JSON.stringify(sent))}`,
    );
  }
  const how = method === 'GET' ? [] : method === 'HEAD' ? ['-I'] : [`-X ${quoted(method)}`];
  return words('-G', ...how, quoted(target), `--data-urlencode ${KEY}`, ...encoded(sent));
}
