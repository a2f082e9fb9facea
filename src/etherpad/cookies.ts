/**
 * The value of a cookie: of several with the name the first counts, letter case counts, double quotes around the value
 * do not, and a value that cannot be decoded stays as it came (the `cookie` package, which every Etherpad reads with).
 *
 * @param header the whole header, `a=b; sessionID=s.…`
 * @example readCookie('a=b; sessionID=s.1%2Cs.2', 'sessionID') // 's.1,s.2'
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    try {
      return decodeURIComponent(bare);
    } catch {
      return bare;
    }
  }
  return undefined;
}

/** The names of all cookies that were sent, each as often as it came. */
export const cookieNames = (header: string | undefined): string[] =>
  (header ?? '').split(';').flatMap((pair) => (pair.includes('=') ? [pair.slice(0, pair.indexOf('=')).trim()] : []));
