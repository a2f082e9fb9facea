import { curlLine, KEY_MARK } from '../evidence/curl-line.ts';
import { kindOf, showValue } from '../evidence/json-difference.ts';
import { visible } from '../evidence/visible.ts';
import type { Emulation } from '../etherpad/emulation.ts';
import { type GivenAnswer, headerOf, type NoAnswer, pairsOf } from './exchange.ts';
import type { Finding, Findings } from './findings.ts';
import type { Keys } from './keys.ts';

/** All that a report tells. */
export interface Report {
  /** The real server, or the recording of one, and the Etherpad that the mock was. */
  readonly url: string;
  readonly as: Emulation;
  /** Whether the user said so; else it is the one with the fewest differences. */
  readonly asGiven: boolean;
  readonly calls: {
    readonly compared: number;
    readonly same: number;
    readonly differ: number;
    readonly unanswered: number;
    readonly abandoned: number;
    readonly ofBefore: number;
    readonly tooLarge: number;
    /** The mock itself failed at them. */
    readonly failed: number;
    /** Had no answer yet when the report was made. */
    readonly underWay: number;
  };
  /** Requests for pages, files and sockets: passed on and not compared. */
  readonly others: number;
  readonly differences: readonly ReportedDifference[];
  /** How many differences were met beyond those that are listed. */
  readonly notListed: number;
  /** The first error of the mock itself; null as it should be. */
  readonly failure: string | null;
  /** Why the real server could not be reached at last; null while it answers. */
  readonly lost: string | null;
}

export interface ReportedDifference {
  readonly behaviour: string | null;
  /** In a few words: `data: map there, array in the mock`. */
  readonly what: string;
  readonly count: number;
  readonly overlapping: number;
  readonly functions: Readonly<Record<string, number>>;
  /** The first call that showed it. */
  readonly curl: string;
  readonly real: ReportedAnswer;
  readonly mock: ReportedAnswer;
  readonly parts: readonly { readonly where: string; readonly real: string; readonly mock: string }[];
}

export type ReportedAnswer =
  | { readonly status: number; readonly type: string | null; readonly body: string }
  | { readonly noAnswer: string };

/** How much of a body a report holds. */
const LONGEST_BODY = 2_000;

const shortened = (text: string): string =>
  text.length <= LONGEST_BODY ? text : `${text.slice(0, LONGEST_BODY)}… (${text.length} characters)`;

const isKnownPlace = (where: string): boolean => /^(status|code|message|answer|header )/.test(where);

/** The first part that tells most, in words. */
function inWords({ first: { parts } }: Finding): string {
  const { where, real, mock } = parts.find((part) => !isKnownPlace(part.where)) ?? parts[0]!;
  const place = where.replaceAll(/\[\d+\]|\["[^"]*"\]/g, '[…]');
  const values = isKnownPlace(where) || kindOf(real) === kindOf(mock) ? [showValue(real), showValue(mock)] : [kindOf(real), kindOf(mock)];
  return `${place}: ${values[0]} there, ${values[1]} in the mock`;
}

function reportDifference(finding: Finding, origin: string, keys: Keys): ReportedDifference {
  const { behaviour, count, overlapping, functions, first } = finding;
  const { request, real } = first.exchange;
  const show = (text: string): string => keys.hide(text).replaceAll(KEY_MARK, '…');
  const answer = (given: GivenAnswer | NoAnswer): ReportedAnswer =>
    given.kind === 'answer'
      ? {
          status: given.status,
          type: headerOf(given.rawHeaders, 'content-type') ?? null,
          body: shortened(show(given.body.toString('utf8'))),
        }
      : { noAnswer: given.reason };
  const target = request.target.startsWith('/') ? `${origin}${request.target}` : request.target;
  return {
    behaviour: behaviour ?? null,
    what: show(inWords(finding)),
    count,
    overlapping,
    functions: Object.fromEntries([...functions].map(([name, times]) => [show(name), times])),
    curl: curlLine({
      method: request.method,
      url: keys.hide(target),
      headers: pairsOf(request.rawHeaders).map(([name, value]) => [name, keys.hideHeader(name, value)] as const),
      body: request.body.length === 0 ? undefined : hideBody(request.body, keys),
    }),
    real: answer(real),
    mock: answer(first.mock),
    parts: first.parts.map(({ where, real: given, mock }) => ({
      where: show(where),
      real: show(showValue(given)),
      mock: show(showValue(mock)),
    })),
  };
}

/** A body that is no text is left as it is: no client writes a key into one. */
function hideBody(body: Buffer, keys: Keys): Buffer {
  const text = body.toString('utf8');
  return Buffer.from(text).equals(body) ? Buffer.from(keys.hide(text)) : body;
}

/**
 * Puts together what was found.
 *
 * @param about.origin where the lines of differences send their requests
 */
export function makeReport(
  about: Pick<Report, 'url' | 'as' | 'asGiven' | 'others' | 'lost'> & { readonly underWay: number; readonly origin: string },
  findings: Findings,
  keys: Keys,
): Report {
  const { same, differ, unanswered, abandoned, 'of before': ofBefore, 'too large': tooLarge, failed } = findings.counts;
  const { underWay, origin, ...rest } = about;
  return {
    ...rest,
    calls: { compared: same + differ, same, differ, unanswered, abandoned, ofBefore, tooLarge, failed, underWay },
    differences: findings.list().map((finding) => reportDifference(finding, origin, keys)),
    notListed: findings.left,
    failure: findings.failure ?? null,
  };
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

const answerLine = (answer: ReportedAnswer): string =>
  'noAnswer' in answer ? `no answer: ${answer.noAnswer}` : `${answer.status} ${answer.type ?? 'without a type'} ${visible(answer.body)}`;

const functionsLine = ({ count, functions, overlapping }: ReportedDifference): string => {
  const names = Object.entries(functions).map(([name, times]) => (times === count ? name : `${name} ${times}`));
  const overlap = overlapping === 0 ? '' : `; ${overlapping} of them while other calls were in progress, so their order is uncertain`;
  return `met ${counted(count, 'time')}: ${names.join(', ')}${overlap}`;
};

/** A report for people. */
export function reportText(report: Report): string {
  const { calls, differences, others, lost } = report;
  const chosen = report.asGiven ? '' : ', which it is most like';
  const lines = [
    `${counted(calls.compared, 'call')} of ${report.url} compared with Etherpad ${report.as}${chosen}: ${calls.same.toLocaleString('en-GB')} the same, ${calls.differ.toLocaleString('en-GB')} ${calls.differ === 1 ? 'differs' : 'differ'}${differences.length === 0 ? '' : `, in ${counted(differences.length, 'way')}`}.`,
  ];
  const aside = [
    [calls.unanswered, counted(calls.unanswered, 'call'), 'without an answer'],
    [calls.abandoned, counted(calls.abandoned, 'call'), 'aborted by the client'],
    [calls.underWay, counted(calls.underWay, 'call'), 'still in progress'],
    [calls.ofBefore, counted(calls.ofBefore, 'call'), 'about pads and sessions that existed before'],
    [calls.tooLarge, counted(calls.tooLarge, 'call'), 'with a body that is too large'],
    [calls.failed, counted(calls.failed, 'call'), 'where the mock itself failed'],
    [others, counted(others, 'request'), 'for pages, files and sockets'],
  ].filter(([count]) => count !== 0);
  if (aside.length > 0) lines.push(`Not compared: ${aside.map(([, count, what]) => `${count} ${what}`).join(', ')}.`);
  if (report.failure !== null) lines.push(`Internal error of the mock: ${report.failure}`);
  if (lost !== null) lines.push(`The real server cannot be reached: ${lost}.`);
  if (calls.compared === 0) lines.push('The proxy got no calls. Point your tests at it, with the path of the real server.');
  for (const [index, difference] of differences.entries()) {
    lines.push(
      '',
      `${index + 1}. ${difference.behaviour === null ? '' : `${difference.behaviour}, `}${difference.what}`,
      `   ${functionsLine(difference)}`,
      `   ${visible(difference.curl)}`,
      `     real     ${answerLine(difference.real)}`,
      `     mock     ${answerLine(difference.mock)}`,
      ...difference.parts.map(
        ({ where, real, mock }, at) =>
          `     ${at === 0 ? 'differs' : '       '}  ${visible(`${where}: ${real} there, ${mock} in the mock`)}`,
      ),
    );
  }
  if (report.notListed > 0) lines.push('', `${counted(report.notListed, 'further difference')} met, but not listed.`);
  return `${lines.join('\n')}\n`;
}
