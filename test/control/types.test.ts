import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockEtherpad, type MockEtherpadOptions, startMockEtherpad } from '../../src/index.ts';

// what TypeScript refuses here is refused at run time too, for those who write JavaScript

let etherpad: MockEtherpad;
beforeAll(async () => {
  etherpad = await startMockEtherpad();
});
afterAll(() => etherpad.close());

test('a function that does not exist cannot be expected', async () => {
  // @ts-expect-error -- misspelled
  await expect(etherpad.requests.verify({ function: 'deletSession', times: 0 })).rejects.toThrow(
    '/function there is no function "deletSession": did you mean deleteSession?',
  );
  // @ts-expect-error -- nothing like it
  await expect(etherpad.requests.waitFor({ function: 'explode' })).rejects.toThrow('/function there is no function "explode"');
  await etherpad.requests.verify({ function: 'deleteSession', times: 0 });
  await etherpad.requests.verify({ function: 'page', times: 0 });
  await etherpad.requests.verify({ function: 'export', times: 0 });
});

test('a fault has what its kind needs, and nothing else', async () => {
  // @ts-expect-error -- no code
  await expect(etherpad.faults.add({ kind: 'code' })).rejects.toThrow('/code is missing: a fault of kind code needs it');
  // @ts-expect-error -- no milliseconds
  await expect(etherpad.faults.add({ kind: 'latency' })).rejects.toThrow('/milliseconds is missing');
  // @ts-expect-error -- a status is for html
  await expect(etherpad.faults.add({ kind: 'drop', status: 500 })).rejects.toThrow('/status is not for a fault of kind drop');
  // @ts-expect-error -- misspelled
  await expect(etherpad.faults.add({ kind: 'drop', function: 'createSesion' })).rejects.toThrow('did you mean createSession?');
  expect(await etherpad.faults.list()).toEqual([]);
});

test('an emulation that there is none of is refused', async () => {
  // @ts-expect-error -- there is none
  await expect(startMockEtherpad({ emulate: '4.0.0' })).rejects.toThrow('unknown emulation "4.0.0": use one of documented');
  // @ts-expect-error -- there is none
  await expect(etherpad.emulate('4.0.0')).rejects.toThrow('/emulate is not an emulation: "4.0.0"');
  await etherpad.emulate('2.5');
  await etherpad.emulate('documented');
});

test('an option that there is none of is refused', async () => {
  // @ts-expect-error -- misspelled
  await expect(startMockEtherpad({ apikey: 'test' })).rejects.toThrow('there is no option "apikey": did you mean apiKey?');
  // @ts-expect-error -- nothing like it
  await expect(startMockEtherpad({ verbosity: 3 })).rejects.toThrow('there is no option "verbosity": there is port, host, ');
});

test.each([
  ['an object', { port: {} }, 'port'],
  ['a list', { host: ['127.0.0.1'] }, 'host'],
])('%s is no value of an option', async (_what, options, name) => {
  await expect(startMockEtherpad(options as unknown as MockEtherpadOptions)).rejects.toThrow(`the option ${name} cannot be an object`);
});
