import type { onSendHookHandler } from 'fastify';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import { SHORTEST_SECRET } from '../../sandbox/secrets.ts';

/** Takes secrets out of what control refuses: it repeats what was sent, and a client may have sent one in the wrong place. */
export const hideSecrets =
  (sandboxes: Sandboxes): onSendHookHandler =>
  ({ address }, reply, payload, done) => {
    if (reply.statusCode < 400 || typeof payload !== 'string') return done(null, payload);
    const { secrets } = sandboxes.known(address.sandbox) ?? sandboxes.main;
    done(null, secrets.hide(payload, SHORTEST_SECRET));
  };
