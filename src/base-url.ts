/** The addresses that mean every address of this machine, and the one to reach it by. */
const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

/**
 * Where a mock that listens on an address is reached from this machine.
 *
 * @example baseUrl({ host: '::1', port: 9001, basePath: '/pad' }) // 'http://[::1]:9001/pad'
 */
export function baseUrl({ host, port, basePath }: { host: string; port: number; basePath: string }): string {
  const name = ANY_ADDRESS[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${name}:${port}${basePath}`;
}
