import { info, refused } from '../expectation.ts';
import { get, json, KEY, post } from '../request.ts';
import type { Scenario, Steps, Subject } from '../scenario.ts';

type Text = string | ((steps: Steps) => string);

const textOf = (text: Text, steps: Steps): string => (typeof text === 'string' ? text : text(steps));

const refuses = (title: string, message: string, texts: readonly (Text | undefined)[]): Scenario => ({
  title,
  run: async (steps) => {
    const [groupID, authorID] = [await steps.group(), await steps.anyAuthor()];
    for (const text of texts) {
      const validUntil = text === undefined ? undefined : textOf(text, steps);
      // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
      await steps.expects(get('createSession', { groupID, authorID, validUntil }), refused(message));
    }
  },
});

const stores = (title: string, pairsFor: (now: number) => readonly (readonly [text: string, validUntil: number])[]): Scenario => ({
  title,
  run: async (steps) => {
    const [groupID, authorID] = [await steps.group(), await steps.anyAuthor()];
    for (const [text, validUntil] of pairsFor(steps.now())) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
      const sessionID = await steps.gives(get('createSession', { groupID, authorID, validUntil: text }), 'sessionID');
      // oxlint-disable-next-line no-await-in-loop
      await steps.expects(get('getSessionInfo', { sessionID }), info({ sessionID, groupID, authorID, validUntil }));
    }
  },
});

/** JSON as text: some of these numbers are none to JSON.stringify. */
const withValidUntil = (groupID: string, authorID: string, validUntil: string) => {
  const body = json({ apikey: KEY, groupID, authorID });
  return { ...body, text: body.text.replace(/\}$/, `,"validUntil":${validUntil}}`) };
};

const refusesJson = (title: string, message: string, values: readonly string[]): Scenario => ({
  title,
  when: ({ jsonBody }) => jsonBody !== 'server, then nobody answers',
  run: async (steps) => {
    const [groupID, authorID] = [await steps.group(), await steps.anyAuthor()];
    for (const value of values) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: the server is somebody's
      await steps.expects(post('createSession', withValidUntil(groupID, authorID, value)), refused(message));
    }
  },
});

const A_DAY = 86_400;

export const validUntil: Subject = {
  name: 'validUntil',
  scenarios: [
    refuses('validUntil is not a number: missing, empty, words, digits of another script', 'validUntil is not a number', [
      undefined,
      '',
      'abc',
      'abc99999999999',
      'NaN',
      'Infinity',
      '-Infinity',
      'null',
      'undefined',
      'true',
      '９９９９９９９９９９９',
      '[99999999999]',
    ]),
    refuses('validUntil is a negative number', 'validUntil is a negative number', ['-1', '-99999999999']),
    refuses('validUntil is in the past: zero, small numbers, an exponent, a fraction, a date, a minute ago', 'validUntil is in the past', [
      '0',
      '-0',
      '12abc',
      '1.5',
      '1.0',
      '1e3',
      '1e12',
      '0x10',
      '2099-01-01',
      '99_999_999_999',
      '99,999,999,999',
      (steps) => String(steps.now() - 60),
    ]),
    refuses('validUntil is a float value: a number too large to be written without an exponent', 'validUntil is a float value', [
      `1${'0'.repeat(24)}`,
    ]),
    stores('what follows the digits of validUntil does not count, nor do white space, a plus sign and zeros before them', () => [
      ['99999999999', 99_999_999_999],
      [' 99999999999 ', 99_999_999_999],
      ['\t99999999999', 99_999_999_999],
      ['+99999999999', 99_999_999_999],
      ['0099999999999', 99_999_999_999],
      ['99999999999abc', 99_999_999_999],
      ['99999999999.5', 99_999_999_999],
    ]),
    stores('validUntil may be hexadecimal', () => [['0xFFFFFFFFFF', 1_099_511_627_775]]),
    stores('validUntil is stored as a floating-point number has it', () => [
      ['9007199254740991', 9_007_199_254_740_991],
      ['9007199254740993', 9_007_199_254_740_992],
      ['99999999999999999999', 100_000_000_000_000_000_000],
    ]),
    stores('validUntil a minute ahead is accepted', (now) => [[String(now + 60), now + 60]]),
    stores('validUntil in milliseconds is accepted, and is a time far ahead', () => [['1999999999000', 1_999_999_999_000]]),
    {
      title: 'validUntil as a JSON number is used as it is',
      when: ({ jsonBody }) => jsonBody !== 'server, then nobody answers',
      run: async (steps) => {
        const [groupID, authorID, soon] = [await steps.group(), await steps.anyAuthor(), steps.now() + A_DAY];
        const first = await steps.gives(post('createSession', withValidUntil(groupID, authorID, String(soon))), 'sessionID');
        await steps.expects(get('getSessionInfo', { sessionID: first }), info({ sessionID: first, groupID, authorID, validUntil: soon }));
        const second = await steps.gives(post('createSession', withValidUntil(groupID, authorID, '1e12')), 'sessionID');
        await steps.expects(get('getSessionInfo', { sessionID: second }), info({ sessionID: second, groupID, authorID, validUntil: 1e12 }));
      },
    },
    {
      title: 'validUntil as a JSON string is read like any text, and an array by its first element',
      when: ({ jsonBody }) => jsonBody !== 'server, then nobody answers',
      run: async (steps) => {
        const [groupID, authorID] = [await steps.group(), await steps.anyAuthor()];
        const session = { groupID, authorID, validUntil: 99_999_999_999 };
        const first = await steps.gives(post('createSession', withValidUntil(groupID, authorID, '" 99999999999abc"')), 'sessionID');
        await steps.expects(get('getSessionInfo', { sessionID: first }), info({ sessionID: first, ...session }));
        const second = await steps.gives(post('createSession', withValidUntil(groupID, authorID, '["99999999999"]')), 'sessionID');
        await steps.expects(get('getSessionInfo', { sessionID: second }), info({ sessionID: second, ...session }));
        await steps.expects(post('createSession', withValidUntil(groupID, authorID, '"1e12"')), refused('validUntil is in the past'));
      },
    },
    refusesJson('validUntil as a JSON value that is no number is refused', 'validUntil is not a number', [
      'null',
      'true',
      'false',
      '[]',
      '{}',
    ]),
    refusesJson('validUntil as a JSON number with a fraction, or too large, is a float value', 'validUntil is a float value', [
      '1.5',
      '99999999999.5',
      '1e21',
      '1e400',
    ]),
    refusesJson('validUntil as a negative JSON number is a negative number, whatever its fraction', 'validUntil is a negative number', [
      '-1',
      '-1.5',
    ]),
  ],
};
