import type { Parameters } from '../etherpad-function.ts';
import { explainMissing, shortened } from '../parameter-words.ts';
import type { World } from '../world.ts';
import type { Pad } from './pad.ts';
import { groupIdOf } from './pad-id.ts';

/** Parameters that name a pad which must be there, in the order in which a refusal speaks of them. */
const NAMES = ['padID', 'sourceID', 'roID'] as const;

const nameOf = (parameters: Parameters): (typeof NAMES)[number] => NAMES.find((name) => parameters[name] !== undefined) ?? 'padID';

const asSent = (value: unknown): string =>
  shortened(typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'missing'));

const padOf = ({ state }: World, parameters: Parameters): Pad | undefined => state.findPad(String(parameters['padID']));

function explainUnknown(parameters: Parameters): string | undefined {
  const name = nameOf(parameters);
  const id = parameters[name];
  if (typeof id !== 'string' || id === '') return undefined;
  if (name !== 'roID' && /^r\.[0-9a-f]{32}$/.test(id)) return `${name} is a read-only id: getPadID returns the id of its pad`;
  if (name === 'padID' && /[\s:]/.test(id))
    return `padID ${shortened(id)} is looked for as it is and with underscores instead of white space and colons`;
  return undefined;
}

function explainForm(id: unknown): string {
  if (typeof id !== 'string') return `the id is ${asSent(id)}`;
  const groupID = groupIdOf(id);
  const name = groupID === undefined ? id : id.slice(groupID.length + 1);
  if (name.includes('$')) return 'the name of a pad has no $';
  if (name.length === 0 || name.length > 50) return `the name of a pad has 1 to 50 characters, and this one ${name.length}`;
  return `before the $ stands no id of a group: ${shortened(groupID)}`;
}

function explainRevision(message: string, parameters: Parameters, world: World): string {
  const { rev } = parameters;
  if (rev === undefined) return explainMissing('rev', parameters);
  if (message.includes('higher')) return `rev is ${asSent(rev)}, and the newest revision is ${padOf(world, parameters)?.head}`;
  return `rev is ${asSent(rev)}; revisions are whole numbers from 0 on`;
}

function explainChatRange(message: string, parameters: Parameters, world: World): string {
  const { start, end } = parameters;
  if (!message.includes('chatHead')) {
    const asTexts = message.includes('end') && typeof start === 'string' && typeof end === 'string';
    return `start is ${asSent(start)} and end ${asSent(end)}${asTexts ? ', which are compared as texts' : ''}`;
  }
  const newest = (padOf(world, parameters)?.chat.length ?? 0) - 1;
  return newest === -1 ? 'the pad has no chat' : `the newest message is number ${newest}`;
}

function explainToken(parameters: Parameters, world: World): string {
  const hasToken = padOf(world, parameters)?.deletionToken !== undefined;
  return hasToken
    ? 'the pad was given another token when it was made'
    : 'the pad has no token: only one that createPad or createGroupPad made has';
}

type Explain = (parameters: Parameters, world: World, message: string) => string | undefined;

/** What each of Etherpad's refusals about pads means, by its words. */
const REASONS: readonly (readonly [words: RegExp, explain: Explain])[] = [
  [/^padID does not exist$/, (parameters) => explainUnknown(parameters)],
  [/^padID did not match requirements$/, (parameters) => explainForm(parameters[nameOf(parameters)])],
  [/ is not a valid padId$/, (_parameters, _world, message) => explainForm(message.slice(0, -' is not a valid padId'.length))],
  [/^padID does already exist$/, ({ padID }) => `there is a pad ${shortened(padID)}`],
  [/^padName does already exist$/, ({ padName }) => `the group has a pad ${shortened(padName)}`],
  [/^createPad can't create group pads$/, () => 'padID has a $: createGroupPad makes the pads of groups'],
  [/^malformed padID/, () => 'padID has one of / ? & #'],
  [/^text must be less than 100k chars$/, ({ text }) => `text has ${String(text).length} characters: setText takes more`],
  [/^rev is (higher|not|a float)/, (parameters, world, message) => explainRevision(message, parameters, world)],
  [/^(start|end) is /, (parameters, world, message) => explainChatRange(message, parameters, world)],
  [/^destinationID already exists$/, ({ destinationID }) => `there is a pad ${shortened(destinationID)}: force=true replaces it`],
  [
    /^groupID does not exist for destinationID$/,
    ({ destinationID }) => `no group has the id ${shortened(groupIdOf(String(destinationID)))}`,
  ],
  [/^You can only get\/set the publicStatus/, ({ padID }) => `${shortened(padID)} is the id of a pad of no group: it has no $`],
  [/^invalid deletionToken$/, (parameters, world) => explainToken(parameters, world)],
];

/** Says more about a refusal that concerns pads; undefined for any other. */
export function explainPadRefusal(message: string, parameters: Parameters, world: World): string | undefined {
  return REASONS.find(([words]) => words.test(message))?.[1](parameters, world, message);
}

/** What a refusal calls `padID` may have been sent by another name. */
export const padParameter = (parameters: Parameters): string => nameOf(parameters);
