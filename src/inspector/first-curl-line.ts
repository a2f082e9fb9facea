/** As part of a query between single quotes in a shell. */
const inQuotes = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');

/**
 * The curl line of a first request, which every emulation answers.
 *
 * @param url where clients reach the Etherpad, without a slash at the end
 * @param apiKey taken from the environment when it is not given
 * @example firstCurlLine('http://127.0.0.1:9001', 'secret') // curl 'http://127.0.0.1:9001/api/1.2.15/createGroup?apikey=secret'
 */
export function firstCurlLine(url: string, apiKey?: string): string {
  const call = `${url.replaceAll("'", '%27')}/api/1.2.15/createGroup?apikey=`;
  return apiKey === undefined ? `curl '${call}'"$API_KEY"` : `curl '${call}${inQuotes(apiKey)}'`;
}
