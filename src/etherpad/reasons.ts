import { seconds } from './clock.ts';
import { API_VERSIONS, type ApiVersion, type EtherpadFunction, hasFunction, type Parameters, parametersOf } from './etherpad-function.ts';
import { FUNCTIONS } from './functions.ts';
import { explainPadRefusal, padParameter } from './pads/reasons.ts';
import { explainMissing, looksLike, shortened } from './parameter-words.ts';
import type { World } from './world.ts';

/** The first two characters of an id tell what it is the id of. */
const KINDS: Readonly<Record<string, string>> = { 'g.': 'groupID', 'a.': 'authorID', 's.': 'sessionID' };

/** Parameters that name pads, whose ids may look like any other. */
const PADS = new Set(['padID', 'sourceID', 'roID']);

/** Why nothing has the id that a parameter gives. */
function explainId(name: string, parameters: Parameters, { state, clock }: World): string {
  const id = parameters[name];
  if (id === undefined) return explainMissing(name, parameters);
  if (id === '') return `${name} is empty`;
  if (Array.isArray(id) && id.length > 1) return `${name} was sent ${id.length} times`;
  if (typeof id !== 'string') return `${name} is not text: ${shortened(JSON.stringify(id))}`;
  if (id !== id.trim() && !PADS.has(name)) return `${name} has white space around it, which Etherpad does not remove`;
  const kind = KINDS[id.slice(0, 2)];
  if (kind !== undefined && kind !== name && !PADS.has(name)) return `that is ${kind.startsWith('a') ? 'an' : 'a'} ${kind}`;
  if (name === 'sessionID') {
    const { validUntil } = state.findSession(id) ?? state.findExpiredLately(id) ?? {};
    const now = seconds(clock);
    if (validUntil !== undefined && validUntil <= now) return `session ${id} expired ${now - validUntil} s ago`;
  }
  const wasDeleted = name === 'authorID' ? '' : ', or was deleted';
  return `${name} ${shortened(id)} was never created${wasDeleted}`;
}

const asDate = (second: number): string => (Math.abs(second) <= 8.64e12 ? new Date(second * 1000).toISOString() : `second ${second}`);

function explainValidUntil(message: string, parameters: Parameters, { clock }: World): string | undefined {
  const { validUntil } = parameters;
  if (validUntil === undefined) return explainMissing('validUntil', parameters);
  if (validUntil === '') return 'validUntil is empty';
  if (message === 'validUntil is in the past') {
    const until = typeof validUntil === 'number' ? validUntil : Number.parseInt(String(validUntil));
    const read = String(until) === String(validUntil) ? '' : `${shortened(validUntil)} is read as ${until}, `;
    return `${read}${asDate(until)}; the clock shows ${asDate(seconds(clock))}`;
  }
  return `validUntil is ${shortened(typeof validUntil === 'string' ? validUntil : JSON.stringify(validUntil))}; it must be unix time in whole seconds`;
}

/**
 * Says more about a refusal than Etherpad does; the answer itself stays Etherpad's.
 *
 * @param message Etherpad's own
 * @example explainRefusal('groupID does not exist', { groupId: 'g.x' }, world) // 'groupId is not read: did you mean groupID?'
 */
export function explainRefusal(message: string, parameters: Parameters, world: World): string | undefined {
  const ofPad = explainPadRefusal(message, parameters, world);
  if (ofPad !== undefined) return ofPad;
  const [subject = ''] = message.split(' ', 1);
  const name = subject === 'padID' ? padParameter(parameters) : subject;
  if (name === 'validUntil') return explainValidUntil(message, parameters, world);
  if (message.endsWith(' does not exist')) return explainId(name, parameters, world);
  if (message.endsWith(' is not a string'))
    return parameters[name] === undefined ? explainMissing(name, parameters) : `${name} is ${shortened(JSON.stringify(parameters[name]))}`;
  if (message === 'too many sessions')
    return `there are ${world.state.sessionCount} sessions: delete some, or start with a larger --max-sessions`;
  return undefined;
}

/** Which function a name that there is none of may have meant. */
export function explainNoSuchFunction(name: string, version: ApiVersion): string {
  const wanted = name.split('/').at(-1) ?? '';
  const row = FUNCTIONS.find((candidate) => looksLike(candidate.name, wanted) || (name.includes('/') && looksLike(candidate.rest, name)));
  if (row === undefined) return `Etherpad's HTTP API has no function called ${shortened(name) || 'nothing'}`;
  if (!hasFunction(version, row)) return `${row.name} came with API version ${row.since}, and this is ${version}`;
  return `did you mean ${row.name}, by GET or POST? (below /rest it is ${row.rest})`;
}

export const explainNoSuchVersion = (newest: ApiVersion): string =>
  `the API versions are ${API_VERSIONS.slice(0, API_VERSIONS.indexOf(newest) + 1).join(', ')}, and 2 with other paths`;

/** What a function refuses first when it refuses its parameters: the message of a fault that names none. */
export function usualRefusal(row: EtherpadFunction, version: ApiVersion): string {
  const [first] = parametersOf(version, row);
  if (first === undefined) return 'wrong parameters';
  return first.endsWith('ID') ? `${first} does not exist` : `${first} is not a string`;
}
