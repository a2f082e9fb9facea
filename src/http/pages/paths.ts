/** What a path below `/p` leads to. Ids are decoded, and not checked. */
export type PadPath =
  | { readonly kind: 'page' | 'timeslider' | 'view'; readonly id: string }
  | { readonly kind: 'export'; readonly id: string; readonly rev: string | undefined; readonly type: string }
  /** Where Express cannot decode a part of the path. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'nothing' };

/**
 * Etherpad's routes, as its router reads them: names in any case, and a slash at the end does not count here. (It makes
 * the name a forbidden one, see `routes.ts`.) What an open page asks for is the mock's own.
 */
// oxfmt-ignore
const ROUTES = [
  { kind: 'page', pattern: /^\/p\/(?<id>[^/]+)\/?$/i },
  { kind: 'export', pattern: /^\/p\/(?<id>[^/]+)(?:\/(?<rev>[^/]+))?\/export\/(?<type>[^/]+)\/?$/i },
  { kind: 'timeslider', pattern: /^\/p\/(?<id>[^/]+)\/timeslider\/?$/i },
  { kind: 'view', pattern: /^\/p\/(?<id>[^/]+)\/view$/i },
] as const;

/**
 * @param path as it came, with nothing decoded: `/p/g.x%24notes/3/export/txt`
 * @example readPadPath('/p/notes/3/export/txt') // { kind: 'export', id: 'notes', rev: '3', type: 'txt' }
 */
export function readPadPath(path: string): PadPath {
  for (const { kind, pattern } of ROUTES) {
    const parts = pattern.exec(path)?.groups;
    if (parts === undefined) continue;
    try {
      const id = decodeURIComponent(parts['id']!);
      if (kind !== 'export') return { kind, id };
      const { rev } = parts;
      return { kind, id, rev: rev === undefined ? undefined : decodeURIComponent(rev), type: decodeURIComponent(parts['type']!) };
    } catch {
      return { kind: 'malformed' };
    }
  }
  return { kind: 'nothing' };
}
