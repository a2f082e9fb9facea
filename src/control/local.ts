import { checkSandboxName } from '../sandbox/sandbox-name.ts';
import type { Sandboxes } from '../sandbox/sandboxes.ts';
import type { Connection } from './handle.ts';
import { perform } from './verbs.ts';

/** Through JSON and back: what a test gives and gets in process is what it would be over HTTP. */
const asJson = (value: unknown): unknown => (value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown));

/** The connection to an Etherpad in this process. */
export const localConnection = (server: { url: string; apiKey: string; sandboxes: Sandboxes }, name?: string): Connection => {
  const { apiKey, sandboxes } = server;
  const url = name === undefined ? server.url : `${server.url}/sandbox/${name}`;
  return {
    url,
    apiKey,
    perform: async (verb, input, of) =>
      asJson(await perform(verb, { url, sandbox: sandboxes.find(name), sandboxes, apiKey }, asJson(input), of)),
    sandbox(other) {
      checkSandboxName(other);
      try {
        sandboxes.find(other);
      } catch {
        // there are too many: the first verb tells, as it does for a server elsewhere
      }
      return localConnection(server, other);
    },
  };
};
