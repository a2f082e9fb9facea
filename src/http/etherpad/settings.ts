import type { Logger } from 'pino';
import type { Sandboxes } from '../../sandbox/sandboxes.ts';
import type { BodyLimits } from './body/body.ts';

/** What Etherpad's API, its pages and its exports need to know of the server. */
export interface EtherpadSettings extends Omit<BodyLimits, 'hide'> {
  readonly apiKey: string;
  /** Tells whether a text is the API key, in constant time. */
  readonly isApiKey: (presented: string) => boolean;
  readonly sandboxes: Sandboxes;
  readonly logger: Logger;
  /** Whether there is anything below `/_mock`. */
  readonly control: boolean;
}
