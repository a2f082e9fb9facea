/** Where a link stands in a text: its first character, and the one behind its last. */
export interface Link {
  readonly start: number;
  readonly end: number;
}

/** Letters and digits of many scripts, as the old Java specification counted them. */
const WORD =
  '0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u3040-\u9fff\uf900-\ufdff\ufe70-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc';

/** What an address may hold, and what of it does not belong to the address where it is last. */
const IN_ADDRESS = `[-:@_.,~%+/?=&#!;()\\[\\]$'*${WORD}]`;
const PUNCTUATION = "[:.,;?!)\\]'*]";

const BEFORE_SLASHES = ['(?:x-)?man', 'afp', 'file', 'ftps?', 'gopher', 'https?', 'nfs', 'sftp', 'smb', 'txmt'];
const BEFORE_COLON = ['about', 'geo', 'mailto', 'tel'];

const LINK = new RegExp(
  `(?:(?:${BEFORE_SLASHES.join('|')})://|(?:${BEFORE_COLON.join('|')}):|www\\.)${IN_ADDRESS}*(?!${PUNCTUATION})${IN_ADDRESS}`,
  'g',
);

/**
 * The links that Etherpad sees in a line of text (all versions).
 *
 * @example findLinks('see www.example.org.') // [{ start: 4, end: 19 }]
 */
export function findLinks(text: string): Link[] {
  if (!text.includes(':') && !text.includes('www.')) return [];
  return Array.from(text.matchAll(LINK), ({ 0: { length }, index }) => ({ start: index, end: index + length }));
}
