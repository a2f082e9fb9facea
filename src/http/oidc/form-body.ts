import type { IncomingMessage } from 'node:http';

/** The most bytes of a request for a token that Etherpad reads. */
const LIMIT = 56 * 1024;

/** Reads a form as text, in UTF-8 whatever charset it names; null for one that is too long, of which no more than the limit is taken in. */
export async function readForm(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > LIMIT) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  // whoever sends too much is still answered, so the connection must outlive the reading
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMIT) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
