import { behaviourOf, type Emulation } from '../../src/etherpad/emulation.ts';
import type { NastyRequest } from './nasty-requests.ts';
import type { NoReply, RawReply } from './raw-connection.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Words of the HTTP framework, of Node and of stack traces. */
const FOREIGN_WORDS =
  /FST_ERR|ERR_[A-Z]+_|"statusCode"|"error":"(?!Sorry, something bad happened!")|node:internal|fastify|\n\s+at |\.[cm]?js:\d+/i;

const DOCUMENTED_MISTAKES: Readonly<Record<number, string>> = {
  400: 'the request is not valid HTTP',
  408: 'the request took too long to arrive',
  417: 'no such expectation can be met',
  431: 'the request line and headers are too large',
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** What is wrong with a control answer; undefined when nothing is. */
function controlViolation({ status, headers }: RawReply, body: string, isHead: boolean): string | undefined {
  const type = headers['content-type'];
  if (isHead) return body === '' && status < 500 ? undefined : 'a body for HEAD, or an error';
  if (status >= 400) {
    const problem = parse(body);
    if (type !== PROBLEM_TYPE) return `a refusal of type ${type}`;
    if (!isObject(problem) || problem['status'] !== status || typeof problem['title'] !== 'string')
      return 'a problem without status and title';
    if (Object.keys(problem).some((key) => !['title', 'status', 'problems'].includes(key))) return 'a problem with other members';
    return status >= 500 && status !== 503 ? 'an error of the mock itself' : undefined;
  }
  if (status === 304 || (type ?? '').startsWith('text/')) return undefined;
  if (type === 'image/svg+xml') return undefined;
  if (type !== JSON_TYPE) return `an answer of type ${type}`;
  return parse(body) === undefined ? 'no JSON' : undefined;
}

/** What is wrong with an envelope; undefined when nothing is. */
function envelopeViolation(status: number, body: string, emulation: Emulation): string | undefined {
  const value = parse(body);
  if (!isObject(value)) return 'no JSON object';
  if (JSON.stringify(value) !== body) return 'JSON that is not compact';
  const { explainsBadBodies: isDocumented, wrongParametersStatus, currentVersion, api2, jsonBody } = behaviourOf(emulation);
  if (body === `{"currentVersion":"${currentVersion}"}` || typeof value['openapi'] === 'string')
    return status === 200 ? undefined : 'a good answer with a bad status';
  if (body === '{"code":1,"message":"not found"}') return status === 200 && api2 === 'not found' ? undefined : 'not found below /api/2';
  if (body === '{"error":"Sorry, something bad happened!"}')
    return status === 500 && jsonBody !== 'function' ? undefined : 'an error that this Etherpad does not have';
  if (Object.keys(value).join() !== 'code,message,data') return `an envelope with the keys ${Object.keys(value).join()}`;
  const { code, message, data } = value;
  if (typeof message !== 'string' || message === '') return 'a message that is no text';
  switch (code) {
    case 0:
      return status === 200 && message === 'ok' ? undefined : 'code 0 with another status or message';
    case 1:
      if (data !== null) return 'code 1 with data';
      if (isDocumented && (status === 413 || message === DOCUMENTED_MISTAKES[status])) return undefined;
      return status === wrongParametersStatus ? undefined : `code 1 with HTTP ${status}`;
    case 2:
      if (data !== null) return 'code 2 with data';
      if (status === 413) return message.startsWith('the body is larger than ') ? undefined : 'another 413';
      return status === 500 || (status === 503 && message === 'too many sandboxes') ? undefined : `code 2 with HTTP ${status}`;
    case 3:
      return status === 404 && data === null && /^no such (function|api version)$/.test(message) ? undefined : 'another code 3';
    case 4:
      return status === 401 && data === null && message === 'no or wrong API Key' ? undefined : 'another code 4';
    default:
      return `code ${String(code)}`;
  }
}

function callViolation({ method }: NastyRequest, { status, headers }: RawReply, body: string, emulation: Emulation): string | undefined {
  const { explainsBadBodies: isDocumented, etag } = behaviourOf(emulation);
  const type = headers['content-type'];
  if (status === 304) return etag && body === '' && (method === 'GET' || method === 'HEAD') ? undefined : 'another 304';
  // before there is a request that Etherpad could answer, real servers say nothing
  if (!isDocumented && status in DOCUMENTED_MISTAKES)
    return body === '' && type === undefined ? undefined : 'words where real servers have none';
  if (method === 'HEAD') return body === '' ? undefined : 'a body for HEAD';
  if (type === JSON_TYPE) return envelopeViolation(status, body, emulation);
  if (type === 'text/html; charset=utf-8') {
    if (status === 200) return method === 'OPTIONS' && body === headers['allow'] ? undefined : 'a page with HTTP 200';
    return status === 404 && !isDocumented && body.includes(`<pre>Cannot ${method} `) && !/<(script|img)/i.test(body)
      ? undefined
      : 'another page';
  }
  if (status === 200 && type === 'text/plain; charset=utf-8') return body.startsWith('mock-etherpad, ') ? undefined : 'another text';
  if (status === 200 && type === 'text/plain') return body === headers['allow'] ? undefined : 'another text';
  return `HTTP ${status} of type ${type}`;
}

/** Paths of pads: their pages, exports and the ways to them. */
const PAD = /^(?:[a-z][a-z\d+.-]*:\/\/[^/]*)?(?:\/sandbox\/[^/]*)?\/p\//i;

/** The pages that there are below `/p`, by their HTTP status: that of the pad, or a word about it. */
const PAD_PAGES: Readonly<Record<number, RegExp>> = {
  200: /^<!DOCTYPE html>[^]*<main [^]*data-access="/i,
  302: /redirected to|^Found\. Redirecting to /,
  403: /^403 - Can't touch this/,
  404: /Such a padname is forbidden|<pre>Cannot /,
};

/** What is wrong with what a path of pads answers with; undefined when nothing is. */
function padViolation({ status, headers }: RawReply, body: string): string | undefined {
  if (headers['x-content-type-options'] === undefined && status === 200 && headers['content-type']?.startsWith('text/html') === true)
    return 'a page whose type may be guessed';
  if (/<(img|iframe)/i.test(body)) return 'an element that a client made';
  return PAD_PAGES[status]?.test(body) === true ? undefined : `another answer of a pad, HTTP ${status}`;
}

/** Whether Etherpad 2.5.3 never answers a request: its JSON posts to a function. */
export function isNeverAnswered({ method, headers, target }: NastyRequest, emulation: Emulation): boolean {
  if (behaviourOf(emulation).jsonBody !== 'server, then nobody answers' || method !== 'POST') return false;
  return headers.some(([name, value]) => name === 'Content-Type' && /^\s*application\/json\b/i.test(value)) && /(api|rest)\//i.test(target);
}

/** What is wrong with the answer to a request; undefined when nothing is. */
export function findViolation(request: NastyRequest, reply: RawReply | NoReply, emulation: Emulation): string | undefined {
  if (reply === 'silent') return isNeverAnswered(request, emulation) ? undefined : 'no answer';
  // nobody tunnels through a mock
  if (reply === 'closed') return request.malformed ? undefined : 'the connection was closed without an answer';
  const body = reply.body.toString('utf8');
  if (FOREIGN_WORDS.test(body)) return `foreign words: ${FOREIGN_WORDS.exec(body)![0]}`;
  if (Object.hasOwn(reply.headers, 'x-injected')) return 'a header that a client made';
  for (const [name, value] of Object.entries(reply.headers)) {
    if (/[^\t\x20-\x7e]/.test(value)) return `the header ${name} is not ASCII`;
  }
  // a path that is no HTTP is not read as far as to know that it is one of control
  const isMistake = reply.status === 400 && reply.headers['connection'] === 'close';
  const isControl = reply.headers['content-type'] === PROBLEM_TYPE || (request.control && !isMistake);
  const isPad = PAD.test(request.target) && /^text\/(html|plain)/.test(reply.headers['content-type'] ?? '') && reply.status in PAD_PAGES;
  if (isPad && !isMistake && request.method !== 'HEAD' && request.method !== 'OPTIONS') return padViolation(reply, body);
  if (isControl && (request.control || request.malformed)) return controlViolation(reply, body, request.method === 'HEAD');
  return callViolation(request, reply, body, emulation);
}
