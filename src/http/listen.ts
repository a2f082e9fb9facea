import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** What says that an address is none of this machine, as `::1` where IPv6 is off. */
const ABSENT = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** `localhost` means every address that it has, since clients take any of them; all other names and addresses mean one. */
async function addressesOf(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [host];
  const { lookup } = await import('node:dns/promises');
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

/**
 * Listens on every address that a host means, and on the same port of each.
 *
 * @param port 0 takes a free one
 * @returns a server for each address, the first of them Fastify's own
 * @throws what Node throws when an address cannot be listened on; addresses that this machine lacks are left out, but for the first
 */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<readonly Server[]> {
  const [first = host, ...others] = await addressesOf(host);
  await server.listen({ host: first, port });
  const servers = [server.server];
  const taken = (server.server.address() as AddressInfo).port;
  for (const address of others) {
    const listener = server.createListener();
    try {
      await once(listener.listen({ host: address, port: taken }), 'listening');
      servers.push(listener);
    } catch (error) {
      if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) continue;
      for (const one of servers.slice(1)) one.close();
      await server.close();
      throw error;
    }
  }
  return servers;
}
