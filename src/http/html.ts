/** Text that stands in a page or in an attribute as what it is. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The page that Express answers with where it has no route. */
export const expressPage = (method: string, path: string): string =>
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

/** What keeps browsers from taking a page of Express's for more than it is. */
export const EXPRESS_HEADERS = { 'content-security-policy': "default-src 'none'", 'x-content-type-options': 'nosniff' } as const;
