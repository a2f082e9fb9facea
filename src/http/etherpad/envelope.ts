import type { Code } from '../../etherpad/api-error.ts';
import type { Behaviour } from '../../etherpad/emulation.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const HTML_TYPE = 'text/html; charset=utf-8';

const STATUSES = { 0: 200, 2: 500, 3: 404, 4: 401 } as const;

/** HTTP statuses of the codes; only that of code 1 differs between Etherpads. */
export const statusOf = (code: Code, { wrongParametersStatus }: Behaviour): number => (code === 1 ? wrongParametersStatus : STATUSES[code]);

/**
 * The body of every answer: compact JSON with these three keys in this order. Data that is false in JavaScript's eyes
 * becomes null, as on every real server.
 *
 * @example envelope(0, 'ok', { groupID: 'g.x' }) // '{"code":0,"message":"ok","data":{"groupID":"g.x"}}'
 */
export const envelope = (code: Code, message: string, data?: unknown): string =>
  `{"code":${code},"message":${code === 0 ? '"ok"' : JSON.stringify(message)},"data":${data ? JSON.stringify(data) : 'null'}}`;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The page that Express answers with where it has no route. */
export const notFoundPage = (method: string, path: string): string =>
  `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot ${escapeHtml(method)} ${escapeHtml(path)}</pre>
</body>
</html>
`;
