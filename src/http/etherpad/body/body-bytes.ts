import type { IncomingMessage } from 'node:http';
import { BodyError, tooLarge } from './body-error.ts';

/**
 * The bytes of a body as they come over the wire: the one place where a request is read.
 *
 * @param limit the most bytes that are taken
 * @throws BodyError when there are more, or the client goes away before the end
 */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (): void => {
      request.off('data', take).off('end', finish).off('aborted', leave).off('error', leave);
      // an error that comes later has nobody to tell
      request.on('error', () => undefined);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) return void chunks.push(chunk);
      stop();
      // what is left is read past: another request may come on this connection
      request.resume();
      reject(tooLarge(limit));
    };
    const finish = (): void => {
      stop();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    };
    const leave = (): void => {
      stop();
      reject(new BodyError('Request aborted'));
    };
    request.on('data', take).on('end', finish).on('aborted', leave).on('error', leave);
  });
}
