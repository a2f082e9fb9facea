import type { Subject } from '../scenario.ts';
import { api2 } from './api-2.ts';
import { apiKey } from './api-key.ts';
import { authors } from './authors.ts';
import { bodies } from './bodies.ts';
import { groups } from './groups.ts';
import { oauth } from './oauth.ts';
import { openapi } from './openapi.ts';
import { padAccess } from './pad-access.ts';
import { padChat } from './pad-chat.ts';
import { padCopies } from './pad-copies.ts';
import { padHistory } from './pad-history.ts';
import { padHtml } from './pad-html.ts';
import { padText } from './pad-text.ts';
import { pads } from './pads.ts';
import { parameters } from './parameters.ts';
import { rest } from './rest.ts';
import { sessions } from './sessions.ts';
import { validUntil } from './valid-until.ts';
import { versions } from './versions.ts';

/** All scenarios, in the order in which they run. */
export const SUBJECTS: readonly Subject[] = [
  sessions,
  validUntil,
  groups,
  authors,
  pads,
  padText,
  padHistory,
  padHtml,
  padChat,
  padCopies,
  padAccess,
  apiKey,
  oauth,
  parameters,
  bodies,
  versions,
  rest,
  api2,
  openapi,
];
