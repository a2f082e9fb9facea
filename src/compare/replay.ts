import { randomBytes } from 'node:crypto';
import { type Emulation, findEmulation } from '../etherpad/emulation.ts';
import { seconds } from '../etherpad/clock.ts';
import { type ApiCall, apiCallOf, sentValues } from './api-call.ts';
import { nameBehaviours } from './behaviours.ts';
import { CannotCompare } from './cannot-compare.ts';
import { type Exchange, type GivenAnswer, headerOf, type NoAnswer, type SentRequest } from './exchange.ts';
import { findParts } from './find-parts.ts';
import { Findings } from './findings.ts';
import { Keys } from './keys.ts';
import { type CreateMock, MockBeside } from './mock-beside.ts';
import { Placeholders, readRecording, type Step } from './recording.ts';
import { makeReport, type Report } from './report.ts';

/** Where the lines of a report send their requests: to a mock as it is started without options. */
const USUAL_MOCK = 'http://127.0.0.1:9001';

function requestOf({ method, path, headers = {}, body, bodyBase64, chunked }: Step['send'], placeholders: Placeholders): SentRequest {
  const rawHeaders = ['Host', new URL(USUAL_MOCK).host];
  for (const [name, values] of Object.entries(headers))
    for (const value of [values].flat()) rawHeaders.push(name, placeholders.fill(value));
  const bytes = bodyBase64 === undefined ? Buffer.from(placeholders.fill(body ?? '')) : Buffer.from(bodyBase64, 'base64');
  const hasBody = body !== undefined || bodyBase64 !== undefined;
  const hasLength = headerOf(rawHeaders, 'content-length') !== undefined;
  if (chunked === true) rawHeaders.push('Transfer-Encoding', 'chunked');
  else if (hasBody && !hasLength) rawHeaders.push('Content-Length', String(bytes.length));
  return { method, target: placeholders.fill(path), rawHeaders, body: bytes };
}

/** The recorded answer as it should be now. */
function realOf(expect: Step['expect'], mock: GivenAnswer | NoAnswer, placeholders: Placeholders): GivenAnswer | NoAnswer {
  if (expect.noAnswer === true) return { kind: 'silence', milliseconds: 1_000, reason: 'it never answered' };
  if (expect.connection !== undefined) return { kind: 'lost', milliseconds: 0, reason: expect.connection };
  const mocks = mock.kind === 'answer' ? mock : undefined;
  // a recording has no ETags
  const etag = mocks === undefined ? undefined : headerOf(mocks.rawHeaders, 'etag');
  const headers = {
    'content-type': expect.type,
    'access-control-allow-origin': expect.cors,
    'content-disposition': expect.disposition ?? (mocks && headerOf(mocks.rawHeaders, 'content-disposition')),
    location: expect.location ?? (mocks && headerOf(mocks.rawHeaders, 'location')),
    allow: mocks && headerOf(mocks.rawHeaders, 'allow'),
    etag,
  };
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, placeholders.fill(value)]));
  const text = mocks?.body.toString('utf8') ?? '';
  const body = expect.body === undefined ? text : placeholders.body(expect.body, text);
  return { kind: 'answer', status: expect.status ?? 0, rawHeaders, body: Buffer.from(body) };
}

/** A call for what the mock compares by itself only; others are told by method and path. */
const callOf = (request: SentRequest): ApiCall => {
  const [path = '/', query = ''] = request.target.split('?', 2);
  return apiCallOf(request, '') ?? { name: `${request.method} ${path}`, isFunction: false, mount: 'root', path, query };
};

/**
 * Sends a recording to the mock and finds what it answers otherwise than the real server did: no server is needed.
 *
 * @param as the Etherpad that the mock is; the recorded one by default
 * @throws CannotCompare for a file that is no recording
 */
export async function replayRecording(file: string, as: Emulation | undefined, createMock: CreateMock): Promise<Report> {
  const recording = readRecording(file);
  const emulation = as ?? findEmulation(recording.etherpad ?? '');
  if (emulation === undefined)
    throw new CannotCompare(`${file} does not say which Etherpad answered. Pass --as with the one that the mock should be.`);
  const apiKey = `key-${randomBytes(16).toString('hex')}`;
  const run = randomBytes(4)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
  const keys = new Keys(apiKey);
  const mock = await MockBeside.start({ emulation, basePath: '', isKey: keys.isKey, createMock });
  const { clock } = mock.sandbox;
  const findings = new Findings();
  for (const { steps } of recording.sequences) {
    // the clock stands still, so that now is still now when it arrives
    clock.set({ frozen: true });
    const placeholders = new Placeholders(apiKey, seconds(clock), run);
    for (const { waitMs = 0, send, expect, binds = [] } of steps) {
      if (waitMs > 0) clock.set({ milliseconds: clock.milliseconds() + waitMs });
      const request = requestOf(send, placeholders);
      const call = callOf(request);
      const values = sentValues(request, call);
      const answer = await mock.answer(request);
      placeholders.forget(binds);
      const real = realOf(expect, answer, placeholders);
      const exchange: Exchange = { request, real, overlaps: false };
      keys.observe(exchange, values, false);
      const parts = nameBehaviours({ call, request, values, second: seconds(clock) }, findParts(call, real, answer), {
        real,
        mock: answer,
      });
      if (real.kind === 'lost') findings.add(exchange, call, { kind: 'unanswered' });
      else findings.add(exchange, call, { kind: 'compared', mock: answer, parts });
    }
  }
  await mock.close();
  const about = { url: file, origin: USUAL_MOCK, as: emulation, asGiven: true, others: 0, lost: null, underWay: 0 };
  return makeReport(about, findings, keys);
}
